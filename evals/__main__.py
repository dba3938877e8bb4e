"""``python -m evals``: prints the figures and writes docs/evals.md; ``--check`` holds the frozen
sets to the floors alone, ``--accept`` makes the figures the new floors.
"""

import argparse
import sys
from pathlib import Path

import polars as pl

from data_contracts.labelled import read_examples, read_lexicon
from evals.crossing import label_by_folds, measure, measure_services
from evals.frozen import fit_all, label_held_out, measure_marked, measure_second_annotator
from evals.report import find_falls, read_floors, render_floors, render_report

FLOORS = Path(__file__).parent / "floors.toml"
REPORT = Path(__file__).parent.parent / "docs" / "evals.md"


def main() -> int:
    """Measures, prints, and does what the options say; 1 when a figure has fallen."""
    parser = argparse.ArgumentParser(prog="./run evals", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only: has a figure fallen?")
    parser.add_argument("--accept", action="store_true", help="write evals/floors.toml")
    options = parser.parse_args()
    models = fit_all()
    held_out = label_held_out(models)
    frozen = measure(held_out) | measure_marked()
    if options.check:
        falls = find_falls(frozen, read_floors(FLOORS))
        for sentence in falls:
            print(sentence, file=sys.stderr)
        return 1 if falls else 0
    report = _report(frozen, held_out, models.method_version)
    print(report)
    REPORT.write_text(report, encoding="utf-8")
    if options.accept:
        FLOORS.write_text(render_floors(frozen), encoding="utf-8")
    return 0


def _report(frozen: dict[str, float], held_out: pl.DataFrame, method_version: str) -> str:
    examples = read_examples()
    strangers = label_by_folds(examples, read_lexicon(), examples["batch"])
    groups = {"x, all": measure(held_out)}
    for column in ("language", "source_type"):
        for (value,), group in sorted(held_out.group_by(column)):
            groups[f"x, {column} {value}"] = measure(group)
    groups["strangers, all"] = measure(strangers)
    for column in ("batch", "language"):
        for (value,), group in sorted(strangers.group_by(column)):
            groups[f"strangers, {column} {value}"] = measure(group)
    second = measure_second_annotator()
    services = measure_services(strangers)
    return render_report(frozen, second, groups, services, method_version=method_version)


if __name__ == "__main__":
    sys.exit(main())
