"""Files that are whole or not there: write beside, flush to disk, rename."""

import json
import os
import shutil
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def write_bytes(path: Path, content: bytes, *, is_flushed: bool = True) -> None:
    """Put ``content`` at ``path`` so that no reader and no crash ever sees a part of it.

    Without ``is_flushed`` a power cut may leave a part of it until ``flush`` has been called.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    with beside.open("wb") as handle:
        handle.write(content)
        if is_flushed:
            handle.flush()
            os.fsync(handle.fileno())
    beside.replace(path)
    if is_flushed:
        sync_folder(path.parent)


def write_json(path: Path, content: Mapping[str, Any], *, is_flushed: bool = True) -> None:
    """Put ``content`` at ``path`` as readable JSON with sorted keys, as ``write_bytes`` does."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    write_bytes(path, text.encode() + b"\n", is_flushed=is_flushed)


def flush(paths: Iterable[Path]) -> None:
    """Flush files and the folders that they lie in, those folders' own entries included."""
    folders: set[Path] = set()
    for path in dict.fromkeys(paths):
        with path.open("rb") as handle:
            os.fsync(handle.fileno())
        folders |= {path.parent, path.parent.parent}
    for folder in sorted(folders):
        sync_folder(folder)


def move_folder(built: Path, target: Path) -> None:
    """Put a folder built aside at ``target``, in place of an older one if there is one."""
    _sync_tree(built)
    if target.exists():
        aside = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.old")
        target.rename(aside)
        built.rename(target)
        shutil.rmtree(aside)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        built.rename(target)
    sync_folder(target.parent)


def point(pointer: Path, name: str) -> None:
    """Make the symbolic link ``pointer`` name its sibling ``name``, in one step."""
    beside = pointer.with_name(f".{pointer.name}.{uuid.uuid4().hex[:8]}")
    beside.symlink_to(name)
    beside.replace(pointer)
    sync_folder(pointer.parent)


def sweep(folder: Path) -> None:
    """Remove what an interrupted write left beside its target in ``folder``."""
    for leftover in (*folder.glob(".*.part"), *folder.glob(".*.old")):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


def sync_folder(folder: Path) -> None:
    """Flush a folder's own entries, so that a rename outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
