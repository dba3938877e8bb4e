"""Natural keys to pseudonyms, and texts to ids, by a keyed hash.

Belongs here: the one way in which an identifier becomes unrecognisable. The key is passed in and
never kept.
"""

import hmac
from collections.abc import Sequence

import polars as pl

PSEUDONYM_LENGTH = 32
SHORTEST_KEY = 16

# Pseudonyms and text ids must not meet even where a text equals an identifier.
_IDENTIFIER = b"identifier\x00"
_TEXT = b"text\x00"


def pseudonymise(frame: pl.DataFrame, columns: Sequence[str], key: bytes) -> pl.DataFrame:
    """``frame`` with each value of ``columns`` replaced by its pseudonym; null stays null.

    The same value has the same pseudonym in every column and table under the same key, so that
    joins hold. Each distinct value is hashed once (HMAC-SHA-256, 32 hexadecimal digits).

    Raises:
        ValueError: If the key is shorter than 16 bytes.
    """
    return frame.with_columns(
        _hashed(frame.get_column(column), key, domain=_IDENTIFIER) for column in columns
    )


def content_id(texts: pl.Series, key: bytes) -> pl.Series:
    """The id of each text under ``key``: equal texts have equal ids; null stays null.

    Raises:
        ValueError: If the key is shorter than 16 bytes.
    """
    return _hashed(texts, key, domain=_TEXT)


def _hashed(values: pl.Series, key: bytes, *, domain: bytes) -> pl.Series:
    if len(key) < SHORTEST_KEY:
        raise ValueError(
            f"Found a pseudonym key of {len(key)} bytes, expected at least {SHORTEST_KEY}."
            " Set a longer KUULOLLA_PSEUDONYM_KEY."
        )
    name = values.name
    texts = values.cast(pl.String).rename("value").to_frame()
    distinct = texts.get_column("value").drop_nulls().unique()
    hashed = [
        hmac.digest(key, domain + value.encode(), "sha256").hex()[:PSEUDONYM_LENGTH]
        for value in distinct.to_list()
    ]
    table = pl.DataFrame(
        {"value": distinct, "hashed": hashed}, schema={"value": pl.String, "hashed": pl.String}
    )
    joined = texts.join(table, on="value", how="left", maintain_order="left", validate="m:1")
    return joined.get_column("hashed").rename(name)
