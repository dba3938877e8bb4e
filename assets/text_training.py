"""Training of the text models: from which labels, and when anew. Files belong to text_files,
whether a candidate takes over to text_promotion.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from assets.core.corrections import Corrections
from assets.store import fingerprint_of
from assets.text_files import TextFiles
from assets.text_promotion import FIRST, PROGRAM_CHANGED, agreement_of, judge
from assets.versions import text_version
from data_contracts.labelled import read_examples, read_lexicon
from transforms.text.corrected import corrected_examples
from transforms.text.lemmas import extend_type_table, find_analyser
from transforms.text.models import TextModels
from transforms.text.tokens import tokenize_texts
from transforms.text.training import fit_models

_SEED = 2026
#: The city's own labels count anew when they have grown by a tenth: a nightly run that brings a
#: handful of tickets keeps its models, and so its cached labels.
_GROWTH = 1.1
#: Corrections put their own text right at once; models are trained for a score of new ones.
_LEAST_CORRECTIONS = 20


def bring_up_to_date(
    files: TextFiles, city_labels: pl.DataFrame, corrections: Corrections
) -> TextModels:
    """The models in force after training anew, where that was due and the candidate no worse.

    What was tried is remembered, so that a refused candidate is not trained again the next night.
    """
    basis = training_basis()
    trained_on = files.basis()
    if trained_on is not None and not is_due(trained_on, basis, city_labels.height, corrections):
        return files.models()
    candidate = train(files, city_labels, corrections.frame)
    reason = None
    if trained_on is None or trained_on["basis"] != basis:
        reason = FIRST if trained_on is None else PROGRAM_CHANGED
    is_promoted = judge(files, candidate, unasked=reason)
    tried = corrections.row_hashes
    learnt = tried if is_promoted else (trained_on or {}).get("learnt", [])
    files.write_basis(
        {"basis": basis, "n_city_labels": city_labels.height, "tried": tried, "learnt": learnt}
    )
    return candidate if is_promoted else files.models()


def agreement_before(files: TextFiles, corrections: Corrections) -> pl.DataFrame:
    """How often models agree with the corrections before tonight's training, which learns them.

    Empty without corrections, and on the night on which the program has changed: models of another
    program may not be readable.
    """
    trained_on = files.basis()
    if (
        corrections.frame.is_empty()
        or trained_on is None
        or trained_on["basis"] != training_basis()
    ):
        return pl.DataFrame()
    return agreement_of(files, files.models(), trained_on.get("learnt", []), corrections)


def training_basis() -> str:
    """Hash of what the models stand on besides the city's labels and corrections."""
    examples = read_examples()
    content = examples.write_csv() + read_lexicon().write_csv()
    return fingerprint_of({"examples": fingerprint_of({"csv": content}), "code": text_version()})


def is_due(
    trained_on: Mapping[str, Any], basis: str, n_city_labels: int, corrections: Corrections
) -> bool:
    """Whether models must be trained again."""
    if trained_on["basis"] != basis:
        return True
    earlier = int(trained_on["n_city_labels"])
    has_grown = n_city_labels > max(earlier, 1) * _GROWTH or n_city_labels < earlier / _GROWTH
    n_changed = len({*trained_on.get("tried", [])} ^ {*corrections.row_hashes})
    return has_grown or n_changed >= _LEAST_CORRECTIONS


def train(files: TextFiles, city_labels: pl.DataFrame, corrections: pl.DataFrame) -> TextModels:
    """Fit models; the type table grows by the tokens of every text at hand."""
    examples = pl.concat([read_examples(), corrected_examples(corrections)], how="diagonal")
    city = city_labels.join(corrections.drop_nulls("service_id"), on="text", how="anti")
    lexicon = read_lexicon()
    texts = pl.concat([examples["text"], lexicon["term"], city["text"]])
    tokens = tokenize_texts(texts)["token"]
    types = extend_type_table(files.types(), tokens, analyse=find_analyser())
    models = fit_models(examples, city if city.height else None, types, lexicon=lexicon, seed=_SEED)
    files.write_types(types)
    return models
