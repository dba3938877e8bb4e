"""Inflected names of places, streets and units."""

from demo_city.places import day_care_forms, read_gazetteer, school_forms


def test_places_keep_consonant_gradation() -> None:
    places = read_gazetteer().by_name

    assert places["Kärki"].forms["n"] == "Kärjen"
    assert places["Uppa"].forms["ssa"] == "Upassa"
    assert places["Hyllykallio"].forms["an"] == "Hyllykalliolle"


def test_street_forms_follow_the_ending() -> None:
    streets = {s.forms[""]: s.forms for found in read_gazetteer().streets.values() for s in found}

    assert streets["Kuusikontie"]["lla"] == "Kuusikontiellä"
    assert streets["Aholankatu"]["n"] == "Aholankadun"
    assert streets["Pajupillinkuja"]["lta"] == "Pajupillinkujalta"
    assert streets["Harakanpolku"]["n"] == "Harakanpolun"


def test_units_are_named_after_their_place() -> None:
    place = read_gazetteer().by_name["Niemistö"]

    assert school_forms(place)["lla"] == "Niemistön koululla"
    assert day_care_forms(place)["ssa"] == "Niemistön päiväkodissa"
