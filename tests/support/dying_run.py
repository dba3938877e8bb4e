"""The job in a process that meets its end at a named point: ``dying_run.py POINT NTH HOW job …``.

POINT is the end of a durable step's name: a path that ``atomic.write_bytes`` or
``atomic.move_folder`` is about to write to (as a pattern of ``fnmatch``), prefixed ``before:`` or
``after:``; NTH counts its occurrences from 1; HOW is ``kill`` (SIGKILL to itself), ``term``
(SIGTERM) or ``wait`` (says so on stdout, then waits to be killed).
"""

import os
import signal
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assets import atomic

_SIGNALS = {"kill": signal.SIGKILL, "term": signal.SIGTERM}


class Fate:
    """Counts durable steps and ends the process at the one that was named."""

    def __init__(self, point: str, nth: int, how: str) -> None:
        self.when, _, self.pattern = point.partition(":")
        self.left, self.how = nth, how

    def wrap(self, step: Callable[..., None], place: int) -> Callable[..., None]:
        """``step`` with its end before or after it; ``place`` is the argument with the path."""

        def fated(*arguments: Any, **options: Any) -> None:
            is_named = fnmatch(Path(arguments[place]).as_posix(), f"*{self.pattern}")
            self.left -= is_named
            is_now = is_named and self.left == 0
            if is_now and self.when == "before":
                self.meet()
            step(*arguments, **options)
            if is_now and self.when == "after":
                self.meet()

        return fated

    def meet(self) -> None:
        """End here."""
        if self.how == "wait":
            print("waiting", flush=True)
            signal.pause()
        os.kill(os.getpid(), _SIGNALS[self.how])


def main() -> None:
    """Wrap the durable steps and run the command."""
    point, nth, how, *command = sys.argv[1:]
    fate = Fate(point, int(nth), how)
    atomic.write_bytes = fate.wrap(atomic.write_bytes, 0)
    atomic.move_folder = fate.wrap(atomic.move_folder, 1)
    atomic.point = fate.wrap(atomic.point, 0)
    sys.argv = ["kuulolla", *command]

    from pipelines.cli import main as run_command

    run_command()


if __name__ == "__main__":
    main()
