"""Residents of the demo city, as Statistics Finland would send them: Paavo and JSON-stat.

Shares follow public facts of Seinäjoki (population 66,556 on 31.10.2024, 17.1 % under 15, 95.3 %
Finnish and 0.2 % Swedish speakers); how people spread over postal areas follows Paavo 2022
(Statistics Finland, CC BY 4.0). Ages within a band are invented.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

Key = TypeVar("Key")
AREA = "KU743"
YEARS = (2023, 2024, 2025)
#: Residents on 31.12. less those of the city's argument.
_GROWTH = {2023: -396, 2024: 56, 2025: 420}
_POSTAL = {
    "60100": 11_333, "60120": 2_654, "60150": 4_407, "60200": 12_543, "60220": 1_828, "60280": 59,
    "60320": 7_456, "60420": 1_388, "60510": 9_368, "60550": 4_319, "60560": 681, "60640": 703,
    "61100": 1_897, "61110": 189, "61120": 673, "61140": 119, "61160": 539, "61180": 197,
    "61400": 1_910, "61410": 710, "61430": 380, "61440": 151, "61450": 500, "61460": 269,
    "61470": 443, "61650": 313,
}  # fmt: skip
#: People without a known address are in no postal area.
_WITH_ADDRESS = 0.985
_BANDS = ((0, 14, 0.171), (15, 24, 0.122), (25, 44, 0.268), (45, 64, 0.236), (65, 79, 0.149),
          (80, 100, 0.054))  # fmt: skip
_BAND_CODES = ("0-14", "15-24", "25-44", "45-64", "65-79", "80-")
_LANGUAGES = (("fi", 0.953), ("sv", 0.002), ("02", 0.045))
_LEAST_SHOWN = 5
_OLDEST = 100


def write_population(folder: Path, *, residents: int) -> dict[str, int]:
    """Write four deliveries: postal areas, age by gender, language, and age by postal area.

    Returns:
        Counts of files, of years, and of cells that are protected.
    """
    folder.mkdir(parents=True, exist_ok=True)
    totals = {year: residents + _GROWTH[year] for year in YEARS}
    postal = {year: _spread(round(n * _WITH_ADDRESS), _POSTAL) for year, n in totals.items()}
    rows = ["postcode;" + ";".join(f"population_{year}" for year in YEARS)]
    rows += [f"{code};" + ";".join(str(postal[y][code]) for y in YEARS) for code in _POSTAL]
    (folder / "paavo.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    _write(folder / "vaesto_ika_sukupuoli.json", *_by_age_and_gender(totals))
    _write(folder / "vaesto_kieli.json", *_by_language(totals))
    dimensions, cells = _by_area_and_age(postal)
    _write(folder / "vaesto_alue_ika.json", dimensions, cells)
    return {"files": 4, "years": len(YEARS), "protected": cells.count(None)}


def _by_age_and_gender(totals: Mapping[int, int]) -> tuple[dict[str, list[str]], list[int | None]]:
    ages = [f"{age:03}" for age in range(_OLDEST)] + [f"{_OLDEST}-"]
    dimensions = {
        "Alue": [AREA],
        "Vuosi": [str(year) for year in totals],
        "Sukupuoli": ["SSS", "1", "2"],
        "Ikä": ["SSS", *ages],
        "Tiedot": ["vaesto"],
    }
    cells: list[int | None] = []
    for total in totals.values():
        everybody = list(_spread(total, _age_weights()).values())
        men = [round(n * _share_of_men(age)) for age, n in enumerate(everybody)]
        women = [n - m for n, m in zip(everybody, men, strict=True)]
        for counts in (everybody, men, women):
            cells += [sum(counts), *counts]
    return dimensions, cells


def _by_language(totals: Mapping[int, int]) -> tuple[dict[str, list[str]], list[int | None]]:
    years = [str(year) for year in totals]
    dimensions = {"Alue": [AREA], "Kieli": ["SSS", "01", "fi", "sv", "02"], "Vuosi": years}
    spread = [_spread(total, dict(_LANGUAGES)) for total in totals.values()]
    cells: list[int | None] = list(totals.values())
    cells += [counts["fi"] + counts["sv"] for counts in spread]
    cells += [counts[code] for code, _ in _LANGUAGES for counts in spread]
    return dimensions | {"Tiedot": ["vaesto"]}, cells


def _by_area_and_age(
    postal: Mapping[int, Mapping[str, int]],
) -> tuple[dict[str, list[str]], list[int | None]]:
    """The last year by postal area and band; small cells of small areas are protected."""
    last = max(postal)
    dimensions = {
        "Postinumeroalue": list(_POSTAL),
        "Ikä": list(_BAND_CODES),
        "Vuosi": [str(last)],
        "Tiedot": ["vaesto"],
    }
    shares = dict(zip(_BAND_CODES, (share for *_, share in _BANDS), strict=True))
    cells: list[int | None] = []
    for code in _POSTAL:
        counts = _spread(postal[last][code], shares)
        cells += [n if n >= _LEAST_SHOWN else None for n in counts.values()]
    return dimensions, cells


def _age_weights() -> dict[int, float]:
    """Weight of each age: a band's share, thinning out towards the oldest."""
    weights: dict[int, float] = {}
    for first, last, share in _BANDS:
        shape = dict.fromkeys(range(first, last + 1), 1.0)
        if first >= _BANDS[-2][0]:
            shape = {age: float(last + 2 - age) for age in shape}
        whole = sum(shape.values())
        weights |= {age: share * part / whole for age, part in shape.items()}
    return weights


def _share_of_men(age: int) -> float:
    return max(0.25, 0.512 - max(0, age - 45) * 0.0035)


def _spread(total: int, weights: Mapping[Key, float]) -> dict[Key, int]:
    """Whole numbers in proportion to weights that add up to the total (largest remainders)."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    found = {key: int(value) for key, value in exact.items()}
    rest = total - sum(found.values())
    by_remainder = sorted(exact, key=lambda key: found[key] - exact[key])
    return found | {key: found[key] + 1 for key in by_remainder[:rest]}


def _write(path: Path, dimensions: Mapping[str, list[str]], cells: Sequence[int | None]) -> None:
    """JSON-stat 2.0 as PxWeb writes it: values by position, withheld ones by their status."""
    document = {
        "class": "dataset",
        "label": f"Väestö 31.12. muuttujina {', '.join(dimensions)}",
        "source": "Keksitty tilasto",
        "id": list(dimensions),
        "size": [len(codes) for codes in dimensions.values()],
        "dimension": {
            name: {
                "label": name,
                "category": {
                    "index": {code: place for place, code in enumerate(codes)},
                    "label": {code: code for code in codes},
                },
            }
            for name, codes in dimensions.items()
        },
        "value": {str(place): n for place, n in enumerate(cells) if n is not None},
        "status": {str(place): "..." for place, n in enumerate(cells) if n is None},
        "version": "2.0",
    }
    path.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
