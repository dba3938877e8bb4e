"""A service that the city alone has: a row in a code list, ten words, twenty examples, no code."""

import polars as pl
import pyarrow as pa
import pytest

from data_contracts.labelled import read_examples, read_lexicon
from transforms.text.label import label_texts
from transforms.text.lemmas import empty_type_table, find_analyser
from transforms.text.training import fit_models

_WORDS = "satama laituri venepaikka vene purjevene masto vierassatama slippi talvitelakka poiju"
_EXAMPLES = """\
Venepaikan lasku tuli, vaikka vene myytiin jo keväällä.
Laiturin toinen aisa on irti ja vene hakkaa kylkeen.
Saisiko vierassatamaan lisää sähköpistokkeita?
Kiitos satamavahdille, joka köytti veneen myrskyn alla.
Milloin talvitelakalle saa nostaa?
Slipissä on niin paksu leväkerros, että traileri luisuu.
Poijut on laskettu liian lähelle toisiaan, purjeveneellä ei mahdu kääntymään.
Jonotan venepaikkaa kolmatta vuotta.
Septitankin tyhjennys ei ime.
Aallonmurtajan valo on pimeänä.
Masto kaatui, kun nosturin liina petti. Kuka korvaa?
Soutuveneille oma ranta, etteivät jää moottoriveneiden jalkoihin.
Onko paikassa 42 vesi kuinka syvää?
Hieno uusi uimaporras veneilijöille, kiitokset satamalle!
Vierasvenepaikat olivat täynnä ja ankkuripaikkaa ei osoitettu.
Aisapaikan leveys on mitattu väärin.
Laiturin päässä lepattaa rikkinäinen lippu.
Satamamaksun voisi maksaa puhelimella.
Jäät veivät poijun keskelle väylää.
Rannassa makaa hylätty vene kolmatta talvea."""
_UNSEEN = (
    "Purjeveneelle ei löydy paikkaa mistään",
    "Poiju on karannut ja ajelehtii",
    "Laituriin saisi laittaa lisää köysirenkaita veneitä varten",
    "Kiitos mukavasta vierassatamasta, tulemme veneellä uudestaan!",
    "Paljonko talvitelakka maksaa kuudenmetriselle veneelle?",
)


def test_a_new_service_is_learnt_from_ten_words_and_twenty_examples() -> None:
    if find_analyser() is None:
        pytest.skip("libvoikko is not installed")
    known = read_examples().filter(pl.col("batch").is_in(["a", "b", "c"]))
    columns = ["text", "service_id", "kind", "sentiment", "language", "batch"]
    own = pl.DataFrame({"text": _EXAMPLES.split("\n")}).with_columns(
        service_id=pl.lit("satama"),
        kind=pl.lit("ehdotus"),
        sentiment=pl.lit("neutraali"),
        language=pl.lit("fi"),
        batch=pl.lit("own"),
    )
    words = pl.DataFrame({"term": _WORDS.split()}).select(
        task=pl.lit("service"), code=pl.lit("satama"), language=pl.lit("fi"), term="term"
    )
    lexicon = pl.concat([read_lexicon(), words])

    models = fit_models(
        pl.concat([known.select(columns), own.select(columns)]),
        None,
        empty_type_table(),
        lexicon=lexicon,
        seed=1,
    )

    batch = pa.RecordBatch.from_pydict(
        {"text_id": [str(n) for n in range(len(_UNSEEN))], "text": list(_UNSEEN)}
    )
    labels = pl.DataFrame(pa.Table.from_batches([label_texts(batch, models, empty_type_table())]))
    given = labels["service_id"].to_list()
    assert len(_EXAMPLES.split("\n")) == 20
    assert given.count("satama") >= len(_UNSEEN) - 1, given
