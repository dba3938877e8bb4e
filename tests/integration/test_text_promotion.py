"""Models trained, judged on the frozen examples and promoted or kept beside, over real files.

A twelfth of the examples trains in seconds; spoilt labels of a city then weigh enough to do harm.
"""

import hashlib
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from assets import text_training
from assets.core.corrections import Corrections
from assets.text_files import TextFiles
from assets.text_training import agreement_before, bring_up_to_date
from data_contracts.labelled import read_examples
from transforms.text.corrections import CORRECTION_SCHEMA

NO_LABELS = pl.DataFrame(schema={"text": pl.String, "service_id": pl.String})


def corrections(*cells: dict[str, str]) -> Corrections:
    schema = {**CORRECTION_SCHEMA, "text": pl.String}
    rows = [{"text_id": f"t{n}", **cell} for n, cell in enumerate(cells)]
    return Corrections(pl.DataFrame(rows, schema=schema), ())


def twelfth() -> pl.DataFrame:
    return read_examples().gather_every(12)


def versions(root: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in root.glob("*.npz")}


def spoilt_labels() -> pl.DataFrame:
    """Texts that training has not seen, each with the service of another one."""
    examples = read_examples().unique("text", maintain_order=True).with_row_index()
    rest = examples.filter(pl.col("index") % 12 != 0).sort("service_id", "text")
    services = rest["service_id"]
    moved = pl.concat([services.tail(500), services.head(rest.height - 500)])
    return rest.select("text", service_id=moved).sort("text")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a first training on a twelfth of the examples; nobody writes to it."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(text_training, "read_examples", twelfth)
        bring_up_to_date(TextFiles(folder), NO_LABELS, corrections())
    return folder


@pytest.fixture
def files(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TextFiles:
    """Files after a first training on a twelfth of the examples."""
    monkeypatch.setattr(text_training, "read_examples", twelfth)
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    return TextFiles(tmp_path)


@pytest.mark.slow
def test_models_taught_by_spoilt_labels_are_not_promoted_nor_trained_again(
    files: TextFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, spoilt = versions(tmp_path), spoilt_labels()

    models = bring_up_to_date(files, spoilt, corrections())

    verdict = json.loads((tmp_path / "promotion.json").read_bytes())
    assert models.method_version == files.models().method_version == verdict["in_force_version"]
    assert versions(tmp_path)["models.npz"] == before["models.npz"]
    assert set(versions(tmp_path)) == {"models.npz", "candidate.npz"}
    assert verdict["reason"] == "worse"
    assert verdict["candidate"]["service"] < verdict["in_force"]["service"]

    monkeypatch.setattr(text_training, "train", lambda *_: pytest.fail("trained again"))
    assert bring_up_to_date(files, spoilt, corrections()).method_version == models.method_version


@pytest.mark.slow
def test_models_of_another_program_are_promoted_unasked_and_the_old_ones_stay(
    files: TextFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = versions(tmp_path)["models.npz"]
    few = read_examples().gather_every(13)
    monkeypatch.setattr(text_training, "read_examples", lambda: few)

    bring_up_to_date(files, NO_LABELS, corrections())

    after = versions(tmp_path)
    assert files.promotion()["reason"] == "program_changed"
    assert (after["previous.npz"], after["models.npz"] == before) == (before, False)

    files.promote(files.models())  # a run that was killed before it remembered its basis

    assert versions(tmp_path) == after


@pytest.mark.slow
def test_a_score_of_corrections_is_judged_first_and_then_learnt(
    files: TextFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [
        {
            "text": f"Sudenkorentolampi {number} kaipaa väkeä",
            "service_id": "museo",
            "kind": "ehdotus",
            "sentiment": "neutraali",
            "topics": "",
            "groups": "",
        }
        for number in range(20)
    ]
    nineteen, twenty = corrections(*cells[:19]), corrections(*cells)
    monkeypatch.setattr(text_training, "judge", keep_all(files))
    first = files.models().method_version

    assert bring_up_to_date(files, NO_LABELS, nineteen).method_version == first
    agreement = agreement_before(files, twenty)
    assert bring_up_to_date(files, NO_LABELS, twenty).method_version != first

    known = agreement_before(files, twenty)
    assert agreement["is_learnt"].to_list() == [False] * 5
    assert agreement.filter(task="service")["n"].to_list() == [20]
    assert known["is_learnt"].to_list() == [True] * 5
    assert known.filter(task="service")["n_agreed"].to_list() == [20]


def keep_all(files: TextFiles):  # type: ignore[no-untyped-def]  # stands in for judge
    """A judge that promotes whatever it is shown."""

    def judge(_: TextFiles, candidate, *, unasked: str | None) -> bool:  # type: ignore[no-untyped-def]
        files.promote(candidate)
        return unasked is None

    return judge
