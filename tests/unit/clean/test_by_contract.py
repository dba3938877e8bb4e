"""Lists kept by hand are cleaned as their contract says, and every slip is told to its clerk."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contracts
from data_contracts.templates import filled_columns
from transforms.clean.by_contract import Writing, clean_by_contract
from transforms.clean.cleaned import Cleaned
from transforms.clean.notes import clean_template_notes

CONTRACTS = load_contracts()
ACTIONS, MESSAGES = CONTRACTS["core_actions__actions"], CONTRACTS["core_actions__messages"]
EVENTS, BODIES = CONTRACTS["core_participation__events"], CONTRACTS["core_influence__bodies"]
NOTES = CONTRACTS["core_notes__notes"]
AN_ACTION = {
    "action_id": "SIV-2026-01",
    "department_id": "Sivistyksen ja hyvinvoinnin toimiala",
    "title": "Pidennetään aukioloa",
    "created_on": "15.1.2026",
    "status_code": "Käynnissä",
}
A_MESSAGE = {
    "message_id": "V-1",
    "department_id": "konserni",
    "about_kind_code": "Toimenpide",
    "about_id": "SIV-2026-01",
    "audiences": "Asukkaat",
    "message_channels": "Verkkosivut",
    "sent_on": "20.1.2026",
}
AN_EVENT = {
    "event_id": "T-1",
    "event_kind_code": "Asukasilta",
    "title": "Ilta Nurmossa",
    "held_on": "3.3.2026",
    "department_id": "Elinvoiman toimiala",
}
HONEST = {ACTIONS.name: AN_ACTION, MESSAGES.name: A_MESSAGE, EVENTS.name: AN_EVENT}


def cleaned(table_name: str, *changes: dict[str, str | None], **marks: list[str]) -> Cleaned:
    """One honest row per change, from line 2 on."""
    table = CONTRACTS[table_name]
    names = [column.name for column in filled_columns(table)]
    rows = [dict.fromkeys(names) | HONEST[table_name] | change for change in changes]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String)).with_columns(
        *(pl.Series(name, values) for name, values in marks.items()),
        line_no=pl.int_range(2, len(rows) + 2, dtype=pl.Int64),
    )
    headers = {column.name: column.label_fi for column in filled_columns(table)}
    return clean_by_contract(frame, table=table, writing=Writing(headers))


def told(table_name: str, **change: str | None) -> tuple[str, str, str | None, str]:
    """What is said of one row with the change."""
    rejects = cleaned(table_name, change).rejects
    assert rejects.height == 1
    row = rejects.row(0, named=True)
    return row["reason_code"], row["column_name"], row["found_shape"], row["expected"]


def test_an_action_is_typed_and_its_labels_become_codes() -> None:
    change = {
        "service_id": "kirjastopalvelut",
        "topic_id": "Viheralueet",
        "due_on": "2026-03-31",
        "groups": "Vanhukset; nuoret",
        "budget_year": "2026",
        "value_before": "3,6",
        "effect_dataset": "service_satisfaction",
        "measure_id": "2023-2.3.2",
    }

    row = cleaned(ACTIONS.name, change).frame.row(0, named=True)

    assert row["department_id"] == "sivistys_hyvinvointi"
    assert (row["service_id"], row["topic_id"]) == ("kirjasto", "viheralueet")
    assert (row["created_on"], row["due_on"]) == (date(2026, 1, 15), date(2026, 3, 31))
    assert row["status_code"] == "under_way"
    assert row["groups"] == "nuoret;vanhukset"  # in the order of the code list
    assert (row["budget_year"], row["value_before"]) == (2026, 3.6)
    assert row["closed_on"] is None


def test_cleaned_rows_have_the_columns_that_people_fill_and_their_line() -> None:
    frame = cleaned(ACTIONS.name, {}).frame

    assert frame.columns == [*(c.name for c in filled_columns(ACTIONS)), "line_no"]
    assert {n: t for n, t in frame.schema.items() if n in ACTIONS.schema} == {
        n: ACTIONS.schema[n] for n in frame.columns
    }
    assert frame["line_no"].to_list() == [2]


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("Asukkaat", "residents"),
        ("asukkaat,HENKILÖSTÖ", "employees;residents"),
        ("Asukkaat; Asukkaat", "residents"),
        ("Asukkaat,", "residents"),
        ("Invånarna, stakeholders", "residents;stakeholders"),
        ("Asukkaat\nHenkilöstö", "employees;residents"),
    ],
)
def test_several_codes_in_a_cell_are_told_once_each_in_the_list_s_order(
    written: str, codes: str
) -> None:
    frame = cleaned(MESSAGES.name, {"audiences": written}).frame

    assert frame["audiences"].to_list() == [codes]


@pytest.mark.parametrize(
    ("written", "truth"),
    [("kyllä", True), ("X", True), ("Ei", False), ("ja", True), ("0", False), (None, None)],
)
def test_yes_and_no_are_read_as_people_write_them(written: str | None, *, truth: bool) -> None:
    table = CONTRACTS["core_actions__decisions"]
    names = [column.name for column in filled_columns(table)]
    row = dict.fromkeys(names) | {
        "decision_id": "P-1",
        "decided_on": "1.2.2026",
        "decided_by_name": "Valtuusto",
        "department_id": "konserni",
        "title": "Sääntö",
        "is_dialogue_stated": written,
    }
    frame = pl.DataFrame([row], schema=dict.fromkeys(names, pl.String)).with_columns(
        line_no=pl.lit(2, dtype=pl.Int64)
    )

    headers = dict(zip(names, names, strict=True))
    found = clean_by_contract(frame, table=table, writing=Writing(headers)).frame

    assert found["is_dialogue_stated"].to_list() == [truth]


@pytest.mark.parametrize(
    ("table_name", "change", "reason", "column", "shape", "expected"),
    [
        (ACTIONS.name, {"action_id": " "}, "action_id_is_given", "Tunnus", " ",
         "sarakkeessa ”Tunnus” arvo; se on pakollinen"),
        (ACTIONS.name, {"action_id": "a;b"}, "action_id_has_its_form", "Tunnus", "a;a",
         "samanmuotoinen arvo kuin SIV-2026-01"),
        (ACTIONS.name, {"department_id": "Tekninen"}, "department_id_is_a_known_code", "Toimiala",
         "Aaaaaaaa", None),
        (ACTIONS.name, {"created_on": None}, "created_on_is_given", "Päätetty", None,
         "sarakkeessa ”Päätetty” arvo; se on pakollinen"),
        (ACTIONS.name, {"created_on": "31.2.2026"}, "date_unreadable", "Päätetty", "99.9.9999",
         "päivä muodossa 31.12.2026"),
        (ACTIONS.name, {"due_on": "keväällä"}, "date_unreadable", "Määräaika", "aaaaaaaa",
         "päivä muodossa 31.12.2026, tai tyhjä"),
        (ACTIONS.name, {"due_on": "14.1.2026"}, "due_after_created", "Määräaika", "9999-99-99",
         "”Määräaika” aikaisintaan samana päivänä kuin ”Päätetty”"),
        (ACTIONS.name, {"status_code": "Valmis"}, "done_has_its_day", "Valmistunut", None,
         "”Valmistunut” täytettynä, kun ”Tila” on Valmis"),
        (ACTIONS.name, {"budget_year": "2026,5"}, "not_a_whole_number", "Talousarviovuosi",
         "9999,9", "kokonaisluku väliltä 2000–2100, tai tyhjä"),
        (ACTIONS.name, {"budget_year": "26"}, "budget_year_is_large_enough", "Talousarviovuosi",
         "99", "kokonaisluku väliltä 2000–2100, tai tyhjä"),
        (ACTIONS.name, {"value_before": "noin 3"}, "not_a_number", "Arvo ennen", "aaaa 9",
         "luku, esimerkiksi 3,6, tai tyhjä"),
        (ACTIONS.name, {"evidence_key": "service_id=kirjasto"}, "evidence_row_has_dataset",
         "Perusteen aineisto", None,
         "”Perusteen aineisto” täytettynä, kun ”Perusteen rivi” on täytetty"),
        (ACTIONS.name, {"measure_id": "2.3.2"}, "measure_id_is_a_known_code", "Mallin toimenpide",
         "9.9.9", None),
        (MESSAGES.name, {"audiences": "Asukkaat, pulut"}, "audiences_are_known_codes",
         "Kohderyhmät", "Aaaaaaaa, aaaaa",
         ("yksi tai useampi näistä pilkulla erotettuna: Henkilöstö, Asukkaat, Asiakkaat,"
         " Sidosryhmät")),
        (MESSAGES.name, {"audiences": ", ;"}, "audiences_is_given", "Kohderyhmät", ", ;",
         "sarakkeessa ”Kohderyhmät” arvo; se on pakollinen"),
        (MESSAGES.name, {"sent_on": None}, "sent_or_promised", "Kerrottu", None,
         "”Kerrottu” tai ”Luvattu” täytettynä"),
        (MESSAGES.name, {"message_channels": None}, "told_has_channels", "Kanavat", None,
         "”Kanavat” täytettynä, kun ”Kerrottu” on täytetty"),
        (EVENTS.name, {"n_attendees": "-3"}, "n_attendees_is_large_enough", "Osallistujia", "-9",
         "kokonaisluku, vähintään 0, tai tyhjä"),
        (EVENTS.name, {"n_attendees": "5", "n_lapset": "6"}, "attendees_hold_lapset",
         "Osallistujia", "9",
         "”Osallistujia” vähintään yhtä suuri kuin ”Osallistujia: lapset”"),
        (EVENTS.name, {"process_id": "ranta", "process_kind_code": "kaava"},
         "process_kind_code_is_a_known_code", "Prosessin laji", "aaaaa",
         ("jokin näistä: Kaavoitus, Palvelukehitys, Julkisen tilan suunnittelu, Muu prosessi,"
         " tai tyhjä")),
        (EVENTS.name, {"process_kind_code": "Kaavoitus"}, "kind_has_process", "Prosessin tunnus",
         None, "”Prosessin tunnus” täytettynä, kun ”Prosessin laji” on täytetty"),
        (EVENTS.name, {"process_name": "Rannan asemakaava"}, "name_has_process",
         "Prosessin tunnus", None,
         "”Prosessin tunnus” täytettynä, kun ”Prosessin nimi” on täytetty"),
    ],
)  # fmt: skip
def test_a_slip_is_told_by_the_clerk_s_own_column_and_what_was_expected(
    table_name: str,
    change: dict[str, str | None],
    reason: str,
    column: str,
    shape: str | None,
    expected: str | None,
) -> None:
    found = told(table_name, **change)

    assert found[:3] == (reason, column, shape)
    assert expected in (found[3], None)


def test_a_short_list_is_told_whole_and_a_long_one_by_examples() -> None:
    short = told(ACTIONS.name, status_code="tehty")[3]
    long = told(ACTIONS.name, service_id="kissat")[3]

    assert short == "jokin näistä: Suunniteltu, Käynnissä, Valmis, Ei toteuteta"
    assert long.startswith("jokin sallituista arvoista, esimerkiksi Kadut ja kunnossapito, ")
    assert "välilehdellä Sallitut arvot, tai tyhjä" in long


def test_a_promise_that_waits_to_be_told_is_a_message_without_its_day() -> None:
    change = {"sent_on": None, "message_channels": None, "promised_on": "1.2.2026"}

    row = cleaned(MESSAGES.name, change).frame.row(0, named=True)

    assert (row["sent_on"], row["promised_on"]) == (None, date(2026, 2, 1))


@pytest.mark.parametrize("written", ["KH 12.2.2026 § 45", "SJKI/1107/00.01.02.01/2026", "7"])
def test_ids_are_taken_as_registers_and_minutes_write_them(written: str) -> None:
    assert cleaned(ACTIONS.name, {"action_id": written}).frame["action_id"].to_list() == [written]


def test_bounds_and_equal_days_are_kept() -> None:
    event = {"n_attendees": "6", "n_lapset": "6", "process_id": "joupin-puisto"}
    steps = [event | {"process_step_no": step} for step in ("1", "6")]
    action = {"due_on": "15.1.2026", "closed_on": "15.1.2026", "status_code": "Valmis"}

    assert cleaned(EVENTS.name, *steps).rejects.height == 0
    assert cleaned(ACTIONS.name, action).rejects.height == 0


def test_a_process_without_a_kind_and_a_name_is_accepted_as_in_older_files() -> None:
    found = cleaned(EVENTS.name, {"process_id": "ranta", "process_step_no": "2"})

    row = found.frame.row(0, named=True)
    assert (row["process_id"], row["process_kind_code"], row["process_name"]) == (
        "ranta", None, None,
    )  # fmt: skip


def test_of_rows_with_one_id_in_a_file_the_first_stands() -> None:
    found = cleaned(ACTIONS.name, {}, {"title": "Toinen"}, is_repeated=["false", "true"])

    assert found.frame["line_no"].to_list() == [2]
    assert found.rejects.select("line_no", "reason_code", "expected").rows() == [
        (3, "key_repeated", "”Tunnus” vain kerran tiedostossa; sama on jo aiemmalla rivillä")
    ]


def test_a_row_with_several_slips_is_rejected_once_by_the_first_column() -> None:
    found = cleaned(ACTIONS.name, {"department_id": None, "due_on": "x", "status_code": "y"})

    assert found.rejects["reason_code"].to_list() == ["department_id_is_given"]
    assert found.frame.height == 0


def test_rows_in_are_rows_accepted_and_rejected() -> None:
    changes: list[dict[str, str | None]] = [{}, {"due_on": "x"}, {"status_code": "Valmis"}, {}]

    found = cleaned(ACTIONS.name, *changes)

    assert found.frame["line_no"].to_list() == [2, 5]
    assert found.rejects["line_no"].to_list() == [3, 4]


def test_an_empty_list_gives_no_rows() -> None:
    found = cleaned(ACTIONS.name)

    assert (found.frame.height, found.rejects.height) == (0, 0)


def test_notes_of_the_template_take_labels_and_get_their_key() -> None:
    frame = pl.DataFrame(
        {
            "source_id": ["3.2.2026|Kiitos"],
            "noted_on": ["3.2.2026"],
            "unit_name": ["Pääkirjasto"],
            "kind_reported_code": ["Toimenpide-ehdotus"],
            "service_reported_id": ["Kirjastopalvelut"],
            "area_code": [None],
            "text": [" Lisää pistorasioita. "],
            "line_no": [2],
        },
        schema_overrides={"area_code": pl.String},
    )
    headers = {column.name: column.label_fi for column in filled_columns(NOTES)}

    found = clean_template_notes(
        frame, table=NOTES, source_code="kasin", writing=Writing(headers)
    ).frame

    row = found.row(0, named=True)
    assert row["note_id"] == "kasin|3.2.2026|Kiitos"
    assert (row["kind_reported_code"], row["service_reported_id"]) == ("ehdotus", "kirjasto")
    assert row["text"] == "Lisää pistorasioita."


def test_a_part_of_a_body_s_initiatives_is_never_larger_than_all() -> None:
    names = [column.name for column in filled_columns(BODIES)]
    row = dict.fromkeys(names, "3") | {
        "activity_year": "2026",
        "body_name": "Nuorisovaltuusto",
        "body_kind_code": "Nuorisovaltuusto",
        "plan_adopted_on": "10.2.2026",
        "n_initiatives_told": "4",
    }
    frame = pl.DataFrame([row]).with_columns(line_no=pl.lit(2, dtype=pl.Int64))
    headers = {column.name: column.label_fi for column in filled_columns(BODIES)}

    rejects = clean_by_contract(frame, table=BODIES, writing=Writing(headers)).rejects

    assert rejects["expected"].to_list() == [
        "”Aloitteita otettu” vähintään yhtä suuri kuin ”Kerrottuja”"
    ]
