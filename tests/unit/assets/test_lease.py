"""One run at a time, and no stale lock after a run that was killed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assets.errors import HouseError
from assets.lease import BusyError, lease
from tests.support.houses import NOW
from tests.support.sources import ROOT

_HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from assets.lease import lease
with lease(Path(sys.argv[1]), now=datetime(2026, 3, 2, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_and_told_who_holds_the_folder(tmp_path: Path) -> None:
    with (
        lease(tmp_path / "state", now=NOW),
        pytest.raises(BusyError, match=r"process \d+ since 2026-03-02T00:30:00\+00:00") as caught,
        lease(tmp_path / "state", now=NOW),
    ):
        pass

    assert "Nothing was changed" in str(caught.value)
    assert isinstance(caught.value, HouseError)


def test_the_folder_is_free_again_after_a_run(tmp_path: Path) -> None:
    for _ in range(2):
        with lease(tmp_path / "state", now=NOW):
            held = json.loads((tmp_path / "state" / "run.lock").read_text(encoding="utf-8"))

    assert held["since"] == "2026-03-02T00:30:00+00:00"


def test_the_folder_is_free_again_after_a_run_that_failed(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), lease(tmp_path / "state", now=NOW):
        raise KeyboardInterrupt

    with lease(tmp_path / "state", now=NOW):
        assert (tmp_path / "state" / "run.lock").exists()


def test_a_killed_run_leaves_no_lock_behind(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path / "state")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BusyError), lease(tmp_path / "state", now=NOW):
            pass
        holder.kill()
        holder.wait()

    with lease(tmp_path / "state", now=NOW):
        held = json.loads((tmp_path / "state" / "run.lock").read_text(encoding="utf-8"))
    assert held["since"] == "2026-03-02T00:30:00+00:00"


def test_a_lock_file_that_cannot_be_read_names_another_process(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with lease(state, now=NOW):
        (state / "run.lock").write_text("{", encoding="utf-8")

        with pytest.raises(BusyError, match="another process"), lease(state, now=NOW):
            pass
