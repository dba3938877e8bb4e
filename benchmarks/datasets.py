"""Every dataset rebuilt from core: seconds, peak memory and slope at 1, 10 and 100 demo cities.

Run ``./run`` once (it builds the demo city), then ``.venv/bin/python benchmarks/datasets.py
[--scales 1 10 100] [--data-dir data]``. Each scale is a process of its own, so that its peak memory
is its own. People and what they did are multiplied: requests, events, answers, texts, notes, ideas;
no two copies wait equally long or say the same. What a city has one of (waves, questions, measures,
initiatives, code lists) is not. The multiplied core tables are written first, by a process of their
own and outside the clock, copy by copy, so that they need not fit in memory; the clock runs over
every mart, disclosure control and every report, as the nightly run computes them. The slope is the
exponent b of seconds ~ rows^b between two scales: 1 grows with the rows, 0 not at all. At the end
stand survival curves of many cells at once beside statsmodels (``./run check`` installs it), which
takes them one by one.
"""

import argparse
import hashlib
import json
import math
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from assets.house import House
from assets.mart.tables import computed_mart, marts
from assets.public.reports import computed_report, reports
from assets.public.tables import disclosed_names, disclosed_tables
from assets.store import Manifest, TableStore
from data_contracts.contract import Table, load_contracts
from pipelines.environments import demo_settings
from transforms.statistics.survival import kaplan_meier

#: Tables of people and their acts, and the keys that tell one copy from another.
MULTIPLIED = {
    "core_feedback__tickets": ("ticket_id", "text_id"),
    "core_feedback__events": ("ticket_id",),
    "core_surveys__respondents": ("respondent_id",),
    "core_surveys__answers": ("respondent_id", "text_id"),
    "core_notes__notes": ("note_id", "text_id"),
    "core_ideas__ideas": ("idea_id", "text_id"),
    "core_text__labels": ("text_id",),
}
ACTS, EVENTS = "core_acts__acts", "core_feedback__events"
#: What people have approved: not computed, so taken as it is.
WORDS = ("mart_text__approvals", "mart_department__summary_approvals")
_BAR = "|"
_ROW_GROUP_ROWS = 122_880  # what Polars writes of whole frames
_LEAST_S = 1e-3
_SAMPLE_CELLS, _CENSORED = 150, 0.2


def multiply(name: str, rows: pl.LazyFrame, *, copies: int) -> pl.LazyFrame:
    """``copies`` of the rows, their keys told apart; the first is as it was."""
    return pl.concat([rows, *(_copy(name, rows, number) for number in range(1, copies))])


def _copy(name: str, rows: pl.LazyFrame, number: int) -> pl.LazyFrame:
    mark = pl.lit(f"~{number}")
    if name == ACTS:
        return _copy_of_acts(rows, mark)
    copy = rows.with_columns(pl.col(key) + mark for key in MULTIPLIED[name])
    if name == EVENTS:  # each step a second later in each copy: no two wait equally long
        copy = copy.with_columns(
            pl.col("event_at") + (pl.col("seq") - 1) * timedelta(seconds=number)
        )
    return copy


def _copy_of_acts(acts: pl.LazyFrame, mark: pl.Expr) -> pl.LazyFrame:
    """The keys of their own tables told apart as in these; initiatives are there once."""
    kind, key = pl.col("act_type_code"), pl.col("act_id").str.split(_BAR)
    answer = pl.concat_str(
        key.list.slice(0, 2).list.join(_BAR), mark, pl.lit(_BAR), key.list.get(-1)
    )
    own = pl.when(kind == "answer").then(answer).otherwise(pl.col("act_id") + mark)
    copy = acts.filter(kind != "initiative")
    return copy.with_columns(act_id=own, text_id=pl.col("text_id") + mark)


def build_core(source: Path, target: Path, *, copies: int) -> int:
    """The core tables at the scale, in a store of their own; gives the rows of acts."""
    store, n_acts = TableStore(source), 0
    for name, table in load_contracts().items():
        if (table.layer != "core" and name not in WORDS) or store.manifest(name) is None:
            continue
        rows = store.scan(name)
        if name == ACTS or name in MULTIPLIED:
            rows = multiply(name, rows, copies=copies)
        n_rows = write_rows(target, table, rows)
        n_acts = n_rows if name == ACTS else n_acts
    return n_acts


def write_rows(root: Path, table: Table, rows: pl.LazyFrame) -> int:
    """A table of the store, written without holding it; gives its rows."""
    folder = root / table.name
    folder.mkdir(parents=True)
    path = folder / "rows.parquet"
    rows.sink_parquet(path, row_group_size=_ROW_GROUP_ROWS)
    with path.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    n_rows: int = pl.scan_parquet(path).select(pl.len()).collect().item()
    manifest = Manifest(
        table=table.name,
        file=path.name,
        sha256=sha256,
        n_rows=n_rows,
        n_bytes=path.stat().st_size,
        fingerprint="benchmark",
        contract_version=table.version,
    )
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest)))
    return n_rows


def rebuild(house: House) -> dict[str, float]:
    """Seconds of every step, each computed and written after what it reads."""
    by_name = {mart.name: mart for mart in marts()}
    order = TopologicalSorter({name: mart.inputs for name, mart in by_name.items()})
    seconds: dict[str, float] = {}

    def keep(step: str, compute: Callable[[], Mapping[str, pl.DataFrame]]) -> None:
        began = time.perf_counter()
        for name, frame in compute().items():
            house.store.write(load_contracts()[name], frame, fingerprint="benchmark")
        seconds[step] = time.perf_counter() - began

    for name in (name for name in order.static_order() if name in by_name):
        keep(name, partial(_one_mart, house, name))
    keep("disclosure_control", lambda: disclosed_tables(house))
    for report in reports():
        keep(report.name, partial(_one_report, house, report.name))
    return seconds


def _one_mart(house: House, name: str) -> dict[str, pl.DataFrame]:
    return {name: computed_mart(house, next(m for m in marts() if m.name == name))}


def _one_report(house: House, name: str) -> dict[str, pl.DataFrame]:
    report = next(r for r in reports() if r.name == name)
    return {name: computed_report(house, report, disclosed_names())}


def measure(data_dir: Path, copies: int) -> dict[str, Any]:
    """One scale, in this process."""
    work = Path(tempfile.mkdtemp(prefix="kuulolla-benchmark-"))
    command = [sys.executable, __file__, "--core", str(copies), "--work", str(work)]
    try:
        # Written by a process of its own, so that its memory is not counted here.
        wrote = subprocess.run(
            [*command, "--data-dir", str(data_dir)], check=True, capture_output=True, text=True
        )
        seconds = rebuild(House(demo_settings(work), now=datetime.now(UTC)))
        return {
            "copies": copies,
            "n_acts": int(wrote.stdout.split()[-1]),
            "seconds": seconds,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    finally:
        shutil.rmtree(work, ignore_errors=True)


def compare_with_loop() -> None:
    """All cells of Kaplan and Meier at once, beside statsmodels cell by cell, on the same waits."""
    from statsmodels.duration.survfunc import SurvfuncRight

    chance = np.random.default_rng(20_261_120)
    cell = chance.integers(0, _SAMPLE_CELLS, 30 * _SAMPLE_CELLS)
    hours, luck = chance.exponential(100.0, cell.size).round(2), chance.random(cell.size)
    waits = pl.DataFrame({"cell": cell, "duration": hours, "is_event": luck > _CENSORED})
    seconds = []
    for _ in range(2):  # the first time it is warmed up
        began = time.perf_counter()
        kaplan_meier(waits, horizons={"share": 24.0}, restriction=720.0)
        seconds.append(time.perf_counter() - began)
    began = time.perf_counter()
    with np.errstate(divide="ignore", invalid="ignore"):
        for part in waits.partition_by("cell"):
            curve = SurvfuncRight(part["duration"].to_numpy(), part["is_event"].to_numpy())
            curve.quantile(0.5)
            curve.quantile_ci(0.5, method="cloglog")
    loop = time.perf_counter() - began
    ours = seconds[-1]
    print(
        f"{_SAMPLE_CELLS} survival curves: ours {ours:.3f} s, statsmodels one by one {loop:.3f} s"
    )


def show(results: list[dict[str, Any]]) -> None:
    """The table, slowest first, with the slope between the least and the greatest scale."""
    names = list(results[0]["seconds"])
    first, last = results[0], results[-1]
    growth = math.log(last["n_acts"] / first["n_acts"]) if len(results) > 1 else 1.0
    head = "".join(f"{r['copies']:>11}×" for r in results)
    print(f"{'seconds':<42}{head}{'slope':>8}")
    for name in sorted(names, key=lambda n: -last["seconds"][n]):
        row = "".join(f"{r['seconds'][name]:>12.2f}" for r in results)
        slope = (
            math.log(max(last["seconds"][name], _LEAST_S) / max(first["seconds"][name], _LEAST_S))
            / growth
        )
        print(f"{name:<42}{row}{slope:>8.2f}")
    total = [sum(r["seconds"].values()) for r in results]
    print(f"{'all':<42}" + "".join(f"{t:>12.2f}" for t in total), end="")
    print(f"{math.log(total[-1] / total[0]) / growth:>8.2f}" if len(results) > 1 else "")
    print(f"{'acts':<42}" + "".join(f"{r['n_acts']:>12,}" for r in results))
    print(f"{'peak memory, MB':<42}" + "".join(f"{r['peak_mb']:>12,.0f}" for r in results))


def main() -> None:
    """Measure each scale in a process of its own and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--one", type=int)
    parser.add_argument("--core", type=int)
    parser.add_argument("--work", type=Path)
    given = parser.parse_args()
    if given.core:
        n_acts = build_core(given.data_dir / "tables", given.work / "tables", copies=given.core)
        print(n_acts)
        return
    if given.one:
        print(json.dumps(measure(given.data_dir, given.one)))
        return
    results = []
    for copies in given.scales:
        command = [
            sys.executable,
            __file__,
            "--one",
            str(copies),
            "--data-dir",
            str(given.data_dir),
        ]
        found = subprocess.run(command, check=True, capture_output=True, text=True)
        results.append(json.loads(found.stdout.splitlines()[-1]))
    show(results)
    compare_with_loop()


if __name__ == "__main__":
    main()
