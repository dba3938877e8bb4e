"""Public tables made of published cells: what stands on other public tables, already disclosed.

They may be computed from what anybody can read, and from the departments' own words; so nothing
withheld can come back in them (decision 0006).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import dagster as dg
import polars as pl

from assets.described import spec_of
from assets.house import House
from assets.keeping import keep_tables
from assets.mart.approval_files import summary_file
from assets.mart.approvals import SUMMARIES, TEXTS, judge_summary_rows
from assets.mart.computing import departments_in_force
from assets.mart.tables import lineage_of
from assets.public.publishing import read_published
from data_contracts.contract import load_codes, load_contracts
from transforms.knowledge.action_plan import measure_effects
from transforms.knowledge.council_list import compute_council_list
from transforms.knowledge.department_summary import compute_department_summary
from transforms.knowledge.goal_evidence import FROZEN_SCHEMA, freeze_evidence, judge_goals
from transforms.knowledge.lineage import with_lineage
from transforms.privacy.approved_words import add_outdated, choose_examples, mark_approved
from transforms.privacy.small_counts import withhold_small
from transforms.publish.summary import write_summaries

Tables = Mapping[str, pl.DataFrame]
Tell = Callable[[str], None]

GOALS, ACTIONS = "mart_budget__goal_evidence", "mart_action__plan_status"
SUMMARY = "public_department__feedback_summary"
SNAPSHOTS, PLANS = "public_budget__evidence_snapshots", "public_action__plan_status"


@dataclass(frozen=True, slots=True)
class Report:
    """One public table: the marts of the words in it, what computes it, and what follows."""

    name: str
    words: tuple[str, ...]
    compute: Callable[[House, Tables], pl.DataFrame]
    reports: tuple[str, ...] = ()
    follow: Callable[[House, Tell], None] = lambda _house, _tell: None


def reports() -> tuple[Report, ...]:
    """Every table that stands on published cells."""
    return (
        Report(PLANS, (ACTIONS,), _effects),
        Report(SNAPSHOTS, (GOALS,), _snapshots),
        Report("public_budget__goal_evidence", (GOALS,), _goals, reports=(SNAPSHOTS,)),
        Report(SUMMARY, (TEXTS, SUMMARIES), _summaries, reports=(PLANS,), follow=_ask_for_approval),
        Report("public_initiative__council_list", (), _council_list),
    )


def report_names() -> tuple[str, ...]:
    """Their names: the generic builder of public tables leaves them out."""
    return tuple(report.name for report in reports())


def build_report_assets(evidence: tuple[str, ...]) -> list[dg.AssetsDefinition]:
    """One asset per report; ``evidence`` are the disclosed tables that cells are looked up in."""
    return [_report_asset(report, evidence) for report in reports()]


def _report_asset(report: Report, evidence: tuple[str, ...]) -> dg.AssetsDefinition:
    inputs = (*report.words, *evidence, *report.reports)

    @dg.multi_asset(
        name=report.name,
        specs=[spec_of(report.name, deps=inputs)],
        required_resource_keys={"house"},
    )
    def public_report(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        house: House = context.resources.house
        yield from keep_tables(
            house,
            (report.name,),
            inputs=inputs,
            compute=lambda: {report.name: computed_report(house, report, evidence)},
            settings={"as_of": house.as_of, "disclosure": house.settings.disclosure},
        )
        report.follow(house, context.log.warning)

    return public_report


def computed_report(house: House, report: Report, evidence: tuple[str, ...]) -> pl.DataFrame:
    """The report from stored public tables and words, with its lineage, in contract columns."""
    contracts = load_contracts()
    published = (*evidence, *report.reports)
    tables = {contracts[name].published_name: house.store.read(name) for name in published}
    lineage = lineage_of(house, (*report.words, *published))
    frame = with_lineage(report.compute(house, tables), lineage)
    return frame.select(list(contracts[report.name].schema))


def _effects(house: House, tables: Tables) -> pl.DataFrame:
    return measure_effects(house.store.read(ACTIONS), tables=tables)


def _goals(house: House, tables: Tables) -> pl.DataFrame:
    goals = judge_goals(house.store.read(GOALS), frozen=house.store.read(SNAPSHOTS), tables=tables)
    threshold = house.settings.disclosure.threshold_open
    return withhold_small(goals, "n_residents_affected", threshold=threshold)


def _summaries(house: House, tables: Tables) -> pl.DataFrame:
    codes = load_codes()
    figures = compute_department_summary(
        tables, departments=departments_in_force(), as_of=house.as_of
    )
    labels = {
        name: dict(codes[name].select(codes[name].columns[0], "name_fi").iter_rows())
        for name in ("departments", "topics", "group")
    }
    written = write_summaries(figures, topics=tables["feedback_topics"], labels=labels)
    approved = mark_approved(written, house.store.read(SUMMARIES))
    return choose_examples(house.store.read(TEXTS), approved)


def _ask_for_approval(house: House, tell: Tell) -> None:
    """Bring the file of summaries up to date, and tell which of its rows are not used."""
    summaries = house.store.read(SUMMARY)
    file = summary_file(house.folders.root)
    latest_first = summaries.sort(
        "period_start_on", "period_kind_code", "department_id", descending=[True, False, False]
    )
    file.offer(latest_first)
    left_out = add_outdated(judge_summary_rows(file.answered()), summaries)
    for sentence in file.tell(left_out):
        tell(sentence)


def _council_list(house: House, tables: Tables) -> pl.DataFrame:
    return compute_council_list(tables["initiative_status"], as_of=house.as_of)


def _snapshots(house: House, tables: Tables) -> pl.DataFrame:
    goals = house.store.read(GOALS)
    return freeze_evidence(
        goals,
        frozen=_frozen_before(house),
        publications={**_publications(house, goals), house.as_of: tables},
        as_of=house.as_of,
    )


def _frozen_before(house: House) -> pl.DataFrame:
    """What earlier runs froze; nothing when there was none."""
    if house.store.manifest(SNAPSHOTS) is None:
        return pl.DataFrame(schema=FROZEN_SCHEMA)
    return house.store.read(SNAPSHOTS).select(list(FROZEN_SCHEMA))


def _publications(house: House, goals: pl.DataFrame) -> dict[date, Tables]:
    """The kept publications of the snapshots that goals name."""
    contracts = load_contracts()
    found: dict[date, Tables] = {}
    for snapshot in goals["evidence_snapshot_on"].drop_nulls().unique():
        folders = sorted(house.folders.publications.glob(f"{snapshot.isoformat()}-*"))
        if folders:
            tables = read_published(folders[-1])
            found[snapshot] = {contracts[n].published_name: f for n, f in tables.items()}
    return found
