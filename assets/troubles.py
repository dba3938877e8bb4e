"""Notes of what keeps a source's data from being fresh, until the source is well again."""

import json
from dataclasses import dataclass

from assets import atomic
from assets.house import House

RUN = "run"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a part of the data is not fresh: the asset or file at fault, and the sentence."""

    about: str
    sentence: str
    since: str


def note_trouble(house: House, about: str, sentence: str) -> None:
    """Remember a trouble; the moment of an older note about the same thing is kept."""
    path = house.folders.state / "troubles" / f"{about}.json"
    since = house.now.isoformat(timespec="seconds")
    if path.exists():
        since = json.loads(path.read_bytes())["since"]
    atomic.write_json(path, {"about": about, "sentence": sentence, "since": since})


def forget_trouble(house: House, about: str) -> None:
    """The thing is well again."""
    (house.folders.state / "troubles" / f"{about}.json").unlink(missing_ok=True)


def troubles(house: House) -> list[Trouble]:
    """Every trouble in force, by what it is about."""
    folder = house.folders.state / "troubles"
    return [Trouble(**json.loads(p.read_bytes())) for p in sorted(folder.glob("*.json"))]
