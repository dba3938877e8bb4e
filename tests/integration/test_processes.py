"""Further processes of a run: they end with it, however it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The worker holds the pipe of standard output open until it ends: reading to its end waits for it.
PROGRAM = """
import os, signal
from assets.processes import worker_pool

if __name__ == "__main__":
    pool = worker_pool(1)
    print(pool.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_of_a_killed_run_end_too(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(PROGRAM)

    ran = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        timeout=60,
        check=False,
    )

    assert ran.returncode == -signal.SIGKILL
    assert int(ran.stdout) != os.getpid()
