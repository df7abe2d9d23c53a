"""This grader with the assignment as its only exercise, in a copy of the tree outside the repository."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import msgspec

from grader.batch.journal import Journal
from grader.places import PACKAGE, ROOT
from grader.records import Grade

from .assignment import HERE, NAME, Submission, source
from .peers import Peer, Scores
from .place import Kit

GRADE = f'"{sys.executable}" -c "from grader.cli import main; main()"'


def lay_out(folder: Path) -> None:
    """Copy the grader without its exercises, and add the assignment in the five places of an exercise."""
    shutil.rmtree(folder, ignore_errors=True)
    no_exercise = shutil.ignore_patterns("__pycache__", "[0-9][0-9]_*")
    shutil.copytree(PACKAGE, folder / "grader", ignore=no_exercise)
    shutil.copytree(ROOT / "fixtures", folder / "fixtures", ignore=no_exercise)
    shutil.copytree(HERE / "exercise", folder / "grader" / "course" / NAME, ignore=no_exercise)
    texts = {
        f"exercises/{NAME}.py": (HERE / "stub.py").read_text("utf-8"),
        f"solutions/{NAME}.py": source("right"),
        f"tests/specimens/{NAME}/flag_on_module.py": source("wrong"),
    }
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def kit(place: Path) -> Kit:
    """Return our rooms; the copy is made anew, so that it is the working tree's code."""
    lay_out(place / "work" / "ours")
    return Kit(Path(sys.executable).parent, place / "work" / "ours")


def environment(rooms: Kit) -> dict[str, str]:
    """Return the environment of our commands, in which the copy is found before the repository."""
    return {**rooms.environment(), "PYTHONPATH": str(rooms.work)}


def _lay(_: Kit, folder: Path, submissions: list[Submission]) -> None:
    for each in submissions:
        path = folder / "submissions" / each.name / f"{NAME}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each.source, "utf-8")


def _batch_scores(folder: Path) -> Scores:
    with Journal.read(folder / "results") as journal:
        rows = {row.learner: row.points for row in journal.rows()}
    names = sorted(path.name for path in (folder / "submissions").iterdir())
    return {name: rows.get(name) for name in names}


def _one_score(folder: Path) -> Scores:
    (name,) = (path.name for path in (folder / "submissions").iterdir())
    grade = msgspec.json.decode((folder / "grade.json").read_bytes(), type=Grade)
    return {name: grade.earned}


OURS = Peer(
    prepare=lambda _: None,
    lay=_lay,
    command=lambda jobs: f"{GRADE} batch submissions --out results --jobs {jobs}",
    scores=_batch_scores,
)
"""A whole batch."""
COLD = Peer(
    prepare=lambda _: None,
    lay=_lay,
    command=lambda _: f"{GRADE} submissions/*/*.py --format json --report report.html >grade.json; true",
    scores=_one_score,
)
"""One file, as learners have it graded: feedback as a page, the score as JSON."""
