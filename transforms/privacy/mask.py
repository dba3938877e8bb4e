"""Texts without the personal data that rules can find: masks instead of what was there.

Belongs here: which detectors there are, in which order, and doing it once per distinct text and
line. Does not: any one detector.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import polars as pl

from transforms.privacy.accounts import MAY_HOLD_ACCOUNT, find_accounts
from transforms.privacy.addresses import MAY_HOLD_ADDRESS, find_addresses
from transforms.privacy.emails import MAY_HOLD_EMAIL, find_emails
from transforms.privacy.identity_codes import MAY_HOLD_CODE, find_identity_codes
from transforms.privacy.persons import find_persons, may_hold_person
from transforms.privacy.phones import MAY_HOLD_PHONE, find_phones
from transforms.privacy.plates import MAY_HOLD_PLATE, find_plates
from transforms.privacy.signatures import (
    MAY_HOLD_INTRODUCTION,
    MAY_HOLD_SIGNATURE,
    find_introductions,
    find_signatures,
)
from transforms.privacy.spans import (
    Finder,
    Span,
    joined_spans,
    masks_blotted,
    replace_spans,
    without_masks,
    without_overlaps,
)

__all__ = [
    "Span",
    "find_personal_data",
    "finders",
    "mask_text",
    "mask_texts",
    "mask_texts_with_spans",
    "mask_with_spans",
]

#: Spans of one text in a column.
SPANS = pl.List(pl.Struct({"start": pl.Int64, "end": pl.Int64, "label": pl.String}))


@cache
def finders() -> Sequence[Finder]:
    """Every detector; of spans that overlap, that of the one named first stays."""
    return (
        Finder(find_identity_codes, MAY_HOLD_CODE),
        Finder(find_accounts, MAY_HOLD_ACCOUNT),
        Finder(find_emails, MAY_HOLD_EMAIL, is_by_line=True),
        Finder(find_phones, MAY_HOLD_PHONE, is_by_line=True),
        Finder(find_plates, MAY_HOLD_PLATE),
        Finder(find_addresses, MAY_HOLD_ADDRESS),
        Finder(find_signatures, MAY_HOLD_SIGNATURE),
        Finder(find_introductions, MAY_HOLD_INTRODUCTION),
        Finder(find_persons, may_hold_person),
    )


def find_personal_data(text: str) -> list[Span]:
    """Spans of personal data in order, without overlaps; ``label`` is a code of ``pii.csv``."""
    seen = without_masks(text)
    return without_overlaps(span for finder in finders() for span in finder.find(seen))


def mask_text(text: str) -> tuple[str, int]:
    """One text masked, and the number of spans; what masking brings to light is masked too."""
    masked, spans = mask_with_spans(text)
    return masked, len(spans)


def mask_with_spans(text: str) -> tuple[str, list[Span]]:
    """One text masked, and every span that was masked, in characters of ``text`` as given.

    It ends, because no span holds a mask and so each round leaves less to look at.
    """
    masked, spans = text, list[Span]()
    while found := find_personal_data(masked):
        masked, spans = replace_spans(masked, found), joined_spans(spans, found)
    return masked, spans


def mask_texts(texts: pl.Series) -> pl.DataFrame:
    """Each text as ``mask_text`` leaves it, looked at once per distinct text.

    Args:
        texts: Strings; null stays null.

    Returns:
        ``text`` and ``n_masked`` (spans masked; 0 for null) in the order of ``texts``. Masking the
        result again changes nothing.
    """
    return mask_texts_with_spans(texts).select("text", "n_masked")


def mask_texts_with_spans(texts: pl.Series) -> pl.DataFrame:
    """``mask_with_spans`` of each text, looked at once per distinct text.

    Returns:
        ``text`` masked, ``n_masked`` and ``spans``: a list of ``start``, ``end`` (excluded) and
        ``label``, in characters (code points) of the text as given; empty where there is nothing.
    """
    frame = texts.cast(pl.String).rename("text").to_frame()
    distinct = frame.get_column("text").drop_nulls().unique(maintain_order=True)
    joined = frame.join(
        _changed(distinct), on="text", how="left", maintain_order="left", validate="m:1"
    )
    return joined.select(
        text=pl.coalesce("masked", "text"),
        n_masked=pl.col("spans").list.len().cast(pl.Int64).fill_null(0),
        spans=pl.col("spans").fill_null(pl.lit([], dtype=SPANS)),
    )


def _changed(texts: pl.Series) -> pl.DataFrame:
    """Those of distinct texts that masking changes, with ``masked`` and ``spans``."""
    masked: dict[int, str] = {}
    spans: dict[int, list[Span]] = {}
    places, left = list(range(texts.len())), texts
    while found_by_place := _spans_by_place(left):
        before = left.to_list()
        for place, found in found_by_place.items():
            original = places[place]
            masked[original] = replace_spans(before[place], found)
            spans[original] = joined_spans(spans.get(original, []), found)
        places = [places[place] for place in found_by_place]
        left = pl.Series("text", [masked[original] for original in places], dtype=pl.String)
    rows = [[span._asdict() for span in found] for found in spans.values()]
    return pl.DataFrame(
        {"text": texts.gather(list(masked)), "masked": list(masked.values()), "spans": rows},
        schema={"text": pl.String, "masked": pl.String, "spans": SPANS},
    )


def _spans_by_place(texts: pl.Series) -> Mapping[int, list[Span]]:
    """``find_personal_data`` of each text that it finds something in, by the text's place."""
    whole = pl.DataFrame({"part": masks_blotted(texts)}).select(
        place=pl.int_range(pl.len()), start=pl.lit(0, dtype=pl.Int64), part="part"
    )
    lines = _lines(whole)
    found: dict[int, list[Span]] = {}
    for finder in finders():
        for place, span in _finds(finder, lines if finder.is_by_line else whole):
            found.setdefault(place, []).append(span)
    return {place: without_overlaps(spans) for place, spans in found.items()}


def _lines(whole: pl.DataFrame) -> pl.DataFrame:
    """One row per line: the text's ``place``, the line's ``start`` in it, the line as ``part``."""
    length = pl.col("part").str.len_chars().cast(pl.Int64) + 1  # with the line end behind it
    return (
        whole.with_columns(pl.col("part").str.split("\n"))
        .explode("part")
        .with_columns(start=(length.cum_sum() - length).over("place"))
    )


def _finds(finder: Finder, parts: pl.DataFrame) -> Iterator[tuple[int, Span]]:
    """Spans of one detector by place; each distinct part is looked at once."""
    candidates = finder.candidates(parts.get_column("part").unique())
    spans = {part: found for part in candidates.to_list() if (found := list(finder.find(part)))}
    if not spans:
        return
    hits = parts.filter(pl.col("part").is_in(list(spans)))
    for place, start, part in hits.select("place", "start", "part").iter_rows():
        for span in spans[part]:
            yield place, Span(start + span.start, start + span.end, span.label)
