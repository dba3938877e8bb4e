"""Examples, lexicon and the city's own labels as one matrix of counted features, with the labels
and weights of each task. Fitting belongs to training.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.text.features import VIEWS, count_features, count_tokens, features_of_types
from transforms.text.lemmas import extend_type_table, find_analyser
from transforms.text.models import Floats
from transforms.text.tokens import tokenize_texts

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Rows = npt.NDArray[np.int64]
CITY_WEIGHT = 0.5  # a resident's or a form's choice of category is coarser than a reader's
CITY_MAX = 100  # per service: beyond it the commonest services would drown the examples
_LEAST_IDF = 0.01
_EXAMPLE_COLUMNS = {
    "service": "service_id",
    "kind": "kind",
    "sentiment": "sentiment",
    "language": "language",
}


@dataclass(frozen=True)
class Documents:
    """Labels of one task over all rows of the corpus.

    Attributes:
        codes: Classes in alphabetical order.
        classes_of: Class number of each row; 0 where the task does not use the row.
        weight: Weight of each row in fitting.
        is_used: Whether the row has a label of the task.
        extra_rows: Used rows that are no examples: terms and the city's own texts.
    """

    codes: tuple[str, ...]
    classes_of: Rows
    weight: Floats
    is_used: npt.NDArray[np.bool_]
    extra_rows: Rows

    def first(self, n: int) -> "Documents":
        """Of the first n rows only, with the same codes."""
        return replace(
            self,
            classes_of=self.classes_of[:n],
            weight=self.weight[:n],
            is_used=self.is_used[:n],
            extra_rows=self.extra_rows[self.extra_rows < n],
        )


@dataclass(frozen=True)
class Space:
    """Texts as rows of weighted features.

    Attributes:
        places: Features of the space, as columns of the corpus.
        idf: Weight of each; all ones where the space is not weighted.
        texts: Sparse rows, each divided by the root of its tokens' squared lengths, which is
            additive over tokens, unlike the length of their sum.
    """

    places: Rows
    idf: Floats
    texts: "csr_matrix"


@dataclass(frozen=True)
class Corpus:
    """Training texts as counts: examples first, then terms, then the city's own.

    Attributes:
        views: Of each view, the places of its features and the texts' counts of them.
    """

    n_examples: int
    n_terms: int
    features: tuple[str, ...]
    views: Mapping[str, tuple[Rows, "csr_matrix"]]
    by_type: "csr_matrix"
    token_counts: "csr_matrix"
    documents: Mapping[str, Documents]
    says_nothing: frozenset[str]
    fingerprint: str

    def classes(self, task: str) -> tuple[str, ...]:
        """Codes of the task in the order of scores."""
        return self.documents[task].codes

    def answers(self, task: str) -> Rows:
        """Class number of every example."""
        return self.documents[task].classes_of[: self.n_examples]

    def without_city(self) -> "Corpus":
        """Examples and terms only, with the same features."""
        n = self.n_examples + self.n_terms
        return replace(
            self,
            views={view: (places, counts[:n]) for view, (places, counts) in self.views.items()},
            token_counts=self.token_counts[:n],
            documents={task: known.first(n) for task, known in self.documents.items()},
        )

    def project(self, view: str, idf_power: float | None, inside: Rows) -> "Space":
        """All texts in one space of features, weighted by how rare these are in texts inside."""
        places, counts = self.views[view]
        if idf_power is None:
            return Space(places, np.ones(len(places)), counts)
        n_with = np.bincount(counts[inside].indices, minlength=len(places))
        idf = np.maximum(np.log((len(inside) + 1) / (n_with + 0.5)), _LEAST_IDF) ** idf_power
        squares = np.zeros(len(self.features))
        squares[places] = idf**2
        lengths = np.sqrt(np.maximum(self.token_counts @ (self.by_type @ squares), 1e-9))
        scaled = counts.astype(np.float64)
        scaled.data *= idf[scaled.indices] / np.repeat(lengths, np.diff(scaled.indptr))
        return Space(places, idf, scaled)


def build_corpus(
    examples: pl.DataFrame,
    city_labels: pl.DataFrame | None,
    type_table: pl.DataFrame,
    *,
    lexicon: pl.DataFrame,
    seed: int,
) -> Corpus:
    """The corpus of ``training.fit_models``, whose arguments these are."""
    terms = lexicon.filter(pl.col("task") != "says_nothing")
    city = _choose_city_texts(city_labels, seed=seed)
    texts = pl.concat([examples["text"], terms["term"], city["text"]])
    tokens = tokenize_texts(texts)
    distinct = tokens.select(pl.col("token").unique())
    known = distinct.join(type_table, on="token", how="inner").select(type_table.columns)
    types = extend_type_table(known, distinct["token"], analyse=find_analyser()).sort("token")
    features = features_of_types(types)
    vocabulary = _find_vocabulary(features)
    by_type = count_features(features, {name: row for row, name in enumerate(vocabulary)})
    token_counts = count_tokens(tokens, types["token"], n_texts=len(texts))
    says_nothing = lexicon.filter(pl.col("task") == "says_nothing")["term"]
    return Corpus(
        n_examples=examples.height,
        n_terms=terms.height,
        features=vocabulary,
        views=_split_views(vocabulary, (token_counts @ by_type).tocsr()),
        by_type=by_type,
        token_counts=token_counts,
        documents={task: _label(task, examples, terms, city) for task in _EXAMPLE_COLUMNS},
        says_nothing=frozenset(_phrases(says_nothing)),
        fingerprint=_fingerprint(examples, lexicon, city, types, seed=seed),
    )


def _choose_city_texts(city_labels: pl.DataFrame | None, *, seed: int) -> pl.DataFrame:
    """At most ``CITY_MAX`` distinct texts per service, whichever order they came in."""
    if city_labels is None:
        return pl.DataFrame(schema={"text": pl.String, "service_id": pl.String})
    labelled = city_labels.select("text", "service_id").drop_nulls().unique()
    order = [hashlib.sha256(f"{seed}|{text}".encode()).hexdigest() for text in labelled["text"]]
    return (
        labelled.filter(pl.col("text").str.len_chars() > 0)
        if not order
        else labelled.with_columns(pl.Series("order", order))
        .filter(pl.col("text").str.len_chars() > 0)
        .sort("order", "service_id")
        .group_by("service_id", maintain_order=True)
        .head(CITY_MAX)
        .sort("service_id", "order")
        .select("text", "service_id")
    )


def _find_vocabulary(features: list[list[str]]) -> tuple[str, ...]:
    """Features of the training types, without the n-grams that a single type has."""
    n_types = Counter(chain.from_iterable(map(set, features)))
    return tuple(sorted(f for f, n in n_types.items() if n > 1 or f[:2] not in ("n=", "g=")))


def _split_views(
    vocabulary: tuple[str, ...], counts: "csr_matrix"
) -> dict[str, tuple[Rows, "csr_matrix"]]:
    prefixes = np.array([feature[:2] for feature in vocabulary])
    views = {}
    for view, wanted in VIEWS.items():
        places = np.flatnonzero(np.isin(prefixes, wanted))
        views[view] = (places, counts[:, places])
    return views


def _label(task: str, examples: pl.DataFrame, terms: pl.DataFrame, city: pl.DataFrame) -> Documents:
    of_terms = terms.select(
        code=pl.when(pl.col("task") == task).then("code")
        if task != "language"
        else pl.col("language")
    )["code"]
    of_city = city["service_id"] if task == "service" else pl.repeat(None, city.height, eager=True)
    given = examples[_EXAMPLE_COLUMNS[task]]
    if task == "language":
        given = given.replace("und", None)
    labels = pl.concat([given, of_terms, of_city.cast(pl.String)])
    codes = tuple(sorted(labels.drop_nulls().unique()))
    places = {code: place for place, code in enumerate(codes)}
    is_used = labels.is_not_null().to_numpy()
    rows = np.flatnonzero(is_used)
    weight = np.ones(len(labels))
    weight[len(labels) - city.height :] = CITY_WEIGHT
    return Documents(
        codes=codes,
        classes_of=np.array([places.get(label, 0) for label in labels], dtype=np.int64),
        weight=weight,
        is_used=is_used,
        extra_rows=rows[rows >= examples.height],
    )


def _phrases(terms: pl.Series) -> list[str]:
    words = tokenize_texts(terms).filter(pl.col("token").str.contains(r"^\p{L}"))
    return (
        words.group_by("row", maintain_order=True)
        .agg(phrase=pl.col("token").str.join(" "))["phrase"]
        .to_list()
    )


def _fingerprint(
    examples: pl.DataFrame,
    lexicon: pl.DataFrame,
    city: pl.DataFrame,
    types: pl.DataFrame,
    *,
    seed: int,
) -> str:
    """Hash of the training content; the types tell which dictionary of Voikko was at hand."""
    digest = hashlib.sha256(str(seed).encode())
    for frame in (examples, lexicon, city, types):
        digest.update(frame.write_csv().encode())
    return digest.hexdigest()
