"""Progress file of each exercise: the result of every version of its file, and the hints given.

One small JSON file per exercise under ``.grade/``. A result belongs to the bytes that were graded, so a file that is
changed back finds its old result, and a solved one that is broken has none until it is graded again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader import course, files
from grader.errors import UsageError
from grader.records import Account, Exercise, Grade, Record

from .folder import Folder

VERSIONS_CAP = 50
"""Versions of a file whose results are remembered, the newest."""
BYTES_CAP = 1 << 20
"""Bytes of what is remembered of an exercise; so many versions need some 10,000."""


class Attempted(Record, frozen=True, kw_only=True):
    """What came of one version of a file."""

    sha256: str
    """Of the source."""
    course: str
    """Version of the course that judged it."""
    earned: int | None
    """None where there are no hidden checks."""
    is_complete: bool


class Progress(Record, frozen=True, kw_only=True):
    """What is remembered of one exercise."""

    results: tuple[Attempted, ...] = ()
    """One per version of the file, the newest last."""
    hints: int = 0
    """How many of the hints were given."""
    completed: datetime | None = None
    """When it first had every point."""

    def of(self, sha256: str | None) -> Attempted | None:
        """Return what came of a version of the file, judged by this version of the course."""
        return next((each for each in self.results if (each.sha256, each.course) == (sha256, course.version())), None)


def recall(folder: Folder, exercise: Exercise) -> Progress | None:
    """Return what is remembered, None when it cannot be read any more."""
    try:
        return msgspec.json.decode(files.read(_path(folder, exercise), BYTES_CAP, within=folder.root), type=Progress)
    except files.Missing:
        return Progress()
    except (files.Unreadable, msgspec.DecodeError, UnicodeDecodeError):
        return None


def remember_result(folder: Folder, exercise: Exercise, result: Grade | Account) -> None:
    """Remember what came of the file as it was; raise UsageError when that cannot be written."""
    known = recall(folder, exercise) or Progress()
    latest = summed_up(result)
    others = [each for each in known.results if each.sha256 != latest.sha256]
    first = datetime.now(tz=UTC) if latest.is_complete and latest.earned is not None else None
    _write(
        folder,
        exercise,
        msgspec.structs.replace(
            known, results=(*others[1 - VERSIONS_CAP :], latest), completed=known.completed or first
        ),
    )


def summed_up(result: Grade | Account) -> Attempted:
    """Return what is remembered of a result."""
    return Attempted(
        sha256=result.provenance.source_sha256,
        course=course.version(),
        earned=result.earned if isinstance(result, Grade) else None,
        is_complete=result.is_complete,
    )


def next_hint(folder: Folder, exercise: Exercise) -> int:
    """Remember that one more hint is given, and return how many were by now."""
    known = recall(folder, exercise) or Progress()
    given = min(known.hints + 1, len(exercise.hints))
    if given != known.hints:
        _write(folder, exercise, msgspec.structs.replace(known, hints=given))
    return given


def _write(folder: Folder, exercise: Exercise, progress: Progress) -> None:
    try:
        told = msgspec.json.format(msgspec.json.encode(progress), indent=1)
        folder.keep_out_of_git()
        files.write(_path(folder, exercise), told, within=folder.root)
    except OSError as error:
        raise UsageError(f"Nothing can be remembered in {folder.memory}: {error.strerror}.") from error


def _path(folder: Folder, exercise: Exercise) -> Path:
    return folder.memory / f"{exercise.slug}.json"
