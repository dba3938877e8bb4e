"""Respondents of surveys: when they answered, and their background as of then.

Belongs here: ``core_surveys__respondents``. Background that cannot be read is null, never a reason
to lose the respondent; it belongs to one wave and is not carried to another.
"""

from collections.abc import Mapping

import polars as pl

from transforms.clean.cleaned import Cleaned, RejectRule, split_rows
from transforms.clean.times import parse_moment
from transforms.parse.answer_kinds import VALID, fold, folded
from transforms.parse.encoding import repair_mojibake
from transforms.parse.questionnaire import BACKGROUNDS
from transforms.parse.survey_frames import OPTION_SEPARATOR

OLDEST = 120

_WAVE = ("survey_id", "wave_code")
_NAMES = ("name_fi", "name_sv", "name_en")
_ITEM_SCHEMA = {
    **dict.fromkeys((*_WAVE, "spelling", "ours"), pl.String()),
    "is_declared": pl.Boolean(),
}
_NO_LANGUAGE = ("eos", "und", "ei", "nej", "no", "kis", "na")
_LANGUAGE_TAG = r"^[a-z]{2,3}(?:[-_][a-z]{2})?$"


def clean_respondents(
    frame: pl.DataFrame,
    *,
    source_code: str,
    codelists: pl.DataFrame,
    codes: Mapping[str, pl.DataFrame],
) -> Cleaned:
    """Rows of ``core_surveys__respondents``; the natural key is ``survey|wave|response``.

    An age band is the one told, else that of the age, else that of the year of birth in the year of
    answering (of the wave where the time is not known). An area is the one told, else that of the
    postcode. Times without zone are city time. Several answers to one background question (groups)
    are joined in code order.

    Args:
        frame: Text frame of ``RESPONDENT_SCHEMA``.
        source_code: Name of the source.
        codelists: ``CODELIST_SCHEMA``; an alternative's ``maps_to`` is our code for it. Answers
            that no codelist knows are compared with the codes and names of our own lists.
        codes: Our code lists: ``age_band``, ``gender``, ``areas``, ``group``, ``language``,
            ``postal_areas``.

    Returns:
        The rows in their order. Rejected are those without a response id, and those whose time of
        answering is written but is none.
    """
    moment = parse_moment("answered_at")
    written = repair_mojibake(frame, list(BACKGROUNDS)).with_columns(
        pl.col("answered_at").alias("written"),
        moment.value.alias("answered_at"),
        moment.is_bad.alias("is_bad_moment"),
    )
    split = split_rows(written, _rules())
    rows = _with_codes(split.frame, codelists, codes)
    return Cleaned(_typed(rows, codes["age_band"], source_code), split.rejects)


def _typed(rows: pl.DataFrame, bands: pl.DataFrame, source_code: str) -> pl.DataFrame:
    return rows.select(
        pl.concat_str(*_WAVE, "response_id", separator="|").alias("respondent_id"),
        *_WAVE,
        pl.lit(source_code).alias("source_code"),
        "answered_at",
        _language().alias("language_code"),
        pl.coalesce("coded_age_band", _age_band(bands)).alias("age_band_code"),
        pl.col("coded_gender").alias("gender_code"),
        pl.coalesce("coded_area", "by_postcode").alias("area_code"),
        pl.col("coded_groups").alias("groups"),
        "line_no",
    )


def _rules() -> list[RejectRule]:
    return [
        RejectRule(
            pl.col("response_id").is_null(), "missing_response_id", "response_id", "a response id"
        ),
        RejectRule(
            pl.col("is_bad_moment"),
            "unreadable_answered_at",
            "answered_at",
            "a time from 1990 to 2100",
            pl.col("written"),
        ),
    ]


def _with_codes(
    rows: pl.DataFrame, codelists: pl.DataFrame, codes: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """``rows`` with ``coded_<background>`` for each that has a code list, and ``by_postcode``."""
    for background, list_name in BACKGROUNDS.items():
        if list_name is not None:
            items = _items(codelists, background, codes[list_name])
            add = _with_groups if background == "groups" else _coded
            rows = add(rows, background, items, codes[list_name])
    postcodes = codes["postal_areas"].select("postcode", by_postcode="area_code")
    return rows.with_columns(postcode=pl.col("postcode").str.extract(r"\b(\d{5})\b")).join(
        postcodes, on="postcode", how="left", validate="m:1", maintain_order="left"
    )


def _items(codelists: pl.DataFrame, background: str, ours: pl.DataFrame) -> pl.DataFrame:
    """Spellings of a questionnaire's alternatives by survey and wave, with our code or null.

    Ours is what ``maps_to`` says, else what a label is called in our own list.
    """
    own = dict(_own_spellings(ours).iter_rows())
    rows = []
    for item in codelists.filter(pl.col("background") == background).iter_rows(named=True):
        labels = [item[name] for name in ("label_fi", "label_sv", "label_en") if item[name]]
        called = [own[fold(label)] for label in labels if fold(label) in own]
        code = item["maps_to"] or next(iter(called), None)
        for words in (item["code"], item["value"], *labels):
            if words is not None:
                key = (item["survey_id"], item["wave_code"], fold(str(words)))
                rows.append((*key, code if item["kind"] == VALID else None, True))
    frame = pl.DataFrame(rows, schema=_ITEM_SCHEMA, orient="row")
    return frame.unique([*_WAVE, "spelling"], keep="first", maintain_order=True)


def _own_spellings(ours: pl.DataFrame) -> pl.DataFrame:
    """Spellings of our own codes: ``spelling`` and ``own``."""
    spelled = {
        fold(words): code
        for code, *names in ours.select(ours.columns[0], *_NAMES).iter_rows()
        for words in (code, *names)
        if words is not None
    }
    return pl.DataFrame(
        list(spelled.items()), schema={"spelling": pl.String, "own": pl.String}, orient="row"
    )


def _coded(
    rows: pl.DataFrame, column: str, items: pl.DataFrame, ours: pl.DataFrame
) -> pl.DataFrame:
    """``rows`` with ``coded_<column>``: our code for the answer in ``column``, null for none."""
    return (
        rows.with_columns(spelling=folded(pl.col(column)))
        .join(items, on=[*_WAVE, "spelling"], how="left", validate="m:1", maintain_order="left")
        .join(
            _own_spellings(ours), on="spelling", how="left", validate="m:1", maintain_order="left"
        )
        .with_columns(pl.when("is_declared").then("ours").otherwise("own").alias(f"coded_{column}"))
        .drop("spelling", "ours", "own", "is_declared")
    )


def _with_groups(
    rows: pl.DataFrame, column: str, items: pl.DataFrame, ours: pl.DataFrame
) -> pl.DataFrame:
    """``rows`` with ``coded_<column>``: null when not asked, '' when none of ours was told."""
    told = rows.select("line_no", *_WAVE, pl.col(column).str.split(OPTION_SEPARATOR)).filter(
        pl.col(column).is_not_null()
    )
    joined = (
        _coded(told.explode(column), column, items, ours)
        .group_by("line_no")
        .agg(pl.col(f"coded_{column}").drop_nulls().unique().sort().str.join(";"))
    )
    return rows.join(joined, on="line_no", how="left", validate="m:1", maintain_order="left")


def _language() -> pl.Expr:
    """fi, sv or en as told; any other language tag (``ru``, ``et-EE``) is another language."""
    told = folded(pl.col("language"))
    tag = pl.when(told.str.contains(_LANGUAGE_TAG)).then(told.str.extract("^([a-z]{2,3})"))
    by_tag = pl.when(tag.is_in(["fi", "sv", "en"])).then(tag)
    other = pl.when(tag.is_not_null() & ~tag.is_in(_NO_LANGUAGE)).then(pl.lit("other"))
    return pl.coalesce("coded_language", by_tag, other)


def _age_band(bands: pl.DataFrame) -> pl.Expr:
    """The band of the age told, or of the years since birth; ages outside 0–120 are none.

    A band's code begins with its least age: ``25_44``, ``80_``.
    """
    age = pl.col("age_years").str.extract(r"(\d{1,3})").cast(pl.Int64)
    born = pl.col("birth_year").str.extract(r"\b((?:19|20)\d{2})\b").cast(pl.Int64)
    wave_year = pl.col("wave_code").str.extract(r"^(\d{4})").cast(pl.Int64)
    year = pl.coalesce(pl.col("answered_at").dt.year().cast(pl.Int64), wave_year)
    years = pl.coalesce(age, year - born)
    codes = sorted(bands.get_column("code").to_list(), key=_least_age, reverse=True)
    is_plausible = years.is_between(_least_age(codes[-1]), OLDEST)
    return pl.coalesce(
        pl.when(is_plausible & (years >= _least_age(code))).then(pl.lit(code)) for code in codes
    )


def _least_age(code: str) -> int:
    return int(code.split("_", maxsplit=1)[0])
