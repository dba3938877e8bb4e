"""``python -m evals``: prints the table; ``--write`` docs/evals.md, ``--check`` holds it to the
floors, ``--accept`` makes the figures the new floors.
"""

import argparse
import sys
from pathlib import Path

from data_contracts.labelled import read_examples, read_lexicon
from evals.crossing import (
    SEED,
    label_by_folds,
    label_by_models,
    measure,
    measure_services,
    random_folds,
)
from evals.held_out_hand import read_held_out
from evals.report import HELD_OUT, Figures, find_falls, read_floors, render_floors, render_report
from transforms.text.lemmas import empty_type_table
from transforms.text.training import fit_models

FLOORS = Path(__file__).parent / "floors.toml"
REPORT = Path(__file__).parent.parent / "docs" / "evals.md"
_N_FOLDS = 5


def main() -> int:
    """Measures, prints, and does what the options say; 1 when a figure has fallen."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/evals.md")
    parser.add_argument("--check", action="store_true", help="fail when a figure has fallen")
    parser.add_argument("--accept", action="store_true", help="write evals/floors.toml")
    options = parser.parse_args()
    figures, report = _measure_all()
    print(report)
    if options.write:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(report, encoding="utf-8")
    if options.accept:
        FLOORS.write_text(render_floors(figures), encoding="utf-8")
    falls = find_falls(figures, read_floors(FLOORS)) if options.check else []
    for sentence in falls:
        print(sentence, file=sys.stderr)
    return 1 if falls else 0


def _measure_all() -> tuple[Figures, str]:
    examples, lexicon = read_examples(), read_lexicon()
    models = fit_models(examples, None, empty_type_table(), lexicon=lexicon, seed=SEED)
    held_out = label_by_models(read_held_out(), models, empty_type_table())
    strangers = label_by_folds(examples, lexicon, examples["batch"])
    folds = random_folds(examples, n_folds=_N_FOLDS)
    figures = {HELD_OUT: measure(held_out), "strangers": measure(strangers)}
    figures["folds"] = measure(label_by_folds(examples, lexicon, folds))
    for column in ("batch", "source_type", "language"):
        for (value,), group in sorted(strangers.group_by(column)):
            figures[f"strangers, {column} {value}"] = measure(group)
    report = render_report(
        figures, measure_services(strangers), method_version=models.method_version
    )
    return figures, report


if __name__ == "__main__":
    sys.exit(main())
