"""How long do residents wait, service by service? Reads the current publication."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Odotusajat palveluittain")


@app.cell
def _():
    import os
    from pathlib import Path

    import marimo as mo
    import polars as pl

    return Path, mo, os, pl


@app.cell
def _(Path, os):
    published = Path(os.environ.get("KUULOLLA_DATA_DIR", "data")) / "publications" / "current"
    return (published,)


@app.cell
def _(pl, published):
    times = pl.read_parquet(published / "parquet" / "feedback_response_times.parquet")
    waits = (
        times.filter(
            dimension_code="service",
            period_kind_code="last_12_months",
            milestone_code="done",
            clock_code="calendar",
        )
        .select(
            "dimension_value",
            "n_tickets",
            median_days=pl.col("km_median_hours") / 24,
            low_days=pl.col("km_median_low_hours") / 24,
            high_days=pl.col("km_median_high_hours") / 24,
        )
        .sort("median_days", "dimension_value", descending=[True, False], nulls_last=True)
    )
    return (waits,)


@app.cell
def _(mo, waits):
    mo.vstack(
        [
            mo.md("# Odotusajat palveluittain, viimeiset 12 kuukautta"),
            mo.md("Mediaani vuorokausina Kaplanin ja Meierin mukaan; avoimet ovat mukana."),
            mo.ui.table(waits, selection=None),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
