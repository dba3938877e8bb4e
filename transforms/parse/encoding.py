"""Bytes to text: which encoding it is, what was damaged, and what can be put right.

Belongs here: byte order marks, UTF-16 without one, cp1252, double-encoded text, invisible
characters. Does not: anything about the structure of a file.
"""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from transforms.parse.parsed import RefusedFileError

DECLARABLE = ("auto", "utf-8", "cp1252", "latin-1", "utf-16")

_MOST_LAYERS = 8
_SAMPLE = 65_536
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY_STARTS = {
    b"PK\x03\x04": "a zip or workbook",
    b"PK\x05\x06": "an empty zip",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"SQLite format 3": "an SQLite database",
    b"PAR1": "a Parquet file",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x7fELF": "a program",
}
_CONTROLS = bytes({*range(1, 9), 0x0B, *range(0x0E, 0x1A), *range(0x1B, 0x20), 0x7F})
# Lead bytes of what Finnish UTF-8 holds (ä, ö, NBSP, dashes, emoji); as cp1252 they would be
# Â, Ã, â and ð, which no Finnish text ends with. 0xE4 and 0xF6 are cp1252's own ä and ö.
_FINNISH_LEADS = b"\xc2\xc3\xe2\xf0"

_MOJIBAKE = r"Ã.|Â.|â€|â‚|ðŸ"
_INVISIBLE = (
    r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\u00AD\u061C\u180E\u200B\u200C\u200E\u200F"
    r"\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]"
)
_EMOJI = r"\p{Extended_Pictographic}\u{FE0F}\u{1F3FB}-\u{1F3FF}"
_JOINER_AFTER_OTHER = rf"(^|[^{_EMOJI}\u{{200D}}])\u{{200D}}+"
_JOINER_BEFORE_OTHER = r"\u{200D}+($|[^\p{Extended_Pictographic}\u{200D}])"


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file as text.

    Attributes:
        text: Without byte order mark and NUL; line ends as they were.
        encoding_name: ``utf-8``, ``utf-16-le``, ``utf-16-be``, ``utf-32-…`` or ``cp1252``.
        n_nul: NUL characters removed.
        n_replaced: Bytes outside the encoding, read as cp1252 or replaced by U+FFFD.
    """

    text: str
    encoding_name: str
    n_nul: int
    n_replaced: int


def decode_text(content: bytes, *, declared: str = "auto") -> DecodedText:
    """The text of a file, by byte order mark, else by ``declared``, else by what the bytes allow.

    Args:
        content: The whole file.
        declared: One of ``DECLARABLE``; ``auto`` looks for itself.

    Raises:
        RefusedFileError: If the file is binary, cut inside a character, not in the declared
            encoding, or the declared name is unknown.
    """
    if declared not in DECLARABLE:
        raise RefusedFileError(
            f"Found encoding {declared!r} in the settings, expected one of {', '.join(DECLARABLE)}."
            " Correct the setting."
        )
    mark, encoding = next(
        ((m, e) for m, e in _BOMS if content.startswith(m)), (b"", _without_mark(content, declared))
    )
    _refuse_binary(content, encoding)
    body = content[len(mark) :]
    if encoding == "utf-8":
        text, encoding, n_replaced = _decode_utf8(body, is_sure=bool(mark) or declared == "utf-8")
    elif encoding == "cp1252":
        text, n_replaced = _decode_cp1252(body)
    else:
        text, n_replaced = _decode_wide(body, encoding)
    n_nul = text.count("\x00")
    return DecodedText(text.replace("\x00", "") if n_nul else text, encoding, n_nul, n_replaced)


def mend_surrogates(text: str) -> str:
    r"""Text that UTF-8 can hold: surrogate pairs joined, lone ones replaced by U+FFFD.

    JSON may carry such halves as ``\ud83d``; Polars refuses them.
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def repair_mojibake(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    r"""``frame`` with its text columns readable and alike, and ``is_mojibake_repaired``.

    Double-encoded text ("HyvÃ¤") is put right, decomposed letters are composed (NFC), line ends
    become ``\n``, and invisible and direction-changing characters are dropped; the joiner stays
    inside emoji. Doing it twice changes nothing.

    Args:
        frame: Any frame; null stays null.
        columns: String columns to look at.

    Returns:
        The same rows; ``is_mojibake_repaired`` is true where any of the columns was
        double-encoded.
    """
    repaired = pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
    for column in columns:
        # Text may have been encoded more than twice, and a dropped character may join two halves.
        for _ in range(_MOST_LAYERS):
            before = frame.get_column(column)
            after = _undo_double_encoding(before)
            if after is not before:
                repaired = repaired | (before != after).fill_null(value=False)
            frame = frame.with_columns(after).with_columns(_normalised(pl.col(column)))
            if after is before or frame.get_column(column).equals(before, null_equal=True):
                break
    return frame.with_columns(repaired.alias("is_mojibake_repaired"))


def _without_mark(content: bytes, declared: str) -> str:
    if declared in ("cp1252", "latin-1"):
        return "cp1252"
    sample = content[: _SAMPLE & ~1]
    n_even, n_odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if declared == "utf-16":
        return "utf-16-be" if n_even > n_odd else "utf-16-le"
    if declared == "auto" and n_odd / half > 0.5 and n_even / half < 0.05:  # noqa: PLR2004 - shares
        return "utf-16-le"
    if declared == "auto" and n_even / half > 0.5 and n_odd / half < 0.05:  # noqa: PLR2004 - shares
        return "utf-16-be"
    return "utf-8"


def _refuse_binary(content: bytes, encoding: str) -> None:
    for start, what in _BINARY_STARTS.items():
        if content.startswith(start):
            raise RefusedFileError(
                f"Found {what}, expected a text file. Export the table as CSV or JSON."
            )
    if encoding.startswith(("utf-16", "utf-32")):
        return
    sample = content[:_SAMPLE]
    n_controls = len(sample) - len(sample.translate(None, _CONTROLS))
    n_nul = sample.count(0)
    if n_controls > max(4, len(sample) // 50) or n_nul > max(4, len(sample) // 3):
        raise RefusedFileError(
            f"Found a binary file ({n_controls + n_nul} control characters in the first"
            f" {len(sample)} bytes), expected text. Export the table as CSV or JSON."
        )


def _decode_utf8(body: bytes, *, is_sure: bool) -> tuple[str, str, int]:
    try:
        return body.decode("utf-8"), "utf-8", 0
    except UnicodeDecodeError as error:
        found = error
    escaped = body.decode("utf-8", "surrogateescape")
    n_stray = len(re.findall("[\udc80-\udcff]", escaped))
    n_wide = len(re.findall("[^\x00-\x7f\udc80-\udcff]", escaped))
    is_last = found.reason == "unexpected end of data" and found.end == len(body)
    if is_last and (is_sure or n_wide > 0 or body[found.start] in _FINNISH_LEADS):
        raise RefusedFileError(
            f"Found a file cut inside a character at byte {found.start}, expected whole UTF-8 text."
            " Fetch the file again."
        )
    if is_sure:
        raise RefusedFileError(
            f"Found a byte that is not UTF-8 at byte {found.start}, expected UTF-8."
            " Set the encoding to auto, or export the file again."
        )
    if n_wide > n_stray:  # UTF-8 with foreign rows in between: those bytes are read as cp1252
        text = re.sub("[\udc80-\udcff]+", _stray_as_cp1252, escaped)
        return text, "utf-8", n_stray
    text, n_replaced = _decode_cp1252(body)
    return text, "cp1252", n_replaced


def _stray_as_cp1252(match: re.Match[str]) -> str:
    return match.group().encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _decode_cp1252(body: bytes) -> tuple[str, int]:
    text = body.decode("cp1252", "replace")
    n_replaced = text.count("\ufffd")
    if n_replaced > max(4, len(body) // 100):
        raise RefusedFileError(
            f"Found {n_replaced} bytes that neither UTF-8 nor cp1252 knows, expected text."
            " Export the file again as UTF-8."
        )
    return text, n_replaced


def _decode_wide(body: bytes, encoding: str) -> tuple[str, int]:
    try:
        return body.decode(encoding), 0
    except UnicodeDecodeError as error:
        if error.end >= len(body):
            raise RefusedFileError(
                f"Found a file cut inside a character at byte {error.start}, expected whole"
                f" {encoding} text. Fetch the file again."
            ) from error
    text = body.decode(encoding, "replace")
    return text, text.count("\ufffd")


def _undo_double_encoding(texts: pl.Series) -> pl.Series:
    flagged = texts.filter(texts.str.contains(_MOJIBAKE).fill_null(value=False)).unique()
    if flagged.is_empty():
        return texts
    from ftfy import fix_encoding

    mended = {text: fixed for text in flagged.to_list() if (fixed := fix_encoding(text)) != text}
    return texts.replace(mended) if mended else texts


def _normalised(text: pl.Expr) -> pl.Expr:
    return (
        text.str.replace_all(r"\r\n?|\x85|\u{2028}|\u{2029}", "\n")
        .str.replace_all(_INVISIBLE, "")
        .str.replace_all(_JOINER_AFTER_OTHER, "${1}")
        .str.replace_all(_JOINER_BEFORE_OTHER, "${1}")
        .str.normalize("NFC")
    )
