"""D05 survey_representativeness and the weights of each wave: who answered, beside whom.

Only a wave whose frame is the residents is weighted to residents: customers of a service are not
the population. An open survey may be weighted, but carries a warning and gets no R-indicator. See
``docs/methods/representativeness.md`` and ``docs/methods/weights.md``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from transforms.statistics.calendars import end_of_day
from transforms.statistics.population import MARGIN_SCHEMA, population_margins
from transforms.statistics.response import (
    dissimilarity,
    max_bias_cv,
    partial_indicators,
    r_indicator,
    response_rate,
)
from transforms.statistics.rows import Rows
from transforms.statistics.wave_weights import UNKNOWN, VARIABLES, WaveWeights, weigh_wave
from transforms.statistics.weights import describe_weights

WAVE: Final = ("survey_id", "wave_code")
CODES: Final = {
    "area": "area_code",
    "age_band": "age_band_code",
    "gender": "gender_code",
    "language": "language_code",
}
ALL: Final = "all"
TOTAL: Final = "total"
RESIDENTS: Final = "residents"
OPEN_DESIGN: Final = "open_link"
CLOSED_TYPES: Final = ("scale", "nps", "single")
ANSWERED: Final = ("valid", "dont_know", "not_applicable")
_DIGITS: Final = 12  # significant: beyond them the order of a sum shows
_HALF: Final = 0.5  # who answers less than half has broken off (AAPOR 2016, §1)


@dataclass(frozen=True, slots=True)
class Sample:
    """The tables of core_surveys, and residents (core_reference__population, may be empty).

    Respondents and answers may be lazy.
    """

    waves: pl.DataFrame
    questions: pl.DataFrame
    respondents: Rows
    answers: Rows
    population: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One wave: its row, respondents, margins of the population, and weights or why none."""

    wave: Mapping[str, object]
    respondents: pl.DataFrame
    margins: pl.DataFrame
    weights: WaveWeights | None
    scheme: str
    outside: frozenset[str]

    @property
    def is_open(self) -> bool:
        """Whether respondents chose themselves; without a word about the design they did."""
        return (self.wave["design_code"] or OPEN_DESIGN) == OPEN_DESIGN


def compute_survey_weights(sample: Sample, *, as_of: date) -> pl.DataFrame:
    """One row per weighted survey, wave and combination of background that weights are made of.

    Args:
        sample: Answers dated after the end of ``as_of`` and waves opened after it are left out.
        as_of: City day at whose end the answers stand.

    Returns:
        The columns of mart_survey__weights without lineage, sorted by key.
    """
    names = [name for v in VARIABLES for name in (f"{v}_code", f"{v}_margin")]
    schema = {
        **dict.fromkeys((*WAVE, *names), pl.String()),
        "n_respondents": pl.Int64(),
        "weight": pl.Float64(),
        "is_trimmed": pl.Boolean(),
    }
    parts = [
        weighed.weights.combinations.with_columns(
            survey_id=pl.lit(weighed.wave["survey_id"]),
            wave_code=pl.lit(weighed.wave["wave_code"]),
            weight=pl.col("weight").round_sig_figs(_DIGITS),
        ).select(list(schema))
        for weighed in _weighed_waves(sample, as_of=as_of)
        if weighed.weights is not None
    ]
    keys = [*WAVE, *(f"{v}_code" for v in VARIABLES)]
    order = [*keys, *(f"{v}_margin" for v in VARIABLES), *list(schema)[-3:]]
    return pl.concat([pl.DataFrame(schema=schema), *parts]).select(order).sort(keys)


def compute_representativeness(sample: Sample, *, as_of: date) -> pl.DataFrame:
    """One row per survey, wave, background variable and category; per variable; per wave.

    Returns:
        The columns of mart_survey__representativeness without lineage, sorted by key. A variable
        that nobody of the wave told, and whose population is not known either, is left out.
    """
    broken_off = _broken_off(sample)
    rows: list[dict[str, object]] = []
    for weighed in _weighed_waves(sample, as_of=as_of):
        head = _head(weighed, as_of=as_of)
        key = (weighed.wave["survey_id"], weighed.wave["wave_code"])
        total = _wave_row(weighed, broken_off=broken_off.get(key))
        rows.append(head | total)
        rate = total.get("response_rate")
        for variable in CODES:
            rows.extend(
                head | row
                for row in _variable_rows(
                    weighed, variable, rate=rate if isinstance(rate, float) else None
                )
            )
    frame = pl.DataFrame(rows, schema=SCHEMA, infer_schema_length=None)
    floats = pl.col(pl.Float64).fill_nan(None).round_sig_figs(_DIGITS)
    return frame.with_columns(floats).sort(*WAVE, "breakdown_code", "breakdown_value")


def _weighed_waves(sample: Sample, *, as_of: date) -> Iterator[_Weighed]:
    is_known = pl.col("answered_at").is_null() | (pl.col("answered_at") < end_of_day(as_of))
    told = sample.respondents.lazy().filter(is_known).select(*WAVE, *CODES.values())
    known = told.collect(engine="streaming")
    by_wave = known.partition_by(WAVE, as_dict=True)
    waves = sample.waves.filter(pl.col("opened_on").is_null() | (pl.col("opened_on") <= as_of))
    for wave in waves.sort(WAVE).iter_rows(named=True):
        respondents = by_wave.get((wave["survey_id"], wave["wave_code"]), known.head(0))
        if wave["frame_code"] != RESIDENTS:
            scheme = "not_residents" if wave["frame_code"] else "frame_unknown"
            nothing = pl.DataFrame(schema=MARGIN_SCHEMA)
            yield _Weighed(wave, respondents, nothing, None, scheme, frozenset())
            continue
        outside = _outside_ages(sample.population, wave["frame_least_age"])
        year = (wave["opened_on"] or as_of).year
        margins = population_margins(sample.population, year=year, without_ages=outside)
        weights = weigh_wave(respondents, margins, outside_ages=outside)
        scheme = "raked"
        if margins.is_empty():
            scheme = "no_margins"
        elif weights is None:
            scheme = "no_background"
        elif not weights.raking.is_converged:
            weights, scheme = None, "not_converged"
        yield _Weighed(wave, respondents, margins, weights, scheme, outside)


def _outside_ages(population: pl.DataFrame, least_age: int | None) -> frozenset[str]:
    """Age bands wholly below ``least_age``; a band is coded by its first and last year."""
    if least_age is None:
        return frozenset()
    bands = population["age_band_code"].unique().drop_nulls().to_list()
    return frozenset(
        band
        for band in bands
        if (last := band.partition("_")[2]).isdigit() and int(last) < least_age
    )


def _broken_off(sample: Sample) -> dict[tuple[object, ...], int]:
    """Respondents of each wave who answered fewer than half of the closed questions asked."""
    closed = sample.questions.filter(
        pl.col("question_type_code").is_in(CLOSED_TYPES), pl.col("role_code") == "substantive"
    ).select(*WAVE, "question_id")
    sizes = closed.group_by(WAVE).agg(n_questions=pl.len())
    kind = pl.col("answer_kind_code")
    counts = (
        sample.answers.lazy()
        .join(closed.lazy(), on=[*WAVE, "question_id"], how="semi")
        .group_by("respondent_id")
        .agg(n_answered=kind.is_in(ANSWERED).sum(), n_not_asked=(kind == "not_asked").sum())
    )
    asked = pl.col("n_questions") - pl.col("n_not_asked").fill_null(0)
    is_broken = pl.col("n_answered").fill_null(0) < _HALF * asked
    per_wave = (
        sample.respondents.lazy()
        .select("respondent_id", *WAVE)
        .join(sizes.lazy(), on=WAVE, how="inner")
        .join(counts, on="respondent_id", how="left")
        .group_by(WAVE)
        .agg(n=is_broken.sum().cast(pl.Int64))
        .collect(engine="streaming")
    )
    return {(survey, wave): n for survey, wave, n in per_wave.iter_rows()}


def _head(weighed: _Weighed, *, as_of: date) -> dict[str, object]:
    wave = weighed.wave
    closed_on = wave["closed_on"]
    is_weighted = weighed.scheme == "raked"
    warning = "none"
    if weighed.is_open:
        warning = "self_selected_weighted" if is_weighted else "self_selected"
    return {
        "survey_id": wave["survey_id"],
        "wave_code": wave["wave_code"],
        "survey_title": wave["title"],
        "closed_on": closed_on,
        "is_preliminary": not (isinstance(closed_on, date) and closed_on <= as_of),
        "is_open_survey": weighed.is_open,
        "frame_code": wave["frame_code"],
        "weight_scheme_code": weighed.scheme,
        "warning_code": warning,
    }


def _wave_row(weighed: _Weighed, *, broken_off: int | None) -> dict[str, object]:
    n, invited = weighed.respondents.height, weighed.wave["n_invited"]
    row: dict[str, object] = {
        "breakdown_code": TOTAL,
        "breakdown_value": ALL,
        "n_frame": weighed.wave["n_frame"],
        "n_invited": invited,
        "n_respondents": n,
        "n_broken_off": broken_off,
        "breakoff_rate": broken_off / n if broken_off is not None and n else None,
    }
    if isinstance(invited, int) and not weighed.is_open:
        row["response_rate"] = response_rate(n - (broken_off or 0), invited)
    return row | _weighting(weighed, rate=row.get("response_rate"))


def _weighting(weighed: _Weighed, *, rate: object) -> dict[str, object]:
    """Figures of the weights, and of the propensities that their inverses are."""
    if weighed.weights is None:
        return {}
    cells, raking = weighed.weights.combinations, weighed.weights.raking
    each = pl.col("weight").repeat_by("n_respondents")
    found = describe_weights(cells.select(each.explode()).to_series().to_numpy())
    collapsed = weighed.weights.collapsed
    row: dict[str, object] = {
        "weight_variables": ";".join(collapsed),
        "population_year": weighed.margins["population_year"].max(),
        "weight_min": found.weight_min,
        "weight_max": found.weight_max,
        "weight_cv": found.weight_cv,
        "deff": found.deff,
        "n_eff": found.n_eff,
        "n_iterations": raking.n_iterations,
        "is_converged": raking.is_converged,
        "n_collapsed": sum(name != into for m in collapsed.values() for name, into in m.items()),
        "n_trimmed": int(cells.filter("is_trimmed")["n_respondents"].sum()),
    }
    if isinstance(rate, float) and rate > 0:
        inside = cells.filter(pl.col("raked_weight") > 0)
        weight = inside["raked_weight"].to_numpy()
        size = weight * inside["n_respondents"].to_numpy()
        propensity = rate * size.sum() / inside["n_respondents"].sum() / weight
        invited = size / size.sum() * float(str(weighed.wave["n_invited"]))
        row["r_indicator"] = r_indicator(propensity, invited, is_open=weighed.is_open)
        row["max_bias_cv"] = max_bias_cv(propensity, invited, is_open=weighed.is_open)
    return row


def _variable_rows(
    weighed: _Weighed, variable: str, *, rate: float | None
) -> list[dict[str, object]]:
    told = weighed.respondents[CODES[variable]].drop_nulls()
    population = weighed.margins.filter(pl.col("variable") == variable)
    if variable == "language":
        population = population.head(0)  # the questionnaire's language is not the mother tongue
    if told.is_empty() and population.is_empty():
        return []
    n = weighed.respondents.height
    shares = _shares(told, population, outside=weighed.outside)
    whole, partial = _against_population(shares, rate=rate, is_open=weighed.is_open)
    rows = [{"breakdown_value": ALL, "n_respondents": n} | whole]
    weighted = _weighted_shares(weighed.weights, variable)
    collapsed = {} if weighed.weights is None else weighed.weights.collapsed.get(variable, {})
    for row in shares.iter_rows(named=True):
        category, into = row["breakdown_value"], collapsed.get(row["breakdown_value"])
        found: dict[str, object] = {
            "weighted_share": weighted.get(category),
            "partial_p_u": partial.get(category),
            "collapsed_into": into if into != category else None,
        }
        rows.append(row | found)
    if n > len(told):
        missing = n - len(told)
        unknown: dict[str, object] = {"n_respondents": missing, "respondent_share": missing / n}
        rows.append({"breakdown_value": UNKNOWN} | unknown)
    return [{"breakdown_code": variable} | row for row in rows]


def _against_population(
    shares: pl.DataFrame, *, rate: float | None, is_open: bool
) -> tuple[dict[str, object], dict[str, float]]:
    """Figures of the whole variable, and the partial indicator of each category."""
    known = shares.drop_nulls("population_share")
    if known.is_empty() or not shares["n_respondents"].sum():
        return {}, {}
    population = known["population_share"].to_numpy()
    respondents = known["respondent_share"].fill_null(0.0).to_numpy()
    whole: dict[str, object] = {"dissimilarity": dissimilarity(respondents, population)}
    if rate is None or is_open:
        return whole, {}
    parts = partial_indicators(rate * respondents / population, population, is_open=is_open)
    whole["partial_p_u"] = float(np.sqrt((parts**2).sum()))
    return whole, dict(zip(known["breakdown_value"], parts.tolist(), strict=True))


def _shares(told: pl.Series, population: pl.DataFrame, *, outside: frozenset[str]) -> pl.DataFrame:
    """A row per category: its respondents, their share of those in the frame, that of residents."""
    counts = told.alias("category").value_counts(name="n").with_columns(pl.col("n").cast(pl.Int64))
    residents = pl.col("n_residents")
    of_population = population.select("category", population_share=residents / residents.sum())
    is_in = ~pl.col("category").is_in(list(outside))
    n = pl.col("n").fill_null(0)
    return (
        counts.join(of_population, on="category", how="full", coalesce=True, validate="1:1")
        .sort("category")
        .select(
            breakdown_value="category",
            n_respondents=n,
            population_share="population_share",
            respondent_share=pl.when(is_in).then(n / n.filter(is_in).sum()),
        )
        .with_columns(ratio=pl.col("respondent_share") / pl.col("population_share"))
    )


def _weighted_shares(weights: WaveWeights | None, variable: str) -> dict[str, float]:
    """Share of each category among the weighted respondents who told the variable."""
    if weights is None or variable not in VARIABLES:
        return {}
    code, weight = pl.col(f"{variable}_code"), pl.col("weight") * pl.col("n_respondents")
    told = weights.combinations.filter((code != UNKNOWN) & (pl.col("weight") > 0))
    return dict(
        told.group_by(code).agg(w=weight.sum()).with_columns(pl.col("w") / pl.col("w").sum()).rows()
    )


SCHEMA: Final = pl.Schema(
    {
        **dict.fromkeys((*WAVE, "breakdown_code", "breakdown_value", "survey_title"), pl.String()),
        "closed_on": pl.Date(),
        **dict.fromkeys(("is_preliminary", "is_open_survey"), pl.Boolean()),
        "frame_code": pl.String(),
        **dict.fromkeys(("n_frame", "n_invited", "n_respondents", "n_broken_off"), pl.Int64()),
        **dict.fromkeys(
            (
                "response_rate",
                "breakoff_rate",
                "population_share",
                "respondent_share",
                "ratio",
                "weighted_share",
                "partial_p_u",
                "dissimilarity",
                "r_indicator",
                "max_bias_cv",
            ),
            pl.Float64(),
        ),
        **dict.fromkeys(("weight_scheme_code", "warning_code", "weight_variables"), pl.String()),
        "population_year": pl.Int64(),
        **dict.fromkeys(("weight_min", "weight_max", "weight_cv", "deff", "n_eff"), pl.Float64()),
        "n_iterations": pl.Int64(),
        "is_converged": pl.Boolean(),
        **dict.fromkeys(("n_collapsed", "n_trimmed"), pl.Int64()),
        "collapsed_into": pl.String(),
    }
)
