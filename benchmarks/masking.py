"""How well and how fast personal data are masked, on the project's own texts.

Run ``.venv/bin/python benchmarks/masking.py``; with ``--write`` the weights of name candidates are
fitted anew and written to ``data_contracts/names/name_weights.csv``. Recall and precision are by
overlap, on texts that the rules were made with: they bound the truth from above. Speed is CPU time
of one core, warm.
"""

import csv
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from data_contracts.labelled import read_examples
from data_contracts.marked import HARD_NEGATIVE, PLACE, Mark, read_marked_examples
from data_contracts.person_names import read_name_priors, read_person_names
from transforms.privacy.mask import find_personal_data, mask_texts_with_spans
from transforms.privacy.name_letters import letter_odds
from transforms.privacy.name_training import Example, examples_of, fit_letters, fit_weights
from transforms.privacy.name_words import Word, describe
from transforms.privacy.spans import PersonalData

_NAMES = Path(__file__).resolve().parents[1] / "data_contracts" / "names"
_WORD_OF_TEXT = "[A-Za-z\u00c0-\u024f]+"
_LEAST_COMMON = 2  # times that a word in small letters stands in the labelled examples
N_TEXTS, N_WORDS = 20_000, 25
#: The labelled examples hold few names: their candidates are none, but for sure first names.
_SURE = re.compile(r"(?:one|pair):[Fc]")
_WEIGHT_UNMARKED = 0.5


def main(arguments: Sequence[str]) -> None:
    """Print recall, precision, hard negatives touched and speed."""
    if "--write" in arguments:
        write_letters()
        write_common_words()
        write_weights()
    print_quality()
    print_speed()


def write_weights() -> None:
    """Fit the weights to all marked texts and the unmarked labelled ones."""
    examples: list[Example] = []
    for text, marks, _ in read_marked_examples():
        names = [(m.start, m.end) for m in marks if m.label == PersonalData.NAME]
        examples += examples_of(text, names)
    examples += unmarked_examples()
    priors = read_name_priors()
    weights = fit_weights(examples, priors)
    rows = [
        [name, f"{priors.get(name, 0.0):g}", f"{weight:.3f}"]
        for name, weight in sorted(weights.items())
    ]
    _write("name_weights.csv", ["feature", "prior", "weight"], rows)


def write_letters() -> None:
    """Learn how names are spelt from the lists and from the words of the labelled examples."""
    names = {name.lower() for name in read_person_names()["name"] if " " not in name}
    words = {word for word, n in _small_words().items() if len(word) > _LEAST_COMMON}
    odds = fit_letters(sorted(names), sorted(words - names))
    _write("name_letters.csv", ["letters", "odds"], [[k, f"{v:g}"] for k, v in odds.items()])
    letter_odds.cache_clear()


def write_common_words() -> None:
    """Words of the labelled examples that some list takes for a name once they have a capital."""
    words = [
        [word]
        for word, n in sorted(_small_words().items())
        if n >= _LEAST_COMMON and len(word) > 1 and _is_name_like(describe(word.capitalize()))
    ]
    _write("common_words.csv", ["word"], words)


def _is_name_like(word: Word) -> bool:
    return word.level > 0 or word.is_unknown


def _small_words() -> Counter[str]:
    """Words in small letters of the labelled examples, with how often they stand there."""
    words = read_examples()["text"].str.extract_all(_WORD_OF_TEXT).explode().drop_nulls()
    return Counter(words.filter(words.str.to_lowercase() == words).to_list())


def _write(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with (_NAMES / name).open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([head, *rows])


def unmarked_examples() -> list[Example]:
    """Candidates of the labelled examples, without those that begin with a sure first name."""
    return [
        example
        for text in read_examples()["text"]
        for example in examples_of(text, [], weight=_WEIGHT_UNMARKED)
        if not _SURE.match(example.features[0])
    ]


def print_quality() -> None:
    """Recall and precision by overlap, and the share of hard negatives touched."""
    n_found = n_marked = n_right = n_spans = n_touched = n_hard = 0
    for text, marks, _ in read_marked_examples():
        spans = find_personal_data(text)
        private = [m for m in marks if m.label != HARD_NEGATIVE and not m.label.startswith(PLACE)]
        hard = [m for m in marks if m.label == HARD_NEGATIVE]
        n_found += sum(_overlaps(mark, spans) for mark in private)
        n_right += sum(_overlaps(span, private) for span in spans)
        n_touched += sum(_overlaps(mark, spans) for mark in hard)
        n_marked, n_spans, n_hard = (
            n_marked + len(private),
            n_spans + len(spans),
            n_hard + len(hard),
        )
    print(f"recall {n_found / n_marked:.3f} of {n_marked}, precision {n_right / n_spans:.3f}")
    print(f"hard negatives touched {n_touched / n_hard:.3f} of {n_hard}")


def _overlaps(
    span: tuple[int, int, str], others: Sequence[Mark] | Sequence[tuple[int, int, str]]
) -> bool:
    return any(span[0] < end and start < span[1] for start, end, _ in others)


def print_speed() -> None:
    """Texts of some 25 words per CPU-second, after one round of other texts."""
    mask_texts_with_spans(_texts(seed=1))
    texts = _texts(seed=2)
    begin = time.process_time()
    mask_texts_with_spans(texts)
    seconds = time.process_time() - begin
    print(f"{texts.len() / seconds:,.0f} texts of {N_WORDS} words per CPU-second")


def _texts(*, seed: int) -> pl.Series:
    """Stretches of the labelled examples, every eighth with a marked text before it."""
    plain = read_examples()["text"].to_list()
    marked = [text for text, _, _ in read_marked_examples()]
    made = []
    for n in range(N_TEXTS):
        words = f"{plain[(n * 7 + seed) % len(plain)]} {plain[(n * 13 + 5 * seed) % len(plain)]}"
        parts = words.split(" ")
        start = (n * 3 + seed) % max(1, len(parts) - N_WORDS)
        head = [marked[(n // 8 + seed) % len(marked)]] if n % 8 == 0 else []
        made.append(" ".join([*head, *parts[start : start + N_WORDS // (1 + 2 * len(head))]]))
    return pl.Series("text", made)


if __name__ == "__main__":
    main(sys.argv[1:])
