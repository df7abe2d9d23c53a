"""From a folder or an archive of a whole cohort to one answer per learner and exercise.

``shelf`` and ``layouts`` tell whose a file is by the names that the collecting system gave. Everything that learners
made is read by ``one``, in a confined process for each learner: ``found`` and ``archive`` list files without trusting
them, ``choosing`` tells which of a learner's files answers which exercise, ``clocks`` when it was handed in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from grader.confined import Confined, Request, Unanswered
from grader.errors import UsageError
from grader.records import Exercise, Record
from grader.records.cohort import Note, Topic

from .layouts import Laid, Layout, Lot, Owner, as_named, lay_out, recognise
from .one import Errand, Handed, Handin, Where, fingerprint
from .one import read as read_here
from .shelf import Shelf, open_shelf

__all__ = [
    "READER",
    "Collected",
    "Errand",
    "Handed",
    "Handin",
    "Laid",
    "Layout",
    "Owner",
    "Reader",
    "Shelf",
    "apart",
    "fingerprint",
    "open_shelf",
    "read_here",
    "survey",
    "take_in",
]

READER = "grader.batch.intake.one"
SECONDS = 20.0
MEMORY_MB = 512
Reader = Callable[[Errand], Handed]
"""What reads one learner's files; raises Unanswered where that cannot be done."""


class Collected(Record, frozen=True, kw_only=True):
    """Who handed in something, and where it lies."""

    root: Path
    laid: Laid
    lots: tuple[Lot, ...]


def _nobody(_: str) -> bool:
    return False


def survey(
    place: Path | Shelf, wanted: Layout | Laid | None = None, is_learner: Callable[[str], bool] = _nobody
) -> Collected:
    """Look at a cohort's folder or archive from above.

    ``wanted`` is the layout where it is not to be recognised; ``is_learner`` knows names, which helps with that.
    Raise UsageError when ``place`` is not there, holds no learners, or leaves a doubt about its layout.
    """
    shelf = open_shelf(place) if isinstance(place, Path) else place
    laid = _laid(shelf, wanted, is_learner)
    lots = lay_out(shelf, laid)
    if not lots:
        raise UsageError(
            f"No learner's files were found in {shelf.root}. It should hold one folder per learner, or be a download "
            "from Moodle or Canvas; docs/batch.md shows every layout, and --layout names one."
        )
    return Collected(root=shelf.root, laid=laid, lots=tuple(lots))


def _laid(shelf: Shelf, wanted: Layout | Laid | None, is_learner: Callable[[str], bool]) -> Laid:
    if isinstance(wanted, Laid) and (not wanted.wrapper or wanted.wrapper in shelf.entries(())):
        return wanted
    return as_named(shelf, wanted) if isinstance(wanted, Layout) else recognise(shelf, is_learner)


def take_in(
    survey: Collected, asked: Sequence[Exercise], read: Reader, *, reads_commits: bool = True
) -> Iterator[Handin | Note]:
    """Yield every answer, and what a person should know, learner by learner.

    Where one exercise alone is ``asked`` for, a learner's only file answers it, whatever its name.
    """
    for owner, places in survey.lots:
        errand = Errand(
            root=os.fsencode(survey.root),
            places=tuple(Where(parts=_encoded(each.parts), below=_encoded(each.below)) for each in places),
            asked=tuple(exercise.slug for exercise in asked),
            has_timestamps=survey.laid.layout is Layout.NBGRADER,
            reads_commits=reads_commits,
        )
        try:
            handed = read(errand)
        except Unanswered as reason:
            yield _note(Topic.REFUSED, owner, f"What they handed in was not read: {reason}.")
            continue
        yield from (_note(remark.topic, owner, remark.text) for remark in handed.remarks)
        for answer in handed.answers:
            yield msgspec.structs.replace(answer, learner=owner.learner, number=owner.number)


def apart(confined: Confined) -> Reader:
    """Return what reads each learner's files in a process that sees nothing else."""

    def read(errand: Errand) -> Handed:
        root = os.fsdecode(errand.root)
        below = [os.path.join(root, *map(os.fsdecode, each.parts)) for each in errand.places]  # noqa: PTH118
        request = Request(
            module=READER,
            payload=msgspec.msgpack.encode(errand),
            readable=tuple(map(os.fsencode, below if Path(root).is_dir() else ())),
            seconds=SECONDS,
            memory_mb=MEMORY_MB,
        )
        return msgspec.msgpack.decode(confined.ask(request), type=Handed)

    return read


def _encoded(names: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(map(os.fsencode, names))


def _note(topic: Topic, owner: Owner, text: str) -> Note:
    return Note(topic=topic, learner=owner.learner, text=text)
