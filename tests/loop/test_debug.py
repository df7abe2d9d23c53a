"""``grade --debug FILE``: a debugger can ask, and nothing of it counts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Desk


def debug(*arguments: object, said: str = "", cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from grader.cli import main; main()", "--debug", *map(str, arguments)]
    return subprocess.run(command, input=said, capture_output=True, text=True, cwd=cwd, check=False, timeout=240)


def test_a_breakpoint_stops_at_the_learners_line_and_quit_ends_the_run(desk: Desk) -> None:
    source = desk.solution.decode().replace("    sizes = {", "    breakpoint()\n    sizes = {")
    desk.file.write_text(source)
    done = debug(desk.file, said="p 6 * 7\nwhere\nq\n", cwd=desk.folder.root)
    assert "(Pdb) 42" in done.stdout
    assert f"> {desk.file}(42)trainable_by_depth()\n-> sizes = {{" in done.stdout
    assert done.stdout.count("(Pdb) ") == 3, "one quit is enough"
    assert done.returncode == 130
    assert "of 15 points" not in done.stdout


def test_it_says_loudly_that_it_does_not_count_and_remembers_nothing(desk: Desk) -> None:
    desk.file.write_bytes(b"import os\nprint('my home is', os.environ['HOME'])\n" + desk.solution)
    done = debug(desk.file, cwd=desk.folder.root)
    assert done.returncode == 0, done.stderr
    assert "15 of 15 points" in done.stdout
    assert "my home is" in done.stdout, "it has the user's own environment"
    assert " ".join(done.stdout.split()).count("Nothing of this counts") == 2
    assert "no walls at all" in " ".join(done.stdout.split())
    assert not desk.folder.memory.exists()
    assert not (desk.folder.root / "reports").exists()


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "--debug takes one file"),
        (["01_replace_head.py", "03_partial_unfreeze.py"], "--debug takes one file"),
        (["09_adaptation_note.md"], "nothing to debug"),
    ],
)
def test_what_cannot_be_debugged_is_a_sentence(desk: Desk, names: list[str], sentence: str) -> None:
    done = debug(*names, cwd=desk.folder.exercises)
    assert done.returncode == 2
    assert sentence in done.stderr
