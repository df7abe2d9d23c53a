"""How the command ends where nobody foresaw it: with a sentence, an exit code that is no mark, and the details kept."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader import VERSION

RAISES = """
import sys
from importlib import import_module
there = import_module("grader.{module}")
def {name}(*_, **__):
    raise {error}
there.{name} = {name}
from grader.cli import main
main()
"""
FOUL = r"ValueError('one\n::error::two \x1b[31mthree\u202e \udcff')"
UNFORESEEN = {
    "a foul message": ("learning.folder", "find_or_refuse", FOUL, ()),
    "a fault of the system": ("learning.folder", "find_or_refuse", "PermissionError(13, 'Permission denied')", ()),
    "too deep": ("learning.folder", "find_or_refuse", "RecursionError('too deep')", ()),
    "while a file is graded": ("discover", "discover", "KeyError('x')", ("03_x.py",)),
    "a pipe of ours": ("learning.folder", "find_or_refuse", "BrokenPipeError(32, 'Broken pipe')", ()),
}


def python(
    source: str, *words: str, cwd: Path, temporary: Path | None = None, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if name not in ("TMPDIR", "TEMP", "TMP")}
    told = {"TMPDIR": str(temporary)} if temporary else {}
    command = [sys.executable, "-c", source, *words]
    return subprocess.run(
        command, cwd=cwd, env={**kept, **told}, stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=240
    )


@pytest.mark.parametrize("kind", UNFORESEEN)
def test_what_nobody_foresaw_is_a_fault_with_its_details_kept(kind: str, tmp_path: Path) -> None:
    module, name, error, words = UNFORESEEN[kind]
    here, temporary = tmp_path / "here", tmp_path / "temporary"
    here.mkdir()
    temporary.mkdir()
    (here / "03_x.py").write_text("x = 1\n")
    source = RAISES.format(module=module, name=name, error=error)
    done = python(source, *words, cwd=here, temporary=temporary)
    assert done.returncode == 3, done.stderr
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("The grader failed; this is not a score. It is not your doing")
    (details,) = temporary.iterdir()
    assert str(details) in line
    assert [path.name for path in here.iterdir()] == ["03_x.py"]
    kept = details.read_text("utf-8")
    assert f"transfer-grader {VERSION}" in kept
    assert f"grade{''.join(f' {word}' for word in words)}\n" in kept
    assert "Traceback (most recent call last)" in kept
    assert error.partition("(")[0] in kept
    assert not re.search("[\x1b\u202e\udcff]|^::", kept, re.MULTILINE)
    if os.name == "posix":
        assert details.stat().st_mode & 0o777 == 0o600


def test_without_a_temporary_folder_the_details_are_told(tmp_path: Path) -> None:
    """Python takes the current folder then, which may be a learner's."""
    source = "import tempfile; tempfile.gettempdir = __import__('os').getcwd" + RAISES
    done = python(source.format(module="learning.folder", name="find_or_refuse", error=FOUL), cwd=tmp_path)
    assert done.returncode == 3
    assert b"this is not a score" in done.stderr
    assert b"Traceback" in done.stderr
    assert b"\x1b" not in done.stderr
    assert not [*tmp_path.iterdir()]


WAYS = {
    "print": "for _ in range(10_000): print('line' * 20)",
    "rich": "from rich.console import Console\n    for _ in range(1000): Console().print('line ' * 100)",
    "at the end": "print('one line')",
}


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe ends otherwise there; tests/systems has that")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("way", WAYS)
def test_a_pipe_that_nobody_reads_ends_quietly(
    way: str, unbuffered: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    source = (
        f"from grader.cli import learning\ndef board():\n    {WAYS[way]}\n    return 1\n"
        "learning.board = board\nfrom grader.cli import main\nmain()\n"
    )
    reader, writer = os.pipe()
    os.close(reader)
    done = python(source, cwd=tmp_path, stdout=writer)
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == (1 if way == "at the end" and not unbuffered else 141)


@pytest.mark.skipif(sys.platform == "win32", reason="as above")
def test_sentences_that_nobody_reads_change_no_exit_code(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", "from grader.cli import main; main()", "nothing.py"]
    done = subprocess.run(command, cwd=tmp_path, stderr=writer, check=False, timeout=240)
    os.close(writer)
    assert done.returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="as above")
def test_streams_that_are_closed_from_the_start_are_no_fault(tmp_path: Path) -> None:
    command = f"exec {sys.executable} -c 'from grader.cli import main; main()' nothing.py >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, check=False, timeout=240).returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_no_mark(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = python("from grader.cli import main; main()", "--version", cwd=tmp_path, stdout=full.fileno())
    assert done.returncode == 3
    assert b"No space left" in done.stderr or b"The details are in" in done.stderr


def test_ctrl_c_is_no_fault(tmp_path: Path) -> None:
    source = RAISES.format(module="learning.folder", name="find_or_refuse", error="KeyboardInterrupt()")
    done = python(source, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (130, b"Stopped.\n")
