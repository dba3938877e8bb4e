"""Every dataset rebuilt from core: seconds, peak memory and slope at 1, 10 and 100 demo cities.

Run ``./run`` once (it builds the demo city), then ``.venv/bin/python benchmarks/datasets.py
[--scales 1 10 100] [--data-dir data]``. Each scale is a process of its own, so that its peak memory
is its own. People and what they did are multiplied: requests, events, answers, notes, ideas. What
a city has one of (waves, questions, measures, initiatives, code lists) is not. The multiplied core
tables are written first, outside the clock; the clock runs over every mart, disclosure control and
every report, as the nightly run computes them. The slope is the exponent b of seconds ~ rows^b
between two scales: 1 grows with the rows, 0 not at all.
"""

import argparse
import json
import math
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import polars as pl

from assets.house import House
from assets.mart.tables import computed_mart, marts
from assets.public.reports import computed_report, reports
from assets.public.tables import disclosed_names, disclosed_tables
from assets.store import TableStore
from data_contracts.contract import load_contracts
from pipelines.environments import demo_settings

#: Tables of people and their acts, and the keys that tell one copy from another.
MULTIPLIED = {
    "core_feedback__tickets": ("ticket_id",),
    "core_feedback__events": ("ticket_id",),
    "core_surveys__respondents": ("respondent_id",),
    "core_surveys__answers": ("respondent_id",),
    "core_notes__notes": ("note_id",),
    "core_ideas__ideas": ("idea_id",),
}
ACTS = "core_acts__acts"
#: What people have approved: not computed, so taken as it is.
WORDS = ("mart_text__approvals", "mart_department__summary_approvals")
_BAR = "|"
_LEAST_S = 1e-3


def multiply(frame: pl.DataFrame, keys: tuple[str, ...], *, copies: int) -> pl.DataFrame:
    """``copies`` of the rows, their keys told apart."""
    parts = [
        frame.with_columns((pl.col(key) + f"~{number}").alias(key) for key in keys)
        if number
        else frame
        for number in range(copies)
    ]
    return pl.concat(parts, rechunk=True)


def multiply_acts(acts: pl.DataFrame, *, copies: int) -> pl.DataFrame:
    """Copies of the acts, their own tables' keys told apart as in these; initiatives once."""
    kind, key = pl.col("act_type_code"), pl.col("act_id").str.split(_BAR)
    parts = [acts]
    for number in range(1, copies):
        mark = pl.lit(f"~{number}")
        answer = pl.concat_str(
            key.list.slice(0, 2).list.join(_BAR), mark, pl.lit(_BAR), key.list.get(-1)
        )
        own = pl.when(kind == "answer").then(answer).otherwise(pl.col("act_id") + mark)
        parts.append(acts.filter(kind != "initiative").with_columns(act_id=own))
    return pl.concat(parts, rechunk=True)


def build_core(source: Path, target: Path, *, copies: int) -> int:
    """The core tables at the scale, in a store of their own; gives the rows of acts."""
    store, scaled, contracts = TableStore(source), TableStore(target), load_contracts()
    n_acts = 0
    for name, table in contracts.items():
        if (table.layer != "core" and name not in WORDS) or store.manifest(name) is None:
            continue
        frame = store.read(name)
        if name in MULTIPLIED:
            frame = multiply(frame, MULTIPLIED[name], copies=copies)
        if name == ACTS:
            frame = multiply_acts(frame, copies=copies)
            n_acts = frame.height
        scaled.write(table, frame, fingerprint="benchmark")
    return n_acts


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


def show(results: list[dict[str, Any]]) -> None:
    """The table, slowest first, with the slope between the least and the greatest scale."""
    names = list(results[0]["seconds"])
    first, last = results[0], results[-1]
    growth = math.log(last["n_acts"] / first["n_acts"]) if len(results) > 1 else 1.0
    head = "".join(f"{r['copies']:>8}×" for r in results)
    print(f"{'seconds':<42}{head}{'slope':>8}")
    for name in sorted(names, key=lambda n: -last["seconds"][n]):
        row = "".join(f"{r['seconds'][name]:>9.2f}" for r in results)
        slope = (
            math.log(max(last["seconds"][name], 1e-3) / max(first["seconds"][name], 1e-3)) / growth
        )
        print(f"{name:<42}{row}{slope:>8.2f}")
    total = [sum(r["seconds"].values()) for r in results]
    print(f"{'all':<42}" + "".join(f"{t:>9.2f}" for t in total), end="")
    print(f"{math.log(total[-1] / total[0]) / growth:>8.2f}" if len(results) > 1 else "")
    print(f"{'acts':<42}" + "".join(f"{r['n_acts']:>9,}" for r in results))
    print(f"{'peak memory, MB':<42}" + "".join(f"{r['peak_mb']:>9,.0f}" for r in results))


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


if __name__ == "__main__":
    main()
