"""A learner's folder full of links: whatever is written there, nothing outside it changes; what is read ends at once.

No path is listed here. Each command runs once in a clean folder; then, for each path that came or changed and for
each folder on the way to it, it runs again in a folder where that one is a link to something precious.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from rich.console import Console

from grader import adaptation, pipeline
from grader.cli import lab
from grader.course import exercises
from grader.errors import UsageError
from grader.lab.leave import leave
from grader.learning.folder import begin, find_or_refuse
from grader.learning.loop import Loop
from grader.note import example
from grader.records import Evidence, Exercise, Submission, Wall
from grader.report.publish import publish
from tests.ci.test_classroom50 import RUNNER
from tests.cohort import pretend
from tests.links.acting import MARK, typed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links are an administrator's there")
SLUG, NOTE = "03_partial_unfreeze", "09_adaptation_note"

LINKS = ("file", "folder", "empty folder", "nothing")
"""What a link leads to."""
PRECIOUS = b"precious\n"
SECONDS = 20
"""What takes longer waits for a pipe, or reads a device without an end."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """End what waits for somebody."""

    def ring(*_: object) -> None:
        raise AssertionError(f"it was still waiting after {SECONDS} s")

    before = signal.signal(signal.SIGALRM, ring)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


class Command(NamedTuple):
    """Something that is run in a learner's folder."""

    run: Callable[[], object]
    tells: str = ""
    """What is told whatever cannot be written."""
    environment: Mapping[str, str] = MappingProxyType({})
    root: str = ""
    """The folder within which nothing leads out, where the command names one; it may be a link itself."""


class Window:
    """Shows everything on standard output."""

    def show(self, picture: object, status: str) -> None:
        Console(width=200).print(picture, status)

    def say(self, status: str) -> None:
        Console(width=200).print(status)

    def draw(self) -> None: ...

    def turn(self) -> None: ...

    def take(self) -> None: ...

    def give_back(self) -> None: ...


def watch() -> object:
    """Watch until the first file was checked."""
    folder = find_or_refuse(Path.cwd())

    loop = Loop(folder, Window(), observed, exercises()[SLUG])
    ran = loop._ran

    def stop(*arguments: object) -> None:
        ran(*arguments)  # type: ignore[arg-type]
        loop.stop(0)

    loop._checks._tell = lambda check, evidence: loop.later(stop, check, evidence)
    return loop.run()


def observed(submission: Submission, exercise: Exercise) -> Evidence:
    plan = pipeline._question(exercise, 1).plan
    wall = Wall(level="A", summary="kernel-isolated")
    return Evidence(
        submission_sha256=submission.sha256, exercise=exercise.slug, seed=1, plan=plan, facts={}, arrays={},
        crash=None, interruptions=(), console="", seconds=0.1, peak_mb=1.0, wall=wall, versions={},
    )  # fmt: skip


def compare() -> object:
    """Write what a comparison writes."""
    found = adaptation.read(example(exercises()[NOTE]) or Path())
    place = lab._place(lab.OUT)
    lab._expect_folder(lab.OUT)
    leave(Console(), found.comparisons, lab.OUT, place, note=True)
    return 0


def published() -> object:
    publish(Path("results"), [pretend.row(pretend.grade())], [])
    return 0


def told(run: Callable[[], object]) -> Callable[[], object]:
    """Have a usage error be what it is on the command line."""

    def tell() -> object:
        try:
            return run()
        except UsageError as error:
            sys.stderr.write(f"{error}\n")
            return 2

    return tell


FILE = f"exercises/{SLUG}.py"
COMMANDS = {
    "grade": Command(typed(FILE), MARK),
    "grade --report": Command(typed(FILE, "--report", "a/b/c.html"), MARK),
    "grade --format json --report": Command(typed(FILE, "--format", "json", "--report", "a/b/c.html"), '"earned": 2'),
    "grade ci": Command(
        typed("ci", "--only", "3", "--junit", "out/junit.xml", "--reports", "out/pages", "--gradescope", "up/r.json"),
        MARK,
        {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": "runner/output", "GITHUB_STEP_SUMMARY": "runner/summary"},
    ),
    "grade ci of classroom 50": Command(typed("ci", "--only", "3"), MARK, RUNNER),
    "grade init .": Command(typed("init", ".")),
    "grade init new": Command(typed("init", "new"), root="new"),
    "grade reset": Command(typed("reset", "03")),
    "grade hint": Command(typed("hint", "03")),
    "grade watch": Command(told(watch), "Checking 03_partial_unfreeze"),
    "grade compare": Command(told(compare)),
    "grade cohort": Command(told(published), root="results"),
}


def clone(root: Path) -> Path:
    """Make a learner's folder in which one file is theirs and one is missing."""
    folder, _ = begin(root)
    (folder.exercises / f"{SLUG}.py").write_bytes(b"mine = 1\n")
    (folder.exercises / "08_choose_depth.py").unlink()
    (root / "results").mkdir()
    return folder.root


def everything(root: Path) -> dict[str, tuple[str, bytes]]:
    """Return the kind and the content of all that lies in a folder, links not followed."""
    found = {}
    for path in sorted(root.rglob("*")):
        kind = "link" if path.is_symlink() else "folder" if path.is_dir() else "file"
        content = os.fsencode(path.readlink()) if kind == "link" else path.read_bytes() if kind == "file" else b""
        found[path.relative_to(root).as_posix()] = kind, content
    return found


def run_in(root: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as there:
        there.chdir(root)
        there.setattr(sys, "argv", sys.argv)
        for name, value in command.environment.items():
            there.setenv(name, str(root / value) if value.startswith("runner/") else value)
        signal.alarm(SECONDS)
        try:
            return command.run()
        finally:
            signal.alarm(0)


def steps(root: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run once with no link anywhere; return the paths that came or changed, and every folder on the way to them."""
    before = everything(clone(root))
    code = run_in(root, command, monkeypatch)
    assert code in (0, 1), code
    after = everything(root)
    written = [path for path in after if after[path] != before.get(path)]
    ways = {"/".join(path.split("/")[:end]) for path in written for end in range(1, path.count("/") + 2)}
    return sorted(way for way in ways if way.startswith(f"{command.root}/" if command.root else ""))


def lay(root: Path, step: str, kind: str, outside: Path, known: list[str]) -> None:
    """Put a link in the place of a step: to a precious file, a folder of them, an empty folder, or nothing."""
    place, decoy = root / step, outside / Path(step).name
    place.parent.mkdir(parents=True, exist_ok=True)
    if kind == "folder":
        shutil.copytree(place, decoy, symlinks=True) if place.is_dir() else decoy.mkdir()
        below = [path.removeprefix(f"{step}/") for path in known if path.startswith(f"{step}/")]
        for name in below:
            if not any(other.startswith(f"{name}/") for other in below):
                (decoy / name).parent.mkdir(parents=True, exist_ok=True)
                (decoy / name).write_bytes(PRECIOUS)
    elif kind == "empty folder":
        decoy.mkdir()
    elif kind == "file":
        decoy.write_bytes(PRECIOUS)
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.symlink_to(decoy)


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_written_over_a_link(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = COMMANDS[name]
    known = steps(tmp_path / "clean", command, monkeypatch)
    assert known
    wrong = []
    for number, (step, kind) in enumerate((step, kind) for step in known for kind in LINKS):
        root, outside = tmp_path / str(number) / "clone", tmp_path / str(number) / "outside"
        clone(root)
        outside.mkdir()
        lay(root, step, kind, outside, known)
        before = everything(outside)
        capsys.readouterr()
        try:
            code = run_in(root, command, monkeypatch)
        except (Exception, AssertionError) as error:  # noqa: BLE001  each is one of many
            code = repr(error)
        said = capsys.readouterr()
        is_told = command.tells in said.out or not (root / FILE).is_file()
        if everything(outside) != before:
            wrong.append(f"{step}, a link to a {kind}: something outside changed")
        elif code not in (0, 1, 2) or "Traceback" in said.err or not is_told:
            wrong.append(f"{step}, a link to a {kind}: {code} {said.err} {said.out[-300:]}")
    assert wrong == []


def test_the_steps_are_those_that_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search for what to turn into links finds what somebody would look for by hand."""
    ways = {name: steps(tmp_path / str(n), command, monkeypatch) for n, (name, command) in enumerate(COMMANDS.items())}
    assert {"reports", f"reports/{SLUG}.html", ".grade", ".grade/.gitignore", f".grade/{SLUG}.json"} <= {*ways["grade"]}
    assert {"result.json", "release-body.md"} <= {*ways["grade ci of classroom 50"]}
    assert {"out", "out/junit.xml", "out/pages", "up/r.json", "runner/output"} <= {*ways["grade ci"]}
    assert {"exercises", FILE, ".grade/aside"} <= {*ways["grade reset"]}
    assert {"exercises", "exercises/08_choose_depth.py"} <= {*ways["grade init ."]}
    assert {"exercises", "exercises/09_evidence.json", "reports/comparison.html"} <= {*ways["grade compare"]}
    assert {"results/cohort.html", "results/feedback"} <= {*ways["grade cohort"]}


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def hollow(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


KINDS: dict[str, Callable[[Path], object]] = {
    "a device": endless,
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a hollow gigabyte": hollow,
    "a loop": lambda path: path.symlink_to(path.name),
}
NOTE_FILE, EVIDENCE = f"exercises/{NOTE}.md", "exercises/09_evidence.json"
READERS = {
    "what is remembered, by the board": (f".grade/{SLUG}.json", typed(), "cannot be read; grade it again"),
    "what is remembered, by a hint": (f".grade/{SLUG}.json", typed("hint", "03"), ""),
    "what is remembered, by a grade": (f".grade/{SLUG}.json", typed(FILE), MARK),
    "an exercise, by a grade": (FILE, typed(FILE), SLUG),
    "an exercise, by a job": (FILE, typed("ci", "--only", "3"), SLUG),
    "an exercise, by the board": (FILE, typed(), "Partial"),
    "an exercise, by a reset": (FILE, typed("reset", "03"), "untouched stub"),
    "a note, by a grade": (NOTE_FILE, typed(NOTE_FILE), NOTE),
    "the evidence, by a grade": (EVIDENCE, typed(NOTE_FILE), "09_evidence.json"),
    "the evidence, by its name": (EVIDENCE, typed(NOTE_FILE, "--evidence", EVIDENCE), "09_evidence.json"),
    "the evidence, by a job": (EVIDENCE, typed("ci", "--only", "9"), "09_evidence.json"),
    "the evidence, by a comparison": (EVIDENCE, told(compare), "09_evidence.json"),
    "a roster": ("roster.csv", typed("batch", "exercises", "--out", "o", "--roster", "roster.csv"), "roster.csv"),
    "a late policy": ("late.toml", typed("batch", "exercises", "--out", "o", "--late", "late.toml"), "late.toml"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", READERS)
def test_what_is_no_file_is_a_sentence_at_once(
    name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place, run, sentence = READERS[name]
    root = clone(tmp_path / "clone")
    (root / NOTE_FILE).write_bytes((root / NOTE_FILE).read_bytes() + b"\nstrategy: frozen\n")
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).unlink(missing_ok=True)
    KINDS[kind](root / place)
    code = run_in(root, Command(run), monkeypatch)
    said = capsys.readouterr()
    assert code in (0, 1, 2), said.err
    assert "Traceback" not in said.err
    assert sentence in said.out + said.err
    assert len(said.out) < 20_000
