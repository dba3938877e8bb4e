"""The check of drift over tables on disk: a month unlike its year warns and stops nothing."""

from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from assets.checks.drift_check import build_drift_check, measure_drift
from assets.core.texts import TEXT_TABLES
from assets.house import House
from assets.text_files import TextFiles
from tests.support.houses import house_in, store_table
from transforms.text.lemmas import TYPE_SCHEMA

AS_OF = date(2026, 3, 1)  # of ``house_in``
N = 250


def house_with(folder: Path, *, services: tuple[str, str], n_days: int = N) -> House:
    """A house of texts a day apart each: a text a month ago or less, and N before, by service."""
    house = house_in(folder)
    days = [AS_OF - timedelta(days=n % 30) for n in range(n_days)]
    days += [AS_OF - timedelta(days=30 + n) for n in range(N)]
    said = [services[0]] * n_days + [services[1]] * N
    ids = [f"{number:04}" for number in range(len(days))]
    kinds = ["ticket"] * len(ids)
    acts = {"text_id": ids, "acted_on": days, "act_id": ids, "act_type_code": kinds}
    store_table(house, "core_acts__acts", acts)
    labels = {"text_id": ids, "service_id": said, "kind_code": ["vika"] * len(ids)}
    flags = {"is_service_unsure": [False] * len(ids), "is_uninformative": [False] * len(ids)}
    store_table(house, "core_text__labels", {**labels, **flags, "language_code": ["fi"] * len(ids)})
    texts = ["valo pimeänä"] * n_days + ["katu auki"] * N
    for table in set(TEXT_TABLES) - {"core_feedback__tickets"}:
        store_table(house, table, {})
    store_table(house, "core_feedback__tickets", {"text_id": ids, "text": texts})
    words = [("valo", False), ("pimeänä", False), ("katu", True), ("auki", True)]
    rows = [(word, word, word, "", is_known) for word, is_known in words]
    TextFiles(house.folders.models).write_types(
        pl.DataFrame(rows, schema=TYPE_SCHEMA, orient="row")
    )
    return house


def verdicts(house: House) -> dict[str, str]:
    return {drift.measure: drift.verdict.value for drift in measure_drift(house)}


def test_a_month_like_its_year_is_stable_but_for_the_words_that_nobody_knew(
    tmp_path: Path,
) -> None:
    house = house_with(tmp_path, services=("kadut", "kadut"))

    assert verdicts(house) == {
        "service_psi": "stable",
        "kind_psi": "stable",
        "unsure_share_rise": "stable",
        "unknown_word_share_rise": "shifted",
    }


@pytest.mark.parametrize("n_recent", [0, 1, 199])
def test_a_month_of_few_texts_is_not_judged(n_recent: int, tmp_path: Path) -> None:
    house = house_with(tmp_path, services=("kadut", "puistot"), n_days=n_recent)

    assert set(verdicts(house).values()) == {"too_few"}


def test_a_shift_warns_with_its_numbers_and_does_not_block(tmp_path: Path) -> None:
    house = house_with(tmp_path, services=("kadut", "puistot"))
    check = build_drift_check()
    definitions = dg.Definitions(asset_checks=[check], resources={"house": house})
    selection = dg.AssetSelection.checks(check)
    job = dg.define_asset_job("checks", selection, executor_def=dg.in_process_executor)
    graph = dg.Definitions.merge(definitions, dg.Definitions(jobs=[job]))

    with dg.DagsterInstance.ephemeral() as instance:
        ran = graph.resolve_job_def("checks").execute_in_process(instance=instance)

    [result] = ran.get_asset_check_evaluations()
    assert ran.success
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "shifted; n 250 and 250 before" in str(result.metadata["service_psi"].value)
    assert "0.0000 (stable" in str(result.metadata["kind_psi"].value)
