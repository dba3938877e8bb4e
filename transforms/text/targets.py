"""Labels of training texts as numbers: what each task wants of each row, and what a row weighs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from data_contracts.contract import code_values
from transforms.text.models import MULTIPLE, Floats
from transforms.text.tokens import WORD_START, tokenize_texts

CITY_WEIGHT = 0.5  # a resident's or a form's choice of category is coarser than a reader's
TERM_TASKS = ("service", "kind", "sentiment", "topics", "groups", "language")
_COLUMNS = {"service": "service_id"}
_CODE_LISTS = {"topics": "topics", "groups": "group"}


@dataclass(frozen=True)
class Targets:
    """What one task wants of all rows of the corpus.

    Attributes:
        codes: Classes: topics and groups in the order of their code lists, others alphabetical.
        is_class: Whether the row is of the class, (n_rows, n_classes).
        weight: Weight of each row; 0 where the task does not use it.
        is_term: Rows that are terms of the lexicon.
        is_multiple: Whether a text may have several classes, or none.
    """

    codes: tuple[str, ...]
    is_class: npt.NDArray[np.bool_]
    weight: Floats
    is_term: npt.NDArray[np.bool_]
    is_multiple: bool

    def balanced(self, rows: npt.NDArray[np.int64], *, terms: float) -> Floats:
        """Weights of some rows, (n_rows, n_classes), terms weighing ``terms`` times as much.

        Where a text has one class, classes weigh alike among the texts, and among the terms.
        """
        weight = self.weight[rows] * np.where(self.is_term[rows], terms, 1.0)
        if not self.is_multiple:
            for part in (self.is_term[rows], ~self.is_term[rows]):
                counts = self.is_class[rows[part & (weight > 0)]].sum(axis=0)
                share = counts.sum() / (max((counts > 0).sum(), 1) * np.maximum(counts, 1))
                weight[part] *= self.is_class[rows[part]] @ share
        return np.repeat(weight[:, None], len(self.codes), axis=1)


def label_task(
    task: str, examples: pl.DataFrame, terms: pl.DataFrame, city: pl.DataFrame
) -> Targets:
    """Targets of the task over examples, terms and the city's own texts, in this order.

    A null is no label, an empty list of topics or groups is one. An example of an undetermined
    language has none; a term of a language is of that language whatever else it says.
    """
    column = _COLUMNS.get(task, task)
    if column in examples.columns:
        given = examples[column].cast(pl.String).replace("und", "")
    else:
        given = pl.repeat(None, examples.height, dtype=pl.String, eager=True)
    own = pl.col("language") if task == "language" else pl.col("code")
    is_own = pl.lit(value=True) if task == "language" else pl.col("task") == task
    of_terms = terms.select(code=pl.when(is_own).then(own).otherwise(pl.lit("")))["code"]
    of_city = city["service_id"] if task == "service" else pl.repeat("", city.height, eager=True)
    labels = pl.concat([given, of_terms, of_city.cast(pl.String)])
    weight = np.ones(len(labels))
    weight[len(labels) - city.height :] = CITY_WEIGHT
    is_term = np.zeros(len(labels), dtype=np.bool_)
    is_term[examples.height : examples.height + terms.height] = True
    is_empty = (labels == "").fill_null(value=False).to_numpy()
    weight[labels.is_null().to_numpy() | (is_empty & (is_term | (task not in MULTIPLE)))] = 0.0
    if task in MULTIPLE:
        weight[len(labels) - city.height :] = 0.0
    return _targets(task, labels.fill_null(""), weight, is_term)


def phrases_of(terms: pl.Series) -> list[str]:
    """Words of each term joined by a blank, without punctuation."""
    words = tokenize_texts(terms).filter(pl.col("token").str.contains(WORD_START))
    return (
        words.group_by("row", maintain_order=True)
        .agg(phrase=pl.col("token").str.join(" "))["phrase"]
        .to_list()
    )


def _targets(
    task: str, labels: pl.Series, weight: Floats, is_term: npt.NDArray[np.bool_]
) -> Targets:
    lists = labels.str.split(";")
    present = set(lists.explode().unique()) - {"", None}
    listed = code_values(_CODE_LISTS[task]) if task in _CODE_LISTS else sorted(present)
    codes = tuple(code for code in listed if code in present)
    is_class = np.column_stack(
        [lists.list.contains(code).to_numpy() for code in codes]
        or [np.zeros((len(labels), 0), dtype=np.bool_)]
    )
    return Targets(codes, is_class.astype(np.bool_), weight, is_term, task in MULTIPLE)
