"""Seconds and peak memory of the six marts at the demo city's size, beside a naive loop.

Run ``.venv/bin/python benchmarks/marts.py``. The frames are made here from a seed: shapes and sizes
only, nobody's words. The loop fits statsmodels' SurvfuncRight cell by cell on a sample of cells, in
the same run, so that the ratio does not depend on the machine.
"""

import csv
import resource
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from transforms.knowledge import (
    backlog,
    heard,
    initiative_status,
    quality_report,
    response_times,
    satisfaction,
)
from transforms.statistics.cells import dimension_members, spread_levels, spread_periods
from transforms.statistics.survival import kaplan_meier

AS_OF: Final = date(2026, 11, 20)
N_TICKETS: Final = 18_000
N_WAVES: Final = 40
N_RESPONDENTS: Final = 25_000
N_QUESTIONS: Final = 12
SAMPLE_CELLS: Final = 150
CITY_ZONE: Final = "Europe/Helsinki"
CODES: Final = Path(__file__).resolve().parents[1] / "data_contracts" / "codes"
DAY_US: Final = 86_400_000_000


def read_codes(name: str) -> pl.DataFrame:
    """A code list as text; empty cells are empty text."""
    with (CODES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return pl.DataFrame(list(csv.DictReader(lines)), infer_schema_length=None)


def make_tickets(chance: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Tickets of three years, three to four events each, and their places."""
    services = read_codes("services").filter(pl.col("valid_to") == "")
    start = int(datetime(2023, 11, 21).timestamp()) * 1_000_000
    received = np.sort(chance.integers(0, 1_094 * DAY_US, N_TICKETS)) + start
    ids = pl.Series([f"t{k:06d}" for k in range(N_TICKETS)])
    zone = pl.Datetime("us", CITY_ZONE)
    tickets = pl.DataFrame({"ticket_id": ids, "received_at": pl.Series(received).cast(zone)})
    chosen = chance.integers(0, services.height, N_TICKETS)
    areas = np.array(["pohjoinen", "itainen", "lantinen", "etelainen", None], dtype=object)
    channels = np.array(["web", "app", "email", "phone", "desk", None], dtype=object)
    places = pl.DataFrame(
        {
            "ticket_id": ids,
            "service_id": services["service_id"].gather(chosen),
            "department_id": services["department_id"].gather(chosen),
            "area_code": list(areas[chance.integers(0, 5, N_TICKETS)]),
            "channel_code": list(channels[chance.integers(0, 6, N_TICKETS)]),
        }
    ).with_columns(is_forwarded=pl.col("service_id") == "ei_kaupunki")
    parts, at = [], received
    codes = [("received", 1.0), ("allocated", 0.9), ("replied", 0.7), ("done", 0.85)]
    for seq, (code, share) in enumerate(codes, start=1):
        happens = chance.random(N_TICKETS) < share
        at = at if seq == 1 else at + chance.exponential(3 * DAY_US, N_TICKETS).astype(np.int64)
        part = pl.DataFrame({"ticket_id": ids, "event_at": pl.Series(at).cast(zone)})
        part = part.with_columns(seq=pl.lit(seq, dtype=pl.Int64), event_code=pl.lit(code))
        parts.append(part.filter(pl.Series(happens)))
    return {"tickets": tickets, "events": pl.concat(parts), "places": places}


def make_surveys(chance: np.random.Generator) -> satisfaction.SurveyFrames:
    """Forty waves of twelve five-point questions, one of them 0–10."""
    wave = np.sort(chance.integers(0, N_WAVES, N_RESPONDENTS))
    names = [(f"kysely{k % 10}", f"{2023 + k // 14}-{k % 14 + 1:02d}") for k in range(N_WAVES)]
    waves = pl.DataFrame(names, schema=["survey_id", "wave_code"], orient="row").with_columns(
        title=pl.lit("Kysely"),
        design_code=pl.lit("open_link"),
        opened_on=pl.lit(date(2024, 1, 1)),
        closed_on=pl.lit(date(2024, 3, 1)),
    )
    asked = pl.DataFrame({"k": range(N_QUESTIONS)}).select(
        question_id=pl.format("k{}", "k"),
        question_type_code=pl.when(pl.col("k") == 0).then(pl.lit("nps")).otherwise(pl.lit("scale")),
        scale_min=pl.when(pl.col("k") == 0).then(0.0).otherwise(1.0),
        scale_max=pl.when(pl.col("k") == 0).then(10.0).otherwise(5.0),
        is_scale_reversed=pl.col("k") == 1,
        role_code=pl.lit("substantive"),
        question_fi=pl.lit("Kysymys"),
        service_id=pl.lit("kirjasto"),
    )
    questions = waves.select("survey_id", "wave_code").join(asked, how="cross")

    def one_of(values: list[str | None]) -> list[str | None]:
        return [values[k] for k in chance.integers(0, len(values), N_RESPONDENTS)]

    respondents = pl.DataFrame(
        {
            "respondent_id": [f"r{k:06d}" for k in range(N_RESPONDENTS)],
            "survey_id": [names[k][0] for k in wave],
            "wave_code": [names[k][1] for k in wave],
            "language_code": one_of(["fi", "fi", "sv", "en"]),
            "age_band_code": one_of(["15_24", "25_44", "45_64", "65_79", None]),
            "gender_code": one_of(["female", "male", None]),
            "area_code": one_of(["pohjoinen", "itainen", "lantinen", "etelainen", None]),
            "groups": one_of(["", "nuoret", "maahanmuuttajat;nuoret", None]),
        }
    ).with_columns(answered_at=pl.lit(None, dtype=pl.Datetime("us", CITY_ZONE)))
    keys = respondents.select("respondent_id", "survey_id", "wave_code")
    answers = keys.join(asked.select("question_id", "scale_max"), how="cross")
    share = pl.Series(chance.random(answers.height))
    kind = pl.Series(chance.random(answers.height) < 0.93)  # noqa: PLR2004  the rest don't know
    answers = answers.with_columns(
        answer_kind_code=pl.when(kind).then(pl.lit("valid")).otherwise(pl.lit("dont_know")),
        answer_num=pl.when(kind).then((share * pl.col("scale_max")).ceil()),
    )
    return satisfaction.SurveyFrames(waves, questions, respondents, answers)


def make_deliveries() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two thousand delivered files and the rows rejected from them."""
    numbers = pl.int_range(0, 2_000, eager=True)
    zone = pl.Datetime("us", CITY_ZONE)
    files = pl.DataFrame({"k": numbers}).select(
        delivery_sha256=pl.format("{}{}", pl.col("k") + 10**11, pl.lit("0" * 52)),
        table_name=pl.lit("core_feedback__tickets"),
        source_code=pl.lit("georeport"),
        format_code=pl.lit("georeport_requests"),
        first_seen_at=pl.lit(datetime(2026, 11, 1))
        .cast(pl.Datetime("us"))
        .dt.replace_time_zone(CITY_ZONE)
        .cast(zone),
        n_bytes=pl.lit(1_000),
        encoding_name=pl.lit("utf-8"),
        n_rows_in=pl.lit(10),
        n_accepted=pl.lit(9),
        n_rejected=pl.lit(1),
        n_duplicate=pl.lit(0),
        min_on=pl.lit(date(2026, 1, 1)),
        max_on=pl.lit(date(2026, 1, 9)),
        verdict_code=pl.lit("degraded"),
    )
    rejected = files.select("delivery_sha256", reason_code=pl.lit("date_unreadable"))
    return files, rejected


def make_cube(placed: pl.DataFrame, chance: np.random.Generator) -> pl.DataFrame:
    """A cube in the shape of transforms.acts: counts that add up over levels, periods and types."""
    kinds, sentiments = heard.COUNTS[2:7], heard.COUNTS[7:]
    n = placed.height
    kind = chance.choice(5, n, p=[0.1, 0.35, 0.15, 0.2, 0.2])
    sentiment = chance.choice(3, n, p=[0.15, 0.45, 0.4])
    act_type = pl.Series(["ticket", "answer", "note", "initiative"]).gather(
        chance.choice(4, n, p=[0.7, 0.25, 0.045, 0.005])
    )
    rows = placed.with_row_index("row").with_columns(
        *(pl.Series(name, kind == k) for k, name in enumerate(kinds)),
        *(pl.Series(name, sentiment == k) for k, name in enumerate(sentiments)),
        on=pl.col("received_at").dt.date(),
        act_type_code=act_type,
        n_acts=pl.lit(1),
        n_texts=pl.lit(1),
        n_forwarded=pl.col("is_forwarded"),
    )
    counts = ["act_type_code", *heard.COUNTS, "n_forwarded"]
    periods = spread_periods(rows, on="on", keep=["row"], as_of=AS_OF)
    levels = spread_levels(rows, keep=["row", *counts], levels=response_times.LEVELS)
    both = levels.join(periods, on="row")
    whole = both.with_columns(act_type_code=pl.lit("all"))
    sums = [pl.col(name).cast(pl.Int64).sum() for name in counts[1:]]
    cube = pl.concat([both, whole]).group_by(heard.KEY).agg(*sums)
    return cube.with_columns(unsure_share=pl.lit(0.1))


def timed(name: str, work: Callable[[], pl.DataFrame]) -> tuple[pl.DataFrame, float]:
    """Run, print seconds and rows, and hand both back."""
    begins = time.perf_counter()
    frame = work()
    seconds = time.perf_counter() - begins
    print(f"{name:<32}{seconds:8.2f} s {frame.height:>9,} rows")
    return frame, seconds


def compare_with_loop(chance: np.random.Generator) -> None:
    """All cells at once against statsmodels cell by cell, on the same observations."""
    from statsmodels.duration.survfunc import SurvfuncRight

    cell = chance.integers(0, SAMPLE_CELLS, 30 * SAMPLE_CELLS)
    observations = pl.DataFrame(
        {
            "cell": cell,
            "duration": chance.exponential(100.0, cell.size).round(2),
            "is_event": chance.random(cell.size) < 0.8,  # noqa: PLR2004  share of events
        }
    )
    horizons = {"share": 24.0}
    kaplan_meier(observations, horizons=horizons, restriction=720.0)
    begins = time.perf_counter()
    kaplan_meier(observations, horizons=horizons, restriction=720.0)
    ours = time.perf_counter() - begins
    begins = time.perf_counter()
    for part in observations.partition_by("cell"):
        curve = SurvfuncRight(part["duration"].to_numpy(), part["is_event"].to_numpy())
        curve.quantile(0.5)
        curve.quantile_ci(0.5, method="cloglog")
    naive = time.perf_counter() - begins
    print(f"{SAMPLE_CELLS} cells: ours {ours:.4f} s, loop {naive:.4f} s, {naive / ours:.0f} times")


def main() -> None:
    """Make the frames, time every mart, compare."""
    chance = np.random.default_rng(20_261_120)
    data = make_tickets(chance)
    surveys = make_surveys(chance)
    files, rejected = make_deliveries()
    services = read_codes("services")
    members = dimension_members(
        services=services,
        departments=read_codes("departments"),
        areas=read_codes("areas"),
        channels=read_codes("channel"),
    )
    cube = make_cube(data["tickets"].join(data["places"], on="ticket_id"), chance)
    initiatives = pl.DataFrame(
        {"initiative_id": [f"kuntalaisaloite-{k}" for k in range(120)]}
    ).with_columns(
        source_code=pl.lit("kuntalaisaloite"),
        title=pl.lit("Aloite"),
        initiative_type_code=pl.lit("COLLABORATIVE"),
        published_on=pl.lit(date(2025, 1, 1)),
        sent_on=pl.lit(date(2025, 3, 1)),
        n_supporters=pl.lit(1_400, dtype=pl.Int64),
        is_vanished=pl.lit(value=False),
        vanished_on=pl.lit(None, dtype=pl.Date),
    )
    register = pl.DataFrame(schema=REGISTER_SCHEMA)
    settings = response_times.ResponseTimeSettings(members=members)
    event_data = {name: data[name] for name in ("tickets", "events", "places")}
    print(f"made {data['events'].height:,} events, {surveys.answers.height:,} answers")
    works: dict[str, Callable[[], pl.DataFrame]] = {
        "mart_feedback__response_times": lambda: response_times.compute_response_times(
            **event_data, as_of=AS_OF, settings=settings
        ),
        "mart_feedback__backlog": lambda: backlog.compute_backlog(
            **event_data, members=members, as_of=AS_OF
        ),
        "mart_service__satisfaction": lambda: satisfaction.compute_satisfaction(
            surveys=surveys, services=services, as_of=AS_OF
        ),
        "mart_initiative__status": lambda: initiative_status.compute_initiative_status(
            initiatives=initiatives,
            register=register,
            labels=pl.DataFrame(schema=LABEL_SCHEMA),
            as_of=AS_OF,
            settings=initiative_status.InitiativeSettings(n_residents=66_556),
        ),
        "mart_data__quality_report": lambda: quality_report.compute_quality_report(
            files=files,
            rejects={"core_feedback__tickets": rejected},
            accepted_dates=None,
            as_of=AS_OF,
            settings=quality_report.QualitySettings(),
        ),
        "mart_heard__acts": lambda: heard.complete_heard_acts(cube=cube, members=members),
    }
    total = sum(timed(name, work)[1] for name, work in works.items())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'six marts':<32}{total:8.2f} s, peak {peak:,.0f} MB with everything loaded")
    compare_with_loop(chance)


LABEL_SCHEMA: Final = {
    "initiative_id": pl.String,
    "service_id": pl.String,
    "department_id": pl.String,
}
REGISTER_SCHEMA: Final = {
    "register_number": pl.String,
    "initiative_id": pl.String,
    "filed_on": pl.Date,
    "registered_on": pl.Date,
    "n_residents_confirmed": pl.Int64,
    "department_id": pl.String,
    "decision_on": pl.Date,
    "decision_code": pl.String,
    "told_author_on": pl.Date,
    "progress_published_on": pl.Date,
    "progress_channels": pl.String,
}

if __name__ == "__main__":
    main()
