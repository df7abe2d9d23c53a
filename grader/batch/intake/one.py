"""Read what one learner handed in: their folder or files, their archives, git's objects, notebooks and notes.

Nothing here may be trusted with more than this one learner's answers: ``handle`` is what a confined process runs.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader import course
from grader.notebook import Source
from grader.records import Record
from grader.records.cohort import Clock, Topic
from grader.text import clean_line

from . import choosing, clocks
from .archive import look, open_archive, open_nested
from .choosing import Placed
from .found import Unusable, walk

HANDED_IN_CAP = 4 << 20
"""Bytes of all that one learner has to be graded: all exercises, each of a hundred times the usual size."""
_ARCHIVE = ".zip"
_NBGRADER_DEPTH = 1
"""nbgrader's timestamp lies in ``LEARNER/ASSIGNMENT/``, and nowhere else."""


class Where(Record, frozen=True, kw_only=True):
    """A file or folder of the learner's, its names as the system encodes them."""

    parts: tuple[bytes, ...]
    """Where it is below the root."""
    below: tuple[bytes, ...]
    """The same place as the learner knows it."""


class Errand(Record, frozen=True, kw_only=True):
    """What to read of one learner."""

    root: bytes
    """The folder or archive of the whole cohort."""
    places: tuple[Where, ...]
    asked: tuple[str, ...]
    """Slugs; where one alone is asked for, a learner's only file answers it, whatever its name."""
    has_timestamps: bool
    """Whether nbgrader wrote down when it collected; elsewhere such a file is the learner's own."""
    reads_commits: bool
    """Whether the times of a clone's commits are asked for."""


class Handin(Record, frozen=True):
    """One learner's answer to one exercise, read and not yet run."""

    learner: str
    number: str
    """In Moodle's or Canvas's file names. Whose it is says who asked, and never what was read: both are empty here."""
    exercise: str
    path: str
    """Harmless to look at."""
    arrived: datetime
    clock: Clock
    code: Source | None
    """None for what cannot be graded."""
    refusal: str
    """Why it cannot be graded; empty when it can."""


class IntakeRemark(Record, frozen=True, kw_only=True):
    """What a person should know about what was handed in."""

    topic: Topic
    text: str


class Handed(Record, frozen=True, kw_only=True):
    """All that came of reading one learner's files."""

    answers: tuple[Handin, ...] = ()
    remarks: tuple[IntakeRemark, ...] = ()


class _Looked(NamedTuple):
    placed: list[Placed]
    refused: list[IntakeRemark]


def fingerprint(code: Source) -> str:
    """Return what equal submissions share: of a file its sha256, of a notebook that of its code, cell by cell."""
    places = msgspec.json.encode((code.cells, code.set_aside)) if code.cells else b""
    return hashlib.sha256(code.source + places).hexdigest()


def prepare(payload: bytes) -> Sequence[int]:
    """Open the cohort's archive, once for all learners, and return its descriptor."""
    root = Path(os.fsdecode(msgspec.msgpack.decode(payload, type=Errand).root))
    if root.is_dir():
        return ()
    held = _opened(root).fp
    return (held.fileno(),) if held else ()


def _opened(root: Path) -> zipfile.ZipFile:
    """Open a cohort's archive and keep it open, as long as it is the same file."""
    status = root.stat()
    return _kept(root, (status.st_ino, status.st_size, status.st_mtime_ns))


@lru_cache(maxsize=1)
def _kept(root: Path, version: tuple[int, int, int]) -> zipfile.ZipFile:  # noqa: ARG001  a new version is another file
    return open_archive(root)


def handle(payload: bytes) -> bytes:
    """Carry out an errand; errand and result are MessagePack."""
    return msgspec.msgpack.encode(read(msgspec.msgpack.decode(payload, type=Errand)))


def read(errand: Errand) -> Handed:
    """Return all that a learner handed in, and what a person should know about it."""
    root = Path(os.fsdecode(errand.root))
    placed, remarks = _look(errand, root)
    chosen = choosing.choose(placed, [course.exercises()[slug] for slug in errand.asked])
    if not chosen:
        nothing = IntakeRemark(topic=Topic.EMPTY, text="No file of theirs is named like an exercise.")
        return Handed(remarks=(*remarks, nothing))
    history = _history(errand, root, [best for best, *_ in chosen.values()])
    times = _timestamps(placed) if errand.has_timestamps else {}
    answers = []
    for slug, (best, *others) in chosen.items():
        arrival = times.get(best.below[:_NBGRADER_DEPTH]) or history.get(_in_git(best))
        arrived, clock = arrival or (best.found.modified, best.found.clock)
        code, refusal = choosing.read(best, slug, placed)
        answers.append(Handin("", "", slug, _path(best), arrived, clock, code, refusal))
        remarks += [
            IntakeRemark(topic=Topic.LEFT_ASIDE, text=f"{_path(best)} was graded, and {_path(other)} was not.")
            for other in others
        ]
    return Handed(answers=tuple(_within_cap(answers)), remarks=tuple(remarks))


def _look(errand: Errand, root: Path) -> _Looked:
    """List every file of the learner's, also those in an archive of theirs."""
    placed: list[Placed] = []
    refused: list[IntakeRemark] = []
    for where in errand.places:
        parts, below = (tuple(map(os.fsdecode, names)) for names in (where.parts, where.below))
        try:
            for found in walk(root, parts) if root.is_dir() else look(_opened(root), parts):
                placed += [Placed(found, (*below, *found.parts[len(parts) :]))]  # one by one: the walk may break off
        except Unusable as reason:
            refused.append(_refused(parts, reason))
    placed.sort(key=lambda each: each.below)
    opened: list[Placed] = []
    for each in placed:
        try:
            opened += _inside(each)
        except Unusable as reason:
            refused.append(_refused(each.found.parts, reason))
    return _Looked(opened, refused)


def _refused(parts: tuple[str, ...], reason: Unusable) -> IntakeRemark:
    path = clean_line("/".join(parts))
    return IntakeRemark(topic=Topic.REFUSED, text=f"{path} was not opened{' whole' * reason.in_part}: {reason}.")


def _inside(each: Placed) -> list[Placed]:
    """Return a file, or what is in it when it is a learner's own archive; one in another stays closed."""
    if each.found.suffix != _ARCHIVE:
        return [each]
    depth = len(each.found.parts)
    inside = (Placed(found, (*each.below, *found.parts[depth:])) for found in open_nested(each.found))
    return [file for file in inside if choosing.is_answer(file) or choosing.is_evidence(file)]


def _timestamps(placed: Sequence[Placed]) -> dict[tuple[str, ...], clocks.Arrival]:
    """Return when each assignment was collected, by its folder."""
    written = [each for each in placed if each.below[_NBGRADER_DEPTH:] == (clocks.TIMESTAMP,)]
    return {each.below[:-1]: arrival for each in written if (arrival := clocks.collected(each.found))}


def _history(errand: Errand, root: Path, files: Sequence[Placed]) -> dict[bytes, clocks.Arrival]:
    """Return when files were committed, where the learner's folder is a clone."""
    found: dict[bytes, clocks.Arrival] = {}
    for where in errand.places if errand.reads_commits else ():
        repository = root.joinpath(*map(os.fsdecode, where.parts))
        if not where.below and os.path.isdir(repository / ".git"):  # noqa: PTH112  which raises nothing
            found |= clocks.commits(repository, [_in_git(file) for file in files])
    return found


def _in_git(file: Placed) -> bytes:
    return os.fsencode("/".join(file.below))


def _within_cap(answers: Sequence[Handin]) -> Iterator[Handin]:
    """Refuse what goes beyond the cap, in the order of the exercises."""
    room = HANDED_IN_CAP
    for answer in answers:
        size = len(msgspec.msgpack.encode(answer.code))
        room -= size
        if room < 0:
            yield msgspec.structs.replace(
                answer,
                code=None,
                refusal=f"All that they handed in has more than the {HANDED_IN_CAP:,} bytes that are allowed.",
            )
            room += size
        else:
            yield answer


def _path(each: Placed) -> str:
    return clean_line("/".join(each.found.parts))
