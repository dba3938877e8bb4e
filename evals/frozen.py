"""The frozen sets measured with models of all labelled examples: what the bars are held against."""

import polars as pl

from data_contracts.labelled import read_examples, read_lexicon
from data_contracts.place_lists import read_place_cues, read_places
from evals.crossing import SEED, label_by_models, measure
from evals.held_out_hand import read_held_out, read_second_annotator
from evals.marked import measure_masking, measure_places, read_marked
from transforms.privacy.mask import find_personal_data, mask_texts
from transforms.text.gazetteer import compile_gazetteer
from transforms.text.lemmas import empty_type_table
from transforms.text.models import TextModels
from transforms.text.places import find_places
from transforms.text.training import fit_models

#: Set → the hand whose labels and the hand whose marks it holds. The fresh one was measured for the
#: first time with the models of this version; the known one several times, with earlier versions.
HANDS = {"fresh": ("w", "w"), "known": ("x", "y")}


def measure_sets(models: TextModels) -> dict[str, dict[str, float]]:
    """The figures of every bar, by set."""
    return {
        name: measure(label_held_out(models, labelled)) | measure_marked(marked)
        for name, (labelled, marked) in HANDS.items()
    }


def fit_all() -> TextModels:
    """Models of every labelled example, without a city's own labels."""
    types = empty_type_table()
    return fit_models(read_examples(), None, types, lexicon=read_lexicon(), seed=SEED)


def label_held_out(models: TextModels, hand: str) -> pl.DataFrame:
    """The held-out texts of a hand with their labels, masked before anything looks at them."""
    texts = read_held_out(hand)
    return label_by_models(
        texts.with_columns(mask_texts(texts["text"])["text"]), models, empty_type_table()
    )


def measure_marked(hand: str) -> dict[str, float]:
    """Figures of masking in a hand's marked texts, and of places found in the masked texts."""
    texts = read_marked(hand)
    gazetteer = compile_gazetteer(read_places(), read_place_cues())
    masked = mask_texts(pl.Series([marked.text for marked in texts]))["text"]
    places = find_places(masked, gazetteer).to_list()
    return measure_masking(texts, find_personal_data) | measure_places(texts, places)


def measure_second_annotator(hand: str) -> dict[str, float]:
    """What a second annotator reached who had not seen the labels."""
    return measure(read_second_annotator(hand))
