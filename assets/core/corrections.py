"""The folder of corrections by analysts (korjaukset): CSV files in, one correction per text out.

What cannot be taken is left out and told, in a text file beside the folder; it stops no night.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets import atomic
from assets.core.joining import texts_of_acts
from assets.core.texts import distinct_texts
from assets.house import House
from assets.store import fingerprint_of
from transforms.parse.delimited import read_delimited
from transforms.parse.encoding import decode_text
from transforms.parse.parsed import RefusedFileError
from transforms.text.corrections import (
    CODE_LISTS,
    CORRECTION_SCHEMA,
    clean_corrections,
    latest_corrections,
)

LEFT_OUT = "corrections_left_out.txt"
_BAR = "|"  # stands in every act_id and in no text_id


@dataclass(frozen=True, slots=True)
class Corrections:
    """Corrections in force.

    Attributes:
        frame: One row per text: ``CORRECTION_SCHEMA`` and the masked ``text``, by ``text_id``.
        left_out: A sentence for every row or file that was not taken.
    """

    frame: pl.DataFrame
    left_out: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Hash of what is in force; labels depend on it."""
        return fingerprint_of({"csv": self.frame.write_csv()})

    @property
    def row_hashes(self) -> list[str]:
        """Hash of each correction, by which models remember what they have learnt."""
        return [fingerprint_of({"row": row})[:16] for row in self.frame.rows()]


def corrections_in_force(house: House) -> Corrections:
    """What the files say of texts that the house holds; without files nothing else is read."""
    paths = sorted(house.corrections_dir.glob("*.csv"), key=lambda path: path.name)
    if not paths:
        return Corrections(pl.DataFrame(schema={**CORRECTION_SCHEMA, "text": pl.String}), ())
    left_out: list[str] = []
    files = {path.name: _read(path, left_out) for path in paths}
    texts = distinct_texts(house)
    known = _texts_by_id(house, texts, list(files.values()))
    corrections = []
    for name, rows in files.items():
        cleaned = clean_corrections(rows, known)
        corrections.append(cleaned.frame)
        left_out += [_sentence(name, reject) for reject in cleaned.rejects.rows(named=True)]
    latest = latest_corrections(corrections)
    frame = latest.join(texts, on="text_id", how="inner", validate="1:1").sort("text_id")
    return Corrections(frame, tuple(sorted(left_out)))


def tell_left_out(house: House, corrections: Corrections) -> None:
    """Write what was left out where the analyst finds it; nothing left out, no file."""
    path = house.folders.root / LEFT_OUT
    content = "".join(f"{sentence}\n" for sentence in corrections.left_out).encode()
    if not content:
        path.unlink(missing_ok=True)
    elif not path.is_file() or path.read_bytes() != content:
        atomic.write_bytes(path, content)


def _read(path: Path, left_out: list[str]) -> pl.DataFrame:
    """Rows of one file as text; a file that cannot be read gives none and is told."""
    nothing = pl.DataFrame(schema={"id": pl.String, "line_no": pl.Int64})
    try:
        text = decode_text(path.read_bytes()).text
        if len(text.strip().splitlines()) <= 1:  # headings alone: nothing is corrected yet
            return nothing
        table = read_delimited(text, expected_columns=["id", *CODE_LISTS])
    except (RefusedFileError, OSError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        left_out.append(f"Corrections in '{path.name}' are left out: {said}")
        return nothing
    left_out += [_sentence(path.name, reject) for reject in table.rejects.rows(named=True)]
    lower = {name: name.lower() for name in table.header}
    frame = table.frame.rename(lower if len({*lower.values()}) == len(lower) else {})
    if "id" not in frame.columns or not set(CODE_LISTS) & set(frame.columns):
        left_out.append(
            f"Corrections in '{path.name}' are left out: found {len(table.header)} columns, "
            f"expected 'id' and any of {', '.join(CODE_LISTS)}. Name the columns so."
        )
        return nothing
    return frame


def _texts_by_id(house: House, texts: pl.DataFrame, files: list[pl.DataFrame]) -> pl.DataFrame:
    """``id`` and ``text_id``; acts are joined only when a file names one."""
    by_text = texts.select(id="text_id", text_id="text_id")
    ids = pl.concat([rows.select("id") for rows in files])
    if not ids["id"].str.contains(_BAR, literal=True).any():
        return by_text
    return pl.concat([by_text, texts_of_acts(house).rename({"act_id": "id"})])


def _sentence(name: str, reject: dict[str, object]) -> str:
    column = f", column '{reject['column_name']}'" if reject["column_name"] else ""
    found = f"found '{reject['found_shape']}'" if reject["found_shape"] else "found none"
    return (
        f"Correction in '{name}', row {reject['line_no']}{column}: {found} ({reject['reason_code']}"
        f"), expected {reject['expected']}. The row is left out; mend it and run again."
    )
