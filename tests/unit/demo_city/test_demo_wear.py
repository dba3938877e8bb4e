"""Typing errors, spoken language and dialect."""

from demo_city.chance import Chance
from demo_city.wear import Wear, slip


def test_dialect_keeps_names_and_turns_common_words() -> None:
    told = Wear().in_dialect("Aura ei ole käynyt, että pitäisi odottaa vuosi Törnävän kadulla.")

    assert told == "Aura ei oo käyny, jotta pitääs orottaa vuasi Törnävän karulla."


def test_spoken_language_keeps_capitals() -> None:
    assert Wear().in_spoken_language("Minulla olisi kysymys.") == "Mulla ois kysymys."


def test_slips_leave_names_and_short_words_alone() -> None:
    assert slip("Hei Törnävä, tie on auki", chance=Chance(1, stream=1), times=3) == (
        "Hei Törnävä, tie on auki"
    )


def test_slips_change_one_word() -> None:
    before = "hiekoitus puuttuu kadulta"

    after = slip(before, chance=Chance(1, stream=1), times=1)

    changed = [a != b for a, b in zip(before.split(), after.split(), strict=True)]
    assert sum(changed) == 1
