"""Composes a resident's message from a scene, general openers and closers, and wear."""

from collections import deque
from dataclasses import dataclass
from datetime import date

from demo_city.chance import Chance, accumulate
from demo_city.places import Place
from demo_city.profiles import read_profiles
from demo_city.setting import Setting
from demo_city.wear import Wear
from demo_city.wording import Scene, Sentence, read_named, read_services, say

WINDOW = 30
FOREIGN = ("sv", "en", "et", "ru", "uk", "ar", "so")
FOREIGN_SHARE = {"kansainvaliset": 0.3, "digiapu": 0.05, "tyollisyys_yritykset": 0.07}
FOREIGN_SHARE_ELSEWHERE = 0.028
FOREIGN_WEIGHTS = (0.26, 0.45, 0.06, 0.09, 0.08, 0.04, 0.02)
TWO_SUBJECTS = 0.045
ATTEMPTS = 5
ALIKE = 0.5
TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Message:
    """What one resident wrote, with where it happened as the writer would point it on a map."""

    title: str
    text: str
    kind: str
    language: str
    place: Place
    street: str | None


class Composer:
    """Writes messages; remembers the latest scenes so that neighbours do not look alike."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._wear = Wear()
        self._files = read_services()
        self._general = {scene.kind: scene.parts for scene in read_named("general").scenes}
        self._foreign = {
            language: _by_service(read_named(f"foreign_{language}").scenes) for language in FOREIGN
        }
        self._recent: dict[str, deque[tuple[int, frozenset[str]]]] = {}
        self._written: set[str] = set()
        self._language_edges = accumulate(FOREIGN_WEIGHTS)
        self._two_services = [s for s in self._files if read_profiles()[s].share > 4.0]

    def compose(
        self, service: str, kind: str, *, day: date, source: str, plain: float = 0.0
    ) -> Message:
        """A new message.

        Args:
            service: Service that it is about.
            kind: Wanted kind; the nearest that fits the month is taken when there is no scene.
            day: Day of writing; sets season, weekdays and dates in the text.
            source: Stream whose neighbours must not look alike.
            plain: Share written plainly by staff at the desk: no greeting, no slips.
        """
        share = FOREIGN_SHARE.get(service, FOREIGN_SHARE_ELSEWHERE)
        if self._chance.yes(share):
            foreign = self._compose_foreign(service, day=day, source=source)
            if foreign is not None and not (source == "crm" and foreign.language == "other"):
                return foreign
        scenes = self._scenes(service, kind, day.month)
        if len(scenes) == 1 and self._is_recent(scenes[0], source):
            scenes = [s for s in self._files[service].scenes if day.month in s.months]
        scene = self._choose(scenes, source=source)
        is_plain = self._chance.yes(plain)
        for _ in range(ATTEMPTS):
            setting = Setting(self._chance, day=day)
            core = body = self._body(scene, setting)
            if not is_plain:
                body = self._wear.wear(self._dress(core, scene, setting), chance=self._chance)
            if body not in self._written and not self._looks_like_recent(core, scene, source):
                break
        self._written.add(body)
        self._remember(core, scene, source)
        title = self._title(scene, setting, core)
        return Message(title, body, scene.kind, "fi", setting.place, setting.street_name)

    def _scenes(self, service: str, kind: str, month: int) -> list[Scene]:
        scenes = [s for s in self._files[service].scenes if month in s.months]
        return [s for s in scenes if s.kind == kind] or scenes

    def _choose(self, scenes: list[Scene], *, source: str) -> Scene:
        recent = self._recent.setdefault(source, deque(maxlen=WINDOW))
        used = {scene_id: place for place, (scene_id, _) in enumerate(recent)}
        fresh = [scene for scene in scenes if id(scene) not in used]
        if not fresh:
            fresh = [min(scenes, key=lambda scene: used.get(id(scene), -1))]
        return self._chance.weighted(fresh, accumulate_weights(fresh))

    def _is_recent(self, scene: Scene, source: str) -> bool:
        return any(scene_id == id(scene) for scene_id, _ in self._recent.get(source, ()))

    def _looks_like_recent(self, core: str, scene: Scene, source: str) -> bool:
        words = frozenset(core.lower().split())
        return any(
            len(words & there) > ALIKE * min(len(words), len(there))
            for scene_id, there in self._recent[source]
            if scene_id == id(scene)
        )

    def _remember(self, core: str, scene: Scene, source: str) -> None:
        self._recent[source].append((id(scene), frozenset(core.lower().split())))

    def _say(self, options: list[Sentence], setting: Setting) -> str:
        text = say(self._chance.pick(options), chance=self._chance, fill=setting.fill)
        return text[:1].upper() + text[1:]

    def _body(self, scene: Scene, setting: Setting) -> str:
        chance, parts = self._chance, scene.parts
        if "S" in parts and chance.yes(0.16):
            return self._say(parts["S"], setting)
        lines = [self._say(parts["P"], setting)]
        middle = [letter for letter in "DE" if letter in parts and chance.yes(0.58)]
        if len(middle) > 1 and chance.yes(0.3):
            middle.reverse()
        if "W" in parts and chance.yes(0.55):
            middle.append("W")
        if not middle and chance.yes(0.7):
            middle = [letter for letter in "DEW" if letter in parts][:1]
        lines += [self._say(parts[letter], setting) for letter in middle]
        return " ".join(lines)

    def _dress(self, body: str, scene: Scene, setting: Setting) -> str:
        chance = self._chance
        general = self._general[scene.kind]
        shared = self._general["kaikki"]
        if chance.yes(TWO_SUBJECTS):
            body = f"{body} {self._second(scene, setting)}"
        if chance.yes(0.22):
            body = f"{self._say(general['L'], setting)} {body}"
        if chance.yes(0.48):
            greeting = self._say(shared["O"], setting)
            gap = chance.pick((" ", " ", "\n", "\n\n"))
            if greeting.endswith(","):
                gap = "\n"
            body = f"{greeting}{gap}{body}"
        if chance.yes(0.3):
            own = self._files[scene.service].common.get("C")
            closers = own if own and chance.yes(0.5) else general["C"]
            gap = chance.pick((" ", "\n", "\n\n"))
            body = f"{body}{gap}{self._say(closers, setting)}"
        return body

    def _second(self, scene: Scene, setting: Setting) -> str:
        others = [s for s in self._two_services if s != scene.service]
        kind = self._chance.pick(("vika", "moite", "ehdotus"))
        scenes = self._scenes(self._chance.pick(others), kind, setting.day.month)
        second = self._chance.pick(scenes)
        bridge = self._say(self._general["kaikki"]["B"], setting)
        return f"{bridge} {self._say(second.parts['P'], setting)}"

    def _title(self, scene: Scene, setting: Setting, core: str) -> str:
        if "T" in scene.parts and self._chance.yes(0.86):
            return self._say(scene.parts["T"], setting)
        if len(core) <= TITLE_LENGTH:
            return core
        return core[: TITLE_LENGTH - 3].rsplit(" ", 1)[0] + "..."

    def _compose_foreign(self, service: str, *, day: date, source: str) -> Message | None:
        language = self._chance.weighted(FOREIGN, self._language_edges)
        scenes = self._foreign[language].get(service)
        if not scenes:
            return None
        scene = self._choose(scenes, source=source)
        setting = Setting(self._chance, day=day)
        common = read_named(f"foreign_{language}").common
        lines = [self._say(scene.parts["P"], setting)]
        lines += [
            self._say(scene.parts[letter], setting)
            for letter in "DEW"
            if letter in scene.parts and self._chance.yes(0.65)
        ]
        if "O" in common and self._chance.yes(0.6):
            lines.insert(0, self._say(common["O"], setting))
        if "C" in common and self._chance.yes(0.5):
            lines.append(self._say(common["C"], setting))
        title = self._say(scene.parts["T"], setting) if "T" in scene.parts else lines[0]
        code = language if language in {"sv", "en"} else "other"
        text = " ".join(lines)
        self._remember(text, scene, source)
        return Message(title, text, scene.kind, code, setting.place, setting.street_name)


def accumulate_weights(scenes: list[Scene]) -> list[float]:
    """Running sums of the scenes' weights."""
    total, edges = 0.0, []
    for scene in scenes:
        total += scene.weight
        edges.append(total)
    return edges


def _by_service(scenes: list[Scene]) -> dict[str, list[Scene]]:
    found: dict[str, list[Scene]] = {}
    for scene in scenes:
        found.setdefault(scene.service, []).append(scene)
    return found
