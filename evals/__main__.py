"""``python -m evals``: prints the figures and writes docs/evals.md; ``--check`` holds the frozen
sets to the floors alone, ``--accept`` makes the figures the new floors, ``--worst`` lists the
labelled examples that are got most wrong, ``--corpus`` measures the same algorithm on a corpus of
one's own.
"""

import argparse
import sys
from pathlib import Path

from data_contracts.labelled import read_examples, read_lexicon
from evals.corpus import CorpusError, measure_corpus, read_corpus, render_corpus
from evals.crossing import label_by_folds, measure, measure_services
from evals.frozen import HANDS, fit_all, label_held_out, measure_second_annotator, measure_sets
from evals.report import find_falls, read_floors, render_floors, render_report
from evals.worst import find_worst, render_worst
from transforms.text.models import TextModels

FLOORS = Path(__file__).parent / "floors.toml"
REPORT = Path(__file__).parent.parent / "docs" / "evals.md"


def main() -> int:
    """Measures, prints, and does what the options say; 1 when a figure has fallen."""
    parser = argparse.ArgumentParser(prog="./run evals", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only: has a figure fallen?")
    parser.add_argument("--accept", action="store_true", help="write evals/floors.toml")
    parser.add_argument("--worst", type=int, metavar="N", help="only: the N worst examples")
    parser.add_argument("--corpus", type=Path, metavar="CSV", help="only: text,label,split")
    options = parser.parse_args()
    if options.worst is not None:
        print(render_worst(find_worst(read_examples(), read_lexicon(), n_worst=options.worst)))
        return 0
    if options.corpus is not None:
        return _measure_own(options.corpus)
    return _measure_frozen(options)


def _measure_own(path: Path) -> int:
    try:
        corpus = read_corpus(path)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    print(render_corpus(measure_corpus(corpus, read_lexicon())))
    return 0


def _measure_frozen(options: argparse.Namespace) -> int:
    models = fit_all()
    frozen = measure_sets(models)
    if options.check:
        falls = find_falls(frozen, read_floors(FLOORS))
        for sentence in falls:
            print(sentence, file=sys.stderr)
        return 1 if falls else 0
    report = _report(frozen, models)
    print(report)
    REPORT.write_text(report, encoding="utf-8")
    if options.accept:
        FLOORS.write_text(render_floors(frozen), encoding="utf-8")
    return 0


def _report(frozen: dict[str, dict[str, float]], models: TextModels) -> str:
    examples = read_examples()
    strangers = label_by_folds(examples, read_lexicon(), examples["batch"])
    groups = {}
    for hand, _ in HANDS.values():
        held_out = label_held_out(models, hand)
        groups[f"{hand}, all"] = measure(held_out)
        for column in ("language", "source_type"):
            for (value,), group in sorted(held_out.group_by(column)):
                groups[f"{hand}, {column} {value}"] = measure(group)
    groups["strangers, all"] = measure(strangers)
    for column in ("batch", "language"):
        for (value,), group in sorted(strangers.group_by(column)):
            groups[f"strangers, {column} {value}"] = measure(group)
    second = {name: measure_second_annotator(hand) for name, (hand, _) in HANDS.items()}
    services = measure_services(strangers)
    return render_report(frozen, second, groups, services, method_version=models.method_version)


if __name__ == "__main__":
    sys.exit(main())
