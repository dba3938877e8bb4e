"""Mart tables: which core tables each dataset of the model is computed from, and by what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import dagster as dg
import polars as pl

from assets.described import spec_of
from assets.house import House
from assets.keeping import keep_tables
from assets.mart import computing, measures, surveys
from assets.store import fingerprint_of
from assets.versions import code_version, taxonomy_version
from data_contracts.contract import load_contracts
from transforms.knowledge.lineage import Lineage, with_lineage


@dataclass(frozen=True, slots=True)
class Mart:
    """One mart table: what it reads and what computes it."""

    name: str
    inputs: tuple[str, ...]
    compute: Callable[[House], pl.DataFrame]


_TICKETS = ("core_feedback__tickets", "core_feedback__events", "core_acts__acts")
_SAMPLE = (*surveys.SURVEYS, surveys.POPULATION)
_WEIGHTED = (*surveys.SURVEYS, surveys.WEIGHTS, surveys.REPRESENTATIVENESS)
_CHANGE = (surveys.SATISFACTION, surveys.WAVES, surveys.QUESTIONS)
_INITIATIVES = (
    "core_initiatives__initiatives",
    "core_initiatives__register",
    "core_acts__acts",
    "core_reference__population",
)

_PROMISES = (
    "core_actions__actions",
    "core_actions__decisions",
    "core_actions__messages",
    "core_initiatives__register",
    "core_acts__acts",
    "mart_initiative__status",
)


def marts() -> tuple[Mart, ...]:
    """Every mart table."""
    return (
        Mart("mart_feedback__response_times", _TICKETS, computing.response_times),
        Mart("mart_feedback__backlog", _TICKETS, computing.backlog),
        Mart("mart_feedback__area_differences", _TICKETS, computing.area_differences),
        Mart(surveys.WEIGHTS, _SAMPLE, surveys.survey_weights),
        Mart(surveys.REPRESENTATIVENESS, _SAMPLE, surveys.representativeness),
        Mart(surveys.SATISFACTION, _WEIGHTED, surveys.satisfaction),
        Mart("mart_satisfaction__change", _CHANGE, surveys.satisfaction_change),
        Mart("mart_group__heard_index", surveys.HEARD_INPUTS, surveys.heard_groups),
        Mart("mart_group__heard_processes", surveys.PROCESS_INPUTS, surveys.heard_processes),
        Mart("mart_initiative__status", _INITIATIVES, computing.initiative_status),
        Mart("mart_data__quality_report", computing.counted_tables(), computing.quality_report),
        Mart("mart_heard__acts", ("core_acts__acts",), computing.heard_acts),
        Mart("mart_action__plan_status", ("core_actions__actions",), computing.action_plan),
        Mart("mart_budget__goal_evidence", ("core_budget__goals",), computing.goals),
        Mart("mart_told__back", _PROMISES, computing.told_back),
        Mart("mart_measure__register", (measures.MEASURES,), measures.measure_register),
        Mart("mart_measure__review", measures.REVIEW_INPUTS, measures.measure_review),
        Mart("mart_feedback__topics", ("core_acts__acts", "core_text__labels"), computing.topics),
    )


def build_mart_assets() -> list[dg.AssetsDefinition]:
    """One asset per mart table."""
    return [_mart_asset(mart) for mart in marts()]


def lineage_of(house: House, inputs: tuple[str, ...]) -> Lineage:
    """What the figures of a mart over these inputs are traced back to."""
    return Lineage(
        snapshot_on=house.as_of,
        input_fingerprint=fingerprint_of(house.store.sha256_of(inputs)),
        code_version=code_version(),
        taxonomy_version=taxonomy_version(),
    )


def _mart_asset(mart: Mart) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=mart.name,
        specs=[spec_of(mart.name, deps=mart.inputs)],
        required_resource_keys={"house"},
    )
    def mart_table(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        house: House = context.resources.house
        yield from keep_tables(
            house,
            (mart.name,),
            inputs=mart.inputs,
            compute=lambda: {mart.name: computed_mart(house, mart)},
            settings=_settings(house),
        )

    return mart_table


def computed_mart(house: House, mart: Mart) -> pl.DataFrame:
    """The mart from stored tables, with its lineage, in contract columns."""
    frame = with_lineage(mart.compute(house), lineage_of(house, mart.inputs))
    return frame.select(list(load_contracts()[mart.name].schema))


def _settings(house: House) -> dict[str, object]:
    settings = house.settings
    return {
        "as_of": house.as_of,
        "city": settings.city,
        "sla_hours": settings.sla_hours,
        "freshness": house.freshness_limits(),
    }
