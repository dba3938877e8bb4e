"""The service in force on the day of a text: a service that has left the city is forwarded.

The table of acts dates its services by the same code list (``transforms.acts.acts``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl


@dataclass(frozen=True, slots=True)
class Leaving:
    """A service's last day in the city and the service that its matters go to."""

    last_on: date
    forwarded_to: str


def leavings_of(services: pl.DataFrame) -> dict[str, Leaving]:
    """Services that have left, from the code list ``services``: ``service_id``, ``valid_to`` (an
    ISO date or a Date; null or empty while in force) and ``forwarded_to_service_id``.
    """
    last = pl.col("valid_to").cast(pl.String).str.to_date(strict=False)
    left = services.select("service_id", last, "forwarded_to_service_id").drop_nulls()
    return {service: Leaving(last_on, to) for service, last_on, to in left.iter_rows()}


def date_services(
    services: pl.Series, received_on: pl.Series, leavings: Mapping[str, Leaving]
) -> pl.Series:
    """Each service as it stands on the day its text came.

    Args:
        services: Service codes; null stays null.
        received_on: Date of each; of a text without a date the latest order holds.
        leavings: As ``leavings_of`` gives.
    """
    service, day = pl.col("service"), pl.col("day")
    rules = [
        (service == left) & (day.is_null() | (day > leaving.last_on))
        for left, leaving in leavings.items()
    ]
    goes_to = pl.coalesce(
        pl.lit(None, dtype=pl.String),
        *(
            pl.when(rule).then(pl.lit(leaving.forwarded_to))
            for rule, leaving in zip(rules, leavings.values(), strict=True)
        ),
        service,
    )
    frame = pl.DataFrame({"service": services.cast(pl.String), "day": received_on.cast(pl.Date)})
    return frame.select(goes_to.alias(services.name)).to_series()
