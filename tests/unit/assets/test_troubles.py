"""Word of what is not well: kept until it is, and told in the alert."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from assets.alerts import write_alert
from assets.troubles import Trouble, forget_trouble, note_trouble, troubles
from tests.support.houses import NOW, house_in

SENTENCE = "The service did not answer within 30 s. Its last data stand."


def test_a_house_in_order_has_no_troubles(tmp_path: Path) -> None:
    assert troubles(house_in(tmp_path)) == []


def test_a_trouble_is_kept_with_the_moment_at_which_it_began(tmp_path: Path) -> None:
    house = house_in(tmp_path)
    note_trouble(house, "raw_feedback__georeport", "It was down.")

    note_trouble(replace(house, now=NOW + timedelta(days=1)), "raw_feedback__georeport", SENTENCE)

    assert troubles(house) == [
        Trouble("raw_feedback__georeport", SENTENCE, "2026-03-02T00:30:00+00:00")
    ]


def test_troubles_come_by_what_they_are_about_and_end_one_by_one(tmp_path: Path) -> None:
    house = house_in(tmp_path)
    for about in ("webropol", "georeport", "run"):
        note_trouble(house, about, SENTENCE)

    forget_trouble(house, "run")
    forget_trouble(house, "never_noted")

    assert [t.about for t in troubles(house)] == ["georeport", "webropol"]


def test_a_trouble_that_comes_back_begins_anew(tmp_path: Path) -> None:
    house = house_in(tmp_path)
    note_trouble(house, "run", SENTENCE)
    forget_trouble(house, "run")

    note_trouble(replace(house, now=NOW + timedelta(days=2)), "run", SENTENCE)

    assert [t.since for t in troubles(house)] == ["2026-03-04T00:30:00+00:00"]


def test_an_alert_says_what_failed_since_when_and_that_the_last_publication_stands(
    tmp_path: Path,
) -> None:
    house = house_in(tmp_path)
    note_trouble(house, "georeport", SENTENCE)

    path = write_alert(house, run_id="0a1b", sentence="core_notes__notes: The file is cut off.\n")

    assert path == tmp_path / "alerts" / "2026-03-02T003000+0000.txt"
    assert path.read_text(encoding="utf-8") == (
        "Kuulolla: the run of 2026-03-02T00:30:00+00:00 failed. The last publication stands.\n"
        "\n"
        "core_notes__notes: The file is cut off.\n"
        "\n"
        f"georeport (since 2026-03-02T00:30:00+00:00): {SENTENCE}\n"
        "\n"
        "Run id: 0a1b. Details: ./run ui, Runs.\n"
    )
