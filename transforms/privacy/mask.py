"""Texts without the personal data that rules can find: masks instead of what was there.

Belongs here: which detectors there are, in which order, and doing it once per distinct text. Does
not: any one detector. A finder of names by a model joins ``_FINDERS`` or is handed on by the
caller as further spans.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import polars as pl

from transforms.privacy.accounts import find_accounts
from transforms.privacy.emails import find_emails
from transforms.privacy.first_names import firm_names, known_names, plain_names
from transforms.privacy.identity_codes import find_identity_codes
from transforms.privacy.names import find_names
from transforms.privacy.phones import find_phones
from transforms.privacy.plates import find_plates
from transforms.privacy.spans import Span, replace_spans, without_masks, without_overlaps

__all__ = ["Span", "find_personal_data", "mask_texts"]

_FINDERS: Sequence[Callable[[str], Iterator[Span]]] = (
    find_identity_codes,
    find_accounts,
    find_emails,
    find_phones,
    find_plates,
    find_names,
)
# What a text must hold for any detector to find something; anything else is never looked at.
# No word borders: they would drive the regular expression from its fast engine.
_SHAPE = (
    r"(?:\d[ \t\x{00A0}\x{202F}()./\x{2010}-\x{2013}-]{0,5}){6}|\d{6}.{1,3}\d{3}"
    r"|\p{Lu}{3}[-\x{2010}\x{2011}\x{2013}]\d{3}"
    r"|[(\[{_ ](?:[aA][tT]|[äÄ][tT]|[aA]|[äÄ]tmerkki)[)\]}_ ][^\n]{1,60}(?:[.]|piste|dot)"
    r"|nen,?[ \x{00A0}]\p{Lu}"
    r"|(?:^|[\s.,:;!?()])(?:[tT]|[yY][tT]|br|Br|BR)[\s.,:;!-]"
)
_CLUES = (
    "@", "miumau", "rekister", "rekkari", "rek.", "rek ", "reknro", "rekno", "kilpi", "kilvi",
    "nimeni", "nimi:", "nimi on", "name is", "jag heter", "namn är", "henkilö:", "ttäjä:",
    "ilmoittaja:", "ehdottaja:",
    "yhteystiedot:", "olen ", "olemme ", "i am ", "i'm ", "jag är ", "terv", "terk",
    "kunnioitta", "ystäv", "regards", "sincerely", "yours", "hälsning", "hälsar", "vänlig", "mvh",
    "päällikkö ", "insinööri ", "sihteeri ", "johtaja ", "suunnittelija ", "mestari ", "ohjaaja ",
    "opettaja ", "rehtori ", "hoitaja ", "lääkäri ", "asiantuntija ", "tarkastaja ", "valvoja ",
    "koordinaattori ", "lakimies ", "PÄÄLLIKKÖ ", "INSINÖÖRI ", "LÄÄKÄRI ",
    "YSTÄV", "HÄLSNING", "HÄLSAR", "VÄNLIG",
)  # fmt: skip


def find_personal_data(text: str) -> list[Span]:
    """Spans of personal data in order, without overlaps; ``label`` is a code of ``pii.csv``."""
    seen = without_masks(text)
    return without_overlaps(span for find in _FINDERS for span in find(seen))


def mask_texts(texts: pl.Series) -> pl.DataFrame:
    """Each text with its personal data masked, looked at once per distinct text.

    Args:
        texts: Strings; null stays null.

    Returns:
        ``text`` and ``n_masked`` (spans masked; 0 for null) in the order of ``texts``. Masking the
        result again changes nothing.
    """
    frame = texts.cast(pl.String).rename("text").to_frame()
    candidates = (
        frame.filter(_is_candidate(pl.col("text"))).get_column("text").unique(maintain_order=True)
    )
    masked = [(text, *mask_text(text)) for text in candidates.to_list()]
    changed = pl.DataFrame(
        [row for row in masked if row[2]],
        schema={"text": pl.String, "masked": pl.String, "n_masked": pl.Int64},
        orient="row",
    )
    joined = frame.join(changed, on="text", how="left", maintain_order="left", validate="m:1")
    return joined.select(
        text=pl.coalesce("masked", "text"), n_masked=pl.col("n_masked").fill_null(0)
    )


def mask_text(text: str) -> tuple[str, int]:
    """One text masked, and the number of spans; what masking brings to light is masked too.

    It ends, because no span holds a mask and so each round leaves less to look at.
    """
    n_masked = 0
    while spans := find_personal_data(text):
        text, n_masked = replace_spans(text, spans), n_masked + len(spans)
    return text, n_masked


def _is_candidate(text: pl.Expr) -> pl.Expr:
    is_candidate = (
        text.str.contains(_SHAPE)
        | text.str.contains_any(list(_CLUES), ascii_case_insensitive=True)
        | pl.concat_str(pl.lit("\n"), text).str.contains_any(_name_starts())
    )
    return is_candidate.fill_null(value=False)


@cache
def _name_starts() -> list[str]:
    """What a name begins with: a capital name and a blank; a small one after a blank, too."""
    capital = {f"{name}{after}" for name in known_names() for after in " \u00a0-"}
    loud = {f"{name.upper()} " for name in firm_names()}
    small = {f"{before}{name.lower()} " for name in plain_names() for before in ' \n(,"'}
    return sorted(capital | loud | small)
