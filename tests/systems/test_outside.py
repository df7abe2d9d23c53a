"""What runs on the user's side, on systems that this test does not run on: they are stood in for."""

from __future__ import annotations

import errno
import io
import os
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader import course, files, programs
from grader.batch.intake import archive, clocks, found
from grader.ci import work
from grader.cli import export
from grader.learning import folder as folders
from grader.learning.board import State, board
from grader.places import EXERCISES, SOLUTIONS
from grader.report.publish import file_stem
from grader.text import never_fail

ROOT = Path(__file__).parents[2]
MAIN = "from grader.cli import main; main()"


def test_a_text_is_written_with_the_line_ends_that_it_has(tmp_path: Path) -> None:
    files.write_text(tmp_path / "text", "é\n")
    assert (tmp_path / "text").read_bytes() == b"\xc3\xa9\n"


def test_nothing_is_written_in_the_systems_own_way() -> None:
    own_way = re.compile(r"(?<!files)\.write_text\(|os\.rename\(|open\([^)]*\"[aw]\"(?!.*newline)")
    written = [path for path in (ROOT / "grader").rglob("*.py") if own_way.search(path.read_text("utf-8"))]
    assert [path.name for path in written] == ["attempts.py"]  # which attempts to write where nothing may be written


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "it is open in another program")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        files.write(tmp_path / "file", b"new")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("learner", ["con", "NUL", "com1", "Lpt9.me"])
def test_no_learner_has_the_file_name_of_a_device(learner: str) -> None:
    assert re.fullmatch(re.escape(learner) + "-[0-9a-f]{8}", file_stem(learner, set()))


@pytest.mark.parametrize("learner", ["connie", "nullmann", "com10"])
def test_a_name_that_only_begins_like_a_device_is_left_alone(learner: str) -> None:
    assert file_stem(learner, set()) == learner


def test_a_stub_with_the_line_ends_of_windows_is_not_begun_and_not_put_aside(tmp_path: Path) -> None:
    folder, _ = folders.begin(tmp_path)
    exercise = course.exercises()["03_partial_unfreeze"]
    file = folder.exercises / exercise.filename
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert board(folder).row(exercise).state is State.NOT_BEGUN
    assert folder.reset(exercise) is None
    file.write_bytes(file.read_bytes() + b"x = 1\r\n")
    assert board(folder).row(exercise).state is State.BEGUN


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for Windows, with a git in the working folder, which is a learner's, and one on PATH."""
    handed_in, installed = tmp_path / "handed in", tmp_path / "installed"
    for folder in (handed_in, installed):
        folder.mkdir()
        (folder / "git.exe").touch()
    monkeypatch.chdir(handed_in)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", str(installed)]))
    monkeypatch.setenv("SYSTEMROOT", r"C:\Windows")
    return installed


def test_a_program_that_was_handed_in_is_not_run(windows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert programs.program("git") == str(windows / "git.exe")
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(FileNotFoundError):
        programs.program("git")


def told_git(monkeypatch: pytest.MonkeyPatch, answer: bytes = b"") -> list[tuple[list[str], dict[str, str]]]:
    """Take down what git is asked, and answer."""
    asked: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], *, env: dict[str, str] | None = None, **_: object) -> object:
        asked.append((command, env or {}))
        return subprocess.CompletedProcess(command, 0, answer, b"")

    monkeypatch.setattr(subprocess, "run", run)
    return asked


@pytest.mark.usefixtures("windows")
def test_names_that_git_tells_are_utf_8_on_every_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = told_git(monkeypatch, "100644 blob abc\t03_größe.py\0".encode())
    assert work._held(tmp_path, "HEAD") == {"03_größe.py": "abc"}
    assert asked[0][0][0].endswith("git.exe")


def test_every_git_is_looked_for() -> None:
    sources = {path: path.read_text("utf-8") for path in (ROOT / "grader").rglob("*.py")}
    assert not [path for path, source in sources.items() if re.search(r"\[\s*\"git\"", source)]


def test_a_file_older_than_1970_has_its_time_on_windows_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def fromtimestamp(cls, *_: object) -> Clock:
            raise OSError(errno.EINVAL, "Invalid argument")

    for module in (found, archive, clocks):
        monkeypatch.setattr(module, "datetime", Clock)
    old = tmp_path / "03.py"
    old.touch()
    os.utime(old, (-86_400, -86_400))
    (listed,) = found.walk(tmp_path, ())
    entry = zipfile.ZipInfo("03.py")
    entry.extra = struct.pack("<HHBi", archive._UNIX_TIMES, 5, 1, -86_400)
    assert {listed.modified, archive._modified(entry), clocks.moment(-86_400)} == {datetime(1969, 12, 31, tzinfo=UTC)}


def test_a_folder_that_windows_will_not_delete_ends_no_run() -> None:
    rooms = ("isolate/spawned", "isolate/unconfined", "confined/client")
    made = [(ROOT / "grader" / f"{room}.py").read_text("utf-8") for room in rooms]
    assert [re.findall(r"TemporaryDirectory\(.*, (.*)\)", source) for source in made] == [
        ["ignore_cleanup_errors=True"]
    ] * len(rooms)


class Pipe(io.BytesIO):
    """A pipe that nobody reads any more."""

    def __init__(self, error: int) -> None:
        super().__init__()
        self._error = error

    def flush(self) -> None:
        if self._error:
            raise OSError(self._error, os.strerror(self._error))


def print_to(monkeypatch: pytest.MonkeyPatch, error: int) -> list[int]:
    """Print to such a pipe; return the descriptors that were replaced."""
    replaced: list[int] = []
    with monkeypatch.context() as there:
        there.setattr(sys, "stdout", _Stream(Pipe(error)))
        there.setattr(os, "dup2", lambda old, new: (os.close(old), replaced.append(new)))
        export._print([b"row"])
    return replaced


class _Stream:
    def __init__(self, buffer: Pipe) -> None:
        self.buffer = buffer

    def fileno(self) -> int:
        return 77


def test_a_pipe_that_nobody_reads_is_no_fault_on_windows_either(monkeypatch: pytest.MonkeyPatch) -> None:
    assert print_to(monkeypatch, errno.EPIPE) == [77]
    with pytest.raises(OSError, match="Invalid argument"):
        print_to(monkeypatch, errno.EINVAL)
    monkeypatch.setattr(sys, "platform", "win32")
    assert print_to(monkeypatch, errno.EINVAL) == [77]
    with pytest.raises(OSError, match="No space"):
        print_to(monkeypatch, errno.ENOSPC)


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_signs_that_a_console_lacks_have_stand_ins(encoding: str) -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding=encoding)
    never_fail(stream)
    stream.write("✓ ✗ … 猫")
    stream.flush()
    told = written.getvalue().decode(encoding)
    assert told in ("+ x … ?", "+ x ~ ?")


def run_in(encoding: str, folder: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    settings = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}

    def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-c", MAIN, *map(str, arguments)]
        return subprocess.run(
            command, cwd=folder, env={**os.environ, **settings}, capture_output=True, check=False, timeout=240
        )

    return run


def test_a_pipe_in_cp1252_gets_a_whole_report_and_json_in_utf_8(tmp_path: Path) -> None:
    run = run_in("cp1252", tmp_path)
    path = tmp_path / "03_größe_✓.py"
    path.write_bytes((SOLUTIONS / "03_partial_unfreeze.py").read_bytes())
    told = run(path, "--exercise", "03")
    assert told.returncode == 0, told.stderr
    assert "+ passed" in told.stdout.decode("cp1252")
    assert "größe_✓" in run(path, "--exercise", "03", "--format", "json").stdout.decode("utf-8")


def test_a_pipe_in_ascii_gets_the_board_and_the_sentences(tmp_path: Path) -> None:
    run = run_in("ascii", tmp_path)
    assert run("init", "größe").returncode == 0
    missed = run(EXERCISES / "…✓.py")
    assert (missed.returncode, b"~+.py" in missed.stderr) == (2, True)
    shown = run_in("ascii", tmp_path / "größe")()
    assert shown.returncode == 0, shown.stderr
    assert b"0 of 9" in shown.stdout
