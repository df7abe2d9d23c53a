"""The page on adding an exercise, followed to the letter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parent.parent
PAGE = HOUSE / "docs" / "adding-an-exercise.md"
BLOCK = re.compile(r"^`([^`\n]+)`\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_the_page_adds_an_exercise_in_five_places(tmp_path: Path) -> None:
    files = dict(BLOCK.findall(PAGE.read_text("utf-8")))
    places = {re.sub(r"(10_\w+)/.*", r"\1", path) for path in files}
    assert len(places) == 5
    misconception = PAGE.read_text("utf-8").partition("\n## Add a misconception\n")[2].partition("\n## Add ")[0]
    room = "grader/course/10_count_trainable"
    assert [path for path, _ in BLOCK.findall(misconception)] == [
        f"{room}/misconceptions.md",
        f"{room}/misconceptions.py",
        "tests/specimens/10_count_trainable/counts_tensors.py",
    ]

    for room in ("exercises", "solutions", "fixtures", "grader", "tests/specimens"):
        shutil.copytree(HOUSE / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    command = re.search(r"^\$ grade (selfcheck.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert command
    done = subprocess.run(
        [sys.executable, "-c", "from grader.cli import main; main()", *command[1].split()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for line in (
        "stub 10_count_trainable earns nothing",
        "solution 10_count_trainable earns",
        "specimen counts-tensors",
    ):
        assert f"✓ {line}" in done.stdout
