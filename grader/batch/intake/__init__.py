"""From a folder or an archive of a whole cohort to one answer per learner and exercise.

``found`` and ``archive`` list files without trusting them, ``layouts`` tells whose they are, ``choosing`` which
of a learner's files answers which exercise, ``clocks`` when it was handed in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.cohort import Clock, Note, Topic
from grader.errors import UsageError
from grader.notebook import Source
from grader.records import Exercise
from grader.text import clean_line

from . import choosing, clocks
from .archive import open_archive, open_nested
from .found import Unusable, walk
from .layouts import Owner, Placed, place

__all__ = ["Answer", "fingerprint", "take_in"]

_ARCHIVE = ".zip"


class Answer(NamedTuple):
    """One learner's answer to one exercise, read and not yet run."""

    learner: str
    number: str
    exercise: str
    path: str
    arrived: datetime
    clock: Clock
    code: Source | None
    """None for what cannot be graded."""
    refusal: str
    """Why it cannot be graded; empty when it can."""


def fingerprint(code: Source) -> str:
    """Return what equal submissions share: of a file its sha256, of a notebook that of its code, cell by cell."""
    places = msgspec.json.encode((code.cells, code.set_aside)) if code.cells else b""
    return hashlib.sha256(code.source + places).hexdigest()


def take_in(root: Path, asked: Sequence[Exercise]) -> Iterator[Answer | Note]:
    """Yield every answer below ``root``, and what a person should know, learner by learner.

    Where one exercise alone is ``asked`` for, a learner's only file answers it, whatever its name. Raise UsageError
    when ``root`` is not there, or, while yielding, when it holds no learners' files.
    """
    if not root.exists():
        raise UsageError(f"There is no folder or archive {root}.")
    return _answers(root.resolve(), asked)


def _answers(root: Path, asked: Sequence[Exercise]) -> Iterator[Answer | Note]:
    with ExitStack() as stack:
        placed = sorted(_listed(root, stack), key=lambda each: (each.owner, each.below))
        if not placed:
            raise UsageError(
                f"No learner's files were found in {root}. It should hold one folder per learner, or be a download "
                "from Moodle or Canvas; docs/batch.md shows every layout."
            )
        for owner, files in groupby(placed, key=lambda each: each.owner):
            yield from _of_one(owner, list(files), asked, root)


def _listed(root: Path, stack: ExitStack) -> list[Placed]:
    try:
        files = walk(root) if root.is_dir() else open_archive(root, stack)
        return place(list(files), root)
    except Unusable as reason:
        raise UsageError(f"{root} is not opened: {reason}.") from reason
    except OSError as error:
        raise UsageError(f"{error.filename or root} cannot be read: {error.strerror}.") from error


def _of_one(owner: Owner, files: list[Placed], asked: Sequence[Exercise], root: Path) -> Iterator[Answer | Note]:
    opened: list[Placed] = []
    for each in files:
        try:
            opened += _opened(each)
        except Unusable as reason:
            yield _note(Topic.REFUSED, owner, f"{_path(each)} was not opened: {reason}.")
    chosen = choosing.choose(opened, asked)
    if not chosen:
        yield _note(Topic.EMPTY, owner, "No file of theirs is named like an exercise.")
        return
    history = clocks.commits(root / files[0].found.parts[0]) if _is_clone(root, files[0]) else {}
    times = {each.found.parts[:-1]: each.found for each in opened if each.found.parts[-1] == clocks.TIMESTAMP}
    for slug, (best, *others) in chosen.items():
        timestamp = times.get(best.found.parts[:-1])
        arrival = (timestamp and clocks.collected(timestamp)) or history.get("/".join(best.below))
        arrived, clock = arrival or (best.found.modified, best.found.clock)
        code, refusal = choosing.read(best, slug, opened)
        yield Answer(clean_line(owner.learner), owner.number, slug, _path(best), arrived, clock, code, refusal)
        for other in others:
            yield _note(Topic.LEFT_ASIDE, owner, f"{_path(best)} was graded, and {_path(other)} was not.")


def _opened(each: Placed) -> list[Placed]:
    """Return a file, or what is in it when it is a learner's own archive; one in another stays closed."""
    if each.found.suffix != _ARCHIVE:
        return [each]
    depth = len(each.found.parts)
    inside = (Placed(found, each.owner, (*each.below, *found.parts[depth:])) for found in open_nested(each.found))
    return [file for file in inside if choosing.is_answer(file) or choosing.is_evidence(file)]


def _is_clone(root: Path, each: Placed) -> bool:
    return (root / each.found.parts[0] / ".git").is_dir()


def _path(each: Placed) -> str:
    return clean_line("/".join(each.found.parts))


def _note(topic: Topic, owner: Owner, text: str) -> Note:
    return Note(topic=topic, learner=clean_line(owner.learner), text=text)
