"""Dagster's event log with connections kept open, against Dagster's own, in one run.

``.venv/bin/python benchmarks/event_log.py [--assets 100]``. A job of so many assets that compute
nothing, each with a check, as a night that brings nothing has them: CPU seconds of the whole job
with each log, by turns, and their ratio.
"""

import argparse
import tempfile
import time
from pathlib import Path

import dagster as dg
from dagster import DagsterInstance

from assets.folders import Folders
from pipelines.nightly import prepare_instance

_TURNS = 3
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_THEIRS, _OURS = "Dagster's own", "kept open"
_OWN = "telemetry:\n  enabled: false\n"


def build_job(n_assets: int) -> list[dg.AssetsDefinition | dg.AssetChecksDefinition]:
    """Assets in a chain of tens, each with a check."""
    parts: list[dg.AssetsDefinition | dg.AssetChecksDefinition] = []
    for number in range(n_assets):
        name = f"table_{number}"
        deps = [f"table_{number - 10}"] if number >= 10 else []  # noqa: PLR2004 - ten side by side

        @dg.asset(name=name, deps=deps)
        def nothing() -> dg.MaterializeResult[None]:
            return dg.MaterializeResult(metadata={"dagster/row_count": 1})

        @dg.asset_check(asset=name, name="holds", blocking=True)
        def holds() -> dg.AssetCheckResult:
            return dg.AssetCheckResult(passed=True)

        parts += [nothing, holds]
    return parts


def measure(home: Path, n_assets: int) -> float:
    """CPU seconds of one run of the job in an instance."""
    parts = build_job(n_assets)
    with DagsterInstance.from_config(str(home)) as instance:
        began = time.process_time()
        dg.materialize(parts, instance=instance, run_config=_QUIET)
        return time.process_time() - began


def main() -> None:
    """Print the CPU seconds of each turn and the ratio of the least of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=100)
    n_assets = parser.parse_args().assets
    with tempfile.TemporaryDirectory() as folder:
        steady = prepare_instance(Folders(Path(folder) / "steady"))
        own = Path(folder) / "own"
        own.mkdir()
        (own / "dagster.yaml").write_text(_OWN)
        seconds: dict[str, list[float]] = {_THEIRS: [], _OURS: []}
        for _ in range(_TURNS):
            for name, home in ((_THEIRS, own), (_OURS, steady)):
                seconds[name].append(measure(home, n_assets))
    for name, found in seconds.items():
        print(f"{name:<16}" + "".join(f"{one:>8.2f}" for one in found) + "  CPU-s")
    least = {name: min(found) for name, found in seconds.items()}
    print(f"ratio {least[_THEIRS] / least[_OURS]:.1f}")


if __name__ == "__main__":
    main()
