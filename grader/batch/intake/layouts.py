"""Whose file it is, told by its path: every system that collects exercises lays them out in its own way.

========================  ==========================================================
one folder per learner    ``LEARNER/…/03_partial_unfreeze.py``
nbgrader                  ``submitted/LEARNER/ASSIGNMENT/….ipynb``
GitHub Classroom          ``ASSIGNMENT-submissions/ASSIGNMENT-LEARNER/…``
Classroom 50              ``CLASS-ASSIGNMENT_submissions_TIME/CLASS-ASSIGNMENT-LEARNER/…``
Moodle                    ``NAME_NUMBER_assignsubmission_file_/…``, or all in one folder
Canvas                    ``NAME_NUMBER_NUMBER_FILE``, ``NAME_LATE_NUMBER_NUMBER_FILE``
========================  ==========================================================
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from grader import course

from .found import Found

_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_[a-z]+_(?P<file>.*)")
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)")
_CLONES = re.compile(r"(?P<prefix>.+?)[-_]submissions(_.*)?")
_ANSWERS = frozenset({".py", ".ipynb", ".md", ".zip"})
_REPOSITORIES = 2
"""So many clones tell by what their names share which part of them is the assignment."""


class Owner(NamedTuple):
    """Whose file it is."""

    learner: str
    number: str
    """The number in Moodle's or Canvas's file names; empty elsewhere."""


class Placed(NamedTuple):
    """A file, whose it is, and its path as the learner knows it."""

    found: Found
    owner: Owner
    below: tuple[str, ...]


def place(files: Sequence[Found], root: Path) -> list[Placed]:
    """Tell whose each file is; files that are nobody's, such as a list of scores beside the folders, are left out."""
    depth = 1 if _is_wrapped(files) else 0
    prefix = _shared_prefix(root, files)
    placed = (_place(found, found.parts[depth:], prefix) for found in files if len(found.parts) > depth)
    return _told_apart([each for each in placed if each is not None])


def _place(found: Found, parts: tuple[str, ...], prefix: str) -> Placed | None:
    first, *rest = parts
    if moodle := _MOODLE.fullmatch(first):
        file = [moodle["file"]] if moodle["file"] else []
        return Placed(found, Owner(moodle["name"], moodle["number"]), (*file, *rest))
    if (canvas := _CANVAS.fullmatch(first)) and found.suffix:
        return Placed(found, Owner(canvas["name"], canvas["number"]), (canvas["file"], *rest))
    if not rest:
        return None
    return Placed(found, Owner(first.removeprefix(prefix) or first, ""), tuple(rest))


def _is_wrapped(files: Sequence[Found]) -> bool:
    """Whether all learners lie in one more folder, as in ``submitted/`` or in a zip of a folder."""
    answers = [found.parts for found in files if found.suffix in _ANSWERS]
    return len({parts[0] for parts in answers}) == 1 and all(_begins_with_owner(parts[1:]) for parts in answers)


def _begins_with_owner(parts: tuple[str, ...]) -> bool:
    if not parts:
        return False
    if _MOODLE.fullmatch(parts[0]) or _CANVAS.fullmatch(parts[0]):
        return True
    return len(parts) > 1 and parts[0] != "exercises" and parts[0] not in course.exercises()


def _shared_prefix(root: Path, files: Sequence[Found]) -> str:
    """Return what stands before the learner in the names of cloned repositories: ``ASSIGNMENT-``."""
    names = {found.parts[0] for found in files if len(found.parts) > 1}
    collected = _CLONES.fullmatch(root.name)
    if collected and any(name.startswith(f"{collected['prefix']}-") for name in names):
        return f"{collected['prefix']}-"
    clones = [name for name in names if (root / name / ".git").exists()]
    if len(clones) < _REPOSITORIES:
        return ""
    shared = os.path.commonprefix(clones)  # noqa: RUF071  names, not paths: letter by letter is meant
    return shared[: shared.rfind("-") + 1]


def _told_apart(placed: list[Placed]) -> list[Placed]:
    """Put the number beside names that two people share."""
    numbers: dict[str, set[str]] = {}
    for each in placed:
        numbers.setdefault(each.owner.learner, set()).add(each.owner.number)
    return [
        each._replace(owner=each.owner._replace(learner=f"{each.owner.learner} ({each.owner.number})"))
        if len(numbers[each.owner.learner]) > 1
        else each
        for each in placed
    ]
