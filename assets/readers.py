"""Deliveries to accepted and rejected rows: parse each, clean together, protect, hold to contract.

Rows of several deliveries are told apart by their line number, which carries the delivery's place
in its upper half while they are together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import groupby
from pathlib import PurePosixPath

import polars as pl

from assets.families import Family, family_of
from assets.house import House
from assets.intake import FILES_SCHEMA, Reading
from assets.reading_plan import Plan
from data_contracts.contract import REJECTED_SUFFIX, Table, load_contracts
from transforms.clean.cleaned import Cleaned
from transforms.clean.promise import keep_promise
from transforms.parse.parsed import Parsed, RefusedFileError
from transforms.parse.unrecognised import why_unrecognised
from transforms.privacy.protect import protect_rows

#: Formats that explain or refer, and hold no act of a resident.
_WITHOUT_ROWS = frozenset(
    {
        "column_map",
        "service_map",
        "georeport_services",
        "kuntalaisaloite_municipalities",
        "webropol_questions",
    }
)
_LINES = 1 << 32
Read = tuple[Plan, Parsed]
ByPlace = Callable[[int], pl.DataFrame]


def read_deliveries(
    house: House, plans: Sequence[Plan], *, pool: Executor | None = None
) -> list[Reading]:
    """Everything that these deliveries give; a refused file gives its refusal and no rows.

    The processes of ``pool``, when there is one, each take what is cleaned together.
    """
    read = partial(_read_family, house)
    families = list(_by_family(plans))
    read_families = pool.map(read, families) if pool else map(read, families)
    return [reading for readings in read_families for reading in readings]


def _read_family(house: House, plans: Sequence[Plan]) -> list[Reading]:
    family = family_of(plans[0])
    if family is None:
        return [_without_reader(house, plan) for plan in plans]
    parsed, refused = _parse_each(house, plans)
    return refused + (_read_together(house, family, parsed) if parsed else [])


def _by_family(plans: Sequence[Plan]) -> Iterable[list[Plan]]:
    """Plans that are cleaned together: of one family, source, column map and kind of sidecar."""

    def kin(plan: Plan) -> tuple[str, str, str, bool]:
        family = family_of(plan)
        map_name = plan.column_map.name if plan.column_map else ""
        name = family.name if family else ""
        return name, plan.source_code, map_name, plan.questionnaire is None

    return (list(group) for _, group in groupby(sorted(plans, key=kin), key=kin))


def _parse_each(house: House, plans: Sequence[Plan]) -> tuple[list[Read], list[Reading]]:
    parsed, refused = [], []
    for plan in plans:
        family = family_of(plan)  # formats of one family have parsers of their own
        try:
            if family:
                parsed.append((plan, family.parse(house.raw.content(plan.slip), plan)))
        except RefusedFileError as error:
            refused.append(_without_rows(plan, str(error), is_damaged=True))
    return parsed, refused


def _read_together(house: House, family: Family, reads: Sequence[Read]) -> list[Reading]:
    plans = [plan for plan, _ in reads]
    stacked = {
        name: pl.concat(
            [_placed(p.frames[name], i) for i, (_, p) in enumerate(reads) if name in p.frames]
        )
        for name in sorted({name for _, p in reads for name in p.frames})
    }
    unread = pl.concat([_placed(p.rejects, i) for i, (_, p) in enumerate(reads)])
    finished = {
        name: _finish(house, load_contracts()[name], cleaned, unread)
        for name, cleaned in family.clean(stacked, plans, house).items()
    }
    apart = {
        name: (_by_place(cleaned.frame), _by_place(cleaned.rejects))
        for name, cleaned in finished.items()
    }
    return [_reading(read, i, apart) for i, read in enumerate(reads)]


def _finish(house: House, table: Table, cleaned: Cleaned, unread: pl.DataFrame) -> Cleaned:
    """Protected rows that keep their contract, and every reject of the table with its reason."""
    protected = protect_rows(cleaned.frame, table, key=house.settings.pseudonym_key)
    kept = keep_promise(protected, table)
    before = unread.filter(pl.col("table_name") == table.name).drop("table_name")
    return Cleaned(kept.frame, pl.concat([before, cleaned.rejects, kept.rejects]))


def _reading(read: Read, place: int, apart: Mapping[str, tuple[ByPlace, ByPlace]]) -> Reading:
    plan, parsed = read
    frames: dict[str, pl.DataFrame] = {}
    accounts = []
    for name, (rows, rejects) in apart.items():
        if name not in parsed.frames and name not in _DERIVED:
            continue
        table = load_contracts()[name]
        accepted, rejected = rows(place), rejects(place)
        frames[name] = _with_lineage(accepted, table, plan)
        frames[name + REJECTED_SUFFIX] = _rejected_rows(rejected, plan)
        accounts.append(_account(plan, table, accepted, rejected.height, parsed.encoding_name))
    files = pl.DataFrame(accounts, schema=dict(FILES_SCHEMA), orient="row")
    return Reading(plan.reading_id, frames, files)


#: Tables whose rows are read from other rows where a source has no such frame of its own.
_DERIVED = frozenset({"core_feedback__events"})


def _placed(frame: pl.DataFrame, place: int) -> pl.DataFrame:
    return frame.with_columns(pl.col("line_no") + place * _LINES)


def _by_place(frame: pl.DataFrame) -> ByPlace:
    """The rows of each delivery, with its own line numbers again; one pass, whatever their number.

    Rows keep their order within a delivery.
    """
    told = frame.with_columns(pl.col("line_no") % _LINES, _place=pl.col("line_no") // _LINES)
    parts = told.partition_by("_place", as_dict=True, include_key=False, maintain_order=True)
    none = frame.clear()
    return lambda place: parts.get((place,), none)


def _with_lineage(frame: pl.DataFrame, table: Table, plan: Plan) -> pl.DataFrame:
    extras = ["is_detail"] if "is_detail" in frame.columns else []
    return frame.with_columns(
        delivery_sha256=pl.lit(plan.slip.sha256),
        delivered_at=pl.lit(plan.slip.first_seen_at),
        reading_id=pl.lit(plan.reading_id),
    ).select(*table.schema, *extras, "delivered_at", "reading_id")


def _rejected_rows(rejects: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    return rejects.with_columns(
        delivery_sha256=pl.lit(plan.slip.sha256),
        file_name=pl.lit(_file_name(plan)),
        reading_id=pl.lit(plan.reading_id),
    )


def _account(
    plan: Plan, table: Table, frame: pl.DataFrame, n_rejected: int, encoding_name: str | None
) -> dict[str, object]:
    dated = next((c.name for c in table.columns if c.dtype.is_temporal()), None)
    dates = frame[dated].dt.date() if dated else pl.Series([], dtype=pl.Date)
    return {
        **_about_file(plan),
        "table_name": table.name,
        "encoding_name": encoding_name,
        "n_rows_in": frame.height + n_rejected,
        "n_rejected": n_rejected,
        "min_on": dates.min(),
        "max_on": dates.max(),
        "refusal": None,
        "is_damaged": False,
    }


def _without_reader(house: House, plan: Plan) -> Reading:
    if plan.format_code in _WITHOUT_ROWS:
        return _without_rows(plan, plan.sidecar_error, is_damaged=plan.sidecar_error is not None)
    if plan.slip.n_bytes == 0:
        why = "The file is empty, expected an export or a sidecar. Deliver it again."
        return _without_rows(plan, why, is_damaged=True)
    why = why_unrecognised(plan.slip.name, house.raw.content(plan.slip))
    return _without_rows(plan, why, is_damaged=False)


def _without_rows(plan: Plan, refusal: str | None, *, is_damaged: bool) -> Reading:
    row = {
        **_about_file(plan),
        "table_name": "none",
        "encoding_name": None,
        "n_rows_in": 0,
        "n_rejected": 0,
        "min_on": None,
        "max_on": None,
        "refusal": refusal,
        "is_damaged": is_damaged,
    }
    files = pl.DataFrame([row], schema=dict(FILES_SCHEMA), orient="row")
    return Reading(plan.reading_id, {}, files)


def _about_file(plan: Plan) -> dict[str, object]:
    return {
        "reading_id": plan.reading_id,
        "delivery_sha256": plan.slip.sha256,
        "source_code": plan.source_code,
        "format_code": plan.format_code,
        "file_name": _file_name(plan),
        "delivered_at": plan.slip.first_seen_at,
        "n_bytes": plan.slip.n_bytes,
    }


def _file_name(plan: Plan) -> str:
    return PurePosixPath(plan.slip.name).name
