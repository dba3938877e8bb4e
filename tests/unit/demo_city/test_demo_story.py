"""What happens to a ticket, and how it looked on an earlier day."""

from demo_city.chance import Chance
from demo_city.clock import DAY
from demo_city.profiles import read_profiles
from demo_city.story import Beginning, Event, Story, tell_story

RECEIVED = 20_000 * DAY


def test_an_earlier_view_knows_no_later_step() -> None:
    story = Story(
        (Event(0, "received", "P"), Event(10, "allocated", "K"), Event(20, "done", "K")), True, "K"
    )

    seen = story.until(15)

    assert [event.code for event in seen.events] == ["received", "allocated"]
    assert not seen.is_closed
    assert story.until(20).is_closed


def test_steps_follow_each_other_and_end_by_the_last_day() -> None:
    chance, profile = Chance(5, stream=1), read_profiles()["kadut"]
    for _ in range(300):
        story = tell_story(
            profile, kind="vika", begins=Beginning(RECEIVED, 1.0), as_of=RECEIVED + 30 * DAY,
            chance=chance,
        )  # fmt: skip
        times = [event.at for event in story.events]
        assert times == sorted(times)
        assert times[-1] <= RECEIVED + 30 * DAY
        assert story.events[0].code == "received"


def test_health_matters_go_to_the_wellbeing_county() -> None:
    chance, profile = Chance(5, stream=2), read_profiles()["terveys"]

    units = [
        tell_story(
            profile, kind="moite", begins=Beginning(RECEIVED, 1.0), as_of=RECEIVED + 400 * DAY,
            chance=chance,
        ).unit
        for _ in range(200)
    ]  # fmt: skip

    assert units.count("Etelä-Pohjanmaan hyvinvointialue") > 150
