"""``./run classify``: a table of texts in, the same rows out with all that is told of them."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from assets.classifier import COLUMNS, Classifier
from assets.core.corrections import Corrections
from assets.errors import TextTableError
from assets.processes import worker_pool
from assets.text_files import TextFiles
from assets.text_outputs import check_output, written_beside
from assets.text_tables import TextTable, open_text_table
from assets.text_training import bring_up_to_date, training_basis
from data_contracts.contract import load_codes
from transforms.text.corrections import CORRECTION_SCHEMA
from transforms.text.explain import explain_text
from transforms.text.forwarding import leavings_of

BATCH_ROWS = 10_000
# Below this, starting processes and reading the models in each costs more than it saves.
LEAST_POOL_ROWS = 100_000
_WORDS_SHOWN = 8
Say = Callable[[str], None]
_NO_LABELS = pl.DataFrame(schema={"text": pl.String, "service_id": pl.String})
_NO_CORRECTIONS = Corrections(pl.DataFrame(schema={**CORRECTION_SCHEMA, "text": pl.String}), ())


@dataclass
class Tally:
    """Counts of what was told; never a word of a text."""

    n_rows: int = 0
    n_masked: int = 0
    n_unsure: int = 0
    languages: dict[str, int] = field(default_factory=dict)

    def add(self, labelled: pl.DataFrame, *, threshold: float) -> None:
        """Count a batch in."""
        self.n_rows += labelled.height
        self.n_masked += int(labelled["pii"].str.count_matches('"label"').sum())
        self.n_unsure += int((labelled["service_p"] < threshold).sum())
        for language, n in labelled["language"].value_counts().iter_rows():
            self.languages[language] = self.languages.get(language, 0) + n


def prepare_classifier(folder: Path, *, is_own: bool, say: Say) -> Classifier:
    """Models of a folder with the tables that make them quick.

    Args:
        folder: Where the models lie.
        is_own: Whether they are this command's own, trained from the project's examples when they
            are missing or old; else those of a city's nightly runs, taken as they are.
        say: Takes a sentence of progress.
    """
    files = TextFiles(folder)
    if is_own:
        if (files.basis() or {}).get("basis") != training_basis():
            say("→ training the text models from the project's examples (once)\n")
        bring_up_to_date(files, _NO_LABELS, _NO_CORRECTIONS)
    models = files.models()
    leavings = leavings_of(load_codes()["services"])
    return Classifier(models, files.types(), files.scores(models), leavings)


def classify_file(
    source: Path,
    target: Path,
    classifier: Classifier,
    *,
    n_processes: int,
    is_explained: bool,
    say: Say,
) -> Tally:
    """Write ``target``, row by row as in ``source``; ``say`` takes the progress."""
    table = open_text_table(source)
    check_output(target, n_rows=table.n_rows)
    if source.resolve() == target.resolve():
        raise TextTableError("Input and output are one file. Give the output another name.")
    tally, began = Tally(), time.perf_counter()
    with written_beside(target) as append:
        if table.n_rows == 0:
            append(pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String)))
        for labelled in _labelled(table, classifier, n_processes, is_explained=is_explained):
            append(labelled)
            tally.add(labelled, threshold=classifier.models.service_threshold)
            say(_progress(tally.n_rows, table.n_rows, time.perf_counter() - began))
    return tally


def explain_row(source: Path, row_id: str, classifier: Classifier) -> pl.DataFrame:
    """Which words decided for the row of that id: ``task``, ``code``, ``token``, ``contribution``.

    Raises:
        TextTableError: If no row has the id.
    """
    for batch in open_text_table(source).batches(size=BATCH_ROWS):
        found = batch.filter(pl.col("id") == row_id)
        if found.height:
            masked = classifier.masked(found["text"][0] or "")
            return explain_text(masked, classifier.models, classifier.types, classifier.scores)
    raise TextTableError(f"{source.name} has no row with the id given. Give an id of column 'id'.")


def render_explanation(rows: pl.DataFrame) -> str:
    """The words that weighed most, task by task."""
    lines = []
    for (task, code), words in rows.group_by("task", "code", maintain_order=True):
        lines.append(f"{task}: {code}")
        for token, contribution in words.head(_WORDS_SHOWN).select("token", "contribution").rows():
            lines.append(f"  {contribution:+6.2f}  {token}")
    return "\n".join(lines) if lines else "The text holds no word."


def render_tally(tally: Tally, target: Path, *, seconds: float) -> str:
    """What was done, for a person to read."""
    share = tally.n_unsure / tally.n_rows if tally.n_rows else 0.0
    languages = ", ".join(f"{code} {n}" for code, n in sorted(tally.languages.items()))
    return "\n".join(
        [
            f"{tally.n_rows} rows in {seconds:.1f} s → {target}",
            f"languages: {languages or '–'}",
            f"service unsure: {share:.1%} · personal data masked: {tally.n_masked} spans",
        ]
    )


def _labelled(
    table: TextTable, classifier: Classifier, n_processes: int, *, is_explained: bool
) -> Iterator[pl.DataFrame]:
    batches = table.batches(size=BATCH_ROWS)
    work = _explained if is_explained else Classifier.classify
    if n_processes == 1 or table.n_rows < LEAST_POOL_ROWS:
        yield from (work(classifier, batch) for batch in batches)
        return
    with worker_pool(n_processes, prepare=_start, given=(classifier,)) as pool:
        waiting: list[Future[pl.DataFrame]] = []
        for batch in batches:
            waiting.append(pool.submit(_work, work, batch))
            if len(waiting) > 2 * n_processes:  # so much memory and no more
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


_own: list[Classifier] = []


def _start(classifier: Classifier) -> None:
    _own.append(classifier)


def _work(
    work: Callable[[Classifier, pl.DataFrame], pl.DataFrame], batch: pl.DataFrame
) -> pl.DataFrame:
    return work(_own[0], batch)


def _explained(classifier: Classifier, batch: pl.DataFrame) -> pl.DataFrame:
    """The batch labelled, with a column of the words that decided the service."""
    labelled = classifier.classify(batch)
    models, types, scores = classifier.models, classifier.types, classifier.scores
    told = []
    for text in labelled["masked_text"]:
        rows = explain_text(text, models, types, scores).filter(task="service").head(_WORDS_SHOWN)
        words = rows.select("token", "contribution").iter_rows()
        told.append("; ".join(f"{token} {share:+.2f}" for token, share in words if share > 0))
    return labelled.with_columns(pl.Series("explanation", told, dtype=pl.String))


def _progress(n_done: int, n_rows: int, seconds: float) -> str:
    end = "\n" if n_done == n_rows else ""
    return f"\r  {n_done}/{n_rows} rows, {n_done / max(seconds, 1e-9):.0f} a second{end}"
