"""Fixtures of the acceptance tests; the finished city itself stands one level up."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.tiny import Town

_DRIVER = Path(__file__).resolve().parents[1] / "support" / "dying_run.py"
_ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start_dying() -> Start:
    """Start the job in a process of its own that meets its end at a named point."""

    def start(town: Town, *, point: str, nth: int, how: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(_DRIVER), point, str(nth), how]
        job = ["job", "--settings", str(town.settings), "--data-dir", str(town.data)]
        return subprocess.Popen(
            [*command, *job],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start
