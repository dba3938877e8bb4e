"""Public tables: marts after disclosure control; the only tables that leave.

One step makes them all, since what one withholds another must not print.
"""

from collections.abc import Iterator, Mapping

import dagster as dg
import polars as pl

from assets.described import spec_of
from assets.house import House
from assets.keeping import keep_tables
from assets.public.publishing import read_published
from assets.public.reports import build_report_assets, report_names
from assets.public.told import told_before
from data_contracts.contract import load_codes, load_contracts
from transforms.knowledge.backlog import select_backlog_rows
from transforms.knowledge.topics import select_topic_rows
from transforms.privacy.printings import Thresholds
from transforms.privacy.public_tables import disclose_tables

#: What was withheld and why, inside; what was withheld, outside.
LEDGER, PUBLIC_LEDGER = "mart_data__suppression_ledger", "public_data__suppression_ledger"
_BACKLOG, _TOPICS = "public_feedback__backlog", "public_feedback__topics"
_N_LINEAGE = 4


def public_names() -> tuple[str, ...]:
    """Every public table that has a contract."""
    return tuple(t.name for t in load_contracts().values() if t.layer == "public")


def disclosed_names() -> tuple[str, ...]:
    """The public tables that are marts after disclosure control."""
    others = {*report_names(), PUBLIC_LEDGER}
    return tuple(name for name in public_names() if name not in others)


def build_public_assets() -> list[dg.AssetsDefinition]:
    """The step that makes the public tables, and the reports that stand on them."""
    return [_disclosure_asset(), *build_report_assets(disclosed_names())]


def _disclosure_asset() -> dg.AssetsDefinition:
    marts = tuple(mart_of(name) for name in disclosed_names())
    names = (*disclosed_names(), PUBLIC_LEDGER, LEDGER)

    @dg.multi_asset(
        name="disclosure_control",
        specs=[
            *(spec_of(name, deps=(mart_of(name),)) for name in disclosed_names()),
            *(spec_of(name, deps=marts) for name in (PUBLIC_LEDGER, LEDGER)),
        ],
        required_resource_keys={"house"},
    )
    def disclosure_control(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        house: House = context.resources.house
        yield from keep_tables(
            house,
            names,
            inputs=marts,
            compute=lambda: disclosed_tables(house),
            settings={"disclosure": house.settings.disclosure, "as_of": house.as_of},
        )

    return disclosure_control


def mart_of(public_name: str) -> str:
    """The mart that a public table is the open form of."""
    return public_name.replace("public_", "mart_", 1)


def open_marts(house: House) -> dict[str, pl.DataFrame]:
    """The rows of every mart that are to be printed, by the name of the public table."""
    marts = {name: house.store.read(mart_of(name)) for name in disclosed_names()}
    marts[_BACKLOG] = select_backlog_rows(marts[_BACKLOG], as_of=house.as_of)
    marts[_TOPICS] = select_topic_rows(marts[_TOPICS])
    return {name: frame.drop(frame.columns[-_N_LINEAGE:]) for name, frame in marts.items()}


def thresholds_of(house: House) -> Thresholds:
    """Least counts that may be shown, as the city has set them."""
    limits = house.settings.disclosure
    return Thresholds(limits.threshold_open, limits.threshold_background)


def last_publication(house: House) -> dict[str, pl.DataFrame]:
    """The tables of the current publication; none before the first."""
    current = house.folders.current
    return read_published(current.resolve()) if current.exists() else {}


def disclosed_tables(house: House) -> Mapping[str, pl.DataFrame]:
    """All public tables and both ledgers, in contract columns."""
    disclosed = disclose_tables(
        open_marts(house),
        as_of=house.as_of,
        thresholds=thresholds_of(house),
        services=load_codes()["services"],
        previous=last_publication(house),
        earlier=told_before(house),
    )
    ledgers = {LEDGER: disclosed.ledger, PUBLIC_LEDGER: disclosed.ledger.drop("reason_code")}
    return {
        name: _with_lineage(house, name, frame)
        for name, frame in {**disclosed.tables, **ledgers}.items()
    }


def _with_lineage(house: House, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The lineage of the table's own mart; a ledger has that of the acts; what is held has its."""
    mart = mart_of(name) if name in disclosed_names() else mart_of("public_heard__acts")
    columns = list(load_contracts()[name].schema)
    if set(columns) <= set(frame.columns):
        return frame.select(columns)
    lineage = house.store.read(mart).select(columns[-_N_LINEAGE:]).head(1)
    return frame.join(lineage, how="cross").select(columns)
