"""Words to lemmas and compound parts by Voikko, once per distinct token.

The type table remembers every token ever seen: ``token``, ``lemma``, ``parts``, ``classes`` (the
latter two joined by ``;``) and ``is_known`` (as spelt). Without libvoikko every word is its own
lemma and unknown; classification then leans on its character features. Weights belong to
features.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

TYPE_SCHEMA = {
    "token": pl.String,
    "lemma": pl.String,
    "parts": pl.String,
    "classes": pl.String,
    "is_known": pl.Boolean,
}

Analyse = Callable[[str], Sequence[Mapping[str, str]]]

_MAX_WORD = 60  # Voikko refuses words of 255 letters; no Finnish word needs more than this
_BASE = re.compile(r"\(([^()]*)\)")
_MARKS = {"KYSYMYSLIITE": "true", "MOOD": "conditional", "NEGATIVE": "true"}
#: Ways in which western dialects, speech and hurried typing leave the written form, undone.
_DIALECT = tuple(
    (re.compile(pattern), standard)
    for pattern, standard in (
        (r"ua(?=[^aeiouyäö])", "uo"),  # nuari
        (r"iä", "ie"),  # miäs, tiä
        (r"yä", "yö"),  # työ
        (r"(?<=[aeiouyäöhl])r(?=[aeiouyäö])", "d"),  # meirän, käyrä
        (r"h([aeiouyäö])(?:\1)?(?=n$)", r"\1"),  # taloohon, kouluhun
        (r"([aeiouyäö])h([aeiouyäö])n$", r"\1\2n"),  # kaupunkihin
        (r"([lrh])([aeiouyäö])(?=[kpvjmh]\2)", r"\1"),  # kylymä, jalaka, vanaha
        (r"(?<=[aeiouyäö])([lrh])[aeiouyäö](?=[kpvjmh])", r"\1"),  # polokia
        (r"s$", "ssa"),  # talos
        (r"s$", "ssä"),  # metsäs
        (r"lt$", "lta"),
        (r"st$", "sta"),
        (r"n?ki$", "kin"),  # minäki
        (r"oo$", "oa"),  # taloo
        (r"ee$", "ea"),  # pimee
        (r"öö$", "öä"),
        (r"ii$", "ia"),  # kirjoi
        (r"(?<=[aeouyäö])(?=s[aeiouyäö]$|n[eu]n$)", "i"),  # punanen, semmonen
        (r"mm?ahan$", "maan"),  # ajamahan
        (r"mm?ähän$", "mään"),
        (r"ttais$", "ttaisi"),
        (r"is$", "isi"),  # vois, olis
        (r"v$", "vat"),  # menev
        (r"(?<=[nlrs])u$", "ut"),  # soittanu
        (r"(?<=[nlrs])y$", "yt"),  # hävinny
        (r"ks$", "ksi"),  # varmuudeks
        (r"mma$", "mme"),  # menemmä
        (r"([aeiouyäö])\1", r"\1"),  # a doubled letter too many
        (r"([kptslmnr])\1", r"\1"),
        (r"([kptslmnr])(?=[aeiouyäö])", r"\1\1"),  # or one too few
    )
)
_local = threading.local()


def empty_type_table() -> pl.DataFrame:
    """A type table that knows no token yet."""
    return pl.DataFrame(schema=TYPE_SCHEMA)


def find_analyser() -> Analyse | None:
    """Voikko's analyser of this thread, or None where libvoikko or its Finnish is not installed.

    A handle that two threads share crashes the process, so each thread makes its own.
    """
    if not hasattr(_local, "analyse"):
        _local.analyse = _open_voikko()
    analyse: Analyse | None = _local.analyse
    return analyse


def extend_type_table(
    type_table: pl.DataFrame, tokens: pl.Series, *, analyse: Analyse | None
) -> pl.DataFrame:
    """The type table with the tokens that it lacked, appended in alphabetical order.

    Args:
        type_table: Columns of ``TYPE_SCHEMA``, one row per distinct token.
        tokens: Tokens in lower case, repeated or not.
        analyse: What ``find_analyser`` gave; None means without lemmas.
    """
    found = pl.DataFrame({"token": tokens.cast(pl.String).unique()})
    new = found.join(type_table.select("token"), on="token", how="anti").sort("token")
    rows = [_describe_token(token, analyse) for token in new["token"]]
    return pl.concat([type_table, pl.DataFrame(rows, schema=TYPE_SCHEMA, orient="row")])


def _open_voikko() -> Analyse | None:
    try:
        from voikko import libvoikko  # type: ignore[import-untyped]  # ships no types
    except ImportError:
        return None
    try:
        analyse: Analyse = libvoikko.Voikko("fi").analyze
    except (OSError, libvoikko.VoikkoException):  # no library, or no Finnish dictionary
        return None
    return analyse


def _describe_token(token: str, analyse: Analyse | None) -> tuple[str, str, str, str, bool]:
    if not token[0].isalpha():
        return token, token, "", "", False
    if analyse is None or len(token) > _MAX_WORD:
        return token, token, "", "", False
    analyses, is_known = _find_analyses(token, analyse)
    if not analyses:
        return token, token, "", "", False
    first = analyses[0]
    lemma = first.get("BASEFORM", token).lower()
    parts = _find_parts(first.get("WORDBASES", ""))
    marks = [name.lower() for name, value in _MARKS.items() if first.get(name) == value]
    classes = list(dict.fromkeys(a.get("CLASS", "") for a in analyses)) + marks
    return token, lemma, ";".join(parts or [lemma]), ";".join(filter(None, classes)), is_known


def _find_analyses(token: str, analyse: Analyse) -> tuple[Sequence[Mapping[str, str]], bool]:
    for spelling in _spellings(token):
        found = analyse(spelling)
        if found:
            return found, spelling.lower() == token
    return [], False


def _spellings(token: str) -> Iterator[str]:
    """The token, then with a capital, then as standard Finnish would spell it.

    Phones without dots (``kayta``), the Ostrobothnian r for d (``meirän``), its diphthongs
    (``tiä``, ``nuari``, ``työ`` as ``tyä``), long vowels for unstressed diphthongs (``punanen``)
    and glides (``kylyvätä``) are the usual reasons why a common word is unknown.
    """
    yield token
    yield token.capitalize()
    if "ä" not in token and "ö" not in token and not set("aou") <= set(token):
        yield token.replace("a", "ä").replace("o", "ö")
    for place in re.finditer(r"(?<=[aeiouyäöhl])r(?=[aeiouyäö])", token):
        yield token[: place.start()] + "d" + token[place.end() :]
    seen = {token}
    for spelling in _standard_forms(token):
        if spelling not in seen:
            seen.add(spelling)
            yield spelling


def _standard_forms(token: str) -> Iterator[str]:
    """What is left when the rules of ``_DIALECT`` are undone, alone and then two together."""
    once = [pattern.sub(standard, token) for pattern, standard in _DIALECT]
    yield from once
    for number, form in enumerate(once):
        if form != token:
            for pattern, standard in _DIALECT[number + 1 :]:
                yield pattern.sub(standard, form)


def _find_parts(wordbases: str) -> list[str]:
    """``+katu(katu)+valaistus(valaistus)`` gives katu and valaistus; endings (``+us``) go."""
    bases = (base for base in _BASE.findall(wordbases) if not base.startswith("+"))
    parts = [part.lower() for base in bases for part in base.split("=")]
    return list(dict.fromkeys(part for part in parts if len(part) > 1))
