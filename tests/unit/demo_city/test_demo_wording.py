"""Sentences with choices and slots, and the text files of the demo city."""

from datetime import date

import pytest

from demo_city.chance import Chance
from demo_city.profiles import KINDS, read_profiles
from demo_city.setting import Setting
from demo_city.wording import parse_months, parse_sentence, read_named, read_services, say

LARGE = (
    "kadut", "liikenne", "kavely_pyoraily", "valaistus", "puistot", "joukkoliikenne",
    "varhaiskasvatus", "perusopetus", "liikunta", "kirjasto", "pysakointi",
)  # fmt: skip


def test_choices_nest_and_slots_are_filled() -> None:
    sentence = parse_sentence("Aura [ei käy|[ei|] käynyt {K:lla}].")
    chance = Chance(1, stream=1)

    said = {say(sentence, chance=chance, fill=lambda name: f"<{name}>") for _ in range(100)}

    assert said == {"Aura ei käy.", "Aura ei käynyt <K:lla>.", "Aura  käynyt <K:lla>."}


@pytest.mark.parametrize("text", ["Katu [on auki", "Katu ] on auki"])
def test_unmatched_brackets_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Remove it|Close it"):
        parse_sentence(text)


@pytest.mark.parametrize(
    ("text", "months"),
    [("11-2", {11, 12, 1, 2}), ("6", {6}), ("1,7-8", {1, 7, 8}), ("*", set(range(1, 13)))],
)
def test_months_may_run_over_the_new_year(text: str, months: set[int]) -> None:
    assert parse_months(text) == months


def test_every_service_has_scenes_of_every_kind() -> None:
    files = read_services()

    assert set(files) == set(read_profiles())
    assert len(files) == 28
    for service, texts in files.items():
        assert {scene.kind for scene in texts.scenes} == set(KINDS), service
        assert len(texts.scenes) >= (12 if service in LARGE else 5), service


def test_every_written_sentence_can_be_said_without_an_open_slot() -> None:
    chance = Chance(3, stream=1)
    files = [*read_services().values(), read_named("initiatives"), read_named("ideas")]
    for texts in files:
        for parts in [texts.common, *(scene.parts for scene in texts.scenes)]:
            for sentence in (s for options in parts.values() for s in options):
                setting = Setting(chance, day=date(2026, 2, 28))
                text = say(sentence, chance=chance, fill=setting.fill)
                assert text
                assert not set("{}[]|") & set(text)


def test_initiatives_cover_at_least_forty_subjects() -> None:
    assert len(read_named("initiatives").scenes) >= 40
