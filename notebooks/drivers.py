"""What goes together with satisfaction in one survey? Reads the city's own tables, never a word.

Shares are shown of a hundred whole answers or more; svy gives a second opinion on the means.
See docs/methods/drivers.md and docs/methods/weights.md.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Mikä kulkee tyytyväisyyden kanssa")


@app.cell
def _():
    import os
    from pathlib import Path

    import marimo as mo
    import numpy as np
    import polars as pl

    from assets.store import TableStore
    from transforms.statistics.drivers import LEAST_ANSWERS, DriversRefusedError, driver_shares
    from transforms.statistics.estimates import Design, estimate_means

    return (
        Design,
        DriversRefusedError,
        LEAST_ANSWERS,
        Path,
        TableStore,
        driver_shares,
        estimate_means,
        mo,
        np,
        os,
        pl,
    )


@app.cell
def _(Path, TableStore, os):
    # The survey, and its question of overall satisfaction: change these.
    survey_id, overall_id = "kirjasto", "yleisarvio"
    store = TableStore(Path(os.environ.get("KUULOLLA_DATA_DIR", "data")) / "tables")
    return overall_id, store, survey_id


@app.cell
def _(overall_id, pl, store, survey_id):
    over = store.read("core_surveys__waves").filter(
        pl.col("survey_id") == survey_id, pl.col("closed_on").is_not_null()
    )
    wave_code = over.sort("closed_on", "wave_code")["wave_code"][-1]
    in_wave = (pl.col("survey_id") == survey_id) & (pl.col("wave_code") == wave_code)
    questions = (
        store.read("core_surveys__questions")
        .filter(in_wave, pl.col("question_type_code") == "scale")
        .filter(pl.col("matrix_id").is_not_null() | (pl.col("question_id") == overall_id))
        .sort("position")
        .select("question_id", "question_fi")
    )
    answers = (
        store.scan("core_surveys__answers")
        .filter(in_wave, pl.col("question_id").is_in(questions["question_id"].to_list()))
        .select("respondent_id", "question_id", "answer_num")
        .collect()
        .pivot(on="question_id", index="respondent_id", values="answer_num")
        .join(
            store.read("core_surveys__respondents").select("respondent_id", "language_code"),
            on="respondent_id",
            how="left",
        )
    )
    asked = [name for name in questions["question_id"] if name in answers.columns]
    return answers, asked, questions, wave_code


@app.cell
def _(DriversRefusedError, answers, asked, driver_shares, np, overall_id, pl):
    attributes = [name for name in asked if name != overall_id]

    def shares_of(rows: pl.DataFrame) -> np.ndarray | None:
        """Shares of the variance of satisfaction, or nothing where they cannot be told."""
        columns = [rows[name].cast(pl.Float64).to_numpy() for name in (overall_id, *attributes)]
        try:
            return driver_shares(columns[0], np.column_stack(columns[1:]))
        except DriversRefusedError:
            return None  # its sentence counts the answers, which may be few

    languages = answers["language_code"].drop_nulls().unique().sort().to_list()
    groups = {"kaikki": answers} | {
        code: answers.filter(pl.col("language_code") == code) for code in languages
    }
    told = {name: shares_of(rows) for name, rows in groups.items()}
    drivers = pl.DataFrame(
        [
            (name, question, float(share))
            for name, shares in told.items()
            if shares is not None
            for question, share in zip(attributes, shares, strict=True)
        ],
        schema={"group": pl.String, "question_id": pl.String, "share_of_variance": pl.Float64},
        orient="row",
    )
    refused = [name for name, shares in told.items() if shares is None]
    return drivers, refused


@app.cell
def _(Design, LEAST_ANSWERS, answers, asked, estimate_means, np, pl):
    values = answers.select(pl.col(asked).cast(pl.Float64)).fill_null(np.nan).to_numpy()
    design = Design(np.ones(len(values)))
    own, second = estimate_means(values, design), estimate_means(values, design, engine="svy")
    opinions = pl.DataFrame(
        {
            "question_id": asked,
            "n": own.n,
            "mean": own.mean,
            "mean_se": own.se,
            "mean_svy": second.mean,
            "mean_se_svy": second.se,
        }
    ).filter(pl.col("n") >= LEAST_ANSWERS)
    return (opinions,)


@app.cell
def _(drivers, mo, opinions, questions, refused, survey_id, wave_code):
    def in_words(figures):
        """Figures with the question's words for its code."""
        return figures.join(
            questions, on="question_id", how="left", maintain_order="left"
        ).select("question_fi", *[name for name in figures.columns if name != "question_id"])

    mo.vstack(
        [
            mo.md(f"# Mikä kulkee tyytyväisyyden kanssa: {survey_id}, {wave_code}"),
            mo.md(
                "Kunkin kohdan osuus kokonaistyytyväisyyden vaihtelusta, keskiarvo kaikista "
                "järjestyksistä (LMG); kaikki vastaajat ja vastauskielet. Osuus kertoo yhteydestä, "
                "ei syystä. Vastauksia ei painoteta."
            ),
            mo.ui.table(in_words(drivers), selection=None),
            mo.md(
                f"Ei kerrota: {', '.join(refused) or '–'}. Alle sata kokonaista vastausta, tai "
                "kohdat selittävät alle kymmenesosan."
            ),
            mo.md("## Toinen mielipide: keskiarvot ja keskivirheet, oma laskenta ja svy"),
            mo.ui.table(in_words(opinions), selection=None),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
