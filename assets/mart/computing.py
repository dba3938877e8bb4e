"""Each mart table computed from stored core tables: reading, and one call into knowledge.

What grows with what residents do is scanned: a mart reads the columns and rows that it asks for.
"""

import polars as pl

from assets.engine import EmbeddedEngine
from assets.house import House
from data_contracts.contract import REJECTED_SUFFIX, load_codes, load_contracts
from data_contracts.told_audiences import read_told_audiences
from transforms.acts.acts import OUTSIDE_DEPARTMENT
from transforms.acts.cubes import count_acts
from transforms.knowledge.action_plan import compute_action_plan
from transforms.knowledge.backlog import compute_backlog
from transforms.knowledge.goal_evidence import compute_goals
from transforms.knowledge.heard import complete_heard_acts
from transforms.knowledge.initiative_status import InitiativeSettings, compute_initiative_status
from transforms.knowledge.quality_report import QualitySettings, compute_quality_report
from transforms.knowledge.response_times import (
    ResponseTimeSettings,
    compute_area_differences,
    compute_response_times,
)
from transforms.knowledge.told_back import PromiseFrames, compute_told_back
from transforms.knowledge.topics import compute_topics
from transforms.statistics.cells import dimension_members

FILES = "core_deliveries__files"


def counted_tables() -> tuple[str, ...]:
    """What the quality report reads: the account, the tables it accounts for, their rejects."""
    names = _with_rejects()
    return (FILES, *names, *(name + REJECTED_SUFFIX for name in names))


def response_times(house: House) -> pl.DataFrame:
    """D06 by Kaplan and Meier."""
    return compute_response_times(
        **_requests(house),
        as_of=house.as_of,
        settings=ResponseTimeSettings(members=_members(), promises=_promises(house)),
    )


def area_differences(house: House) -> pl.DataFrame:
    """D06 between areas, by log-rank."""
    return compute_area_differences(
        **_requests(house),
        as_of=house.as_of,
    )


def backlog(house: House) -> pl.DataFrame:
    """D07 for every day."""
    return compute_backlog(
        **_requests(house),
        members=_members(),
        as_of=house.as_of,
    )


def initiative_status(house: House) -> pl.DataFrame:
    """D12 with the clock of two per cent and six months."""
    acts = house.store.scan("core_acts__acts").filter(pl.col("act_type_code") == "initiative")
    labels = acts.select(_own_key().alias("initiative_id"), "service_id", "department_id").collect()
    return compute_initiative_status(
        initiatives=house.store.read("core_initiatives__initiatives"),
        register=house.store.read("core_initiatives__register"),
        labels=labels,
        as_of=house.as_of,
        settings=InitiativeSettings(
            n_residents=house.settings.city.residents, residents_by_year=_residents(house)
        ),
    )


def quality_report(house: House) -> pl.DataFrame:
    """D15 for every delivery."""
    contracts = load_contracts()
    return compute_quality_report(
        files=house.store.read(FILES),
        rejects={n: house.store.scan(n + REJECTED_SUFFIX) for n in _with_rejects()},
        accepted_dates=pl.concat([_subject_dates(house, name) for name in _with_rejects()]),
        as_of=house.as_of,
        settings=QualitySettings(
            freshness_limit_hours=house.freshness_limits(),
            contract_versions={n: t.version for n, t in contracts.items()},
        ),
    )


def heard_acts(house: House) -> pl.DataFrame:
    """The cube of acts by level, period and kind of act."""
    acts = EmbeddedEngine().lazy(house.store.scan("core_acts__acts"))
    with pl.Config(engine_affinity="streaming"):
        cube: pl.DataFrame = count_acts(acts, as_of=house.as_of).collect().to_native()
    return complete_heard_acts(cube=cube, members=_members())


def topics(house: House) -> pl.DataFrame:
    """D08 by level, period and kind of act."""
    return compute_topics(
        acts=house.store.scan("core_acts__acts"),
        labels=house.store.scan("core_text__labels"),
        topics=load_codes()["topics"],
        as_of=house.as_of,
    )


def action_plan(house: House) -> pl.DataFrame:
    """D10 before effects are looked up."""
    return compute_action_plan(house.store.read("core_actions__actions"), as_of=house.as_of)


def goals(house: House) -> pl.DataFrame:
    """D14 before evidence is looked up."""
    return compute_goals(house.store.read("core_budget__goals"))


def told_back(house: House) -> pl.DataFrame:
    """D11 by quarter, kind of promise and audience."""
    frames = PromiseFrames(
        actions=house.store.read("core_actions__actions"),
        decisions=house.store.read("core_actions__decisions"),
        initiatives=house.store.read("mart_initiative__status"),
        messages=house.store.read("core_actions__messages"),
        register=house.store.read("core_initiatives__register"),
        heard=house.store.scan("core_acts__acts").filter(~pl.col("is_forwarded")),
        audiences=read_told_audiences(),
    )
    return compute_told_back(frames, departments=departments_in_force(), as_of=house.as_of)


def departments_in_force() -> list[str]:
    """The city's own departments, in the order of their list."""
    departments = load_codes()["departments"].filter(
        pl.col("valid_to").is_null(), pl.col("department_id") != OUTSIDE_DEPARTMENT
    )
    return departments["department_id"].to_list()


def _residents(house: House) -> dict[int, int]:
    """Residents of the whole city on 31.12. of each year that the statistics tell."""
    population = house.store.read("core_reference__population").filter(
        pl.all_horizontal(
            pl.col("area_code", "age_band_code", "gender_code", "language_code") == "all"
        ),
        pl.col("n_residents") > 0,
    )
    return dict(population.select("population_year", "n_residents").iter_rows())


def _with_rejects() -> tuple[str, ...]:
    return tuple(t.name for t in load_contracts().values() if t.has_rejects)


def _members() -> pl.DataFrame:
    codes = load_codes()
    return dimension_members(
        services=codes["services"],
        departments=codes["departments"],
        areas=codes["areas"],
        channels=codes["channel"],
    )


def _requests(house: House) -> dict[str, pl.LazyFrame]:
    """Service requests, their events and their places, to be read when they are computed."""
    acts = house.store.scan("core_acts__acts").filter(pl.col("act_type_code") == "ticket")
    columns = ["service_id", "department_id", "area_code", "channel_code", "is_forwarded"]
    return {
        "tickets": house.store.scan("core_feedback__tickets"),
        "events": house.store.scan("core_feedback__events"),
        "places": acts.select(_own_key().alias("ticket_id"), *columns),
    }


def _own_key() -> pl.Expr:
    """The key that an act has in its own table: what follows the first bar of its id."""
    return pl.col("act_id").str.splitn("|", 2).struct.field("field_1")


def _promises(house: House) -> pl.DataFrame:
    rows = [(s, "done", "calendar", h) for s, h in house.settings.sla_hours.items()]
    columns = ["service_id", "milestone_code", "clock_code", "sla_hours"]
    return pl.DataFrame(
        rows,
        schema=dict(zip(columns, (pl.String, pl.String, pl.String, pl.Float64), strict=True)),
        orient="row",
    )


def _subject_dates(house: House, name: str) -> pl.LazyFrame:
    dated = [c.name for c in load_contracts()[name].columns if c.dtype.is_temporal()]
    rows = house.store.scan(name)
    subject = pl.col(dated[0]).dt.date() if dated else pl.lit(None, dtype=pl.Date)
    return rows.select("delivery_sha256", table_name=pl.lit(name), subject_on=subject)
