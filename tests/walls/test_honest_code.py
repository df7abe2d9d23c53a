from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.inside.walls import kernel

REPOSITORY = Path(__file__).parents[2]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

pytestmark = [
    pytest.mark.skipif(not kernel.machine(), reason="no walls for this machine"),
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs torch"),
]


def test_course_work_runs_behind_the_walls(tmp_path: Path) -> None:
    command = [sys.executable, "-B", str(Path(__file__).with_name("honest_code.py")), str(tmp_path), "{}"]
    environment = {"PATH": os.defpath, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(REPOSITORY), **ONE_THREAD}
    answer = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=240, check=False
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    found = json.loads(answer.stdout)
    assert {name: result for name, result in found["results"].items() if result != "ok"} == {}
    assert (found["wall"]["seccomp"], found["wall"]["missing"]) == (True, [])
    assert "a line" in (tmp_path / "output").read_text()
