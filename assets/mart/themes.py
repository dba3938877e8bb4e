"""Themes as assets: what the topics do not know, for an analyst inside the house.

Nothing here goes to a public table. The file that the analyst answers belongs to theme_answers.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import dagster as dg
import polars as pl

from assets.core.acts import TABLE as ACTS
from assets.core.joining import LABELS
from assets.core.texts import TEXT_TABLES, distinct_texts
from assets.described import spec_of
from assets.house import House
from assets.keeping import keep_tables
from assets.mart.tables import lineage_of
from assets.mart.theme_answers import Ledger
from assets.text_files import TextFiles
from data_contracts.contract import load_contracts
from transforms.knowledge.lineage import with_lineage
from transforms.privacy.spans import MASKS
from transforms.text.themes import ThemeSettings, count_topic_coverage, find_themes

THEMES, COVERAGE = "mart_text__themes", "mart_text__topic_coverage"
RESPONDENTS = "core_surveys__respondents"
INPUTS = (ACTS, LABELS, RESPONDENTS, *TEXT_TABLES)
_BAR = "|"


@dg.multi_asset(
    name=THEMES,
    specs=[spec_of(name, deps=INPUTS) for name in (THEMES, COVERAGE)],
    required_resource_keys={"house"},
)
def mart_text__themes(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Emerging terms, clusters and the share that no topic fits; the analyst's file beside them."""
    house: House = context.resources.house
    ledger = Ledger(house.folders.root)
    yield from keep_tables(
        house,
        (THEMES, COVERAGE),
        inputs=INPUTS,
        compute=lambda: compute(house, ledger),
        settings={"as_of": house.as_of, "answers": ledger.answers().write_csv()},
    )
    ledger.write(house.store.read(THEMES), since=months_asked(house.as_of)[0])


def compute(house: House, ledger: Ledger) -> dict[str, pl.DataFrame]:
    """Both tables in contract columns."""
    texts = texts_said(house)
    themes = find_themes(
        texts,
        months=months_asked(house.as_of),
        types=TextFiles(house.folders.models).types(),
        masks=list(MASKS.values()),
        settings=ThemeSettings(),
    )
    tables = {THEMES: ledger.with_answers(themes), COVERAGE: count_topic_coverage(texts)}
    lineage, contracts = lineage_of(house, INPUTS), load_contracts()
    return {
        name: with_lineage(frame, lineage).select(list(contracts[name].schema))
        for name, frame in tables.items()
    }


def months_asked(as_of: date) -> tuple[date, date]:
    """First days of the month before and of the month of ``as_of``."""
    this = as_of.replace(day=1)
    return (this - timedelta(days=1)).replace(day=1), this


def texts_said(house: House) -> pl.DataFrame:
    """One row per dated act with a text that says something, as ``find_themes`` takes it.

    An answer is its respondent's and is compared with answers to the same question of the same
    survey; any other act is a voice of its own and is compared with acts of its type.
    """
    acts = house.store.scan(ACTS).filter(
        pl.col("text_id").is_not_null(), pl.col("acted_on") <= house.as_of
    )
    labels = house.store.scan(LABELS).filter(~pl.col("is_uninformative"))
    labelled = labels.select("text_id", has_topic=pl.col("topics").is_not_null())
    surveys = house.store.scan(RESPONDENTS).select(voice="respondent_id", survey="survey_id")
    key = pl.col("act_id").str.split(_BAR)
    is_answer = pl.col("act_type_code") == "answer"
    asked = pl.concat_str("survey", key.list.get(2, null_on_oob=True), separator=_BAR)
    return (
        acts.with_columns(voice=pl.when(is_answer).then(key.list.get(1)).otherwise("act_id"))
        .join(labelled, on="text_id", how="inner", validate="m:1")
        .join(distinct_texts(house).lazy(), on="text_id", how="inner", validate="m:1")
        .join(surveys, on="voice", how="left", validate="m:1")
        .select(
            "text_id",
            "text",
            "month_on",
            "language_code",
            "voice",
            "has_topic",
            stratum=pl.when(is_answer).then(asked).otherwise("act_type_code"),
        )
        .sort("month_on", "text_id", "voice", "stratum")
        .collect()
    )
