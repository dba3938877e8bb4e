"""A plain text file per failed run, for whoever watches the folder."""

from pathlib import Path

from assets import atomic
from assets.house import House
from assets.troubles import troubles


def write_alert(house: House, *, run_id: str, sentence: str) -> Path:
    """Say in words what failed, since when, and that the last publication stands."""
    at = house.now.isoformat(timespec="seconds")
    lines = [
        f"Kuulolla: the run of {at} failed. The last publication stands.",
        "",
        sentence.strip(),
        "",
        *(f"{t.about} (since {t.since}): {t.sentence}" for t in troubles(house)),
        "",
        f"Run id: {run_id}. Details: ./run ui, Runs.",
    ]
    path = house.folders.alerts / f"{at.replace(':', '')}.txt"
    atomic.write_bytes(path, "\n".join(lines).encode() + b"\n")
    return path
