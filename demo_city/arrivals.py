"""When tickets come in: service by service over the seasons, week, hours and bursts of weather."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from demo_city.clock import DAY, HOUR, IntArray, day_number, to_utc
from demo_city.profiles import KINDS, Profile

WEEKDAY_WEIGHTS = np.array([1.25, 1.2, 1.15, 1.1, 1.0, 0.55, 0.6])
HOUR_WEIGHTS = np.array((
    0.5, 0.25, 0.12, 0.1, 0.15, 0.5, 1.6, 3.4, 4.8, 5.4, 5.2, 4.9,
    4.8, 4.6, 4.5, 4.6, 4.7, 4.6, 4.5, 4.6, 4.5, 3.9, 2.6, 1.2,
))  # fmt: skip
BURSTS = {"kadut": (12, 1, 2, 3), "kavely_pyoraily": (12, 1, 2), "valaistus": (10, 11),
          "joukkoliikenne": (1, 2), "puistot": (6, 8)}  # fmt: skip
BURSTS_PER_YEAR = 4
BURST_STRENGTH = 5.0
GROWTH_PER_YEAR = 1.04


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of the city's history, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Tickets in order of arrival: UTC seconds, service index and wanted kind."""

    received: IntArray
    services: tuple[str, ...]
    service_index: IntArray
    kinds: list[str]


def draw_arrivals(
    profiles: dict[str, Profile], *, n: int, period: Period, rng: np.random.Generator
) -> Arrivals:
    """``n`` arrivals over the period, in order of time."""
    services = tuple(profiles)
    shares = np.array([profiles[s].share for s in services])
    counts = rng.multinomial(n, shares / shares.sum())
    times: list[IntArray] = []
    index: list[IntArray] = []
    kinds: list[str] = []
    for number, (service, count) in enumerate(zip(services, counts.tolist(), strict=True)):
        profile = profiles[service]
        times.append(_draw_times(profile, count, period=period, rng=rng))
        index.append(np.full(count, number))
        weights = np.array(profile.kinds, dtype=float)
        kinds += [KINDS[k] for k in rng.choice(len(KINDS), count, p=weights / weights.sum())]
    received = np.concatenate(times)
    order = np.argsort(received, kind="stable")
    return Arrivals(
        received=received[order],
        services=services,
        service_index=np.concatenate(index)[order],
        kinds=[kinds[i] for i in order.tolist()],
    )


def _draw_times(
    profile: Profile, count: int, *, period: Period, rng: np.random.Generator
) -> IntArray:
    weights = _day_weights(profile, period=period, rng=rng)
    days = rng.choice(period.days, count, p=weights / weights.sum())
    hours = rng.choice(24, count, p=HOUR_WEIGHTS / HOUR_WEIGHTS.sum())
    seconds = rng.integers(0, HOUR, count)
    local = (day_number(period.first) + days) * DAY + hours * HOUR + seconds
    return to_utc(local.astype(np.int64))


def _day_weights(
    profile: Profile, *, period: Period, rng: np.random.Generator
) -> NDArray[np.float64]:
    days = [period.first + timedelta(days=step) for step in range(period.days)]
    months = np.array([day.month for day in days])
    weights: NDArray[np.float64] = np.array(profile.months, dtype=float)[months - 1]
    weights = weights * WEEKDAY_WEIGHTS[[day.weekday() for day in days]]
    weights *= GROWTH_PER_YEAR ** (np.arange(period.days) / 365.0)
    if profile.service in BURSTS:
        for start in _burst_days(profile.service, months, rng):
            weights[start : start + 2] *= BURST_STRENGTH
            weights[start + 2 : start + 4] *= BURST_STRENGTH / 2
    return weights


def _burst_days(service: str, months: IntArray, rng: np.random.Generator) -> list[int]:
    eligible = np.flatnonzero(np.isin(months, BURSTS[service]))
    count = max(1, round(BURSTS_PER_YEAR * len(months) / 365))
    found: list[int] = rng.choice(eligible, min(count, len(eligible)), replace=False).tolist()
    return sorted(found)
