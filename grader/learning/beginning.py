"""Choose the exercise that watching begins with."""

from __future__ import annotations

from pathlib import Path

from grader import course
from grader.discover import discover
from grader.errors import UsageError
from grader.records import Exercise

from .board import board
from .folder import Folder, find_or_refuse, owner
from .words import files, line


def beginning(file: Path | None) -> tuple[Folder, Exercise]:
    """Return the learner's folder and the exercise to begin with: the one that is named, or the first that is open.

    Raise UsageError for a file that cannot be watched, and where there is no folder of a learner's.
    """
    if file is not None:
        (path,) = files([file])
        folder = owner(path)
        if folder is None:
            raise UsageError(_not_watched(path))
        return folder, course.named(path.stem)
    folder = find_or_refuse(Path.cwd())
    place = board(folder)
    return folder, (place.next or place.rows[0]).exercise


def _not_watched(path: Path) -> str:
    """Say why a file cannot be watched; raise UsageError, which says why, where it cannot be graded either."""
    if path.is_file() and not course.recognise(path.stem):
        return f"{path} is no exercise in a folder exercises/."
    discover(path)
    return f"{path} is no exercise in a folder exercises/; `{line('grade', path)}` grades it once."
