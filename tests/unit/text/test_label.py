"""Labels of a tiny made-up world: two services, and models fitted in the test."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from transforms.text.explain import explain_text
from transforms.text.label import LABEL_SCHEMA, join_labels, label_texts
from transforms.text.lemmas import empty_type_table, extend_type_table, find_analyser
from transforms.text.models import TextModels, models_from_bytes, models_to_bytes
from transforms.text.score_table import (
    empty_score_table,
    extend_score_table,
    table_from_bytes,
    table_to_bytes,
)
from transforms.text.tokens import tokenize_texts
from transforms.text.training import fit_models

_FRAMES = {
    ("kirjasto", "kiitos", "positiivinen"): "Kiitos kirjaston {} ja ihanista kirjoista!",
    ("kirjasto", "kysymys", "neutraali"): "Milloin kirjasto {} avaa ovensa?",
    ("kadut", "moite", "negatiivinen"): "Katu on {} taas auraamatta, surkeaa!",
    ("kadut", "vika", "neutraali"): "Kadulla {} on kuoppa asfaltissa.",
    ("muu", "ehdotus", "neutraali"): "Tehkää {} jotakin.",
}
_LISTS = {"kirjasto": "vapaa_aika", "kadut": "pyoraily;kevyen_liikenteen_vaylat", "muu": ""}
_FILLERS = ("talvella", "aamulla", "keskustassa", "lauantaina", "torin luona", "joulun alla")
_LEXICON = [
    ("service", "kirjasto", "fi", "kirja"),
    ("service", "kadut", "fi", "auraus"),
    ("service", "kirjasto", "sv", "bok"),
    ("language", "fi", "fi", "ja"),
    ("language", "sv", "sv", "och"),
    ("language", "en", "en", "the"),
    ("says_nothing", "says_nothing", "fi", "En osaa sanoa"),
]


def _examples() -> pl.DataFrame:
    rows = [
        (text.format(filler), service, kind, sentiment, "fi", _LISTS[service], "")
        for (service, kind, sentiment), text in _FRAMES.items()
        for filler in _FILLERS
    ]
    names = ["text", "service_id", "kind", "sentiment", "language", "topics", "groups"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _fit(*, seed: int = 1, examples: pl.DataFrame | None = None) -> TextModels:
    lexicon = pl.DataFrame(_LEXICON, schema=["task", "code", "language", "term"], orient="row")
    rows = _examples() if examples is None else examples
    return fit_models(rows, None, empty_type_table(), lexicon=lexicon, seed=seed)


@pytest.fixture(scope="module")
def models() -> TextModels:
    return _fit()


def _batch(texts: Sequence[str | None]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {"text_id": [f"t{n}" for n in range(len(texts))], "text": pa.array(texts, pa.string())}
    )


def _label(texts: Sequence[str | None], models: TextModels) -> pl.DataFrame:
    labels = label_texts(_batch(texts), models, empty_type_table())
    return pl.DataFrame(pa.Table.from_batches([labels]))


def test_texts_get_the_labels_that_were_learnt(models: TextModels) -> None:
    labels = _label(["Kirjat kirjastossa ovat ihania, kiitos!", "Katu auraamatta, surkeaa"], models)

    assert labels["service_id"].to_list() == ["kirjasto", "kadut"]
    assert labels["kind_code"].to_list() == ["kiitos", "moite"]
    assert labels["sentiment_code"].to_list() == ["positiivinen", "negatiivinen"]
    assert labels["method_version"].unique().to_list() == [models.method_version]


@pytest.mark.parametrize("text", ["", "   ", None, "???", "-", "...", "En osaa sanoa.", "5"])
def test_a_text_that_says_nothing_is_other_neutral_question(
    text: str | None, models: TextModels
) -> None:
    row = _label([text], models).row(0, named=True)

    assert row["is_uninformative"]
    assert not row["is_service_unsure"]
    assert row["service_2_id"] is None
    assert (row["service_id"], row["kind_code"], row["sentiment_code"]) == (
        "muu",
        "kysymys",
        "neutraali",
    )


def test_a_picture_sign_says_something_but_has_no_language(models: TextModels) -> None:
    row = _label(["👍"], models).row(0, named=True)

    assert not row["is_uninformative"]
    assert (row["language_code"], row["n_words"]) == ("und", 0)


def test_languages_are_told_apart(models: TextModels) -> None:
    labels = _label(["Kuoppa on kadulla ja portilla", "och och boken"], models)

    assert labels["language_code"].to_list() == ["fi", "sv"]


def test_an_unsure_text_is_other_with_its_likeliest_service_kept(models: TextModels) -> None:
    strict = models_from_bytes(models_to_bytes(models))
    object.__setattr__(strict, "service_threshold", 1.1)

    row = _label(["Kirjasto on kiinni"], strict).row(0, named=True)

    assert row["is_service_unsure"]
    assert (row["service_id"], row["service_2_id"]) == ("muu", "kirjasto")


def test_a_row_does_not_depend_on_the_other_rows(models: TextModels) -> None:
    texts = ["Kirjasto?", "", "Kadulla kuoppa", "Tehkää jotakin", "zzz qqq"]

    together = _label(texts, models).drop("text_id")
    alone = pl.concat([_label([text], models).drop("text_id") for text in texts])

    assert together.equals(alone)


def test_a_warm_type_table_changes_nothing(models: TextModels) -> None:
    texts = ["Katuvalaistus sammunut", "Kirjastoauto myöhässä"]
    tokens = tokenize_texts(pl.Series(texts))["token"]
    warm = extend_type_table(empty_type_table(), tokens, analyse=find_analyser())

    labels = label_texts(_batch(texts), models, warm)

    assert labels.equals(label_texts(_batch(texts), models, empty_type_table()))


def test_a_warm_score_table_changes_nothing_whatever_else_it_knows(models: TextModels) -> None:
    texts = ["Katuvalaistus sammunut", "Kirjastoauto myöhässä, katu auraamatta"]
    other = tokenize_texts(pl.Series(["Aivan muuta kirjastossa", texts[1]]))["token"]
    warm = extend_score_table(empty_score_table(models), other, models, empty_type_table())

    labels = label_texts(_batch(texts), models, empty_type_table(), warm)

    assert labels.equals(label_texts(_batch(texts), models, empty_type_table()))


def test_a_score_table_of_other_models_is_not_believed(models: TextModels) -> None:
    tokens = tokenize_texts(pl.Series(["Kirjasto"]))["token"]
    others = _fit(examples=_examples().head(25))
    foreign = extend_score_table(empty_score_table(others), tokens, others, empty_type_table())

    labels = label_texts(_batch(["Kirjasto"]), models, empty_type_table(), foreign)

    assert labels.equals(label_texts(_batch(["Kirjasto"]), models, empty_type_table()))


def test_a_score_table_survives_the_way_to_bytes_and_back(models: TextModels) -> None:
    tokens = tokenize_texts(pl.Series(["Kirjasto on auki!!!", "katu"]))["token"]
    table = extend_score_table(empty_score_table(models), tokens, models, empty_type_table())

    back = table_from_bytes(table_to_bytes(table))

    assert back.method_version == models.method_version
    assert back.tokens.equals(table.tokens)
    assert np.array_equal(back.scores, table.scores)
    assert table_to_bytes(back) == table_to_bytes(table)


def test_topics_are_several_in_the_order_of_their_list_or_none(models: TextModels) -> None:
    labels = _label(["Katu auraamatta, surkeaa!", "Kirjaston kirjoista kiitos!", "???"], models)

    assert labels["topics"].to_list() == ["kevyen_liikenteen_vaylat;pyoraily", "vapaa_aika", None]
    assert labels["groups"].to_list() == [None, None, None]


def test_labels_are_joined_in_the_order_of_their_codes() -> None:
    given = np.array([[True, True], [False, False], [False, True]])

    assert join_labels(given, ("a", "b")).to_list() == ["a;b", None, "b"]


def test_explanation_names_the_words_that_decided_largest_first(models: TextModels) -> None:
    rows = explain_text("Kirjat kirjastossa ovat ihania, kiitos!", models, empty_type_table())

    assert rows["task"].unique(maintain_order=True).to_list() == ["service", "kind", "sentiment"]
    service = rows.filter(task="service")
    assert service["code"].unique().to_list() == ["kirjasto"]
    assert set(service["token"].head(2)) == {"kirjat", "kirjastossa"}
    assert service["contribution"].is_sorted(descending=True)
    assert "kiitos" in rows.filter(task="kind")["token"].head(3).to_list()


def test_nothing_is_explained_of_nothing(models: TextModels) -> None:
    assert explain_text("  ", models, empty_type_table()).height == 0


def test_no_text_gives_no_label_in_the_same_schema(models: TextModels) -> None:
    labels = label_texts(_batch([]), models, empty_type_table())

    assert labels.num_rows == 0
    assert labels.schema == LABEL_SCHEMA


def test_probabilities_are_between_zero_and_one(models: TextModels) -> None:
    labels = _label(["Kirjasto", "Kuoppa", "x" * 5000, "<script>=1+1</script>"], models)

    for column in ("service_p", "kind_p", "sentiment_p"):
        assert labels[column].is_between(0, 1).all()


def test_the_same_training_gives_the_same_bytes() -> None:
    assert models_to_bytes(_fit()) == models_to_bytes(_fit())


def test_models_survive_the_way_to_bytes_and_back(models: TextModels) -> None:
    content = models_to_bytes(models)

    assert models_to_bytes(models_from_bytes(content)) == content


def test_another_training_text_gives_another_method_version(models: TextModels) -> None:
    fewer = _fit(examples=_examples().head(25))

    assert fewer.method_version != models.method_version


def test_one_class_is_refused_with_a_sentence() -> None:
    only_one = _examples().with_columns(kind=pl.lit("kiitos"))

    with pytest.raises(ValueError, match="fewer than two classes of kind"):
        _fit(examples=only_one)


def test_a_word_form_of_a_single_text_is_no_feature_and_its_lemma_is(models: TextModels) -> None:
    assert "w=auraus" not in models.features  # a term alone
    assert {"l=auraus", "w=kirjasto"} <= {*models.features}


def test_an_example_of_one_task_alone_teaches_that_task_alone() -> None:
    known = _examples().with_columns(batch=pl.Series(list("abc") * 10))
    of_sentiment = pl.DataFrame(
        {
            "text": [f"Ruusuja {filler}" for filler in _FILLERS],
            "sentiment": ["positiivinen"] * 6,
            "batch": ["corrections"] * 6,
        }
    )

    taught = _fit(examples=pl.concat([known, of_sentiment], how="diagonal"))

    row = _label(["Ruusuja"], taught).row(0, named=True)
    assert row["sentiment_code"] == "positiivinen"
    assert taught.classes == _fit(examples=known).classes


def test_city_labels_teach_the_city_s_own_words() -> None:
    lexicon = pl.DataFrame(_LEXICON, schema=["task", "code", "language", "term"], orient="row")
    city = pl.DataFrame(
        {"text": [f"Purppa rikki {n}" for n in range(30)], "service_id": ["kadut"] * 30}
    )
    own = fit_models(_examples(), city, empty_type_table(), lexicon=lexicon, seed=1)

    row = _label(["Purppa"], own).row(0, named=True)

    assert "kadut" in (row["service_id"], row["service_2_id"])


def test_labels_have_the_columns_of_the_contract(models: TextModels) -> None:
    assert LABEL_SCHEMA.names == [
        "text_id",
        "language_code",
        "service_id",
        "service_p",
        "service_2_id",
        "is_service_unsure",
        "kind_code",
        "kind_p",
        "sentiment_code",
        "sentiment_p",
        "topics",
        "groups",
        "n_words",
        "is_uninformative",
        "method_version",
    ]
