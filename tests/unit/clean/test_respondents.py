"""A respondent's background is as it was told then, in our own codes, or null."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.contract import load_codes, load_contracts
from tests.support.library_survey import library_questionnaire
from transforms.clean.cleaned import Cleaned
from transforms.clean.respondents import clean_respondents
from transforms.parse.questionnaire_rows import codelist_rows, empty_codelists
from transforms.parse.survey_frames import RESPONDENT_SCHEMA, RESPONDENTS

CITY = ZoneInfo("Europe/Helsinki")
CODELISTS = codelist_rows(library_questionnaire())
CODES = {**load_codes(), "postal_areas": pl.DataFrame(
    {"postcode": ["60100", "61400"], "area_code": ["lantinen", "pohjoinen"]}
)}  # fmt: skip
HONEST = {
    "survey_id": "kirjasto",
    "wave_code": "2025-1",
    "response_id": "v1",
    "answered_at": "2025-03-10T11:54:34.25",
    "line_no": 1,
}


def _clean(*changes: dict[str, Any], codelists: pl.DataFrame = CODELISTS) -> Cleaned:
    rows = [{**HONEST, "line_no": n, **change} for n, change in enumerate(changes, start=1)]
    frame = pl.DataFrame(rows, schema=dict(RESPONDENT_SCHEMA))
    return clean_respondents(frame, source_code="webropol", codelists=codelists, codes=CODES)


def _one(**change: Any) -> dict[str, Any]:
    cleaned = _clean(change)
    assert cleaned.rejects.is_empty()
    return cleaned.frame.row(0, named=True)


def test_columns_are_those_of_the_contract() -> None:
    promised = load_contracts()[RESPONDENTS].schema

    schema = dict(_clean({}).frame.schema)

    assert schema == {name: dtype for name, dtype in promised.items() if name != "delivery_sha256"}


def test_the_key_names_survey_wave_and_response() -> None:
    assert _one()["respondent_id"] == "kirjasto|2025-1|v1"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-03-10T11:54:34.253", datetime(2025, 3, 10, 11, 54, 34, 253000, tzinfo=CITY)),
        ("2025-03-10T11:54:34", datetime(2025, 3, 10, 11, 54, 34, tzinfo=CITY)),
        ("10.3.2025 11.54", datetime(2025, 3, 10, 11, 54, tzinfo=CITY)),
        ("2025-03-10T09:54:34Z", datetime(2025, 3, 10, 11, 54, 34, tzinfo=CITY)),
        # 03:30 stood twice on 27.10.2024: the first time in summer time.
        ("2024-10-27T03:30:00", datetime(2024, 10, 27, 3, 30, tzinfo=CITY)),
        # 03:30 did not exist on 31.3.2024.
        ("2024-03-31T03:30:00", datetime(2024, 3, 31, 4, 30, tzinfo=CITY)),
        (None, None),
    ],
)
def test_a_time_without_zone_is_city_time(written: str | None, moment: datetime | None) -> None:
    assert _one(answered_at=written)["answered_at"] == moment


@pytest.mark.parametrize("written", ["eilen", "0202-03-10T11:54:34", "31.2.2025 10:00"])
def test_a_time_that_is_none_is_rejected(written: str) -> None:
    cleaned = _clean({"answered_at": written}, {})

    assert cleaned.frame.get_column("line_no").to_list() == [2]
    assert cleaned.rejects.get_column("reason_code").to_list() == ["unreadable_answered_at"]


def test_a_respondent_without_id_is_rejected() -> None:
    assert _clean({"response_id": None}).rejects.height == 1


@pytest.mark.parametrize(
    ("change", "band"),
    [
        ({"age_band": "2"}, "25_44"),
        ({"age_band": "25–44 VUOTTA"}, "25_44"),
        ({"age_band": "80 tai yli"}, "80_"),
        ({"age_band": "65_79"}, "65_79"),
        ({"age_band": "En halua kertoa"}, None),
        ({"age_band": "vanha"}, None),
        ({"age_years": "14"}, "0_14"),
        ({"age_years": "15"}, "15_24"),
        ({"age_years": "24"}, "15_24"),
        ({"age_years": "25"}, "25_44"),
        ({"age_years": "79 vuotta"}, "65_79"),
        ({"age_years": "80"}, "80_"),
        ({"age_years": "120"}, "80_"),
        ({"age_years": "121"}, None),
        ({"birth_year": "1980"}, "45_64"),
        ({"birth_year": "1981", "answered_at": None}, "25_44"),
        ({"birth_year": "2026"}, None),
        ({}, None),
    ],
)
def test_the_age_band_is_that_of_the_time_of_answering(
    change: dict[str, str], band: str | None
) -> None:
    assert _one(**change)["age_band_code"] == band


@pytest.mark.parametrize(
    ("told", "code"),
    [("1", "female"), ("Mies", "male"), ("jokin muu", "other"), ("Kvinna", "female"),
     ("En halua kertoa", None), ("4", None), ("x", None), (None, None)],
)  # fmt: skip
def test_gender_is_told_in_the_questionnaires_words_or_ours(
    told: str | None, code: str | None
) -> None:
    assert _one(gender=told)["gender_code"] == code


@pytest.mark.parametrize(
    ("change", "area"),
    [
        ({"postcode": "61400"}, "pohjoinen"),
        ({"postcode": "60100 Seinäjoki"}, "lantinen"),
        ({"postcode": "00100"}, None),
        ({"area": "Eteläinen alue", "postcode": "61400"}, "etelainen"),
        ({"area": "jossain", "postcode": "61400"}, "pohjoinen"),
    ],
)
def test_the_area_is_the_one_told_or_that_of_the_postcode(
    change: dict[str, str], area: str | None
) -> None:
    assert _one(**change)["area_code"] == area


@pytest.mark.parametrize(
    ("told", "groups"),
    [
        (None, None),
        ("", ""),
        ("3", ""),
        ("Olen nuori", "nuoret"),
        ("1\n2", "lapset;nuoret"),
        ("2\n1\n2", "lapset;nuoret"),
        ("vanhukset\n3", "vanhukset"),
    ],
)
def test_groups_are_joined_in_code_order(told: str | None, groups: str | None) -> None:
    assert _one(groups=told)["groups"] == groups


@pytest.mark.parametrize(
    ("told", "code"),
    [("fi", "fi"), ("Ruotsi", "sv"), ("Suomi", "fi"), ("sv-FI", "sv"), ("et", "other"),
     ("muu kieli", "other"), ("eos", None), ("1", None)],
)  # fmt: skip
def test_the_language_is_told_by_name_or_tag(told: str, code: str | None) -> None:
    assert _one(language=told)["language_code"] == code


def test_a_later_wave_leaves_the_background_of_an_earlier_one() -> None:
    then = {"gender": "1", "age_years": "44"}
    later = {"gender": "2", "age_years": "45", "wave_code": "2026-1"}

    alone = _clean(then).frame
    together = _clean(then, later).frame

    assert together.row(0) == alone.row(0)
    assert together.get_column("respondent_id").n_unique() == 2


def test_without_a_questionnaire_our_own_words_are_understood() -> None:
    assert _clean({"gender": "Nainen"}, codelists=empty_codelists()).frame.item(
        0, "gender_code"
    ) == "female"  # fmt: skip


_TOLD = st.fixed_dictionaries(
    {"response_id": st.sampled_from(["a", "b", None])},
    optional={
        name: st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["1", "2", "60100", "fi"]))
        for name in ("answered_at", "age_band", "age_years", "birth_year", "gender", "postcode",
                     "groups", "language")
    },
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(_TOLD, max_size=6))
def test_every_row_is_kept_or_rejected_and_codes_are_ours(rows: list[dict[str, Any]]) -> None:
    cleaned = _clean(*rows)

    assert cleaned.frame.height + cleaned.rejects.height == len(rows)
    for column, list_name in (("gender_code", "gender"), ("age_band_code", "age_band")):
        known = CODES[list_name].to_series(0).to_list()
        assert cleaned.frame.get_column(column).drop_nulls().is_in(known).all()
