"""Names of persons that the project carries, names of other things that equal them, and the words
that tell them apart: its own files as tables. How a text is read belongs to transforms.privacy.
"""

from collections.abc import Mapping
from importlib.resources import files

import polars as pl


def read_person_names() -> pl.DataFrame:
    """One row per name in its basic form: ``name``, ``first``, ``surname``, ``source``.

    ``first`` and ``surname`` are empty when the name is not used so, else ``firm`` (nothing but a
    name), ``capital`` (a rarer word, told apart by its capital) or ``homonym`` (an ordinary word).
    """
    return _read("person_names.csv")


def read_other_names() -> Mapping[str, str]:
    """Places, bodies, products and works whose names could be taken for a person's, by kind."""
    return dict(_read("other_names.csv").select("name", "kind").iter_rows())


def read_context_words() -> Mapping[str, list[str]]:
    """Words about a name by group; ``*`` stands for any letters."""
    frame = _read("context_words.csv")
    return {group: words.split() for group, words in frame.select("group", "words").iter_rows()}


def read_person_lemmas() -> Mapping[str, list[str]]:
    """Base forms of words that tell of a person, by group."""
    frame = _read("person_lemmas.csv")
    return {group: lemmas.split() for group, lemmas in frame.select("group", "lemmas").iter_rows()}


def read_common_words() -> frozenset[str]:
    """Words of messages to a city in small letters that some list takes for a name."""
    return frozenset(_read("common_words.csv")["word"])


def read_name_letters() -> Mapping[str, float]:
    """Log-odds of three letters in a name against a word of a message, as learnt."""
    frame = _read("name_letters.csv")
    return {letters: float(odds) for letters, odds in frame.select("letters", "odds").iter_rows()}


def read_name_weights() -> Mapping[str, float]:
    """Weights of the features of a name candidate, as learnt from ``marked_examples``."""
    frame = _read("name_weights.csv")
    return {
        feature: float(weight) for feature, weight in frame.select("feature", "weight").iter_rows()
    }


def read_name_priors() -> Mapping[str, float]:
    """Weights of the same features as they were set by hand, which learning starts from."""
    frame = _read("name_weights.csv")
    return {name: float(prior) for name, prior in frame.select("feature", "prior").iter_rows()}


def _read(name: str) -> pl.DataFrame:
    path = files("data_contracts") / "names" / name
    return pl.read_csv(path.read_bytes(), infer_schema=False).fill_null("")
