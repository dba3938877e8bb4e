"""The lists that the demo city's departments keep by hand hang together."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from demo_city.arrivals import Period
from demo_city.by_hand import ACTIONS, DECISIONS, EVENTS, GOALS, Clerk, read_lists
from demo_city.by_hand_told import messages_of
from demo_city.chance import Chance
from demo_city.hand_files import Row

PERIOD = Period(date(2023, 11, 1), date(2026, 10, 31))


def clerk(seed: int = 2023) -> Clerk:
    return Clerk(Chance(seed, stream=61), PERIOD)


def column(rows: Sequence[Row], header: Sequence[str], name: str) -> list[object]:
    return [row[header.index(name)] for row in rows]


def messages(actions: list[Row], decisions: list[Row]) -> list[Row]:
    chance = Chance(2023, stream=62)
    return messages_of(
        actions, decisions, [], departments=clerk().departments, period=PERIOD, chance=chance
    )


@pytest.fixture(scope="module")
def actions() -> list[Row]:
    return clerk().actions(clerk().goals())


def test_every_row_is_as_wide_as_its_header(actions: list[Row]) -> None:
    found = clerk()

    assert {len(row) for row in actions} == {len(ACTIONS)}
    assert {len(row) for row in found.goals()} == {len(GOALS)}
    assert {len(row) for row in found.decisions()} == {len(DECISIONS)}
    assert {len(row) for row in found.events()} == {len(EVENTS)}


def test_ids_are_given_once(actions: list[Row]) -> None:
    for rows in (actions, clerk().goals(), clerk().decisions(), clerk().events()):
        assert len({row[0] for row in rows}) == len(rows)


def test_an_action_is_done_with_its_day_and_within_history(actions: list[Row]) -> None:
    states = column(actions, ACTIONS, "Tila")
    closed = column(actions, ACTIONS, "Valmistunut")

    assert set(states) == {"Suunniteltu", "Käynnissä", "Valmis", "Ei toteuteta"}
    for state, day in zip(states, closed, strict=True):
        assert (day is not None) == (state in {"Valmis", "Ei toteuteta"})
        assert day is None or PERIOD.first <= day <= PERIOD.last  # type: ignore[operator]


def test_evidence_of_an_action_is_older_than_the_action(actions: list[Row]) -> None:
    seen = column(actions, ACTIONS, "Perusteen tilannepäivä")
    days = column(actions, ACTIONS, "Päätetty")

    dated = [(s, d) for s, d in zip(seen, days, strict=True) if s is not None]

    assert len(dated) > 30
    assert all(s < d for s, d in dated)  # type: ignore[operator]


def test_some_goals_have_no_evidence() -> None:
    found = column(clerk().goals(), GOALS, "Perusteen aineisto")

    assert 0 < found.count(None) < len(found) / 2


def test_some_audiences_are_not_told_and_some_promises_wait(actions: list[Row]) -> None:
    told = messages(actions, clerk().decisions())

    audiences = {row[4] for row in told}
    assert "Henkilöstö, Asukkaat, Sidosryhmät" in audiences
    assert len(audiences) > 3
    assert any(row[7] is None and row[6] is not None for row in told)
    assert len({row[3] for row in told}) < len(actions) + 38 + 44


def test_nothing_is_told_before_it_is_decided_or_after_the_last_day(actions: list[Row]) -> None:
    decided = {row[0]: row[ACTIONS.index("Päätetty")] for row in actions}

    for row in messages(actions, []):
        sent = row[7]
        assert sent is None or sent <= PERIOD.last  # type: ignore[operator]
        if row[3] in decided and sent is not None:
            assert sent >= decided[row[3]]  # type: ignore[operator]


def test_a_process_s_steps_follow_each_other(actions: list[Row]) -> None:
    held: dict[object, list[tuple[object, object]]] = {}
    for row in clerk().events():
        key, step = row[EVENTS.index("Prosessin tunnus")], row[EVENTS.index("Prosessin vaihe")]
        if key is not None:
            held.setdefault(key, []).append((step, row[EVENTS.index("Pidetty")]))

    assert set(held) == {process[0] for process in read_lists()["lists"]["processes"]}
    for steps in held.values():
        assert [step for step, _ in steps] == list(range(1, len(steps) + 1))
        assert [day for _, day in steps] == sorted(day for _, day in steps)  # type: ignore[type-var]


def test_days_of_events_lie_in_history() -> None:
    days = column(clerk().events(), EVENTS, "Pidetty")

    assert min(days) >= PERIOD.first  # type: ignore[type-var]
    assert max(days) < PERIOD.last + timedelta(days=1)  # type: ignore[type-var]


def test_the_same_chance_gives_the_same_lists_and_another_others() -> None:
    assert clerk().events() == clerk().events()
    assert clerk().events() != clerk(seed=7).events()
