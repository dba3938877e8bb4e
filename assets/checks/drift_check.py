"""A check that warns and stops nothing: texts of the last month against the year before."""

import dagster as dg
import polars as pl

from assets.core.joining import ACTS, LABELS
from assets.core.texts import distinct_texts
from assets.house import House
from assets.text_files import TextFiles
from transforms.text.drift import Drift, Verdict, mark_windows, measure_index, measure_rise
from transforms.text.tokens import WORD_START, tokenize_texts

CHECK = "texts_do_not_drift"
#: Texts of each window whose words are looked up; a text_id is a hash, so the first are a sample.
_MOST_TEXTS = 2_000


def build_drift_check() -> dg.AssetChecksDefinition:
    """The check, on the acts: labels have no day."""

    @dg.asset_check(
        asset=ACTS,
        name=CHECK,
        blocking=False,
        additional_deps=[LABELS],
        description=(
            "Services, kinds, unsure services and unknown words of the last 30 days against the "
            "12 months before. A warning asks for new examples or corrections."
        ),
        required_resource_keys={"house"},
    )
    def texts_do_not_drift(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        measures = measure_drift(context.resources.house)
        return dg.AssetCheckResult(
            passed=all(drift.verdict != Verdict.SHIFTED for drift in measures),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={drift.measure: _shown(drift) for drift in measures},
        )

    return texts_do_not_drift


def measure_drift(house: House) -> list[Drift]:
    """Every measure as of the snapshot day; by act, as often as a text was sent.

    Answers are left out: which surveys run in a month is the city's doing and no drift.
    """
    labels = house.store.scan(LABELS).filter(~pl.col("is_uninformative"))
    said = labels.select(
        "text_id", "language_code", "is_service_unsure", service="service_id", kind="kind_code"
    ).collect()
    own_accord = house.store.scan(ACTS).filter(pl.col("act_type_code") != "answer")
    acts = own_accord.select("text_id", "acted_on").drop_nulls().collect()
    texts = mark_windows(acts, as_of=house.as_of).join(
        said, on="text_id", how="inner", validate="m:1"
    )
    return [
        measure_index(texts, "service"),
        measure_index(texts, "kind"),
        measure_rise(texts, "is_service_unsure", measure="unsure_share_rise"),
        measure_rise(_unknown_words(house, texts), "share", measure="unknown_word_share_rise"),
    ]


def _unknown_words(house: House, texts: pl.DataFrame) -> pl.DataFrame:
    """``is_recent`` and the share of unknown words of each text in a sample of Finnish ones."""
    sample = (
        texts.filter(language_code="fi")
        .select("text_id", "is_recent")
        .unique()
        .sort("text_id")
        .group_by("is_recent", maintain_order=True)
        .head(_MOST_TEXTS)
        .join(distinct_texts(house), on="text_id", how="inner", validate="m:1")
        .with_row_index("row")
    )
    tokens = tokenize_texts(sample["text"]).filter(pl.col("token").str.contains(WORD_START))
    types = TextFiles(house.folders.models).types()
    return (
        tokens.join(sample.select("row", "is_recent"), on="row", how="inner", validate="m:1")
        .join(types.select("token", "is_known"), on="token", how="left", validate="m:1")
        .group_by("row")
        .agg(pl.col("is_recent").first(), share=1 - pl.col("is_known").mean())
        .sort("row")
    )


def _shown(drift: Drift) -> dg.MetadataValue:
    value = "none" if drift.value is None else f"{drift.value:.4f}"
    return dg.MetadataValue.text(
        f"{value} ({drift.verdict}; n {drift.n_recent} and {drift.n_earlier} before)"
    )
