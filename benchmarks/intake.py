"""CPU seconds and peak memory of landing, planning, parsing, cleaning and masking a demo city.

Run ``.venv/bin/python benchmarks/intake.py [scale]``; scale 1 is a city of Seinäjoki's size. CPU
time of all threads is counted, since a shared machine makes the clock on the wall lie. Beside the
masking runs a naive one in the same process: every detector on every text of a sample, without
the look before it, so that the ratio does not depend on the machine.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import polars as pl

from assets import readers
from assets.house import House
from assets.raw.fetching import from_folder
from assets.reading_plan import plan_readings
from assets.settings import Settings
from demo_city.city import build_demo_city
from transforms.privacy import protect
from transforms.privacy.mask import mask_text, mask_texts

SAMPLE_TEXTS: Final = 3_000
_NOW: Final = datetime(2026, 11, 1, tzinfo=UTC)
#: Steps inside reading; what is left of it is cleaning.
_PARSING: Final = (readers, "_parse_each", "parsing")
_MASKING: Final = (protect, "mask_texts", "masking")
_READING: Final = "reading"


def main(scale: float) -> None:
    """Measure a city of ``scale`` and print one line per step."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "city"
        build_demo_city(source, scale=scale)
        settings = Settings(
            data_dir=Path(folder) / "data",
            pseudonym_key=b"benchmark-key-of-20b",
            source_dir=source,
            as_of=date(2026, 10, 31),
        )
        seconds, texts = measure(House(settings, now=_NOW))
    for step, spent in seconds.items():
        print(f"{step:<10}{spent:>8.2f} CPU-s")
    print(f"{'peak':<10}{peak_megabytes():>8.0f} MB")
    print(f"Masking is {naive_ratio(texts):.1f} times as fast as every detector on every text.")


def measure(house: House) -> tuple[dict[str, float], pl.Series]:
    """CPU seconds by step, and the texts that were masked."""
    seconds: dict[str, float] = {}
    texts: list[pl.Series] = []

    def masking(column: pl.Series) -> pl.DataFrame:
        texts.append(column.cast(pl.String).rename("text"))
        return mask_texts(column)

    with counted(seconds, "landing"):
        n_files = sum(1 for _ in house.raw.land_all(from_folder(house) or ()))
    with counted(seconds, "planning"):
        plans = plan_readings(house)
    with (
        patch.object(protect, "mask_texts", counting(seconds, _MASKING[2], masking)),
        patch.object(readers, _PARSING[1], counting(seconds, _PARSING[2], readers._parse_each)),
        counted(seconds, _READING),
    ):
        readings = readers.read_deliveries(house, plans)
    n_rows = sum(int(reading.files["n_rows_in"].sum()) for reading in readings)
    print(f"{n_files} files, {n_rows} rows")
    read = seconds.pop(_READING)
    seconds["cleaning"] = read - seconds[_PARSING[2]] - seconds[_MASKING[2]]
    seconds["all"] = sum(seconds.values())
    return seconds, pl.concat(texts).drop_nulls().unique(maintain_order=True)


def naive_ratio(texts: pl.Series) -> float:
    """How many times longer every detector on every text takes than masking them together."""
    sample = texts.sample(min(SAMPLE_TEXTS, texts.len()), seed=1)
    seconds: dict[str, float] = {}
    with counted(seconds, "together"):
        masked = mask_texts(sample)
    with counted(seconds, "singly"):
        singly = [mask_text(text) for text in sample.to_list()]
    if masked.rows() != singly:
        raise AssertionError("masking together and text by text differ")
    return seconds["singly"] / seconds["together"]


@contextmanager
def counted(seconds: dict[str, float], step: str) -> Iterator[None]:
    """Add the CPU seconds of the block to ``step``."""
    start = time.process_time()
    try:
        yield
    finally:
        seconds[step] = seconds.get(step, 0.0) + time.process_time() - start


def counting(
    seconds: dict[str, float], step: str, function: Callable[..., Any]
) -> Callable[..., Any]:
    """``function`` with its CPU seconds added to ``step``."""

    def call(*args: Any, **options: Any) -> Any:
        with counted(seconds, step):
            return function(*args, **options)

    return call


def peak_megabytes() -> float:
    """The largest size that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
