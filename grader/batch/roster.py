"""The list of learners, in whatever shape a spreadsheet or a learning platform wrote it.

A learner is recognised by any cell that identifies somebody and that no other line shares: a login, a number, a full
name. So the exports of Canvas, Moodle, nbgrader, GitHub Classroom and Classroom 50 serve as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec

from grader import course, files
from grader.errors import UsageError
from grader.records import Record
from grader.records.cohort import Clock, Learner, Note, Topic, simplified
from grader.text import clean_line

from .intake import Handin, Owner

SIZE_CAP = 16 << 20
_NAMING = (
    "learner", "username", "github username", "login", "sis login id", "identifier", "id", "email", "email address",
    "name", "full name", "student",
)  # fmt: skip
"""Columns that name a learner, the best first."""
_IDENTIFYING = frozenset({
    *_NAMING, "user", "student id", "github id", "sis user id", "integration id", "id number",
})  # fmt: skip
"""Columns whose cells belong to one person; a first name alone does not."""
_CALLED = ("name", "full name", "student", "last name")
_ARRIVED = re.compile(r"arrived(?:[ _-]+(?P<exercise>.+))?", re.IGNORECASE)
_NOBODY = ("points possible", "student, test")
"""Lines of Canvas's gradebook that are no learner's."""
_MARKED = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Roster(Record, frozen=True, kw_only=True):
    """Everybody who takes the course."""

    learners: tuple[Learner, ...]
    known: Mapping[str, int]
    """Whatever identifies a learner, simplified, to their place in ``learners``."""

    @classmethod
    def of(cls, learners: tuple[Learner, ...]) -> Self:
        """Return the roster of these learners, who may be none."""
        return cls(learners=learners, known=_known(learners))

    def find(self, name: str, number: str) -> Learner | None:
        """Find whom a folder's or file's name means; of a repository's name, the end may be the login.

        Where the roster knows the number, the name has to be of the same line.
        """
        by_name = self._known_as(name)
        if not number:
            words = name.split("-")
            endings = ("-".join(words[index:]) for index in range(1, len(words)))
            return by_name or next(filter(None, map(self._known_as, endings)), None)
        by_number = self._known_as(number) or self._known_as(f"Participant {number}")
        if by_number is None or by_number is by_name:
            return by_name
        return None if by_name or _has_name(by_number) else by_number

    def _known_as(self, text: str) -> Learner | None:
        place = self.known.get(simplified(text))
        return None if place is None else self.learners[place]

    def naming(self, owners: Collection[Owner]) -> Naming:
        """Tell once for all whom these names mean."""
        found = {owner: self._of(owner) for owner in owners}
        exact = {learner.learner for owner, learner in found.items() if learner and self._known_as(owner.name)}
        return Naming(
            found={
                owner.learner: learner
                for owner, learner in found.items()
                if learner and (self._known_as(owner.name) or owner.number or learner.learner not in exact)
            },
            doubted=tuple(owner for owner in owners if owner.number and self._contradicts(owner)),
        )

    def _of(self, owner: Owner) -> Learner | None:
        """Return whom a name means; nobody where it has what cannot be seen."""
        return None if clean_line(owner.name) != owner.name else self.find(owner.name, owner.number)

    def _contradicts(self, owner: Owner) -> bool:
        """Whether name and number are of two lines of the roster."""
        numbered = self._known_as(owner.number) or self._known_as(f"Participant {owner.number}")
        return numbered is not None and self.find(owner.name, owner.number) is None


class Naming(Record, frozen=True, kw_only=True):
    """Who is who, by the names that what was handed in gives them."""

    found: Mapping[str, Learner]
    doubted: tuple[Owner, ...]
    """Those whose name and number contradict each other."""

    def recognise(self, each: Handin | Note) -> Handin | Note:
        """Put the roster's name in place of the one that was found, and staff's time of arrival if there is one."""
        learner = self.found.get(each.learner)
        if learner is None:
            return each
        each = msgspec.structs.replace(each, learner=learner.learner)
        arrived = _arrived(learner, each.exercise) if isinstance(each, Handin) else None
        return msgspec.structs.replace(each, arrived=arrived, clock=Clock.ROSTER) if arrived else each

    def notes(self) -> Iterator[Note]:
        """Say whose name and number contradict each other."""
        for owner in self.doubted:
            yield Note(
                topic=Topic.CONTRADICTION,
                learner=owner.learner,
                text=f"The roster gives the number {owner.number} to somebody of another name.",
            )


def read_roster(path: Path) -> Roster:
    """Read a roster; raise UsageError in a sentence when it cannot be used."""
    header, *lines = _lines(path)
    naming = _naming_column(header)
    found = []
    for number, line in enumerate(lines, 2):
        cells = dict(zip(header, (clean_line(cell.strip()) for cell in line), strict=False))
        if not any(cells.values()) or line[0].strip().lower() in _NOBODY:
            continue
        if not cells.get(naming):
            raise UsageError(f"Line {number} of the roster {path} has no {naming!r}.")
        found.append(Learner(learner=cells[naming], cells=cells))
    learners = tuple(found)
    if twice := [name for name, count in Counter(each.learner for each in learners).items() if count > 1]:
        raise UsageError(f"The roster {path} names {clean_line(twice[0])} twice in its column {naming!r}.")
    _check_times(path, learners)
    return Roster.of(learners)


def _lines(path: Path) -> list[list[str]]:
    """Return the lines' cells, the header first, stripped of what Excel adds."""
    text = _text(path)
    said = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    text = text[said.end() :] if said else text
    header = text.partition("\n")[0]
    delimiter = said[1] if said else max(",;\t", key=header.count)
    lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(line)]
    if len(lines) <= 1:
        raise UsageError(f"The roster {path} has no learners: it needs a line of column names and one per learner.")
    lines[0] = [clean_line(column.strip()) for column in lines[0]]
    return lines


def _text(path: Path) -> str:
    try:
        content = files.read(path, SIZE_CAP, follow=True)
    except files.Unreadable as why:
        raise UsageError(f"The roster {path} cannot be read: {why}.") from why
    if content.startswith(b"PK"):
        raise UsageError(f"{path} is an Excel workbook; save it as CSV and name that.")
    if b"\0" in content and content[:2] not in _MARKED:
        raise UsageError(f"{path} is no roster: it should be CSV, one line per learner.")
    encoding = next((name for mark, name in _MARKED.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _naming_column(header: list[str]) -> str:
    named = {_plain(column): column for column in reversed(header)}
    return next((named[name] for name in _NAMING if name in named), header[0])


def _plain(column: str) -> str:
    return column.lower().replace("_", " ")


def _known(learners: tuple[Learner, ...]) -> dict[str, int]:
    """Return what identifies each learner: what two share does not."""
    told = [(text, place) for place, learner in enumerate(learners) for text in set(_aliases(learner))]
    counts = Counter(text for text, _ in told)
    return {text: place for text, place in told if text and counts[text] == 1}


def _has_name(learner: Learner) -> bool:
    """Whether the roster says what somebody is called, besides numbers, logins and addresses."""
    cells = {_plain(column): cell for column, cell in learner.cells.items()}
    return any(cells.get(column) for column in _CALLED)


def _aliases(learner: Learner) -> Iterator[str]:
    cells = {_plain(column): cell for column, cell in learner.cells.items()}
    yield simplified(learner.learner)
    yield from (simplified(cell) for column, cell in cells.items() if column in _IDENTIFYING)
    first, last = cells.get("first name", ""), cells.get("last name", "")
    if first and last:
        yield simplified(first + last)
        yield simplified(last + first)


def _arrived(learner: Learner, exercise: str) -> datetime | None:
    """Return when staff say that it arrived: the column ``arrived 03`` before ``arrived``."""
    cells = {_which(column): cell for column, cell in learner.cells.items() if cell and _which(column) is not None}
    return _time(cells.get(exercise) or cells.get("") or "")


def _which(column: str) -> str | None:
    """Return the exercise of a column of arrivals, "" for all of them, None for another column."""
    named = _ARRIVED.fullmatch(column)
    if named is None:
        return None
    exercise = course.recognise(named["exercise"]) if named["exercise"] else None
    return exercise.slug if exercise else ""


def _check_times(path: Path, learners: tuple[Learner, ...]) -> None:
    for learner in learners:
        for column, cell in learner.cells.items():
            if cell and _which(column) is not None and _time(cell) is None:
                raise UsageError(
                    f"The roster {path} says in {column!r} of {learner.learner} {cell!r}; "
                    "write a time like 2026-11-20 23:59 or 2026-11-20T23:59:00+01:00."
                )


def _time(cell: str) -> datetime | None:
    """Read a time; one without a zone is this machine's."""
    try:
        return datetime.fromisoformat(cell).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
