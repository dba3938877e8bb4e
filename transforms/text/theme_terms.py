"""Texts to what they say for themes: every text once, and its terms.

Belongs here: near-duplicates, and which words may be shown at all. What is new belongs to themes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.text.lemmas import extend_type_table, find_analyser
from transforms.text.tokens import WORD_START, tokenize_texts

#: Words in a row that two texts rarely share by chance (Broder 1997: shingles of words).
SHINGLE_WORDS = 5
#: A text of whose shingles more than this share stood in earlier texts is one of them sent again.
MOST_REPEATED_SHARE = 0.5
_PAIR = " "  # between the two lemmas of a pair
_CUT = " \u25a0 "  # where a mask stood: a symbol, so that no pair reaches over it
_VERB = "teonsana"
_CONTENT = ("nimisana", "laatusana", "nimisana_laatusana", _VERB)
_NAMES = ("etunimi", "sukunimi", "paikannimi", "nimi", "lyhenne")
_PRIME = np.uint64(1_000_003)


@dataclass(frozen=True)
class Sayings:
    """What was said, each thing once a month.

    Attributes:
        texts: ``row`` and the columns of ``find_sayings``'s texts but ``text``.
        terms: ``row`` and ``term``, each two once; only words that may be shown. ``is_noun`` for a
            single noun or adjective.
    """

    texts: pl.DataFrame
    terms: pl.DataFrame


def find_sayings(
    texts: pl.DataFrame, *, types: pl.DataFrame, masks: Iterable[str], least: int
) -> Sayings:
    """Distinct texts and their terms; near-duplicates of a month (campaigns) stand once.

    A term is the lemma of a noun, adjective or verb, a part of a compound, or the lemmas of two
    nouns or adjectives in a row. Words that Voikko does not know as spelt, or knows as a name too,
    are no terms, nor are masks, numbers and abbreviations; they part the words beside them.

    Args:
        texts: One row per act: ``text_id``, ``text`` (masked), ``month_on``, ``voice`` (who speaks)
            and whatever else is wanted back.
        types: Type table; tokens that it lacks are analysed here.
        masks: What stands in place of personal data.
        least: Terms of fewer rows than this, all months together, are left out.
    """
    ordered = texts.sort("month_on", "text_id", "voice", maintain_order=True)
    once = ordered.unique(["month_on", "text_id"], keep="first", maintain_order=True)
    words = _find_words(once, masks=masks)
    again = _find_repeats(words, once["month_on"])
    said = once.drop("text").with_row_index("row").filter(~pl.Series(again))
    words = words.join(said.select("row"), on="row", how="semi", maintain_order="left")
    return Sayings(said, _find_terms(words, types=types, least=least))


def _find_words(texts: pl.DataFrame, *, masks: Iterable[str]) -> pl.DataFrame:
    """``row`` and ``token`` in order, masks cut out."""
    cut = texts["text"]
    for mask in masks:
        cut = cut.str.replace_all(mask, _CUT, literal=True)
    return tokenize_texts(cut).with_columns(is_word=pl.col("token").str.contains(WORD_START))


def _find_repeats(words: pl.DataFrame, months: pl.Series) -> npt.NDArray[np.bool_]:
    """Whether each text repeats earlier ones of its month: most of its shingles stood there.

    Numbers, symbols and case do not count. A text shorter than a shingle is one shingle.
    """
    spoken = words.filter("is_word")
    rows = spoken["row"].to_numpy().astype(np.int64)
    codes = spoken["token"].rank("dense").to_numpy().astype(np.uint64)
    n_words = np.bincount(rows, minlength=len(months))
    place = np.arange(len(rows)) - (np.cumsum(n_words) - n_words)[rows]
    shingles = np.zeros(len(rows), dtype=np.uint64)
    for offset in range(SHINGLE_WORDS):
        inside = place + offset < n_words[rows]
        following = np.where(inside, np.roll(codes, -offset), np.uint64(0))
        shingles = shingles * _PRIME + following
    is_first = (place == 0) | (place + SHINGLE_WORDS <= n_words[rows])
    found = pl.DataFrame({"row": rows[is_first], "shingle": shingles[is_first]}).with_columns(
        month=months.gather(pl.Series(rows[is_first]))
    )
    first = pl.col("row").min().over("month", "shingle")
    shares = found.group_by("row").agg(repeated=(first < pl.col("row")).mean())
    repeats = np.zeros(len(months), dtype=np.bool_)
    over = shares.filter(pl.col("repeated") > MOST_REPEATED_SHARE)["row"].to_numpy()
    repeats[over] = True
    return repeats


def _find_terms(words: pl.DataFrame, *, types: pl.DataFrame, least: int) -> pl.DataFrame:
    """``row``, ``term`` and ``is_noun``, in order."""
    known = extend_type_table(types, words["token"].unique(), analyse=find_analyser())
    is_noun = pl.col("classes").str.split(";").list.first() != _VERB
    ordinary = known.filter(_is_ordinary()).select("token", "lemma", "parts", is_noun=is_noun)
    spoken = words.with_row_index("place").join(
        ordinary, on="token", how="inner", validate="m:1", maintain_order="left"
    )
    parts = spoken.select("row", term=pl.col("parts").str.split(";")).explode("term")
    single = _keep_frequent(pl.concat([spoken.select("row", term="lemma"), parts]), least=least)
    candidates = single["term"].unique()
    known = extend_type_table(known, candidates, analyse=find_analyser())
    shown = known.filter(_is_ordinary()).select(term="token", is_noun=is_noun)
    single = single.join(shown, on="term", how="inner", validate="m:1")
    before = pl.all().shift(1).name.suffix("_before")
    pairs = (
        spoken.with_columns(before)
        .filter(
            pl.col("row") == pl.col("row_before"),
            pl.col("place") == pl.col("place_before") + 1,
            pl.col("is_noun") & pl.col("is_noun_before"),
            pl.col("lemma") != pl.col("lemma_before"),
            pl.col("lemma").is_in(single["term"].unique().implode()),
            pl.col("lemma_before").is_in(single["term"].unique().implode()),
        )
        .select("row", term=pl.concat_str("lemma_before", "lemma", separator=_PAIR))
    )
    pairs = _keep_frequent(pairs, least=least).with_columns(is_noun=pl.lit(value=False))
    return pl.concat([single, pairs]).sort("row", "term")


def _keep_frequent(terms: pl.DataFrame, *, least: int) -> pl.DataFrame:
    once = terms.unique(["row", "term"])
    frequent = once.group_by("term").len().filter(pl.col("len") >= least)
    return once.join(frequent.select("term"), on="term", how="semi")


def _is_ordinary() -> pl.Expr:
    """Whether a row of the type table is an ordinary noun, adjective or verb and nothing else.

    A word that is a name too (*päivä, mäki, ilma*) is not: who reads the term cannot tell which.
    """
    classes = pl.col("classes").str.split(";")
    return (
        pl.col("is_known")
        & classes.list.first().is_in(list(_CONTENT))
        & (classes.list.set_intersection(pl.lit(list(_NAMES))).list.len() == 0)
        & (pl.col("lemma").str.len_chars() > 1)
    )
