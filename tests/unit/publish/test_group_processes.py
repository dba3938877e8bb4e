"""Who was heard in which process: 0, not recorded and withheld are three different things."""

from tests.support.public_processes import HOSTILE_PROCESS
from transforms.publish.figures import Missing
from transforms.publish.group_processes import process_tables
from transforms.publish.public_tables import GROUP_PROCESSES


def rows_of(desk, kind):
    table = next(t for t in process_tables(desk) if t.id == f"group-processes-{kind}")
    return {row[0]: row for row in table.grid.rows}, table


def test_there_is_a_table_for_each_kind_of_process_newest_first(desk):
    plans, services = process_tables(desk)

    assert [plans.caption, services.caption] == ["Kaavoitus", "Palvelukehitys"]
    assert [row[0] for row in plans.grid.rows] == ["Torin suunnitelma", HOSTILE_PROCESS]


def test_nobody_not_recorded_and_withheld_are_told_apart(desk):
    rows, table = rows_of(desk, "plan")

    assert [f.label for f in table.grid.fields[2:7]] == [
        "Lapset", "Nuoret", "Vammaiset", "Vanhukset", "Maahanmuuttajat",
    ]  # fmt: skip
    assert rows[HOSTILE_PROCESS][2:] == (24, 0, 14, "ei kirjattu", Missing.WITHHELD, 12, 140)
    assert any("alle 10 tapausta" in note for note in table.notes)


def test_of_a_process_under_way_only_whether_they_were_heard_is_told(desk):
    row = rows_of(desk, "plan")[0]["Torin suunnitelma"]

    assert row[1] == "2026, kesken"
    assert row[2:7] == ("kuultu", 0, "ei kirjattu", "kuultu", "ei kirjattu")
    assert row[7:] == (Missing.NONE, Missing.NONE)


def test_what_nought_and_not_recorded_mean_is_said_once(desk):
    said = [any(note.startswith("0: ") for note in t.notes) for t in process_tables(desk)]

    assert said == [False, True]


def test_groups_that_the_measure_does_not_name_come_last_and_say_so(desk):
    rows, table = rows_of(desk, "service")

    assert [f.label for f in table.grid.fields[2:7]] == [
        "Lapset", "Vammaiset", "Vanhukset", "Maahanmuuttajat", "Nuoret (ei nimetty)",
    ]  # fmt: skip
    assert rows["kirjasto-2025"][2:7] == (0, "ei kirjattu", 31, "ei kirjattu", 11)


def test_the_finding_counts_places_of_named_groups_alone(desk):
    # Four groups of one service process: old people heard, children not, two not recorded.
    assert rows_of(desk, "service")[1].intro == (
        "Prosesseja 1, niissä nimettyjä ryhmiä yhteensä 4: kuultu 1, ei ketään 1, ei kirjattu 2."
    )


def test_without_processes_there_is_a_sentence_that_says_what_would_bring_them(tables, desk_of):
    (table,) = process_tables(desk_of({**tables, GROUP_PROCESSES: tables[GROUP_PROCESSES].clear()}))

    assert table.grid.rows == ()
    assert table.intro.startswith("Ei lähdettä")
    assert "prosessin tunnus" in table.intro
