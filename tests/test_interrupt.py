"""Ctrl-C and kill -9 of the command leave no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.forking import forking

LOOP = "import time\nwhile True:\n    time.sleep(1)\n"


def start(tmp_path: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """Grade an endless submission and wait until its worker runs."""
    (tmp_path / "03_loop.py").write_text(LOOP)
    command = [sys.executable, "-c", "from grader.cli import main; main()", "03_loop.py", "--exercise", "03"]
    running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(1200):
        family = psutil.Process(running.pid).children(recursive=True)
        zygote = forking(family[0].pid) if family else 0
        workers = (
            [each for each in psutil.Process(zygote).children() if time.time() - each.create_time() > 1]
            if zygote
            else []
        )
        if workers and (zygote != family[0].pid or len(family) == 2):
            return running, family
        time.sleep(0.05)
    raise AssertionError("no worker was seen")


@pytest.mark.skipif(sys.platform != "linux", reason="the zygote is for Linux")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_nothing_outlives_the_command(tmp_path: Path, number: signal.Signals) -> None:
    running, family = start(tmp_path)
    os.kill(running.pid, number)
    _, said = running.communicate(timeout=30)
    gone, alive = psutil.wait_procs(family, timeout=10)
    assert not alive
    assert len(gone) == len(family)
    if number is signal.SIGINT:
        assert (running.returncode, said.strip()) == (130, "Stopped.")
