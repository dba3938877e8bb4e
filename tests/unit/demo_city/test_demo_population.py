"""Statistics of the demo city: totals that agree with each other, and small cells protected."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from demo_city.arrivals import Period
from demo_city.population import YEARS, write_population
from demo_city.reviews import write_reviews


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vaesto")
    write_population(path, residents=66_500)
    return path


def cube(folder: Path, name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return document


def test_a_year_s_total_is_the_same_by_gender_and_by_language(folder: Path) -> None:
    by_age = cube(folder, "vaesto_ika_sukupuoli.json")
    by_language = cube(folder, "vaesto_kieli.json")

    # 102 classes of age by three of gender in a year; languages stand outside the years.
    totals = [by_age["value"][str(306 * place)] for place in range(len(YEARS))]

    assert totals == [by_language["value"][str(place)] for place in range(len(YEARS))]
    assert totals[1] == 66_556


def test_ages_and_genders_add_up_to_the_total(folder: Path) -> None:
    value = cube(folder, "vaesto_ika_sukupuoli.json")["value"]

    counts = [value[str(place)] for place in range(306)]

    assert counts[0] == sum(counts[1:102]) == counts[102] + counts[204]
    # 17.1 % are under 15 (SOURCES §5.1).
    assert sum(counts[1:16]) / counts[0] == pytest.approx(0.171, abs=0.001)


def test_small_cells_of_small_areas_are_protected(folder: Path) -> None:
    by_area = cube(folder, "vaesto_alue_ika.json")

    n_cells = by_area["size"][0] * by_area["size"][1]

    assert len(by_area["status"]) > 0
    assert len(by_area["value"]) + len(by_area["status"]) == n_cells
    assert set(by_area["status"].values()) == {"..."}


def test_two_writings_are_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_population(tmp_path, residents=66_500)

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        p.name: p.read_bytes() for p in folder.iterdir()
    }


def test_reviews_are_of_years_that_had_ended_when_they_were_made(tmp_path: Path) -> None:
    counts = write_reviews(
        tmp_path, period=Period(date(2023, 11, 1), date(2026, 10, 31)), seed=2023
    )

    lines = (tmp_path / "toimenpidearviot.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    years = {(line.split(";")[1], line.split(";")[5].split(".")[-1]) for line in lines}
    assert years == {("2024", "2025"), ("2025", "2026")}
    assert counts == {"rows": len(lines)}
