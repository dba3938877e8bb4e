"""Files that are whole or not there: write beside, flush to disk, rename."""

import json
import os
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_bytes(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` so that no reader and no crash ever sees a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    with beside.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Put ``content`` at ``path`` as readable JSON with sorted keys."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    write_bytes(path, text.encode() + b"\n")


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
    for leftover in folder.glob(".*.part"):
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
