"""``./run classify`` from file to file, by models trained from the project's own examples."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from assets.classifier import COLUMNS, Classifier
from assets.errors import TextTableError
from pipelines import classify

ROOT = Path(__file__).parents[2]
LAMP = "Katulamppu on pimeänä Törnäväntiellä, voisiko sen korjata?"
DOCTOR = "Lääkäriin ei saa aikaa, terveyskeskuksen jonotus kestää viikkoja."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("classify")


@pytest.fixture(scope="module")
def classifier(folder: Path) -> Classifier:
    return classify.prepare_classifier(
        folder / "classify" / "models", is_own=True, say=lambda _: None
    )


def _labelled(classifier: Classifier, *rows: dict[str, str]) -> pl.DataFrame:
    columns = ("id", "text", "source", "received_on", "question")
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.String))
    return classifier.classify(frame)


def test_a_file_comes_back_row_by_row(classifier: Classifier, tmp_path: Path) -> None:
    texts = pl.DataFrame({"id": ["b", "a", "b"], "text": [LAMP, "", "???"]})
    texts.write_csv(tmp_path / "in.csv")

    tally = classify.classify_file(
        tmp_path / "in.csv",
        tmp_path / "out.parquet",
        classifier,
        n_processes=1,
        is_explained=False,
        say=lambda _: None,
    )

    written = pl.read_parquet(tmp_path / "out.parquet")
    assert tally.n_rows == 3
    assert written.columns == list(COLUMNS)
    assert written["id"].to_list() == ["b", "a", "b"]
    assert written["service_id"].to_list() == ["valaistus", "muu", "muu"]
    assert written["sentiment"].to_list()[1:] == ["neutraali", "neutraali"]


def test_spans_are_code_points_of_the_text_as_given(classifier: Classifier) -> None:
    text = "👍🏽 Soittakaa 040 123 4567, t. Kaarina Kuvitteellinen"

    row = _labelled(classifier, {"id": "1", "text": text}).row(0, named=True)

    spans = json.loads(row["pii"])
    assert [text[span["start"] : span["end"]] for span in spans] == [
        "040 123 4567",
        "Kaarina Kuvitteellinen",
    ]
    assert [span["label"] for span in spans] == ["puhelin", "nimi"]
    assert "Kaarina" not in row["masked_text"]


def test_a_health_matter_is_another_authoritys_after_2022(classifier: Classifier) -> None:
    days = ["2022-12-31", "1.1.2023", ""]

    labelled = _labelled(
        classifier, *({"id": day, "text": DOCTOR, "received_on": day} for day in days)
    )

    assert labelled["service_id"].to_list() == ["terveys", "ei_kaupunki", "terveys"]


def test_a_fragment_is_read_with_the_question_that_it_answers(classifier: Classifier) -> None:
    question = "Miten kirjaston aukioloaikoja pitäisi muuttaa?"

    labelled = _labelled(classifier, {"id": "1", "text": "Enemmän iltoja", "question": question})

    assert labelled["service_id"][0] == "kirjasto"


def test_a_row_does_not_depend_on_the_others(classifier: Classifier) -> None:
    rows = [{"id": "1", "text": LAMP}, {"id": "2", "text": DOCTOR}]

    together = _labelled(classifier, *rows)
    alone = pl.concat([_labelled(classifier, row) for row in reversed(rows)]).reverse()

    assert together.equals(alone)


def test_a_day_that_is_none_is_refused_in_words(classifier: Classifier) -> None:
    with pytest.raises(TextTableError, match="1 rows have a received_on that is no date"):
        _labelled(classifier, {"id": "1", "text": LAMP, "received_on": "eilen"})


def test_the_words_that_decided_are_shown(classifier: Classifier, tmp_path: Path) -> None:
    pl.DataFrame({"id": ["7"], "text": [LAMP]}).write_csv(tmp_path / "in.csv")

    rows = classify.explain_row(tmp_path / "in.csv", "7", classifier)

    service = rows.filter(task="service")
    assert service["code"][0] == "valaistus"
    assert "katulamppu" in service["token"].head(3).to_list()
    assert "valaistus" in classify.render_explanation(rows)


def test_large_tables_are_shared_by_processes_with_the_same_answers(
    classifier: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pl.DataFrame({"id": range(9), "text": [LAMP, DOCTOR, "kiitos"] * 3}).write_csv(
        tmp_path / "in.csv"
    )
    monkeypatch.setattr(classify, "BATCH_ROWS", 2)
    monkeypatch.setattr(classify, "LEAST_POOL_ROWS", 1)

    for n_processes, name in ((1, "one.csv"), (2, "two.csv")):
        classify.classify_file(
            tmp_path / "in.csv",
            tmp_path / name,
            classifier,
            n_processes=n_processes,
            is_explained=True,
            say=lambda _: None,
        )

    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


@pytest.mark.usefixtures("classifier")
def test_the_command_tells_what_it_did_and_never_a_word_of_a_text(
    folder: Path, tmp_path: Path
) -> None:
    pl.DataFrame({"id": ["1"], "text": [LAMP]}).write_excel(tmp_path / "in.xlsx")

    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "classify", "in.xlsx", "-o", "out.csv"],
        cwd=ROOT,
        env={**os.environ, "KUULOLLA_DATA_DIR": str(folder), "KUULOLLA_CALLER": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert pl.read_csv(tmp_path / "out.csv")["service_id"].to_list() == ["valaistus"]
    assert "1 rows in" in done.stdout
    assert "amppu" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["in.csv"], 2, "Give either -o OUT"),
        (["nowhere.csv", "-o", "out.csv"], 1, "There is no file"),
    ],
)
@pytest.mark.usefixtures("classifier")
def test_wrong_use_is_told_without_a_traceback(
    arguments: list[str], code: int, sentence: str, folder: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "classify", *arguments],
        cwd=ROOT,
        env={**os.environ, "KUULOLLA_DATA_DIR": str(folder), "KUULOLLA_CALLER": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
