"""Home addresses are masked, streets as the place of a fault are not; all are invented."""

import pytest

from transforms.privacy.addresses import find_addresses


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Asun Koulukatu 5 B 12:ssa.", "Koulukatu 5 B 12"),
        (
            "Kotiosoitteeni on Pajuluomantie 27, 60150 Seinäjoki",
            "Pajuluomantie 27, 60150 Seinäjoki",
        ),
        ("Meillä Törnäväntie 14 as 3 on kylmä.", "Törnäväntie 14 as 3"),
        ("osoitteessa Alvar Aallon katu 5 A 7", "Alvar Aallon katu 5 A 7"),
        ("Jag bor på Skolgatan 3 B 4 och", "Skolgatan 3 B 4"),
        ("asumme kivistöntie 8:ssa", "kivistöntie 8"),
        ("joka asuu Saarentie 8:ssa", "Saarentie 8"),
        ("postiosoitteeni on PL 12", "PL 12"),
        ("Maija Mallikas, Peltolankuja 9, kiitos", "Peltolankuja 9"),
        ("Kirkkotie 22, puh. 040 123 4567", "Kirkkotie 22"),
    ],
)
def test_somebody_s_home_is_found_whole(text: str, address: str) -> None:
    assert [text[s.start : s.end] for s in find_addresses(text)] == [address]


@pytest.mark.parametrize(
    "text",
    [
        "Koulukatu 5:n kohdalla on monttu.",
        "Alvar Aallon kadun ja Kirkkokadun risteys.",
        "Saarentie 8–14 väliltä puuttuu valot.",
        "Kirkkotie 22:n vieressä oleva oja tulvii.",
        "Vaasantie 115, 60100 on vaarallinen.",
        "Kirjaston osoite on Keskuskatu 4, 60100 Seinäjoki.",
        "On asunut Seinäjoella 60 vuotta.",
        "Hylly B 4, liite 5 B 12 ja valtatie 18.",
    ],
)
def test_a_place_in_the_street_is_not(text: str) -> None:
    assert list(find_addresses(text)) == []
