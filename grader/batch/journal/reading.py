"""Read a journal: what shows, exports or compares results uses this."""

from __future__ import annotations

import hmac
import re
import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import cached_property
from itertools import chain, groupby
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec

from grader.batch.late import LatePolicy, settle
from grader.batch.packing import unpack
from grader.courses import built_in, current
from grader.errors import UsageError
from grader.notebook import Source
from grader.records import CellLine, Evidence, Grade
from grader.records.cohort import Clock, Learner, Note, Refused, Row, Topic, Ungraded

from . import schema

_ROWS = """
SELECT a.learner, a.exercise, a.path, a.number, a.arrived, a.clock, a.key, a.refusal, g.grade, g.fault
FROM answers a LEFT JOIN grades g ON g.key = a.key AND g.exercise = a.exercise AND g.course = :course
"""


_SEED_BYTES = 4
"""A seed is as large as those that are drawn: 31 bits."""


class BatchJob(NamedTuple):
    """Something to be graded once, however many handed it in."""

    exercise: str
    key: str


class Journal:
    """An open journal. Everything is read as it is asked for, so that no cohort is too large.

    Use it in a with statement: an error of the file leaves it as a sentence.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._explained = schema.explained(path)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Open the journal in a folder of results for reading; raise UsageError when there is none of ours."""
        return cls(schema.open_file(folder, writable=False), folder / schema.NAME)

    def __enter__(self) -> Self:
        self._explained.__enter__()
        try:
            self._expect_this_course()
        except BaseException as error:
            self.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._explained.__exit__(kind, error, trace)

    @cached_property
    def seed(self) -> int:
        """What all seeds of the journal are made from; no learner is told it."""
        return int(self._told("secret") or self._told("seed"))  # where an earlier grader had one for everybody

    def seed_of(self, job: BatchJob) -> int:
        """Return the seed with which a job is run.

        It comes from what was handed in and from the journal's own seed. Whoever has seen the seed of one submission,
        as on its report, cannot say that of the next.
        """
        about = f"{job.exercise}\0{job.key}".encode()
        return int.from_bytes(hmac.digest(str(self.seed).encode(), about, "sha256")[:_SEED_BYTES]) >> 1

    @cached_property
    def fresh(self) -> bool:
        """Whether the batch drew its seed by itself, so that no learner can have known one."""
        return self._told("fresh") == "yes"

    @property
    def course(self) -> str:
        """Version of the course that the grades are of."""
        return self._told("course")

    def _expect_this_course(self) -> None:
        if not (self._told("secret") or self._told("seed")):  # nothing was graded yet
            return
        told, name = self._told("course name") or built_in().name, current().name
        if told != name:
            raise UsageError(
                f"{self._path} holds grades of the course {told}, and this is {name}. Name that course with --course, "
                "or another folder of results."
            )

    def expect_no_newer(self, version: str) -> None:
        """Raise UsageError where a newer version of the course than this one graded."""
        if _numbers(self.course) > _numbers(version):
            raise UsageError(
                f"{self._path} holds grades of version {self.course} of the course, which is newer than this grader's "
                f"{version}. Go on with the grader that wrote them, or name another folder of results."
            )

    def expect_judgeable(self, since: str) -> None:
        """Raise UsageError where the evidence was observed before the course asked what it asks since a version."""
        asked = self._connection.execute("SELECT DISTINCT course FROM answers JOIN evidence USING (exercise, key)")
        oldest = min((version for (version,) in asked), key=_numbers, default=since)
        if _numbers(oldest) < _numbers(since):
            raise UsageError(
                f"{self._path} holds what version {oldest} of the course observed. Since version {since} its "
                "exercises are asked otherwise, so that cannot be judged again. Go on with the grader that wrote it, "
                "or name another folder of results and grade there."
            )

    @property
    def policy(self) -> LatePolicy | None:
        """The late policy that was named last, if any."""
        told = self._told("policy")
        return msgspec.json.decode(told, type=LatePolicy) if told else None

    def rows(self, *, learners: Collection[str] = (), exercises: Collection[str] = ()) -> Iterator[Row]:
        """Yield every answer with its grade, by learner and exercise; only some when they are named.

        Raw points are in the grade, what counts after the late policy in ``Row.points``.
        """
        policy = self.policy
        told = self._connection.execute(f"{_ROWS} ORDER BY a.learner, a.exercise", {"course": self.course})
        for learner, group in groupby(map(_row, told), key=lambda row: row.learner):
            if learners and learner not in learners:
                continue
            yield from (row for row in _settled(policy, group) if not exercises or row.exercise in exercises)

    def evidence(self, row: Row) -> Evidence | None:
        """Return what the row's code did, None where nothing was observed; raise DamagedEvidence."""
        found = self._connection.execute(
            "SELECT packed FROM grades JOIN evidence ON evidence.id = grades.evidence"
            " WHERE grades.key = ? AND grades.exercise = ? AND grades.course = ?",
            (row.key, row.exercise, self.course),
        ).fetchone()
        return unpack(found[0]) if found else None

    def code(self, key: str) -> Source:
        """Return what was graded under a row's key: the Python, and for a notebook its cells; not for refused ones."""
        source, cells, set_aside = self._connection.execute(
            "SELECT source, cells, set_aside FROM codes WHERE key = ?", (key,)
        ).fetchone()
        return Source(
            source=source,
            cells=msgspec.json.decode(cells, type=tuple[CellLine, ...]),
            set_aside=msgspec.json.decode(set_aside, type=tuple[str, ...]),
        )

    def observed(self) -> Iterator[BatchJob]:
        """Yield everything that was handed in and of which there is evidence, exercise by exercise."""
        told = self._connection.execute(
            "SELECT DISTINCT exercise, key FROM answers JOIN evidence USING (exercise, key) ORDER BY exercise, key"
        )
        yield from (BatchJob(exercise, key) for exercise, key in told)

    def packed(self, job: BatchJob) -> bytes:
        """Return the newest evidence of a job, whatever version of the course asked for it."""
        packed: bytes = self._connection.execute(*self._newest("packed", job)).fetchone()[0]
        return packed

    def grade(self, job: BatchJob, course: str) -> Grade | None:
        """Return a job's grade by one version of the course, without learner and path; None when there is none."""
        found = self._connection.execute(
            "SELECT grade FROM grades WHERE exercise = ? AND key = ? AND course = ? AND grade IS NOT NULL",
            (job.exercise, job.key, course),
        ).fetchone()
        return msgspec.json.decode(found[0], type=Grade) if found else None

    def who(self, job: BatchJob) -> str:
        """Name who handed a job in."""
        first, count = self._connection.execute(
            "SELECT min(learner), count(*) FROM answers WHERE exercise = ? AND key = ?", (job.exercise, job.key)
        ).fetchone()
        return first if count == 1 else f"{first} and {count - 1} more"

    def versions(self) -> list[dict[str, str]]:
        """Return every set of versions, name to version, that the grades of this course were made with."""
        told = self._connection.execute(
            "SELECT DISTINCT json_extract(CAST(grade AS TEXT), '$.provenance.versions') FROM grades"
            " WHERE course = ? AND grade IS NOT NULL",
            (self.course,),
        )
        return [msgspec.json.decode(versions, type=dict[str, str]) for (versions,) in told]

    def learners(self) -> Iterator[Learner]:
        """Yield the roster; nothing where none was given."""
        for learner, cells in self._connection.execute("SELECT learner, cells FROM learners ORDER BY learner"):
            yield Learner(learner=learner, cells=msgspec.json.decode(cells))

    def notes(self) -> Iterator[Note]:
        """Yield what a person should know about the cohort, those who handed in nothing first."""
        missing = self._connection.execute(
            "SELECT learner FROM learners WHERE learner NOT IN (SELECT learner FROM answers) ORDER BY learner"
        )
        unknown = self._connection.execute(
            "SELECT DISTINCT learner FROM answers WHERE learner NOT IN (SELECT learner FROM learners)"
            " AND EXISTS (SELECT * FROM learners) ORDER BY learner"
        )
        told = self._connection.execute("SELECT topic, learner, text FROM notes ORDER BY topic, learner, rowid")
        yield from chain(
            (Note(topic=Topic.MISSING, learner=name, text="They handed in nothing.") for (name,) in missing),
            (Note(topic=Topic.UNKNOWN, learner=name, text="They are not on the roster.") for (name,) in unknown),
            (Note(topic=Topic(topic), learner=learner, text=text) for topic, learner, text in told),
        )

    def _newest(self, what: str, job: BatchJob) -> tuple[str, tuple[str, str]]:
        query = f"SELECT {what} FROM evidence WHERE exercise = ? AND key = ? ORDER BY id DESC LIMIT 1"  # noqa: S608
        return query, (job.exercise, job.key)

    def _told(self, name: str) -> str:
        found = self._connection.execute("SELECT value FROM batch WHERE name = ?", (name,)).fetchone()
        return found[0] if found else ""


def _settled(policy: LatePolicy | None, rows: Iterator[Row]) -> Iterator[Row]:
    return settle(policy, rows) if policy else rows


def _row(told: tuple[Any, ...]) -> Row:
    learner, exercise, path, number, arrived, clock, key, refusal, graded, fault = told
    result: Grade | Ungraded | Refused | None = None
    if graded is not None:
        grade = msgspec.json.decode(graded, type=Grade)
        result = msgspec.structs.replace(grade, learner=learner, path=path)
    elif fault is not None:
        result = Ungraded(fault=fault)
    elif refusal:
        result = Refused(reason=refusal)
    return Row(
        learner=learner,
        exercise=exercise,
        path=path,
        number=number,
        arrived=datetime.fromisoformat(arrived),
        clock=Clock(clock),
        key=key,
        result=result,
        late=None,
    )


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
