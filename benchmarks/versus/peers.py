"""The peers: what to install, how a submission is laid out, what grades it, where the score stands."""

from __future__ import annotations

import json
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from . import formats
from .assignment import Submission
from .place import Kit

Scores = dict[str, float | None]
"""Checks that passed, by submission; None where the peer left no result."""


@dataclass(frozen=True, kw_only=True)
class Peer:
    """One grader that is measured."""

    installs: tuple[str, ...] = ()
    """What pip is asked for, the grader itself first; nothing for ours."""
    prepare: Callable[[Kit], None]
    """Write the checks in the peer's format, once."""
    lay: Callable[[Kit, Path, list[Submission]], None]
    """Write submissions into a folder as the peer wants them."""
    command: Callable[[int], str]
    """The shell command that grades the folder it is started in, so many submissions at a time."""
    scores: Callable[[Path], Scores]
    patience: float = 90
    """Seconds after which two submissions count as hanging; more where limits of its own, one per check, add up."""

    @property
    def title(self) -> str:
        """Return its name and version."""
        return self.installs[0].replace("==", " ") if self.installs else "this grader"


def _each(command: str) -> Callable[[int], str]:
    """Return what runs a command in every submission's folder, in the order of their numbers."""
    one = f"cd @ && {command}"
    return lambda jobs: f"ls -d */ | sort -t- -k2 | xargs -P {jobs} -I@ sh -c '{one}'; true"


def _files(_: Kit, folder: Path, submissions: list[Submission]) -> None:
    for each in submissions:
        _write(folder / each.name / "submission.py", each.source)


def _read_each(read: Callable[[Path], float]) -> Callable[[Path], Scores]:
    """Return what reads a score in every submission's folder."""

    def scores(folder: Path) -> Scores:
        found: Scores = {}
        for path in sorted(path for path in folder.iterdir() if path.is_dir()):
            try:
                found[path.name] = read(path)
            except (OSError, ValueError, KeyError, ET.ParseError):
                found[path.name] = None
        return found

    return scores


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _junit(folder: Path) -> float:
    suite = next(ET.parse(folder / "result.xml").iter("testsuite")).attrib
    return int(suite["tests"]) - int(suite["failures"]) - int(suite["errors"]) - int(suite["skipped"])


def _gradescope(folder: Path) -> float:
    return float(json.loads((folder / "results.json").read_text("utf-8"))["score"])


def _check50(folder: Path) -> float:
    results = json.loads((folder / "result.json").read_text("utf-8"))["results"]
    return sum(bool(each["passed"]) for each in results if each["name"] != "exists")


def _otter(folder: Path) -> float:
    return float(
        sum(each.get("score", 0) for each in json.loads((folder / "results.json").read_text("utf-8"))["tests"])
    )


def _prepare_check50(kit: Kit) -> None:
    _write(kit.work / "checks" / "__init__.py", formats.for_check50())
    files = 'check50:\n  files:\n    - !exclude "*"\n    - !require submission.py\n'
    _write(kit.work / "checks" / ".cs50.yml", files)


def _prepare_otter(kit: Kit) -> None:
    _write(kit.work / "tests" / "q1.py", formats.for_otter())
    kit.run("otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment")


def _lay_otter(_: Kit, folder: Path, submissions: list[Submission]) -> None:
    for each in submissions:
        book = formats.notebook([formats.code_cell(each.source)])
        _write(folder / each.name / "submission.ipynb", json.dumps(book))


def _prepare_nbgrader(kit: Kit) -> None:
    _write(kit.work / "source" / "exercise" / "exercise.ipynb", json.dumps(formats.for_nbgrader()))
    _write(kit.work / "nbgrader_config.py", 'c = get_config()\nc.CourseDirectory.course_id = "course"\n')
    kit.run("nbgrader", "generate_assignment", "exercise", "--force")


def _lay_nbgrader(kit: Kit, folder: Path, submissions: list[Submission]) -> None:
    """Make the folder a course of its own, with the assignment in its gradebook."""
    for name in ("nbgrader_config.py", "gradebook.db"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((kit.work / name).read_bytes())
    for name in ("source", "release"):
        book = (kit.work / name / "exercise" / "exercise.ipynb").read_text("utf-8")
        _write(folder / name / "exercise" / "exercise.ipynb", book)
    release = (kit.work / "release" / "exercise" / "exercise.ipynb").read_text("utf-8")
    for each in submissions:
        book = json.dumps(formats.filled(release, each.source))
        _write(folder / "submitted" / each.name / "exercise" / "exercise.ipynb", book)


def _nbgrader(jobs: int) -> str:
    """Return one autograde for each share of the last digits: it has no setting for working in parallel."""
    digits = ["".join(str(digit) for digit in range(10) if digit % jobs == share) for share in range(jobs)]
    one = "nbgrader autograde exercise --force --student='*[{}]' >autograde-{}.log 2>&1 &"
    return " ".join(one.format(each, each) for each in digits) + " wait"


def _nbgrader_scores(folder: Path) -> Scores:
    with closing(sqlite3.connect(folder / "gradebook.db")) as gradebook:
        rows = gradebook.execute(
            "SELECT a.student_id, sum(coalesce(g.manual_score, g.auto_score)) FROM submitted_assignment a "
            "JOIN submitted_notebook n ON n.assignment_id = a.id JOIN grade g ON g.notebook_id = n.id "
            "GROUP BY a.student_id"
        )
        found = dict(rows.fetchall())
    return {path.name: found.get(path.name) for path in sorted((folder / "submitted").iterdir())}


PEERS = {
    "pytest": Peer(
        installs=("pytest==9.1.1",),
        prepare=lambda kit: _write(kit.work / "test_checks.py", formats.CHECKS),
        lay=_files,
        command=_each(
            "python -m pytest -q -p no:cacheprovider -c /dev/null --rootdir . --junitxml=result.xml "
            '"$WORK/test_checks.py" >feedback.txt 2>&1'
        ),
        scores=_read_each(_junit),
    ),
    "gradescope": Peer(
        installs=("gradescope-utils==0.5.0",),
        prepare=lambda kit: _write(kit.work / "run_tests.py", formats.for_gradescope()),
        lay=_files,
        command=_each('PYTHONPATH=. python "$WORK/run_tests.py" >log.txt 2>&1'),
        scores=_read_each(_gradescope),
    ),
    "check50": Peer(
        installs=("check50==3.5.0",),
        prepare=_prepare_check50,
        lay=_files,
        command=_each('check50 --dev -o json --output-file result.json "$WORK/checks" >log.txt 2>&1'),
        scores=_read_each(_check50),
        patience=240,
    ),
    "otter": Peer(
        installs=("otter-grader==7.0.0", "ipykernel"),
        prepare=_prepare_otter,
        lay=_lay_otter,
        command=_each('otter run --no-logo -a "$WORK/autograder.zip" -o . submission.ipynb >log.txt 2>&1'),
        scores=_read_each(_otter),
    ),
    "nbgrader": Peer(
        installs=("nbgrader==0.9.6", "ipykernel"),
        prepare=_prepare_nbgrader,
        lay=_lay_nbgrader,
        command=_nbgrader,
        scores=_nbgrader_scores,
        patience=300,
    ),
}
"""Every peer by its short name; versions are those that were measured."""
