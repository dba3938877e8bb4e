"""What a task wants of examples, terms and the city's own texts."""

import numpy as np
import polars as pl

from transforms.text.targets import Targets, label_task

EXAMPLES = pl.DataFrame(
    {"service_id": ["kadut", "kadut", "museo"], "groups": ["nuoret;lapset", "", "lapset"]}
)
TERMS = pl.DataFrame(
    [("service", "museo", "fi"), ("groups", "nuoret", "sv")],
    schema=["task", "code", "language"],
    orient="row",
)
CITY = pl.DataFrame({"service_id": ["kadut"]})


def _label(task: str) -> Targets:
    return label_task(task, EXAMPLES, TERMS, CITY)


def test_services_come_from_all_three_and_the_city_weighs_half() -> None:
    found = _label("service")

    assert found.codes == ("kadut", "museo")
    assert found.weight.tolist() == [1.0, 1.0, 1.0, 1.0, 0.0, 0.5]
    assert found.is_class.argmax(axis=1)[[0, 2, 3, 5]].tolist() == [0, 1, 1, 0]


def test_groups_stand_in_the_order_of_their_list_and_none_is_an_answer() -> None:
    found = _label("groups")

    assert found.codes == ("lapset", "nuoret")
    assert found.is_class[:3].tolist() == [[True, True], [False, False], [True, False]]
    assert found.weight.tolist() == [1.0, 1.0, 1.0, 0.0, 1.0, 0.0]


def test_classes_weigh_alike_among_texts_and_among_terms() -> None:
    weight = _label("service").balanced(np.arange(5), terms=0.5)

    # Three texts, two classes: kadut 3 / (2 * 2), museo 3 / (2 * 1); the one term: 1 * 0.5.
    assert weight[:, 0].tolist() == [0.75, 0.75, 1.5, 0.5, 0.0]


def test_a_null_is_no_label_and_an_empty_list_is_one() -> None:
    examples = EXAMPLES.with_columns(
        service_id=pl.Series(["kadut", None, "museo"]), groups=pl.Series(["lapset", None, ""])
    )

    services = label_task("service", examples, TERMS, CITY)
    groups = label_task("groups", examples, TERMS, CITY)

    assert services.weight[:3].tolist() == [1.0, 0.0, 1.0]
    assert groups.weight[:3].tolist() == [1.0, 0.0, 1.0]


def test_without_a_column_there_is_no_answer() -> None:
    found = _label("topics")

    assert found.codes == ()
    assert found.weight.tolist() == [0.0] * 6
