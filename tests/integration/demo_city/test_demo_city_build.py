"""The source folder of the demo city, built small: shapes, counts, determinism."""

import csv
import hashlib
import io
import json
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from demo_city.arrivals import Period
from demo_city.city import DemoSummary, build_demo_city
from demo_city.profiles import KINDS, read_profiles
from demo_city.tickets import Ticket, draw_tickets

SCALE = 0.06
PERIOD = Period(date(2023, 11, 1), date(2026, 10, 31))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoSummary]:
    target = tmp_path_factory.mktemp("demo") / "city"
    return target, build_demo_city(target, scale=SCALE)


@pytest.fixture(scope="module")
def tickets() -> list[Ticket]:
    return draw_tickets(seed=2023, n=9_000, period=PERIOD)


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_two_builds_give_the_same_bytes(city: tuple[Path, DemoSummary], tmp_path: Path) -> None:
    again = tmp_path / "again"

    build_demo_city(again, scale=SCALE)

    assert _digests(again) == _digests(city[0])


def test_another_seed_gives_another_city(city: tuple[Path, DemoSummary], tmp_path: Path) -> None:
    other = tmp_path / "other"

    build_demo_city(other, scale=SCALE, seed=7)

    first, second = _digests(city[0]), _digests(other)
    assert first["tables/palvelupiste.csv"] != second["tables/palvelupiste.csv"]


def test_a_finished_city_is_not_built_again(tmp_path: Path) -> None:
    steps: list[str] = []
    target = tmp_path / "city"
    first = build_demo_city(target, scale=0.01, progress=lambda step, _: steps.append(step))
    n_steps = len(steps)

    second = build_demo_city(target, scale=0.01, progress=lambda step, _: steps.append(step))

    assert first == second
    assert len(steps) == n_steps
    assert sorted(path.name for path in tmp_path.iterdir()) == ["city"]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "palautteet.csv").write_text("omaa", encoding="utf-8")

    with pytest.raises(FileExistsError, match="holds files but no"):
        build_demo_city(tmp_path, scale=0.01)


def test_windows_and_pages_keep_to_the_limits(city: tuple[Path, DemoSummary]) -> None:
    files = sorted((city[0] / "georeport").glob("requests_*.json"))

    for path in files:
        _, first, last, _ = path.stem.split("_")
        assert (date.fromisoformat(last) - date.fromisoformat(first)).days < 90
        assert len(_read(path)) <= 1_000
    assert sum(len(_read(path)) for path in files) == city[1].counts["georeport"]["rows"]


def test_requests_have_the_shape_of_georeport(city: tuple[Path, DemoSummary]) -> None:
    rows = [r for p in (city[0] / "georeport").glob("requests_*.json") for r in _read(p)]

    needed = {"service_request_id", "service_code", "description", "status", "extended_attributes"}
    assert all(needed <= set(row) for row in rows)
    missing = [row for row in rows if "requested_datetime" not in row]
    assert len(missing) == city[1].counts["georeport"]["missing_requested"]
    closed = [row for row in rows if row["status"] == "closed" and "requested_datetime" in row]
    assert all(row["updated_datetime"] >= row["requested_datetime"][:10] for row in closed)
    assert any("log" in row["extended_attributes"] for row in rows)
    assert any("tasks" in row["extended_attributes"] for row in rows)
    ids = {row["service_request_id"] for row in rows}
    assert len(ids) == city[1].counts["georeport"]["requests"]


def test_listings_overlap_and_end_with_a_short_page(city: tuple[Path, DemoSummary]) -> None:
    pages = sorted((city[0] / "kuntalaisaloite").glob("list_*.json"))
    details = list((city[0] / "kuntalaisaloite").glob("initiative_*.json"))

    assert all(len(_read(page)) <= 50 for page in pages)
    assert len(details) == city[1].counts["initiatives"]["details"]
    assert all(isinstance(_read(path)["participantCount"], dict) for path in details)
    assert all(_read(path)["authors"]["publicAuthors"] == [] for path in details)


def test_counts_of_initiatives_at_full_size(tmp_path: Path) -> None:
    from demo_city.initiatives import draw_initiatives, write_initiatives

    drawn = draw_initiatives(seed=2023, n=120, period=PERIOD, residents=66_500)
    counts = write_initiatives(tmp_path, drawn, period=PERIOD, seed=2023)

    passed = [i for i in drawn if i.supporters >= 1_330]
    runs = Counter(p.name.split("_")[1] for p in tmp_path.glob("list_*.json"))
    assert len(drawn) == 120
    assert 1 <= len(passed) <= 4
    assert len(runs) == 2
    assert min(len(_read(p)) for p in tmp_path.glob("list_*.json")) < 50
    assert counts["overlap_rows"] > 0
    assert counts["vanished"] == 3


def test_waves_and_respondents_are_as_counted(city: tuple[Path, DemoSummary]) -> None:
    counts = city[1].counts["surveys"]
    folders = list((city[0] / "webropol").iterdir())
    sidecars = [*(city[0] / "webropol").rglob("questionnaire.toml"),
                *(city[0] / "survey_tables").glob("*.questionnaire.toml")]  # fmt: skip
    envelopes = [_read(p) for f in folders for p in f.glob("responses_p*.json")]

    assert counts["waves"] == len(sidecars) == 40
    assert counts["table_waves"] == 8
    assert all(len(e["SurveyAnswers"]) == e["Paging"]["ItemCount"] <= 500 for e in envelopes)
    answers = [a for e in envelopes for r in e["SurveyAnswers"] for a in r["RespondentAnswers"]]
    assert len(answers) == counts["answer_rows"]
    for path in sidecars:
        survey = tomllib.loads(path.read_text(encoding="utf-8"))
        assert survey["survey"]["id"]
        lists = {found["id"] for found in survey["codelist"]}
        assert {v["codelist"] for v in survey["variable"] if "codelist" in v} <= lists


def test_the_desk_table_reads_with_its_map_but_for_the_planted_faults(
    city: tuple[Path, DemoSummary],
) -> None:
    tables = city[0] / "tables"
    text = (tables / "palvelupiste.csv").read_bytes().decode("cp1252")
    found = tomllib.loads((tables / "palvelupiste.columns.toml").read_text(encoding="utf-8"))
    header = next(csv.reader(io.StringIO(text), delimiter=";"))

    columns = [
        c
        for value in found["columns"].values()
        for c in ([value] if isinstance(value, str) else value)
    ]
    assert set(columns) <= set(header)
    assert set(found["table"]["match_columns"]) <= set(header)
    assert text.count("31.2.") == city[1].counts["crm"]["impossible_date"]
    assert (tables / "palvelupiste_kopio_2.csv").read_bytes() == text.encode("cp1252")


def test_the_marker_says_what_is_there(city: tuple[Path, DemoSummary]) -> None:
    marker = _read(city[0] / ".demo.json")
    ideas = (city[0] / "tables" / "asukasbudjetti_ideat.csv").read_text(encoding="utf-16")

    assert marker["as_of"] == "2026-10-31"
    assert marker["counts"] == city[1].counts
    assert marker["counts"]["tickets"]["all"] == round(18_000 * SCALE)
    assert marker["counts"]["ideas"]["rows"] == len(ideas.splitlines()) - 1
    by_source = marker["counts"]["georeport"]["requests"] + marker["counts"]["crm"]["rows"]
    assert by_source == marker["counts"]["tickets"]["all"]


def test_every_service_and_kind_is_written_about(tickets: list[Ticket]) -> None:
    assert {t.service for t in tickets} == set(read_profiles())
    assert {t.message.kind for t in tickets} == set(KINDS)
    assert {t.message.language for t in tickets} == {"fi", "sv", "en", "other"}


def test_messages_hold_no_open_slot(tickets: list[Ticket]) -> None:
    texts = [t.text + t.message.title + (t.reply or "") for t in tickets]

    assert not any(set("{}[]|") & set(text) for text in texts)


def test_few_messages_are_exact_duplicates(tickets: list[Ticket]) -> None:
    texts = Counter(ticket.text for ticket in tickets)

    repeated = sum(count - 1 for count in texts.values())
    assert repeated / len(tickets) < 0.02


@pytest.mark.parametrize("source", ["georeport", "crm"])
def test_no_two_of_a_page_look_alike(tickets: list[Ticket], source: str) -> None:
    bags = [frozenset(t.text.lower().split()) for t in tickets if t.source == source]

    alike = sum(
        len(here & there) > 0.75 * min(len(here), len(there))
        for place, here in enumerate(bags)
        for there in bags[max(0, place - 24) : place]
        if min(len(here), len(there)) > 3
    )
    assert alike <= len(bags) * 0.002
