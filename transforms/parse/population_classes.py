"""Classes of population statistics (area, age, gender, language) to our codes.

Belongs here: the codes of Statistics Finland and what each means. Does not: cells and their sums
(``transforms.parse.population_figures``).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from transforms.parse.parsed import RefusedFileError

ALL = "all"
#: ``SSS`` is StatFin's total; of areas it is the whole country, which is not ours.
TOTALS = frozenset({"SSS", "S", "T", "TOTAL", "YHTEENSÄ"})
_GENDERS = {"1": "male", "2": "female", "M": "male", "F": "female", "N": "female"}
_GENDERS |= {"MIEHET": "male", "NAISET": "female", "MALES": "male", "FEMALES": "female"}
#: StatFin 11rm: 01 national languages together, 02 foreign languages together.
_NATIONAL, _FOREIGN = "01", "02"
_OWN_LANGUAGES = {"FI": "fi", "SV": "sv", "EN": "en"}
_LANGUAGE = re.compile(r"[A-Z]{2,3}")
_ONE_AGE = re.compile(r"0*(\d{1,3})")
_FROM_AGE = re.compile(r"0*(\d{1,3})\s*[-–+]")
_AGES = re.compile(r"0*(\d{1,3})\s*[-–]\s*0*(\d{1,3})")
_MUNICIPALITY = re.compile(r"(?:KU)?(\d{3})")
_POSTCODE = re.compile(r"\d{5}")


class Meaning(NamedTuple):
    """What a class of the source is to us.

    Attributes:
        code: Our code; null when the cell is not used.
        reason_code: Why it is rejected; null when ``code`` is given or the class is a subtotal
            that other classes make up.
        expected: What was expected, as part of a sentence.
    """

    code: str | None
    reason_code: str | None = None
    expected: str = ""


def area_meanings(codes: Iterable[str], *, postal_areas: Mapping[str, str]) -> dict[str, Meaning]:
    """Our area of a postcode, and the three digits of a municipality (KU743 is 743).

    Postcodes are looked up, never cut: 60800 is Ilmajoki and 61400 is Ylistaro (SOURCES §5.2).
    """
    return {code: _area(code, postal_areas) for code in codes}


def age_meanings(codes: Collection[str], *, bands: Sequence[str]) -> dict[str, Meaning]:
    """Our band of each class of age; a band that the classes do not fill is not used.

    Raises:
        RefusedFileError: If classes overlap, so that residents would be counted twice.
    """
    spans = {code: span for code in codes if (span := _span(code)) is not None}
    _refuse_overlaps(list(spans.values()))
    meanings = {}
    for code in codes:
        if code.upper() in TOTALS:
            meanings[code] = Meaning(ALL)
        elif code not in spans:
            meanings[code] = Meaning(None, "age_unknown", "an age, ages from–to, or the total")
        else:
            meanings[code] = _banded(spans[code], bands)
    for band in bands:
        within = [spans[code] for code, m in meanings.items() if m.code == band]
        if within and not _fills(within, _bounds(band)):
            reason = Meaning(None, "figure_incomplete", f"every age of the band {band}")
            meanings.update({c: reason for c, m in meanings.items() if m.code == band})
    return meanings


def gender_meanings(codes: Iterable[str]) -> dict[str, Meaning]:
    """Our gender of each code."""
    known = {**dict.fromkeys(TOTALS, ALL), **_GENDERS}
    unknown = Meaning(None, "gender_unknown", "1 (men), 2 (women) or the total")
    return {c: Meaning(known[c.upper()]) if c.upper() in known else unknown for c in codes}


def language_meanings(codes: Collection[str]) -> dict[str, Meaning]:
    """Our language of each code.

    Where the source gives foreign languages as one figure (02) it is ``other``, English within;
    its parts, of which small ones are protected, are not used then.
    """
    has_foreign = _FOREIGN in codes
    return {code: _language(code.upper(), has_foreign=has_foreign) for code in codes}


def _area(code: str, postal_areas: Mapping[str, str]) -> Meaning:
    if _POSTCODE.fullmatch(code):
        area = postal_areas.get(code)
        known = "a postal area of data_contracts/codes/postal_areas.csv"
        return Meaning(area) if area else Meaning(None, "postal_area_unknown", known)
    found = _MUNICIPALITY.fullmatch(code.upper())
    if found:
        return Meaning(found.group(1))
    return Meaning(None, "other_municipality", "a municipality (KU and three digits) or a postcode")


def _language(code: str, *, has_foreign: bool) -> Meaning:
    if code in TOTALS:
        return Meaning(ALL)
    if code == _NATIONAL:
        return Meaning(None)
    if code in {"FI", "SV"}:
        return Meaning(_OWN_LANGUAGES[code])
    if code in {_FOREIGN, "SE"}:  # Sámi is a national language and none of the two above
        return Meaning("other")
    if not _LANGUAGE.fullmatch(code):
        return Meaning(None, "language_unknown", "a language code of ISO 639, 02 or the total")
    return Meaning(None) if has_foreign else Meaning(_OWN_LANGUAGES.get(code, "other"))


def _span(code: str) -> tuple[float, float] | None:
    if found := _ONE_AGE.fullmatch(code):
        return (int(found.group(1)),) * 2
    if found := _FROM_AGE.fullmatch(code):
        return int(found.group(1)), inf
    if found := _AGES.fullmatch(code):
        return int(found.group(1)), int(found.group(2))
    return None


def _bounds(band: str) -> tuple[float, float]:
    first, _, last = band.partition("_")
    return int(first), int(last) if last else inf


def _banded(span: tuple[float, float], bands: Sequence[str]) -> Meaning:
    for band in bands:
        low, high = _bounds(band)
        if low <= span[0] and span[1] <= high:
            return Meaning(band)
    expected = f"ages within one band ({', '.join(bands)})"
    return Meaning(None, "age_across_bands", expected)


def _fills(spans: list[tuple[float, float]], bounds: tuple[float, float]) -> bool:
    reached = bounds[0] - 1
    for first, last in sorted(spans):
        if first != reached + 1:
            return False
        reached = last
    return reached == bounds[1]


def _refuse_overlaps(spans: list[tuple[float, float]]) -> None:
    ordered = sorted(spans)
    for (_, last), (first, _) in pairwise(ordered):
        if first <= last:
            raise RefusedFileError(
                f"Found classes of age that overlap at {first:g}, expected classes that count "
                "everybody once. Fetch single years of age, or one set of classes."
            )
