"""How fast texts are labelled on one core, warm, beside spaCy's Finnish pipeline in the same run.

Run ``OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1 .venv/bin/python benchmarks/text.py``. spaCy's figure
needs the package ``spacy_fi_experimental_web_md`` (not among the dependencies; a folder that holds
it may be named by ``PYTHONPATH``). ``--rows N`` also sends N rows through the whole of
``./run classify`` and prints the most memory that it took. Only ratios of one run mean anything.
"""

import argparse
import importlib.util
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from assets.classifier import Classifier
from data_contracts.labelled import read_examples
from pipelines.classify import classify_file, prepare_classifier
from transforms.text.label import label_texts

SPACY_MODEL = "spacy_fi_experimental_web_md"
N_TEXTS, N_WORDS, N_SPACY = 20_000, 25, 400
_ROUNDS = 3


def texts_of(n_texts: int, *, seed: int = 1) -> list[str]:
    """Texts of 25 words: labelled examples one behind another, each from its beginning."""
    examples = [text.split() for text in read_examples()["text"]]
    chance = random.Random(seed)
    texts = []
    for _ in range(n_texts):
        words: list[str] = []
        while len(words) < N_WORDS:
            words += chance.choice(examples)
        texts.append(" ".join(words[:N_WORDS]))
    return texts


def cpu_seconds(work: Callable[[], object]) -> float:
    """Least CPU time of some rounds; the first of them warms up and does not count."""
    work()
    spent = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


def measure_labels(classifier: Classifier, texts: list[str]) -> float:
    """Texts per CPU-second for language, service, kind, sentiment, topics and groups."""
    frame = pl.DataFrame({"text_id": [str(n) for n in range(len(texts))], "text": texts})
    batch = frame.to_arrow().combine_chunks().to_batches()[0]
    models, types, scores = classifier.models, classifier.types, classifier.scores
    return len(texts) / cpu_seconds(lambda: label_texts(batch, models, types, scores))


def measure_everything(classifier: Classifier, texts: list[str]) -> float:
    """Texts per CPU-second for all that ``./run classify`` tells, masking and places with it."""
    columns = ("id", "text", "source", "received_on", "question")
    frame = pl.DataFrame(
        {"id": [str(n) for n in range(len(texts))], "text": texts},
        schema_overrides=dict.fromkeys(columns[:2], pl.String),
    ).with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in columns[2:])
    return len(texts) / cpu_seconds(lambda: classifier.classify(frame))


def measure_spacy(texts: list[str]) -> float | None:
    """Texts per CPU-second of spaCy's whole Finnish pipeline; None where it is not installed."""
    if importlib.util.find_spec(SPACY_MODEL) is None:
        return None
    nlp = importlib.import_module(SPACY_MODEL).load()
    sample = texts[:N_SPACY]
    return len(sample) / cpu_seconds(lambda: list(nlp.pipe(sample)))


def measure_file(classifier: Classifier, n_rows: int) -> tuple[float, float]:
    """Rows per second through files by one process, and the most memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.csv"
        texts = texts_of(min(n_rows, 100_000), seed=2)
        with source.open("w", encoding="utf-8") as lines:
            lines.write("id,text\n")
            for number in range(n_rows):
                text = texts[number % len(texts)].replace('"', "'")
                lines.write(f'{number},"{text} {number}"\n')
        began = time.perf_counter()
        classify_file(
            source,
            Path(folder) / "out.csv",
            classifier,
            n_processes=1,
            is_explained=False,
            say=lambda _: None,
        )
        seconds = time.perf_counter() - began
    return n_rows / seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=0, help="rows to send through files")
    options = parser.parse_args()
    folder = Path(tempfile.gettempdir()) / "kuulolla-benchmark"
    classifier = prepare_classifier(folder, is_own=True, say=print)
    texts = texts_of(N_TEXTS)
    everything = measure_everything(classifier, texts)
    labels = measure_labels(classifier, texts)
    print(f"labels: {labels:,.0f} texts of {N_WORDS} words per CPU-second")
    print(f"labels, places and masking: {everything:,.0f} per CPU-second")
    spacy = measure_spacy(texts)
    if spacy is None:
        print("spaCy's Finnish model is not installed: no ratio")
    else:
        print(f"spaCy, whole pipeline: {spacy:,.0f} per CPU-second")
        print(f"ratio: labels {labels / spacy:,.0f}, everything {everything / spacy:,.0f}")
    if options.rows:
        rate, memory = measure_file(classifier, options.rows)
        print(f"{options.rows:,} rows from file to file: {rate:,.0f} a second, {memory:,.0f} MB")


if __name__ == "__main__":
    main()
