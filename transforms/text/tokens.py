"""Texts to tokens: words, numbers and runs of punctuation, by Polars alone. What a token means
belongs to lemmas.
"""

import polars as pl

WORD_START = r"^\p{L}"
_WORD = r"\p{L}[\p{L}\p{M}]*(?:[-'\u2019:]\p{L}[\p{L}\p{M}]*)*"
_NUMBER = r"\p{N}+(?:[.,:]\p{N}+)*"
_SYMBOLS = r"[^\s\p{L}\p{N}]+"
TOKEN_PATTERN = f"{_WORD}|{_NUMBER}|{_SYMBOLS}"


def tokenize_texts(texts: pl.Series) -> pl.DataFrame:
    """One row per text and token, in order: ``row`` (UInt32, from 0) and ``token`` (lower case).

    Texts without a token (empty, blank, null) have no row. Unicode is composed first (NFC), so
    that ``a`` + combining dots and ``ä`` are one token.
    """
    tokens = pl.col("text").str.to_lowercase().str.extract_all(TOKEN_PATTERN).alias("token")
    return (
        pl.DataFrame({"text": _compose(texts.cast(pl.String))})
        .with_row_index("row")
        .select("row", tokens)
        .filter(pl.col("token").list.len() > 0)
        .explode("token")
    )


def count_words(tokens: pl.DataFrame, *, n_texts: int) -> pl.Series:
    """Words of letters per text, Int64 of length ``n_texts``."""
    counts = (
        tokens.filter(pl.col("token").str.contains(WORD_START))
        .group_by("row")
        .agg(n_words=pl.len().cast(pl.Int64))
    )
    rows = pl.DataFrame({"row": pl.int_range(n_texts, dtype=pl.UInt32, eager=True)})
    return rows.join(counts, on="row", how="left", maintain_order="left")["n_words"].fill_null(0)


def _compose(texts: pl.Series) -> pl.Series:
    """Texts in NFC; those of letters below U+0300 alone are that already, and most are such."""
    is_odd = texts.str.contains(r"[\x{300}-\x{10FFFF}]")
    places = is_odd.fill_null(value=False).arg_true()
    if not len(places):
        return texts
    return texts.scatter(places, texts.gather(places).str.normalize("NFC"))
