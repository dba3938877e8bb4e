"""What residents speak of that the taxonomy does not know: emerging terms, clusters of texts that
no topic fits, and the share of such texts. Hints for an analyst, never findings.

Belongs here: mart_text__themes and mart_text__topic_coverage as frames. Page:
docs/methods/themes.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.text.theme_clusters import find_clusters
from transforms.text.theme_rates import compare_rates, q_values
from transforms.text.theme_terms import Sayings, find_sayings

TERM, CLUSTER = "term", "cluster"
#: The language whose ordinary words Voikko tells from names; of others nothing may be shown.
LANGUAGE = "fi"
N_MONTHS_BEFORE = 12
THEME_SCHEMA = pl.Schema(
    {
        "month_on": pl.Date(),
        "language_code": pl.String(),
        "theme_kind_code": pl.String(),
        "rank": pl.Int64(),
        "terms": pl.String(),
        "n_texts": pl.Int64(),
        "n_without_topic": pl.Int64(),
        "n_texts_before": pl.Int64(),
        "n_expected": pl.Float64(),
        "rate_ratio": pl.Float64(),
        "q_value": pl.Float64(),
    }
)
_JOINT = ";"
_LEAST_CLUSTERS = 2


@dataclass(frozen=True, slots=True)
class ThemeSettings:
    """What counts as a theme.

    Attributes:
        least: Voices behind every term shown and every cluster (disclosure threshold).
        most: Rows per month and kind.
        false_discovery_rate: Of the emerging terms of a month.
        least_ratio: Times the expectation below which growth is no theme.
        shared: Share of a term's voices that a stronger one must hold to take it in.
        per_cluster: Texts for each cluster looked for.
        most_clusters: Clusters looked for in a month.
        most_common: Share of texts above which a term tells clusters nothing.
        n_terms: Terms shown of a theme.
        seed: Start of the clusters.
    """

    least: int = 10
    most: int = 20
    false_discovery_rate: float = 0.05
    least_ratio: float = 2.0
    shared: float = 0.7
    per_cluster: int = 40
    most_clusters: int = 8
    most_common: float = 0.5
    n_terms: int = 6
    seed: int = 2026


def find_themes(
    texts: pl.DataFrame,
    *,
    months: Sequence[date],
    types: pl.DataFrame,
    masks: Sequence[str],
    settings: ThemeSettings,
) -> pl.DataFrame:
    """One row per month, language, kind of theme and rank: ``THEME_SCHEMA``, in key order.

    Voices are counted, not texts: a respondent speaks once a month, and near-duplicates of a month
    are one text of one voice.

    Args:
        texts: One row per act with a text that says something: ``text_id``, ``text`` (masked),
            ``month_on``, ``language_code``, ``voice``, ``stratum`` (what it is compared within: an
            answer only with answers to the same question), ``has_topic``.
        months: First days of the months whose themes are looked for.
        types: Type table of lemmas; tokens that it lacks are analysed.
        masks: What stands in place of personal data.
        settings: What counts as a theme.
    """
    first = min(_months_before(month)[0] for month in months)
    wanted = texts.filter(
        pl.col("language_code") == LANGUAGE, pl.col("month_on").is_between(first, max(months))
    )
    sayings = find_sayings(wanted, types=types, masks=masks, least=settings.least)
    said = _who_said(sayings)
    rows = [row for month in months for row in _themes_of(said, month, settings)]
    return pl.DataFrame(rows, schema=THEME_SCHEMA, orient="row").sort(THEME_SCHEMA.names()[:4])


def count_topic_coverage(texts: pl.DataFrame) -> pl.DataFrame:
    """One row per month from the first to the last, months without a text included.

    Args:
        texts: As in ``find_themes``, every language.

    Returns:
        ``month_on``, ``n_texts``, ``n_without_topic`` and ``without_topic_share``, null without a
        text.
    """
    counted = texts.group_by("month_on").agg(
        n_texts=pl.len().cast(pl.Int64),
        n_without_topic=(~pl.col("has_topic")).sum().cast(pl.Int64),
    )
    months = counted.select(
        pl.date_range(pl.col("month_on").min(), pl.col("month_on").max(), interval="1mo")
        if counted.height
        else pl.col("month_on")
    )
    counts = pl.col("n_texts", "n_without_topic").fill_null(0)
    share = pl.when(pl.col("n_texts") > 0).then(pl.col("n_without_topic") / pl.col("n_texts"))
    return (
        months.join(counted, on="month_on", how="left", validate="1:1")
        .with_columns(counts)
        .with_columns(without_topic_share=share)
        .sort("month_on")
    )


@dataclass(frozen=True)
class _Said:
    """Who said what.

    Attributes:
        voices: ``month_on``, ``voice``, ``stratum``; a voice once a month.
        terms: ``row``, ``term``, ``is_noun`` and the same, with ``has_topic``.
    """

    voices: pl.DataFrame
    terms: pl.DataFrame


def _who_said(sayings: Sayings) -> _Said:
    """Every voice of a month in one stratum, so that none is counted twice."""
    one = pl.col("stratum").min().over("month_on", "voice")
    texts = sayings.texts.select("row", "month_on", "voice", "has_topic", stratum=one)
    return _Said(
        texts.select("month_on", "voice", "stratum").unique(),
        sayings.terms.join(texts, on="row", how="inner", validate="m:1"),
    )


def _themes_of(said: _Said, month: date, settings: ThemeSettings) -> list[tuple[object, ...]]:
    emerging = _find_emerging(said, month, settings)
    clusters = _find_clusters(said.terms, month, settings)
    return [
        (month, LANGUAGE, kind, rank, *row)
        for kind, rows in ((TERM, emerging), (CLUSTER, clusters))
        for rank, row in enumerate(rows[: settings.most], start=1)
    ]


def _find_emerging(said: _Said, month: date, settings: ThemeSettings) -> list[tuple[object, ...]]:
    """Terms said more often than before, the strongest first, with those that they take in."""
    months = [*_months_before(month), month]
    terms = said.terms.filter(pl.col("month_on").is_in(months))
    voices = said.voices.filter(pl.col("month_on").is_in(months))
    strata = voices["stratum"].unique().sort()
    once = terms.unique(["month_on", "voice", "term"])
    names = _frequent(once.filter(pl.col("month_on") == month), settings.least)
    held = _count(once, term=names, stratum=strata, month_on=pl.Series(months))
    spoken = _count(voices, stratum=strata, month_on=pl.Series(months))
    rates = compare_rates(held[..., -1], held[..., :-1], spoken[:, -1], spoken[:, :-1])
    comparable = held[:, rates.is_comparable].sum(axis=1)
    n_tests = _frequent(once, settings.least).len()
    tested = pl.DataFrame(
        {
            "term": names,
            "n_texts": comparable[:, -1].astype(np.int64),
            "n_texts_before": comparable[:, :-1].sum(axis=1).astype(np.int64),
            "n_expected": rates.n_expected,
            "p": rates.p,
            "q_value": q_values(rates.p, n_tests=n_tests),
        }
    ).with_columns(rate_ratio=pl.col("n_texts") / pl.col("n_expected"))
    found = tested.filter(
        pl.col("n_texts") >= settings.least,
        pl.col("q_value") <= settings.false_discovery_rate,
        pl.col("rate_ratio") >= settings.least_ratio,
    ).sort("p", "n_texts", "term", descending=[False, True, False])
    return _take_in(found, once.filter(pl.col("month_on") == month), settings)


def _take_in(
    found: pl.DataFrame, once: pl.DataFrame, settings: ThemeSettings
) -> list[tuple[object, ...]]:
    """One row per theme: a term that the voices of a stronger one hold goes to that one."""
    held = once.filter(pl.col("term").is_in(found["term"].implode()))
    voices = {str(term): set(group["voice"]) for (term,), group in held.group_by("term")}
    unfitted = dict(once.filter(~pl.col("has_topic")).group_by("term").agg(pl.len()).iter_rows())
    leaders: dict[str, list[str]] = {}
    for term in found["term"]:
        stronger = (
            leader
            for leader in leaders
            if len(voices[term] & voices[leader]) >= settings.shared * len(voices[term])
        )
        leaders.setdefault(next(stronger, term), []).append(term)
    shown = ("n_texts_before", "n_expected", "rate_ratio", "q_value")
    return [
        (
            _JOINT.join(leaders[row["term"]][: settings.n_terms]),
            row["n_texts"],
            unfitted.get(row["term"], 0),
            *(row[name] for name in shown),
        )
        for row in found.iter_rows(named=True)
        if row["term"] in leaders
    ]


def _find_clusters(
    said: pl.DataFrame, month: date, settings: ThemeSettings
) -> list[tuple[object, ...]]:
    """Groups of the month's texts that no topic fits, the largest first."""
    unfitted = said.filter(pl.col("month_on") == month, ~pl.col("has_topic"), pl.col("is_noun"))
    rows = unfitted["row"].unique().sort()
    n_clusters = min(len(rows) // settings.per_cluster, settings.most_clusters)
    names = _frequent(unfitted.unique(["voice", "term"]), settings.least)
    presence = _count(unfitted, row=rows, term=names)
    common = presence.mean(axis=0) if len(rows) else np.zeros(0)
    names, presence = (
        names.filter(common <= settings.most_common),
        presence[:, common <= settings.most_common],
    )
    if n_clusters < _LEAST_CLUSTERS:
        return []
    found: list[tuple[object, ...]] = []
    for cluster in find_clusters(presence, n_clusters=n_clusters, seed=settings.seed):
        inside = unfitted.filter(pl.col("row").is_in(rows.gather(cluster.rows).implode()))
        shown = set(_frequent(inside.unique(["voice", "term"]), settings.least))
        heaviest = [name for name in names.gather(cluster.terms) if name in shown]
        n_voices = inside["voice"].n_unique()
        if n_voices >= settings.least and len(heaviest) > 1:
            terms = _JOINT.join(heaviest[: settings.n_terms])
            found.append((terms, n_voices, n_voices, None, None, None, None))
    return found


def _frequent(once: pl.DataFrame, least: int) -> pl.Series:
    """Terms of at least so many rows, sorted."""
    counts = once.group_by("term").len()
    return counts.filter(pl.col("len") >= least)["term"].sort()


def _count(frame: pl.DataFrame, **axes: pl.Series) -> npt.NDArray[np.float64]:
    """Rows of ``frame`` by the values of its columns: one axis per column, in the order given."""
    counts = np.zeros([len(values) for values in axes.values()])
    places = frame.select(list(axes))
    for name, values in axes.items():
        place = pl.DataFrame({name: values}).with_row_index(f"{name}_place")
        places = places.join(place, on=name, how="inner", validate="m:1")
    np.add.at(counts, tuple(places[f"{name}_place"].to_numpy() for name in axes), 1.0)
    return counts


def _months_before(month: date) -> list[date]:
    """First days of the twelve months before, the earliest first."""
    number = month.year * 12 + month.month - 1
    return [
        date(year, index + 1, 1)
        for year, index in (divmod(n, 12) for n in range(number - N_MONTHS_BEFORE, number))
    ]
