"""Further processes of one run: always fresh, and never left behind."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import connection, get_context, parent_process
from typing import Any


def worker_pool(
    n_processes: int, *, prepare: Callable[..., None] | None = None, given: tuple[Any, ...] = ()
) -> ProcessPoolExecutor:
    """A pool of processes that begin empty and end when this one does, however it ends.

    Polars' and Voikko's threads do not survive a fork, so each is started fresh (about a second of
    imports).

    Args:
        n_processes: How many.
        prepare: Called once in each with ``given``, before its first task.
        given: Picklable arguments.
    """
    return ProcessPoolExecutor(
        n_processes,
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(prepare, given),
    )


def _begin(prepare: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare(*given)


def _end_with_parent() -> None:
    """A killed parent cannot end its pool, whose processes would wait for tasks for ever."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
