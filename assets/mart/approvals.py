"""Approvals as assets: what people have approved of residents' words and of summaries.

The files that they fill belong to approval_files; who may be printed, to transforms.privacy.
"""

from collections.abc import Iterator
from functools import cached_property

import dagster as dg
import polars as pl

from assets.core.acts import TABLE as ACTS
from assets.core.joining import LABELS
from assets.described import spec_of
from assets.house import House
from assets.keeping import keep_tables
from assets.mart.approval_files import praise_file, summary_file
from assets.mart.tables import lineage_of
from data_contracts.contract import load_codes, load_contracts
from transforms.knowledge.lineage import with_lineage
from transforms.privacy.approved_words import (
    Judged,
    find_praise,
    judge_praise,
    judge_summaries,
    offer_praise,
    rank_praise,
)

TEXTS, SUMMARIES = "mart_text__approvals", "mart_department__summary_approvals"
#: Where residents praise in words of their own that no other place prints.
TEXT_TABLES = ("core_feedback__tickets", "core_surveys__answers")
INPUTS = (ACTS, LABELS, *TEXT_TABLES)


@dg.multi_asset(
    name=TEXTS,
    specs=[spec_of(name, deps=INPUTS) for name in (TEXTS, SUMMARIES)],
    required_resource_keys={"house"},
)
def mart_text__approvals(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """What was approved, from both files; what is offered next, into that of praise."""
    house: House = context.resources.house
    desk = ApprovalDesk(house)
    yield from keep_tables(
        house,
        (TEXTS, SUMMARIES),
        inputs=INPUTS,
        compute=desk.compute,
        settings={"as_of": house.as_of, "praise": desk.praise_rows, "summaries": desk.summary_rows},
    )
    desk.offer(context)


class ApprovalDesk:
    """One run's look at the files and at the praise that the house holds."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._praise_file = praise_file(house.folders.root)
        self._praise_answers = self._praise_file.answered()
        self._summary_answers = summary_file(house.folders.root).answered()

    @property
    def praise_rows(self) -> str:
        """What was answered of praise, for the table's fingerprint."""
        return self._praise_answers.drop("row_no").write_csv()

    @property
    def summary_rows(self) -> str:
        """What was answered of summaries, for the table's fingerprint."""
        return self._summary_answers.drop("row_no").write_csv()

    def compute(self) -> dict[str, pl.DataFrame]:
        """Both tables in contract columns."""
        praise = judge_praise(self._praise_answers, self._praise).approved
        tables = {
            TEXTS: rank_praise(praise),
            SUMMARIES: judge_summary_rows(self._summary_answers).approved,
        }
        lineage, contracts = lineage_of(self.house, INPUTS), load_contracts()
        return {
            name: with_lineage(frame, lineage)
            .select(list(contracts[name].schema))
            .sort(contracts[name].key)
            for name, frame in tables.items()
        }

    def offer(self, context: dg.AssetExecutionContext) -> None:
        """Bring the file of praise up to date, and tell which of its rows are not used."""
        self._praise_file.offer(offer_praise(self._praise, as_of=self.house.as_of))
        judged = judge_praise(self._praise_file.answered(), self._praise)
        for sentence in self._praise_file.tell(judged.left_out):
            context.log.warning(sentence)

    @cached_property
    def _praise(self) -> pl.DataFrame:
        return find_praise(
            acts=self.house.store.scan(ACTS),
            labels=self.house.store.scan(LABELS),
            texts=_texts(self.house),
            as_of=self.house.as_of,
        )


def judge_summary_rows(rows: pl.DataFrame) -> Judged:
    """Answered rows of the file of summaries, judged by the code list of departments."""
    return judge_summaries(rows, departments=load_codes()["departments"]["department_id"].to_list())


def _texts(house: House) -> pl.LazyFrame:
    """Every distinct masked text, and the most that was masked in a row with it."""
    parts = [house.store.scan(name).select("text_id", "text", "n_masked") for name in TEXT_TABLES]
    texts = pl.concat(parts).drop_nulls("text_id").group_by("text_id")
    return texts.agg(pl.col("text").first(), pl.col("n_masked").max())
