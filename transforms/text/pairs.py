"""Pairs of neighbouring lemmas, ends of the text included: what a word alone does not say
("ei toimi", a question mark at the end, the verb that a request begins with).
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

START, END = "START", "END"  # in capitals, which no lemma has
LEAST_TEXTS = 3  # a pair that fewer examples have tells more of them than of others
Pair = tuple[str, str]
Numbers = npt.NDArray[np.int32]


def find_pairs(tokens: pl.DataFrame, types: pl.DataFrame) -> tuple[Pair, ...]:
    """Pairs that at least ``LEAST_TEXTS`` texts have, in alphabetical order."""
    words = [START, END, *types["lemma"].unique().sort()]
    numbers = pl.DataFrame({"lemma": words}).with_row_index("number")
    known = types.select("token", "lemma").join(numbers, on="lemma", how="left")
    found = tokens.join(known, on="token", how="left", maintain_order="left")
    firsts, seconds, rows = _neighbours(
        found["number"].to_numpy().astype(np.int32), found["row"].to_numpy(), start=0, end=1
    )
    chosen = (
        pl.DataFrame({"first": firsts, "second": seconds, "row": rows})
        .group_by("first", "second")
        .agg(n=pl.col("row").n_unique())
        .filter(pl.col("n") >= LEAST_TEXTS)
    )
    return tuple(sorted((words[a], words[b]) for a, b in chosen.select("first", "second").rows()))


class PairIndex:
    """Pairs as numbers of lemmas, to find the pairs of many texts at once."""

    def __init__(self, pairs: tuple[Pair, ...]) -> None:
        words = sorted({word for pair in pairs for word in pair} - {START, END})
        self.number_of = {word: number for number, word in enumerate(words, start=3)}
        self._size = len(words) + 3  # 0: a lemma of no pair; 1 and 2: the ends of a text
        self._table = np.full(self._size * self._size, -1, dtype=np.int32)
        ends = {START: 1, END: 2}
        for row, (first, second) in enumerate(pairs):
            numbers = [ends.get(word) or self.number_of[word] for word in (first, second)]
            self._table[numbers[0] * self._size + numbers[1]] = row

    def find(self, numbers: Numbers, rows: npt.NDArray[np.uint32], *, n_texts: int) -> "csr_matrix":
        """Counts (n_texts, n_pairs) in the order of the text.

        Args:
            numbers: Of each token's lemma (``number_of``; 0 where it has none).
            rows: Of each token's text, ascending.
            n_texts: Texts with and without tokens.
        """
        from scipy.sparse import csr_matrix

        firsts, seconds, texts = _neighbours(numbers, rows, start=1, end=2)
        found = self._table[firsts.astype(np.int64) * self._size + seconds]
        is_known = found >= 0
        texts, found = texts[is_known], found[is_known]
        ends = np.searchsorted(texts, np.arange(n_texts + 1))
        ones = np.ones(len(found), dtype=np.float32)
        n_pairs = int(self._table.max(initial=-1)) + 1
        return csr_matrix((ones, found, ends), shape=(n_texts, n_pairs))


def count_pairs(
    tokens: pl.DataFrame, types: pl.DataFrame, pairs: tuple[Pair, ...], *, n_texts: int
) -> "csr_matrix":
    """Sparse counts of shape (n_texts, n_pairs)."""
    index = PairIndex(pairs)
    numbers = types.select(
        "token", number=pl.col("lemma").replace_strict(index.number_of, default=0)
    )
    found = tokens.join(numbers, on="token", how="left", maintain_order="left")
    return index.find(
        found["number"].fill_null(0).to_numpy().astype(np.int32),
        found["row"].to_numpy(),
        n_texts=n_texts,
    )


def _neighbours(
    words: Numbers, rows: npt.NDArray[np.uint32], *, start: int, end: int
) -> tuple[Numbers, Numbers, npt.NDArray[np.uint32]]:
    """First and second word of every pair and its text, in the order of the texts.

    A text of n words has n + 1 pairs: word k is the second of pair k, and the first of pair k + 1.
    """
    is_first = np.ones(len(rows), dtype=np.bool_)
    is_first[1:] = rows[1:] != rows[:-1]
    places = np.arange(len(rows)) + np.cumsum(is_first) - 1
    n_pairs = len(rows) + int(is_first.sum())
    firsts = np.full(n_pairs, start, dtype=np.int32)
    seconds = np.full(n_pairs, end, dtype=np.int32)
    texts = np.empty(n_pairs, dtype=np.uint32)
    firsts[places + 1] = words
    firsts[places[is_first]] = start
    seconds[places] = words
    texts[places] = rows
    texts[places + 1] = rows
    return firsts, seconds, texts
