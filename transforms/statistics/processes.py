"""Planning and service processes, put together from the occasions that name them.

A process (kaavoitus- tai palveluprosessi) is what its occasions tell of it. Which measure of the
model asks for it follows from its kind.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

N_STEPS: Final = 6
PLAN: Final = "plan"
SERVICE: Final = "service"
#: Kind of process → rule of evidence of the measures that ask for such processes.
RULE_OF_KIND: Final[Mapping[str, str]] = {
    PLAN: "planning_processes",
    SERVICE: "service_processes",
}
_PLANNING: Final = "kaavoitus"


def occasions_of_processes(occasions: pl.DataFrame) -> pl.DataFrame:
    """The occasions that belong to a process, each with the kind of its process.

    A process has one kind: the one stated latest by day. Where none is stated, a process with an
    occasion of the service of planning (kaavoitus) is a plan, any other a service process.
    """
    own = occasions.filter(pl.col("process_id").is_not_null()).sort("held_on", "event_id")
    stated = pl.col("process_kind_code").drop_nulls().last().over("process_id")
    is_planning = (pl.col("service_id") == _PLANNING).fill_null(value=False)
    by_service = (
        pl.when(is_planning.any().over("process_id")).then(pl.lit(PLAN)).otherwise(pl.lit(SERVICE))
    )
    return own.with_columns(process_kind_code=pl.coalesce(stated, by_service))


def compute_processes(occasions: pl.DataFrame) -> pl.DataFrame:
    """One row per process.

    Args:
        occasions: core_participation__events up to the day that is looked at.

    Returns:
        ``process_id``, ``process_kind_code``, ``process_name`` (the latest one given, else null),
        ``department_id`` (of the first occasion), ``began_on`` and ``last_on`` (first and latest
        occasion), ``met_on`` (the day that saw the last of the six steps for the first time, null
        while one is missing), ``n_events``; sorted by ``process_id``.
    """
    held = occasions_of_processes(occasions)
    firsts = held.group_by("process_id", "process_step_no").agg(first_on=pl.min("held_on"))
    whole = (
        firsts.drop_nulls("process_step_no")
        .group_by("process_id")
        .agg(met_on=pl.when(pl.len() == N_STEPS).then(pl.max("first_on")))
    )
    return (
        held.group_by("process_id", maintain_order=True)
        .agg(
            pl.first("process_kind_code"),
            pl.col("process_name").drop_nulls().last(),
            pl.first("department_id"),
            began_on=pl.min("held_on"),
            last_on=pl.max("held_on"),
            n_events=pl.len().cast(pl.Int64),
        )
        .join(whole, on="process_id", how="left", validate="1:1")
        .sort("process_id")
    )
