"""Texts without the personal data that rules can find: masks instead of what was there.

Belongs here: which detectors there are, in which order, and doing it once per distinct text and
line. Does not: any one detector. A finder of names by a model joins ``finders`` or is handed on by
the caller as further spans.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import polars as pl

from transforms.privacy.accounts import MAY_HOLD_ACCOUNT, find_accounts
from transforms.privacy.emails import MAY_HOLD_EMAIL, find_emails
from transforms.privacy.identity_codes import MAY_HOLD_CODE, find_identity_codes
from transforms.privacy.names import (
    MAY_HOLD_INTRODUCTION,
    MAY_HOLD_OFFICER,
    MAY_HOLD_SIGNATURE,
    find_introductions,
    find_officers,
    find_pairs,
    find_signatures,
    may_hold_pair,
)
from transforms.privacy.phones import MAY_HOLD_PHONE, find_phones
from transforms.privacy.plates import MAY_HOLD_PLATE, find_plates
from transforms.privacy.spans import (
    Finder,
    Span,
    masks_blotted,
    replace_spans,
    without_masks,
    without_overlaps,
)

__all__ = ["Span", "find_personal_data", "finders", "mask_text", "mask_texts"]


@cache
def finders() -> Sequence[Finder]:
    """Every detector; of spans that overlap, that of the one named first stays."""
    return (
        Finder(find_identity_codes, MAY_HOLD_CODE),
        Finder(find_accounts, MAY_HOLD_ACCOUNT),
        Finder(find_emails, MAY_HOLD_EMAIL, is_by_line=True),
        Finder(find_phones, MAY_HOLD_PHONE, is_by_line=True),
        Finder(find_plates, MAY_HOLD_PLATE),
        Finder(find_signatures, MAY_HOLD_SIGNATURE),
        Finder(find_introductions, MAY_HOLD_INTRODUCTION),
        Finder(find_officers, MAY_HOLD_OFFICER, is_by_line=True),
        Finder(find_pairs, may_hold_pair(), is_by_line=True),
    )


def find_personal_data(text: str) -> list[Span]:
    """Spans of personal data in order, without overlaps; ``label`` is a code of ``pii.csv``."""
    seen = without_masks(text)
    return without_overlaps(span for finder in finders() for span in finder.find(seen))


def mask_text(text: str) -> tuple[str, int]:
    """One text masked, and the number of spans; what masking brings to light is masked too.

    It ends, because no span holds a mask and so each round leaves less to look at.
    """
    n_masked = 0
    while spans := find_personal_data(text):
        text, n_masked = replace_spans(text, spans), n_masked + len(spans)
    return text, n_masked


def mask_texts(texts: pl.Series) -> pl.DataFrame:
    """Each text as ``mask_text`` leaves it, looked at once per distinct text.

    Args:
        texts: Strings; null stays null.

    Returns:
        ``text`` and ``n_masked`` (spans masked; 0 for null) in the order of ``texts``. Masking the
        result again changes nothing.
    """
    frame = texts.cast(pl.String).rename("text").to_frame()
    distinct = frame.get_column("text").drop_nulls().unique(maintain_order=True)
    joined = frame.join(
        _changed(distinct), on="text", how="left", maintain_order="left", validate="m:1"
    )
    return joined.select(
        text=pl.coalesce("masked", "text"), n_masked=pl.col("n_masked").fill_null(0)
    )


def _changed(texts: pl.Series) -> pl.DataFrame:
    """Those of distinct texts that masking changes, with ``masked`` and ``n_masked``."""
    masked: dict[int, str] = {}
    n_masked: dict[int, int] = {}
    places, left = list(range(texts.len())), texts
    while spans := _spans_by_place(left):
        before = left.to_list()
        for place, found in spans.items():
            original = places[place]
            masked[original] = replace_spans(before[place], found)
            n_masked[original] = n_masked.get(original, 0) + len(found)
        places = [places[place] for place in spans]
        left = pl.Series("text", [masked[original] for original in places], dtype=pl.String)
    return pl.DataFrame(
        {
            "text": texts.gather(list(masked)),
            "masked": list(masked.values()),
            "n_masked": list(n_masked.values()),
        },
        schema={"text": pl.String, "masked": pl.String, "n_masked": pl.Int64},
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
