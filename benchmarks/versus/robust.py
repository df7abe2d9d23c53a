"""What each grader makes of trouble: one submission of a kind, then a right one, graded one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .assignment import TROUBLE, WORTH, handed_in, leaked
from .measure import Watch
from .rows import Cell
from .running import Ready, run

CAP_MB = 8192
"""Stands in for the kernel that runs out of memory."""
_TOLD = frozenset({".txt", ".json", ".xml", ".html", ".log", ".ipynb", ".sqlite", ".db"})
_READ_CAP = 10 << 20


def met(graders: list[Ready], place: Path, kinds: tuple[str, ...] = TROUBLE) -> Iterator[Cell]:
    """Yield what came of every kind, grader by grader."""
    for kind in kinds:
        for grader in graders:
            yield _meet(grader, kind, place / "runs" / f"robust-{grader.name}" / kind)


def _meet(grader: Ready, kind: str, folder: Path) -> Cell:
    submissions = handed_in((kind, "right"))
    bad, good = (each.name for each in submissions)
    watch = Watch(seconds=grader.many.patience, cap_mb=CAP_MB)
    done = run(grader, grader.many, folder, submissions, 1, watch)
    written = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Cell(
        grader=grader.name,
        kind=kind,
        score=done.scores.get(bad),
        deserved=WORTH[kind],
        following=done.scores.get(good),
        leaked=any(map(_leaks, _feedback(folder))),
        killed=done.cost.killed,
        left=done.cost.left,
        seconds=done.cost.wall,
        tree_mb=done.cost.tree_mb,
        written_mb=written / 2**20,
    )


def _feedback(folder: Path) -> Iterator[Path]:
    """Yield what the grader wrote; submissions and the instructor's own notebooks are not feedback."""
    for path in folder.rglob("*"):
        rooms = path.relative_to(folder).parts
        handed_in_or_ours = rooms[0] in ("submissions", "submitted", "source", "release") or path.name in (
            "submission.py",
            "submission.ipynb",
        )
        if path.is_file() and path.suffix in _TOLD and not handed_in_or_ours and path.stat().st_size < _READ_CAP:
            yield path


def _leaks(path: Path) -> bool:
    return leaked(path.read_bytes().decode("utf-8", "replace"))
