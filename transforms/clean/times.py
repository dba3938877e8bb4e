"""Written dates and moments to typed ones, in city time.

Belongs here: the ways in which Finnish sources write time, and the clock change. Does not: which
column is a time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple

import polars as pl

CITY_ZONE = "Europe/Helsinki"
EXCEL = "excel"
FIRST_YEAR, LAST_YEAR = 1990, 2100

_ABSENT = ["", "-", "–", "null", "none", "n/a", "nan"]
_BLANKS = r"[\s\u{00A0}\u{202F}]+"
_CANONICAL = "%Y-%m-%dT%H:%M:%S"
_ISO = (
    r"^(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})"
    r"(?:[Tt ](?<hh>\d{2}):(?<mm>\d{2})(?::(?<ss>\d{2})(?:[.,](?<f>\d{1,9}))?)?)?"
    r" ?(?<z>[Zz]|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?$"
)
_DB2 = (
    r"^(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})-(?<hh>\d{2})\.(?<mm>\d{2})\.(?<ss>\d{2})"
    r"(?:\.(?<f>\d{1,9}))?(?<z>$)"
)
_FINNISH = (
    r"^(?:[A-Za-zåäöÅÄÖ]{2,12} )?(?<d>\d{1,2})\. ?(?<m>\d{1,2})\. ?(?<y>\d{4})"
    r"(?:(?:,? ?(?:klo\.?|kello) ?|,? )(?<hh>\d{1,2})(?:[.:](?<mm>\d{2})(?:[.:](?<ss>\d{2}))?)?)?"
    r"(?<f>$)(?<z>$)"
)
_EXCEL_SERIAL = r"^\d{5}(?:[.,]\d+)?$"
_SECONDS_A_DAY = 86_400
_NO_OFFSET = pl.lit(None, dtype=pl.Int64)
_EXCEL_EPOCH = pl.datetime(1899, 12, 30, time_unit="us")
_READ: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "text": pl.String,
    "naive": pl.Datetime("us"),
    "offset": pl.Int64,
}


class ParsedMoment(NamedTuple):
    """Expressions of one moment column.

    Attributes:
        value: ``Datetime("us", zone)``; null where nothing is written or it is bad.
        is_bad: Something is written that is no moment between 1990 and 2100; never null.
        is_clock_changed: The written local hour stood twice, or not at all, on the clock; never
            null.
    """

    value: pl.Expr
    is_bad: pl.Expr
    is_clock_changed: pl.Expr


class ParsedDate(NamedTuple):
    """Expressions of one date column: ``value`` (Date, null where absent or bad), ``is_bad``."""

    value: pl.Expr
    is_bad: pl.Expr


def parse_moment(
    column: str | pl.Expr, *, formats: Sequence[str] = (), zone: str = CITY_ZONE
) -> ParsedMoment:
    """The moment a text column writes.

    Read are, in this order: ``formats``; ISO 8601 with an offset, ``Z`` or none, with up to nine
    digits of a second; DB2's ``2020-03-01-13.45.10.123456``; Finnish ``1.2.2024 klo 9.05``. What
    has no offset is city time. An hour that stands twice on the clock is its first reading (summer
    time); one that does not exist is an hour later.

    Each distinct text is read once; each of the three expressions reads the column anew, so a
    caller with many rows may prefer ``read_moments``.

    Args:
        column: Text; blanks around, ``-``, ``n/a`` and the like are absent.
        formats: chrono formats (``%d.%m.%Y %H:%M``), and ``excel`` for day numbers of Excel. Two
            digits of a year are read only by a format with ``%y``.
        zone: Zone of the city, and of the value.
    """
    text = pl.col(column) if isinstance(column, str) else column
    kind = pl.Struct(
        {
            "value": pl.Datetime("us", zone),
            "is_bad": pl.Boolean,
            "is_clock_changed": pl.Boolean,
        }
    )
    read = text.map_batches(
        partial(_as_struct, formats=tuple(formats), zone=zone),
        return_dtype=kind,
        is_elementwise=True,
    ).struct
    return ParsedMoment(
        value=read.field("value"),
        is_bad=read.field("is_bad"),
        is_clock_changed=read.field("is_clock_changed"),
    )


def parse_date(
    column: str | pl.Expr, *, formats: Sequence[str] = (), zone: str = CITY_ZONE
) -> ParsedDate:
    """The city date a text column writes; a moment gives the date it has in the city.

    Args:
        column: As in ``parse_moment``.
        formats: As in ``parse_moment``.
        zone: Zone of the city.
    """
    moment = parse_moment(column, formats=formats, zone=zone)
    return ParsedDate(value=moment.value.dt.date(), is_bad=moment.is_bad)


def read_moments(
    texts: pl.Series, *, formats: Sequence[str] = (), zone: str = CITY_ZONE
) -> pl.DataFrame:
    """``value``, ``is_bad`` and ``is_clock_changed`` of each text, as ``parse_moment`` gives them.

    One pass over the distinct texts; the order of ``texts`` is kept.
    """
    written = texts.cast(pl.String).rename("written").to_frame()
    distinct = written.unique(maintain_order=True).with_columns(text=_tidied("written"))
    rest = distinct.select("text").drop_nulls().unique(maintain_order=True)
    done = [pl.DataFrame(schema=dict(_READ))]
    for read in _readers(formats):
        found = read(rest).select(list(_READ)).drop_nulls("naive")
        rest = rest.join(found, on="text", how="anti", maintain_order="left")
        done.append(found)
    moments = _in_zone(pl.concat(done), zone)
    by_text = distinct.join(moments, on="text", how="left", validate="m:1").select(
        "written",
        "value",
        is_bad=pl.col("text").is_not_null() & pl.col("value").is_null(),
        is_clock_changed=pl.col("is_clock_changed").fill_null(value=False),
    )
    joined = written.join(
        by_text, on="written", how="left", nulls_equal=True, maintain_order="left", validate="m:1"
    )
    return joined.drop("written")


def _as_struct(texts: pl.Series, *, formats: Sequence[str], zone: str) -> pl.Series:
    return read_moments(texts, formats=formats, zone=zone).to_struct(texts.name)


def _tidied(column: str) -> pl.Expr:
    text = pl.col(column).str.replace_all(_BLANKS, " ").str.strip_chars(" ")
    return pl.when(~text.str.to_lowercase().is_in(_ABSENT)).then(text)


def _readers(formats: Sequence[str]) -> Iterator[Callable[[pl.DataFrame], pl.DataFrame]]:
    """In order of precedence; a source with month before day is not read by the Finnish grammar."""
    for form in formats:
        yield _read_excel if form == EXCEL else partial(_read_format, form=form)
    yield partial(_read_grammar, pattern=_ISO)
    yield partial(_read_grammar, pattern=_DB2)
    if not any(form.startswith("%m.%d") for form in formats):
        yield partial(_read_grammar, pattern=_FINNISH)


def _read_excel(rest: pl.DataFrame) -> pl.DataFrame:
    serial = pl.col("text").str.replace(",", ".", literal=True).cast(pl.Float64)
    seconds = (serial * _SECONDS_A_DAY).round(0).cast(pl.Int64)
    return rest.filter(pl.col("text").str.contains(_EXCEL_SERIAL)).with_columns(
        naive=_in_range(_EXCEL_EPOCH + pl.duration(seconds=seconds)), offset=_NO_OFFSET
    )


def _read_format(rest: pl.DataFrame, *, form: str) -> pl.DataFrame:
    """By a chrono format; one with an offset gives UTC."""
    has_offset = "%z" in form or "%:z" in form
    moment = pl.col("text").str.to_datetime(form, strict=False, time_unit="us")
    naive = moment.dt.replace_time_zone(None)
    offset = pl.lit(0, dtype=pl.Int64) if has_offset else _NO_OFFSET
    return rest.with_columns(naive=_in_range(naive), offset=offset)


def _read_grammar(rest: pl.DataFrame, *, pattern: str) -> pl.DataFrame:
    parts = rest.filter(pl.col("text").str.contains(pattern)).with_columns(
        pl.col("text").str.extract_groups(pattern).alias("part")
    )
    field = pl.col("part").struct.field
    two = {name: field(name).replace("", None).fill_null("0") for name in ("hh", "mm", "ss")}
    written = pl.format(
        "{}-{}-{}T{}:{}:{}",
        *(part.str.zfill(2) for part in (field("y"), field("m"), field("d"), *two.values())),
    )
    fraction = field("f").fill_null("").str.slice(0, 6).str.pad_end(6, "0").cast(pl.Int64)
    seconds = written.str.to_datetime(_CANONICAL, strict=False, time_unit="us")
    return parts.with_columns(
        naive=_in_range(seconds) + pl.duration(microseconds=fraction),
        offset=_offset_minutes(field("z")),
    )


def _in_range(moment: pl.Expr) -> pl.Expr:
    return pl.when(moment.dt.year().is_between(FIRST_YEAR, LAST_YEAR)).then(moment)


def _offset_minutes(zone: pl.Expr) -> pl.Expr:
    """Minutes east of Greenwich of ``Z``, ``+02``, ``+0200``, ``+02:00``; null is city time."""
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    digits = zone.str.replace_all(r"\D", "")
    hours = digits.str.slice(0, 2).cast(pl.Int64, strict=False)
    minutes = digits.str.slice(2, 2).cast(pl.Int64, strict=False).fill_null(0)
    return pl.when(zone.str.to_uppercase() == "Z").then(0).otherwise(sign * (hours * 60 + minutes))


def _in_zone(read: pl.DataFrame, zone: str) -> pl.DataFrame:
    """City moments of what was read, and whether the clock change had to be decided."""
    local = pl.when(pl.col("offset").is_null()).then("naive")
    stated = (pl.col("naive") - pl.duration(minutes="offset")).dt.replace_time_zone("UTC")
    return (
        read.with_columns(
            earliest=_replace_zone(local, zone, "earliest"),
            latest=_replace_zone(local, zone, "latest"),
            later=_replace_zone(local.dt.offset_by("1h"), zone, "earliest"),
            stated=stated.dt.convert_time_zone(zone),
        )
        .with_columns(value=pl.coalesce("earliest", "later", "stated"))
        .select(
            "text",
            "value",
            is_clock_changed=pl.col("offset").is_null()
            & (pl.col("earliest").is_null() | (pl.col("earliest") != pl.col("latest"))),
        )
    )


def _replace_zone(local: pl.Expr, zone: str, ambiguous: Literal["earliest", "latest"]) -> pl.Expr:
    return local.dt.replace_time_zone(zone, ambiguous=ambiguous, non_existent="null")
