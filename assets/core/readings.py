"""The intake as an asset: every new delivery read once, and the readings in force written down."""

import json
from collections.abc import Collection, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

import dagster as dg
import polars as pl

from assets import atomic
from assets.errors import DamagedDeliveryError
from assets.house import House
from assets.intake import FILES, Intake
from assets.landing_state import gone_from_folder
from assets.processes import worker_pool
from assets.raw.deliveries import NAMES
from assets.readers import read_deliveries
from assets.reading_plan import Plan, plan_readings
from assets.troubles import forget_trouble, note_trouble

_DAMAGE = "intake"
#: A batch bounds memory, and the work that a killed run loses; the demo city is one.
_BATCH_BYTES = 150_000_000
#: Less than this is read in the time that further processes would take to start.
_LEAST_POOL_BYTES = 10_000_000


@dg.asset(
    deps=NAMES,
    group_name="core_deliveries",
    owners=["team:tietohallinto"],
    kinds={"polars", "parquet"},
    tags={"layer": "core", "domain": "deliveries"},
    required_resource_keys={"house"},
    description=(
        "Every delivery read once: parsed, cleaned, personal data masked, held to its contract. "
        "Rows are kept by delivery; the tables of core choose among them."
    ),
)
def core_deliveries__readings(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Read what is new, keep it, and refuse to go on over a damaged delivery."""
    house: House = context.resources.house
    intake = Intake(house.folders.intake)
    plans = plan_readings(house)
    n_read = read_new(context, house, intake, plans)
    files = put_in_force(house, intake, plans)
    refuse_damage(house, files)
    return dg.MaterializeResult(
        metadata={
            "n_deliveries": len(plans),
            "n_read": n_read,
            "dagster/row_count": int(files["n_rows_in"].sum()) if files is not None else 0,
        }
    )


def read_new(
    context: dg.AssetExecutionContext, house: House, intake: Intake, plans: list[Plan]
) -> int:
    """Read deliveries that are not kept yet, batch by batch; gives their number."""
    known = intake.known_readings()
    fresh = [plan for plan in plans if plan.reading_id not in known]
    with _helping_hands(house, fresh) as pool:
        for start, end in batches_of(fresh):
            intake.keep(read_deliveries(house, fresh[start:end], pool=pool))
            context.log.info("Read %d of %d new deliveries", end, len(fresh))
    return len(fresh)


@contextmanager
def _helping_hands(house: House, plans: list[Plan]) -> Iterator[Executor | None]:
    """A pool of processes for much that is new; none for an ordinary night."""
    n_processes = house.settings.n_processes
    if n_processes == 1 or sum(plan.slip.n_bytes for plan in plans) < _LEAST_POOL_BYTES:
        yield None
        return
    with worker_pool(n_processes) as pool:
        yield pool


def batches_of(plans: list[Plan]) -> Iterator[tuple[int, int]]:
    """Bounds of batches that are read and kept together, none much larger than the limit."""
    start = n_bytes = 0
    for place, plan in enumerate(plans):
        n_bytes += plan.slip.n_bytes
        if n_bytes > _BATCH_BYTES or place == len(plans) - 1:
            yield start, place + 1
            start, n_bytes = place + 1, 0


def put_in_force(house: House, intake: Intake, plans: list[Plan]) -> pl.DataFrame | None:
    """Write down which readings count from now on; gives the account of their files."""
    current = sorted(plan.reading_id for plan in plans)
    intake.compact(current)
    atomic.write_bytes(house.folders.intake / "current.json", json.dumps(current).encode())
    return intake.read(FILES, current)


def refuse_damage(house: House, files: pl.DataFrame | None) -> None:
    """Stop before anything downstream when a delivery of a known format could not be read.

    Raises:
        DamagedDeliveryError: Naming the first such file and what to do about it.
        DamagedDeliveryError: If there is no delivery at all.
    """
    if files is None:
        raise DamagedDeliveryError(
            f"No file was found in {house.settings.source_dir or 'any source'}, expected exports "
            "in the shapes of docs/operations/sources.md. Put files there and run again."
        )
    settled = {*house.settings.accepted_damage, *gone_from_folder(house)}
    damaged = still_damaged(files, settled)
    if damaged.is_empty():
        forget_trouble(house, _DAMAGE)
        return
    first = damaged.sort("file_name").row(0, named=True)
    more = f" {damaged.height - 1} more files are damaged." if damaged.height > 1 else ""
    sentence = (
        f"File '{first['file_name']}' of source '{first['source_code']}': {first['refusal']}"
        f"{more} The last publication stands. Deliver the whole file, or accept the loss by "
        f'adding "{first["delivery_sha256"]}" to run.accepted_damage in the settings.'
    )
    note_trouble(house, _DAMAGE, sentence)
    raise DamagedDeliveryError(sentence)


def still_damaged(files: pl.DataFrame, settled: Collection[str]) -> pl.DataFrame:
    """Damaged deliveries that no later whole one of their name makes good.

    ``settled`` are those that somebody accepted, and those that the folder no longer holds.
    """
    same = ["source_code", "file_name"]
    moment = pl.col("delivered_at").str.to_datetime(time_zone="UTC")
    whole = files.filter(~pl.col("is_damaged")).group_by(same).agg(whole_at=moment.max())
    return (
        files.filter("is_damaged", ~pl.col("delivery_sha256").is_in(list(settled)))
        .join(whole, on=same, how="left", validate="m:1")
        .filter(pl.col("whole_at").is_null() | (pl.col("whole_at") <= moment))
    )
