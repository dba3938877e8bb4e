"""Names of units are kept, names of persons are not."""

import polars as pl
import pytest

from transforms.clean.unit_names import is_other_authority, unit_name


def _kept(name: str | None) -> str | None:
    frame = pl.DataFrame({"name": [name]}, schema={"name": pl.String})
    return frame.select(unit_name("name").alias("kept")).item()


@pytest.mark.parametrize(
    "name",
    [
        "Kaupunginkanslia",
        "Kaupunkiympäristön toimiala",
        "Kadut ja kunnossapito",
        "Seinäjoen Kaupunki",
        "Seinäjoen Energia Oy",
        "KADUT JA VIHERALUEET",
        "Tekninen Keskus",
        "kirjasto",
        "1234",
    ],
)
def test_names_of_units_are_kept(name: str) -> None:
    assert _kept(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "Maija Esimerkki",
        "Esimerkki, Maija",
        "Maija-Liisa Esimerkki-Malli",
        "M. Esimerkki",
        "Esimerkki M",
        "MAIJA ESIMERKKI",
        "maija.esimerkki@example.fi",
        "Kadut, puh. 040 000 0000",
        "",
        "  ",
        None,
    ],
)
def test_names_of_persons_and_their_numbers_are_not_kept(name: str | None) -> None:
    assert _kept(name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Etelä-Pohjanmaan hyvinvointialue", True),
        ("ELY-keskus", True),
        ("Poliisi", True),
        ("Siirretty toiselle viranomaiselle", True),
        ("Elinvoiman ja työllisyyden toimiala", False),
        ("Kelaus", False),
        ("Selyt", False),
        (None, False),
    ],
)
def test_other_authorities_are_known_by_their_names(name: str | None, *, expected: bool) -> None:
    frame = pl.DataFrame({"name": [name]}, schema={"name": pl.String})

    assert frame.select(is_other_authority("name")).item() is expected
