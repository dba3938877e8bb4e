"""What a run came to, in words and figures for the person who started it."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from assets.house import House
from assets.public.publishing import SITE
from assets.public.tables import public_names
from assets.troubles import troubles
from data_contracts.contract import REJECTED_SUFFIX, load_contracts
from data_contracts.templates import hand_filled_tables, told_slip
from pipelines.nightly import Outcome

_MOST_SLIPS = 12


def render_summary(house: House, outcome: Outcome, *, seconds: float, peak_mb: float) -> str:
    """The closing words of a run, ready to print."""
    lines = [""]
    if outcome.succeeded:
        lines += [f"Done in {seconds:.1f} s, {peak_mb:,.0f} MB of memory at most.", ""]
        lines += [*_deliveries(house), "", *_slips(house), *_datasets(house), ""]
        lines += [f"Checks: {outcome.n_checks_passed} of {outcome.n_checks} passed."]
        lines += [
            *(f"Warning, the Dagster UI shows its numbers: {w}" for w in outcome.warnings),
            "",
        ]
    else:
        lines += [f"The run failed after {seconds:.1f} s: {outcome.sentence}", ""]
        lines += [f"Alert: {outcome.alert}", *_standing(house), ""]
    lines += _where(house)
    return "\n".join(lines)


def _deliveries(house: House) -> list[str]:
    files = house.store.read("core_deliveries__files")
    counted = (
        files.group_by("source_code")
        .agg(
            pl.col("delivery_sha256").n_unique().alias("files"),
            pl.col("n_rows_in", "n_accepted", "n_rejected", "n_duplicate").sum(),
            (pl.col("verdict_code") == "refused").sum().alias("refused"),
        )
        .sort("source_code")
    )
    header = ("source", "files", "rows in", "accepted", "rejected", "duplicate", "refused files")
    rows = [tuple(_cell(v) for v in row) for row in counted.iter_rows()]
    total = counted.select(pl.all().exclude("source_code").sum()).row(0)
    return _columns([header, *rows, ("in all", *(_cell(v) for v in total))])


def _slips(house: House) -> list[str]:
    """Rows of lists kept by hand that were left out, for those who can mend them."""
    lines: list[str] = []
    for table in hand_filled_tables():
        name = table.name + REJECTED_SUFFIX
        if house.store.manifest(name) is None:
            continue
        rejects = house.store.read(name).sort("file_name", "line_no")
        named = rejects.select("file_name", "line_no", "column_name", "found_shape", "expected")
        lines += [
            f"  {file}: {told_slip(line=line, column=column, found=found, expected=expected)}"
            for file, line, column, found, expected in named.iter_rows()
        ]
    if not lines:
        return []
    more = [f"  and {len(lines) - _MOST_SLIPS} more in the tables …{REJECTED_SUFFIX}"]
    rest = more if len(lines) > _MOST_SLIPS else []
    return ["Rows left out of lists kept by hand:", *lines[:_MOST_SLIPS], *rest, ""]


def _datasets(house: House) -> list[str]:
    contracts = load_contracts()
    rows = [("dataset", "", "rows", "suppressed")]
    for name in public_names():
        frame = house.store.read(name)
        hidden = frame["is_suppressed"].sum() if "is_suppressed" in frame.columns else 0
        table = contracts[name]
        rows.append(
            (table.published_name, table.dataset_id or "", _cell(frame.height), _cell(hidden))
        )
    return _columns(rows)


def _where(house: House) -> list[str]:
    folders = house.folders
    places = [
        ("pages", folders.current / SITE / "index.html"),
        ("workbook", folders.current / "kuulolla.xlsx"),
        ("open data", folders.current / "datapackage.json"),
        ("warehouse", folders.warehouse),
        ("Data Docs", folders.quality / "gx/uncommitted/data_docs/local_site/index.html"),
    ]
    lines = [f"{name + ':':<11}{_shown(path)}" for name, path in places if path.exists()]
    return [*lines, "Dagster UI: ./run ui, then http://127.0.0.1:3000"]


def _standing(house: House) -> list[str]:
    if not house.folders.current.exists():
        return ["There is no earlier publication."]
    lines = [f"The publication {house.folders.current.resolve().name} stands."]
    return lines + [f"  {t.about}: since {t.since}" for t in troubles(house)]


def _shown(path: Path) -> str:
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path.absolute())


def _cell(value: object) -> str:
    return f"{value:,}".replace(",", " ") if isinstance(value, int) else str(value)


def _columns(rows: Iterable[tuple[str, ...]]) -> list[str]:
    table = list(rows)
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    lines = []
    for row in table:
        first = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join([first, *rest]).rstrip())
    return lines
