"""Examples, lexicon and the city's own labels as counted features, with the labels and weights of
each task. Fitting belongs to training.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.text.features import (
    count_features,
    count_tokens,
    features_of_types,
    find_concepts,
)
from transforms.text.lemmas import extend_type_table, find_analyser
from transforms.text.models import Floats, Space
from transforms.text.pairs import count_pairs, find_pairs
from transforms.text.targets import TERM_TASKS, Targets, label_task, phrases_of
from transforms.text.tokens import tokenize_texts
from transforms.text.translations import find_translations

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Rows = npt.NDArray[np.int64]
CITY_MAX = 100  # per service: beyond it the commonest services would drown the examples
_LEAST_IDF = 0.01
#: Their words are features: what the lexicon says of one word helps with every other of its kind.
_CONCEPT_TASKS = ("service", "topics", "groups")


@dataclass(frozen=True)
class SpaceTexts:
    """All texts as rows of one space's weighted features.

    Attributes:
        places: Features of the space, as columns of the corpus.
        scale: Weight of each, and of each pair after them.
        texts: Sparse rows over both, each divided by the root of its tokens' squared lengths,
            which is additive over tokens, unlike the length of their sum.
    """

    places: Rows
    scale: Floats
    texts: "csr_matrix"


@dataclass(frozen=True)
class Corpus:
    """Training texts as counts: examples first, then terms, then the city's own."""

    n_examples: int
    features: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    by_type: "csr_matrix"
    token_counts: "csr_matrix"
    pair_counts: "csr_matrix"
    targets: Mapping[str, Targets]
    concepts: Mapping[str, tuple[str, ...]]
    translations: Mapping[str, tuple[str, ...]]
    says_nothing: frozenset[str]
    fingerprint: str

    def project(self, space: Space) -> SpaceTexts:
        """All texts in one space, features weighted by how rare these are in the examples."""
        from scipy.sparse import diags_array, hstack

        kinds = np.array([space.weights.get(name[0], 0.0) for name in self.features])
        places = np.flatnonzero(kinds)
        by_type = self.by_type[:, places]
        if space.idf_power is None:
            counts = (self.token_counts @ by_type).tocsr()
            return SpaceTexts(places, np.ones(len(places)), counts)
        counts = (self.token_counts[: self.n_examples] @ by_type).tocsr()
        scale = self._idf(counts, space.idf_power) * kinds[places]
        weighted = by_type @ diags_array(scale)
        squares = self.token_counts @ np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel()
        texts = self.token_counts @ weighted
        if space.pairs:
            of_pairs = space.pairs * self._idf(self.pair_counts[: self.n_examples], space.idf_power)
            squares = squares + self.pair_counts @ of_pairs**2
            texts = hstack([texts, self.pair_counts @ diags_array(of_pairs)])
            scale = np.concatenate([scale, of_pairs])
        lengths = 1 / np.sqrt(np.maximum(squares, 1e-9))
        return SpaceTexts(places, scale, (diags_array(lengths) @ texts).tocsr().astype(np.float32))

    def _idf(self, counts: "csr_matrix", power: float) -> Floats:
        n_with = np.bincount(counts.indices, minlength=counts.shape[1])
        idf = np.log((self.n_examples + 1) / (n_with + 0.5))
        scaled: Floats = np.maximum(idf, _LEAST_IDF) ** power
        return scaled


def build_corpus(
    examples: pl.DataFrame,
    city_labels: pl.DataFrame | None,
    type_table: pl.DataFrame,
    *,
    lexicon: pl.DataFrame,
    seed: int,
) -> Corpus:
    """The corpus of ``training.fit_models``, whose arguments these are."""
    terms = lexicon.filter(pl.col("task").is_in(TERM_TASKS))
    city = _choose_city_texts(city_labels, seed=seed)
    texts = pl.concat([examples["text"], terms["term"], city["text"]])
    tokens = tokenize_texts(texts)
    meant = tokenize_texts(lexicon.filter(pl.col("task") == "translation")["term"])
    distinct = pl.concat([tokens["token"], meant["token"]]).unique().to_frame()
    known = distinct.join(type_table, on="token", how="inner").select(type_table.columns)
    types = extend_type_table(known, distinct["token"], analyse=find_analyser()).sort("token")
    concepts = find_concepts(terms.filter(pl.col("task").is_in(_CONCEPT_TASKS)), types)
    finnish = types.filter(pl.col("token").is_in(meant["token"].implode()))
    plain = dict(zip(finnish["token"], features_of_types(finnish, concepts, {}), strict=True))
    translations = find_translations(lexicon, plain)
    features = features_of_types(types, concepts, translations)
    token_counts = count_tokens(tokens, types["token"], n_texts=len(texts))
    n_texts = np.bincount(token_counts.indices, minlength=types.height)
    vocabulary = _find_vocabulary(features, n_texts)
    pairs = find_pairs(tokens.filter(pl.col("row") < examples.height), types)
    says_nothing = lexicon.filter(pl.col("task") == "says_nothing")["term"]
    return Corpus(
        n_examples=examples.height,
        features=vocabulary,
        pairs=pairs,
        by_type=count_features(features, {name: row for row, name in enumerate(vocabulary)}),
        token_counts=token_counts,
        pair_counts=count_pairs(tokens, types, pairs, n_texts=len(texts)),
        targets={task: label_task(task, examples, terms, city) for task in TERM_TASKS},
        concepts=concepts,
        translations=translations,
        says_nothing=frozenset(phrases_of(says_nothing)),
        fingerprint=_fingerprint(examples, lexicon, city, types, seed=seed),
    )


def _choose_city_texts(city_labels: pl.DataFrame | None, *, seed: int) -> pl.DataFrame:
    """At most ``CITY_MAX`` distinct texts per service, whichever order they came in."""
    if city_labels is None:
        return pl.DataFrame(schema={"text": pl.String, "service_id": pl.String})
    labelled = city_labels.select("text", "service_id").drop_nulls().unique()
    order = [hashlib.sha256(f"{seed}|{text}".encode()).hexdigest() for text in labelled["text"]]
    return (
        labelled.with_columns(pl.Series("order", order, dtype=pl.String))
        .filter(pl.col("text").str.len_chars() > 0)
        .sort("order", "service_id")
        .group_by("service_id", maintain_order=True)
        .head(CITY_MAX)
        .sort("service_id", "order")
        .select("text", "service_id")
    )


def _find_vocabulary(features: list[list[str]], n_texts: Rows) -> tuple[str, ...]:
    """Features of the training types, without the n-grams that a single type has and the word forms
    that a single text has: their lemma and n-grams say what can be learnt of them.

    Args:
        features: Of each type.
        n_texts: Texts that each type occurs in.
    """
    n_types = Counter(chain.from_iterable(map(set, features)))
    repeated = {f for row, n in zip(features, n_texts.tolist(), strict=True) if n > 1 for f in row}
    return tuple(
        sorted(
            f
            for f, n in n_types.items()
            if (f in repeated if f[:2] == "w=" else n > 1 or f[:2] not in ("n=", "g="))
        )
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
