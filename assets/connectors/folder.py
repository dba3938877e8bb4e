"""Files below the source folder, as they lie there.

Belongs here: which files are whole and ours to read. What they are is found later, by looking in.
"""

import mimetypes
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from assets.connectors.delivery import Delivery
from assets.errors import SourceDownError

MAX_FILE_BYTES = 500_000_000

_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".swp", "~")
_NEVER = frozenset({"thumbs.db", "desktop.ini"})


def read_folder(
    root: Path, *, max_bytes: int = MAX_FILE_BYTES, fetched_at: datetime | None = None
) -> Iterator[Delivery]:
    """Every whole file below ``root``, in the order of its path.

    The source is the first folder below ``root``, for files beside it ``root``'s own name. Left out
    are hidden, temporary and partial files, files that change while they are read (the next run
    takes them), what is no ordinary file, and links that lead out of ``root``. An empty file is
    delivered: the intake refuses it by name.

    Args:
        root: The source folder.
        max_bytes: Size beyond which a file is not read.
        fetched_at: Moment of fetching with zone; when left out, the moment at which the file was
            last written, which is when it was delivered to the folder.

    Raises:
        SourceDownError: At once if ``root`` is no folder; after all other files if some were
            too large.
    """
    if not root.is_dir():
        raise SourceDownError(
            f"Found no folder at {root}, expected the source folder."
            " Create it or set source_dir to where the exports lie."
        )
    home = root.resolve()
    too_large = []
    for path in sorted(_candidates(root), key=lambda path: path.relative_to(root).parts):
        if not path.resolve().is_relative_to(home):
            continue
        if _size(path) > max_bytes:
            too_large.append(path.relative_to(root).as_posix())
            continue
        content = _whole_content(path)
        if content is not None:
            yield _delivery(
                path, root=root, content=content, fetched_at=fetched_at or _written_at(path)
            )
    if too_large:
        raise SourceDownError(
            f"Found {len(too_large)} files larger than {max_bytes} bytes in the source folder"
            f" (first: '{too_large[0]}'), expected smaller ones. Deliver them in parts."
        )


def _candidates(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder) / name for name in names if _is_ours(name))


def _is_ours(name: str) -> bool:
    small = name.lower()
    is_hidden = small.startswith((".", "~$", "._")) or small in _NEVER
    return not is_hidden and not small.endswith(_UNFINISHED)


def _size(path: Path) -> int:
    """Bytes of an ordinary file; -1 of anything else, and of what is gone by now."""
    try:
        found = path.stat()
    except OSError:
        return -1
    return found.st_size if stat.S_ISREG(found.st_mode) else -1


def _whole_content(path: Path) -> bytes | None:
    """The bytes of an ordinary file; null when it is none, or changed while it was read."""
    if _size(path) < 0:
        return None
    try:
        before = path.stat()
        content = path.read_bytes()
        after = path.stat()
    except FileNotFoundError:
        return None
    is_steady = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return content if is_steady and len(content) == after.st_size else None


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def _delivery(path: Path, *, root: Path, content: bytes, fetched_at: datetime) -> Delivery:
    below = path.relative_to(root)
    return Delivery(
        source_code=below.parts[0] if len(below.parts) > 1 else root.resolve().name,
        name=path.name,
        address=below.as_posix(),
        content=content,
        fetched_at=fetched_at,
        media_type=mimetypes.guess_type(path.name)[0],
        licence=None,
    )
