"""One run at a time: a lock on the data folder that the system itself releases when a run dies."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from assets.errors import HouseError


class BusyError(HouseError):
    """Another run holds the data folder."""


@contextmanager
def lease(folder: Path, *, now: datetime) -> Iterator[None]:
    """Hold ``folder`` for the length of a run.

    The lock is the kernel's (``flock``): a run that is killed leaves no stale lock behind. The
    file's words say who holds it, for the message to the second run.

    Raises:
        BusyError: If another run holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "run.lock"
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(_sentence(path)) from error
        handle.truncate(0)
        handle.write(json.dumps({"pid": os.getpid(), "since": now.isoformat(timespec="seconds")}))
        handle.flush()
        yield


def _sentence(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        who = f"process {holder['pid']} since {holder['since']}"
    except (ValueError, KeyError):
        who = "another process"
    return (
        f"Another run holds {path.parent.parent} ({who}), expected none. "
        "Nothing was changed; wait until it has ended and run again."
    )
