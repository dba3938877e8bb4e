"""What a service's tickets are like: share, seasons, kinds, response times."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from demo_city.wording import TEXTS

KINDS = ("kiitos", "moite", "kysymys", "ehdotus", "vika")


@dataclass(frozen=True, slots=True)
class Profile:
    """One service. ``median_days`` and ``spread`` give the log-normal time to a reply."""

    service: str
    share: float
    months: tuple[float, ...]
    kinds: tuple[float, ...]
    median_days: float
    spread: float
    never: float
    never_last_year: float
    yearly: float
    forward: str | None
    codes: tuple[str, ...]
    unit: str


@lru_cache(maxsize=1)
def read_profiles() -> dict[str, Profile]:
    """All profiles by service id, in the order of the file."""
    with (TEXTS / "services.toml").open("rb") as file:
        table = tomllib.load(file)
    return {
        service: Profile(
            service=service,
            share=row["share"],
            months=tuple(row["months"]),
            kinds=tuple(row["kinds"]),
            median_days=row["median"],
            spread=row["spread"],
            never=row["never"],
            never_last_year=row.get("never_last_year", row["never"]),
            yearly=row.get("yearly", 1.0),
            forward=row.get("forward"),
            codes=tuple(row["codes"]),
            unit=row["unit"],
        )
        for service, row in table.items()
    }
