"""Replies of the city: a greeting, words for the service and outcome, an officer's signature."""

from demo_city.chance import Chance
from demo_city.people import signature
from demo_city.profiles import read_profiles
from demo_city.story import Story
from demo_city.wording import Sentence, read_named, read_services, say

SIGNED = 0.72


class Replier:
    """Writes replies (status_notes)."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._parts = {scene.kind: scene.parts for scene in read_named("replies").scenes}
        self._services = read_services()

    def reply(self, service: str, kind: str, story: Story) -> str | None:
        """The reply that a resident has got so far; None when there is none."""
        codes = {event.code for event in story.events}
        if "forwarded" in codes:
            words = self._say("siirretty", "R").replace("<taho>", story.unit)
        elif "rejected" in codes:
            words = self._say("ei_toimia", "R")
        elif "replied" in codes:
            words = self._own_words(service, kind)
        else:
            return None
        text = f"{self._say('yhteiset', 'O')}\n\n{words}"
        if self._chance.yes(0.35):
            text = f"{text} {self._say('yhteiset', 'D')}"
        text = f"{text}\n\n{self._say('yhteiset', 'C')}"
        if self._chance.yes(SIGNED):
            return f"{text}\n{signature(self._chance, read_profiles()[service].unit)}"
        return f"{text}\n{self._say('yhteiset', 'U')}"

    def _own_words(self, service: str, kind: str) -> str:
        if kind == "kiitos":
            return self._say("kiitos", "R")
        own = self._services[service].common.get("R")
        if own and self._chance.yes(0.7):
            return self._render(own)
        return self._say(kind, "R")

    def _say(self, section: str, letter: str) -> str:
        return self._render(self._parts[section][letter])

    def _render(self, options: list[Sentence]) -> str:
        return say(self._chance.pick(options), chance=self._chance, fill=_no_slots)


def _no_slots(name: str) -> str:
    message = f"Replies hold no slots (found one of {len(name)} letters). Remove it from the text."
    raise KeyError(message)
