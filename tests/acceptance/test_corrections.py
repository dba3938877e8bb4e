"""Corrections by analysts: what a file in the folder changes the next night, and what it cannot."""

import polars as pl
import pytest

from tests.support.tiny import Town, run_job, times_of_change

LEFT_OUT = "corrections_left_out.txt"


def labels(town: Town) -> pl.DataFrame:
    return town.table("core_text__labels")


def an_idea(town: Town) -> tuple[str, str]:
    """Act and text of one idea: its service is the model's."""
    acts = town.table("core_acts__acts").filter(pl.col("text_id").is_not_null())
    by_model = acts.filter(act_type_code="idea", service_basis_code="model").sort("act_id")
    act_id, text_id = by_model.select("act_id", "text_id").row(0)
    return str(act_id), str(text_id)


def correct(town: Town, name: str, content: str) -> None:
    folder = town.folders.corrections
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


@pytest.mark.slow
def test_a_correction_stands_the_next_night_changes_nothing_twice_and_can_be_withdrawn(
    again: Town, unchecked: None
) -> None:
    before = labels(again)
    act_id, text_id = an_idea(again)
    content = f"id;service_id;kind;topics;corrected_by\n{act_id};museo;ehdotus;-;Liisa\n"
    correct(again, "b.csv", content)
    correct(again, "a.csv", f"id,kind\n{text_id},kiitos\nmerkkisana,kiitos\n{text_id},moitte\n")

    ran = run_job(again)

    after, others = labels(again), pl.col("text_id") != text_id
    assert ran.code == 0, ran.err
    [row] = after.filter(~others).rows(named=True)
    assert (row["service_id"], row["service_p"], row["kind_code"]) == ("museo", 1.0, "ehdotus")
    assert (row["topics"], row["is_corrected"]) == (None, True)
    assert after.filter(others).equals(before.filter(others))
    [act] = again.table("core_acts__acts").filter(act_id=act_id).rows(named=True)
    assert (act["service_id"], act["kind_code"]) == ("museo", "ehdotus")

    told = (again.data / LEFT_OUT).read_text(encoding="utf-8").splitlines()
    assert len(told) == 2
    assert "'a.csv', row 3, column 'id': found 'aaaaaaaaaa'" in told[0]
    assert "'a.csv', row 4, column 'kind': found 'aaaaaa'" in told[1]
    assert "expected a code of kind: kiitos, moite" in told[1]

    tables, current = times_of_change(again.folders.tables), times_of_change(again.current)
    models = times_of_change(again.folders.models)

    assert run_job(again).code == 0
    assert times_of_change(again.folders.tables) == tables
    assert times_of_change(again.current) == current
    assert times_of_change(again.folders.models) == models

    for path in again.folders.corrections.iterdir():
        path.unlink()

    assert run_job(again).code == 0
    assert labels(again).equals(before)
    assert not (again.data / LEFT_OUT).exists()
