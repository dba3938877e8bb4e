"""What corrections do to labels, to training and to the account of the models."""

import polars as pl
import pytest

from transforms.text.corrected import (
    apply_corrections,
    corrected_examples,
    measure_agreement,
)
from transforms.text.corrections import CORRECTION_SCHEMA

LABEL = {
    "text_id": "t1",
    "language_code": "fi",
    "service_id": "muu",
    "service_p": 0.4,
    "service_2_id": "kadut",
    "is_service_unsure": True,
    "kind_code": "moite",
    "kind_p": 0.7,
    "sentiment_code": "negatiivinen",
    "sentiment_p": 0.6,
    "topics": "liikenne",
    "groups": None,
    "is_uninformative": False,
}


def labels(*changes: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{**LABEL, **change} for change in changes])


def corrections(*cells: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame([{"text_id": "t1", **c} for c in cells], schema=CORRECTION_SCHEMA)


def with_text(*cells: dict[str, str]) -> pl.DataFrame:
    schema = {**CORRECTION_SCHEMA, "text": pl.String}
    return pl.DataFrame([{"text_id": str(n), **c} for n, c in enumerate(cells)], schema=schema)


def test_a_corrected_service_is_certain_and_has_no_runner_up() -> None:
    [row] = apply_corrections(labels({}), corrections({"service_id": "puistot"})).rows(named=True)

    assert (row["service_id"], row["service_p"], row["service_2_id"]) == ("puistot", 1.0, None)
    assert (row["is_service_unsure"], row["is_corrected"]) == (False, True)
    assert (row["kind_code"], row["kind_p"], row["topics"]) == ("moite", 0.7, "liikenne")


def test_topics_corrected_to_none_are_null() -> None:
    [row] = apply_corrections(labels({}), corrections({"topics": "", "kind": "vika"})).rows(
        named=True
    )

    assert (row["topics"], row["kind_code"], row["kind_p"]) == (None, "vika", 1.0)
    assert (row["is_service_unsure"], row["service_2_id"]) == (True, "kadut")


def test_other_texts_keep_their_labels_and_their_order() -> None:
    found = apply_corrections(
        labels({"text_id": "t2"}, {}, {"text_id": "t0"}), corrections({"kind": "vika"})
    )

    assert found["text_id"].to_list() == ["t2", "t1", "t0"]
    assert found["is_corrected"].to_list() == [False, True, False]
    assert found["kind_code"].to_list() == ["moite", "vika", "moite"]


@pytest.mark.parametrize(
    ("cells", "says_nothing"),
    [
        ({"kind": "vika"}, False),
        ({"service_id": "kadut"}, False),
        ({"service_id": "muu"}, True),
        ({"language": "sv"}, True),
    ],
)
def test_a_text_of_which_somebody_names_a_matter_says_something(
    cells: dict[str, str], says_nothing: bool
) -> None:
    found = apply_corrections(labels({"is_uninformative": True}), corrections(cells))

    assert found["is_uninformative"].to_list() == [says_nothing]


def test_agreement_counts_the_cells_that_were_given_task_by_task() -> None:
    given = pl.concat(
        [
            corrections({"service_id": "muu", "kind": "moite", "groups": ""}),
            corrections({"kind": "vika"}).with_columns(text_id=pl.lit("t2")),
        ]
    )

    found = measure_agreement(labels({}, {"text_id": "t2"}), given)

    assert dict(
        zip(found["task"], zip(found["n"], found["n_agreed"], strict=True), strict=True)
    ) == {
        "service": (1, 1),
        "kind": (2, 1),
        "sentiment": (0, 0),
        "topics": (0, 0),
        "groups": (1, 1),
        "language": (0, 0),
    }


def test_a_correction_is_an_example_of_the_tasks_that_it_names() -> None:
    found = corrected_examples(
        with_text(
            {"text": "Penkki rikki", "service_id": "puistot", "kind": "vika", "topics": ""},
            {"text": "Kiitos", "sentiment": "positiivinen", "language": "fi"},
        )
    )

    assert found.drop("batch").rows() == [
        ("Penkki rikki", "puistot", "vika", None, "", None, None),
        ("Kiitos", None, None, "positiivinen", None, None, "fi"),
    ]
    assert found["batch"].unique().to_list() == ["corrections"]
