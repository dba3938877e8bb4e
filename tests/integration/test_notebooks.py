"""Notebooks run from top to bottom over a publication and the tables beside it."""

import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from assets.store import TableStore
from data_contracts.contract import load_contracts
from tests.support.core_rows import core_rows
from tests.support.public_tables import public_tables

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.py"))
# The warnings are those of marimo's own dependencies.
quietly = pytest.mark.filterwarnings("ignore::DeprecationWarning")
over_data = pytest.mark.usefixtures("data_dir")
SECRET = "Kirjaston yläkerrassa oli liian kylmä"
WAVE = {"survey_id": "kirjasto", "wave_code": "2025-1"}
QUESTIONS = ("yleisarvio", "aukioloajat", "kokoelma")
LINEAGE = {"delivery_sha256": "0" * 64, "line_no": 1}


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a publication and the answers of one survey."""
    folder = tmp_path / "publications" / "current" / "parquet"
    folder.mkdir(parents=True)
    for name, frame in public_tables().items():
        frame.write_parquet(folder / f"{name.split('_', 1)[1].replace('__', '_')}.parquet")
    store = TableStore(tmp_path / "tables")
    for name, frame in survey_tables().items():
        store.write(load_contracts()[name], frame, fingerprint="")
    monkeypatch.setenv("KUULOLLA_DATA_DIR", str(tmp_path))
    return tmp_path


def survey_tables() -> dict[str, pl.DataFrame]:
    """A hundred and twenty answered in Finnish, thirty in Swedish; opening hours matter most."""
    rng = np.random.default_rng(4)
    hours, books = rng.integers(1, 6, size=(2, 150))
    overall = np.clip(np.round(0.8 * hours + 0.2 * books + rng.normal(size=150) / 2), 1, 5)
    people = [f"{k:064d}" for k in range(150)]
    return {
        "core_surveys__waves": core_rows(
            "core_surveys__waves",
            WAVE | LINEAGE | {"title": "Kirjastokysely", "closed_on": date(2025, 3, 31)},
            WAVE | LINEAGE | {"wave_code": "2026-1", "title": "Kirjastokysely", "closed_on": None},
        ),
        "core_surveys__questions": core_rows(
            "core_surveys__questions",
            *(
                WAVE | LINEAGE | {
                    "question_id": name, "matrix_id": "osat" if position else None,
                    "position": position, "question_fi": name.capitalize(),
                    "question_type_code": "scale", "role_code": "substantive",
                    "is_scale_reversed": False,
                }
                for position, name in enumerate(QUESTIONS)
            ),
        ),
        "core_surveys__respondents": core_rows(
            "core_surveys__respondents",
            *(
                WAVE | LINEAGE | {
                    "respondent_id": person, "source_code": "webropol",
                    "language_code": "fi" if k < 120 else "sv",
                }
                for k, person in enumerate(people)
            ),
        ),
        "core_surveys__answers": core_rows(
            "core_surveys__answers",
            *(
                WAVE | LINEAGE | {
                    "respondent_id": person, "question_id": name, "item_code": "",
                    "answer_kind_code": "valid", "answer_num": float(value), "n_masked": 0,
                }
                for name, values in zip(QUESTIONS, (overall, hours, books), strict=True)
                for person, value in zip(people, values, strict=True)
            ),
            WAVE | LINEAGE | {
                "respondent_id": people[0], "question_id": "avoin", "item_code": "",
                "answer_kind_code": "valid", "text": SECRET, "n_masked": 0,
            },
        ),
    }  # fmt: skip


def run(name: str) -> tuple[Any, Mapping[str, Any]]:
    """What the cells of a notebook put out, and what they define."""
    path = next(path for path in NOTEBOOKS if path.stem == name)
    spec = importlib.util.spec_from_file_location(f"notebook_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    outputs, definitions = module.app.run()
    return outputs, definitions


@quietly
@over_data
def test_waiting_notebook_runs_over_a_publication() -> None:
    _, definitions = run("waiting")

    assert definitions["waits"].height > 0


@quietly
@over_data
def test_drivers_notebook_tells_of_a_hundred_answers_and_refuses_fewer() -> None:
    _, definitions = run("drivers")

    drivers = definitions["drivers"]
    assert definitions["wave_code"] == "2025-1"  # the other one is not over
    assert drivers["group"].unique().sort().to_list() == ["fi", "kaikki"]
    assert definitions["refused"] == ["sv"]
    greatest = drivers.filter(group="kaikki").sort("share_of_variance")["question_id"][-1]
    assert greatest == "aukioloajat"


@quietly
@over_data
def test_drivers_notebook_s_two_opinions_agree() -> None:
    _, definitions = run("drivers")

    opinions = definitions["opinions"]
    assert opinions["n"].to_list() == [150, 150, 150]
    for figure in ("mean", "mean_se"):
        assert opinions[figure].to_list() == pytest.approx(opinions[f"{figure}_svy"].to_list())


@quietly
@over_data
def test_drivers_notebook_shows_no_words_and_no_small_counts() -> None:
    outputs, definitions = run("drivers")

    shown = "".join(output.text for output in outputs if output is not None)
    assert SECRET not in shown
    assert "text" not in definitions["answers"].columns
    assert "Ei kerrota: sv" in shown


def test_every_notebook_is_run_here() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["drivers", "waiting"]


def test_notebooks_pass_marimos_own_check() -> None:
    program = Path(sys.executable).with_name("marimo")

    done = subprocess.run(
        [str(program), "check", "--strict", *map(str, NOTEBOOKS)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
