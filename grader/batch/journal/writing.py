"""Write to the journal, each thing as soon as it is known."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from grader.batch.intake import Handin, Laid, fingerprint
from grader.batch.late import LatePolicy
from grader.courses import current
from grader.errors import UsageError
from grader.records import Grade
from grader.records.cohort import Clock, Learner, Note, Topic
from grader.text import clean_line

from . import schema
from .reading import BatchJob, Journal

_SECRET_BITS = 128
"""Nobody finds it by trying, with a report's seed beside its source."""
_PAGE = 200
"""Jobs fetched at a time: the list of a large cohort is never held."""

_OPEN = """
SELECT DISTINCT a.exercise, a.key FROM answers a
LEFT JOIN grades g ON g.key = a.key AND g.exercise = a.exercise AND g.course = :course
LEFT JOIN evidence e ON e.key = a.key AND e.exercise = a.exercise AND e.course = :course
WHERE a.key != '' AND g.key IS NULL
AND (:learners = '[]' OR a.learner IN (SELECT value FROM json_each(:learners)))
AND (:exercises = '[]' OR a.exercise IN (SELECT value FROM json_each(:exercises)))
"""
_NAMED = 5
_TO_RUN, _TO_JUDGE = "e.id IS NULL", "e.id IS NOT NULL"


class Scope(NamedTuple):
    """Which of the answers a run is about."""

    exercises: Collection[str] = ()
    learners: Collection[str] = ()
    """Empty for all of them, as with the exercises."""


class Ledger(Journal):
    """A journal that is written. There is one at a time for a folder, and only one process holds it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self.limit(Scope())

    @classmethod
    @contextmanager
    def open(cls, folder: Path, seed: int | None = None) -> Iterator[Self]:
        """Open a folder's journal for writing, or begin one.

        A new journal draws its seed unless one is given, and keeps it for good. Raise UsageError when somebody else
        writes in the folder, when the file is not ours, or when ``seed`` is not the journal's.
        """
        with schema.locked(folder):
            connection = schema.open_file(folder, writable=True)
            with cls(connection, folder / schema.NAME) as ledger:
                ledger._begin(folder, seed)
                yield ledger

    def _begin(self, folder: Path, seed: int | None) -> None:
        if not self._told("secret"):
            first = {
                "secret": str(secrets.randbits(_SECRET_BITS) if seed is None else seed),
                "fresh": "yes" if seed is None else "no",
                "course name": current().name,
            }
            with self.together():
                for name, value in first.items():
                    self._tell(name, self._told(name) or value)
        elif seed not in (None, self.seed):
            raise UsageError(
                f"{folder} holds grades of seed {self.seed}; marks of two seeds do not belong into one list. "
                "Leave out --seed to go on, or name another folder with --out."
            )

    def use_course(self, version: str) -> None:
        """Let this version of the course be the one whose grades count; what has none yet is to be graded.

        Raise UsageError where a newer one graded already: an older grader must not take its marks back.
        """
        self.expect_no_newer(version)
        self._tell("course", version)

    def keep(self, policy: LatePolicy | None, learners: Iterable[Learner] | None) -> None:
        """Let this policy and this roster be those that count from now on, where they are given."""
        if policy is not None:
            self.keep_policy(policy)
        if learners is not None:
            self.keep_roster(learners)

    def keep_policy(self, policy: LatePolicy) -> None:
        """Let this late policy be the one that counts from now on."""
        self._tell("policy", msgspec.json.encode(policy).decode())

    def keep_roster(self, learners: Iterable[Learner]) -> None:
        """Let this be the roster."""
        with self.together():
            self._connection.execute("DELETE FROM learners")
            self._connection.executemany(
                "INSERT INTO learners VALUES (?, ?)",
                ((each.learner, msgspec.json.encode(each.cells)) for each in learners),
            )

    def layout(self, origin: Path) -> Laid | None:
        """Return how what came from ``origin`` was laid out the last time; None where nothing came from there."""
        told = self._told(f"layout {_text(origin)}")
        return msgspec.json.decode(told, type=Laid) if told else None

    def known(self, origin: Path) -> set[str]:
        """Return everybody of whom there are answers from ``origin``."""
        told = self._connection.execute("SELECT DISTINCT learner FROM answers WHERE origin = ?", (_text(origin),))
        return {learner for (learner,) in told}

    def receive(
        self, origin: Path, handed_in: Iterable[Handin | Note], laid: Laid | None = None, *, forgets: bool = False
    ) -> None:
        """Let these be the answers that came from ``origin``: earlier ones from there are forgotten, grades are kept.

        An answer of the same learner to the same exercise from elsewhere gives way. Raise UsageError, and change
        nothing, when somebody who was there is not there any more, unless the journal ``forgets`` them.
        """
        with self.together():
            known, there = self.known(origin), set[str]()
            for table in ("answers", "notes"):
                self._connection.execute(f"DELETE FROM {table} WHERE origin = ?", (_text(origin),))  # noqa: S608
            for each in handed_in:
                there.add(each.learner)
                if isinstance(each, Note):
                    self._note(_text(origin), each)
                else:
                    self._receive(_text(origin), each)
            if not forgets and (lost := sorted(known - there)):
                raise UsageError(_gone(lost, origin))
            if laid is not None:
                self._tell(f"layout {_text(origin)}", msgspec.json.encode(laid).decode())

    def clocks(self) -> Iterator[tuple[str, Clock]]:
        """Yield every exercise with each clock that says when answers to it arrived."""
        told = self._connection.execute("SELECT DISTINCT exercise, clock FROM answers")
        yield from ((exercise, Clock(clock)) for exercise, clock in told)

    def _note(self, origin: str, note: Note) -> None:
        told = (origin, note.topic.value, note.learner, note.text)
        self._connection.execute("INSERT INTO notes VALUES (?, ?, ?, ?)", told)

    def _receive(self, origin: str, answer: Handin) -> None:
        key = ""
        if answer.code is not None:
            key = fingerprint(answer.code)
            cells, set_aside = msgspec.json.encode(answer.code.cells), msgspec.json.encode(answer.code.set_aside)
            self._connection.execute(
                "INSERT OR IGNORE INTO codes VALUES (?, ?, ?, ?)", (key, answer.code.source, cells, set_aside)
            )
        if twice := self._connection.execute(
            "SELECT path FROM answers WHERE learner = ? AND exercise = ? AND origin = ?",
            (answer.learner, answer.exercise, origin),
        ).fetchone():
            text = f"{answer.path} was graded, and {twice[0]} was not."
            self._note(origin, Note(topic=Topic.LEFT_ASIDE, learner=answer.learner, text=text))
        told = (answer.learner, answer.exercise, origin, answer.path, answer.number)
        self._connection.execute(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*told, answer.arrived.isoformat(), answer.clock.value, key, answer.refusal),
        )

    def limit(self, scope: Scope) -> None:
        """Let ``jobs``, ``unjudged``, ``count`` and ``forget_faults`` be about some answers only."""
        learners, exercises = (msgspec.json.encode(list(names)).decode() for names in (scope.learners, scope.exercises))
        self._scope = {"learners": learners, "exercises": exercises}

    def jobs(self) -> Iterator[BatchJob]:
        """Yield what has still to be run, as it is when asked for; safe while results are written."""
        return self._open(_TO_RUN)

    def unjudged(self) -> Iterator[BatchJob]:
        """Yield what has been observed and not judged, as after a batch that was killed."""
        return self._open(_TO_JUDGE)

    def count(self) -> tuple[int, int]:
        """Return how many jobs have still to be run, and how many have only to be judged."""
        counted = [
            self._connection.execute(f"SELECT count(*) FROM ({_OPEN} AND {where})", self._asked()).fetchone()[0]  # noqa: S608
            for where in (_TO_RUN, _TO_JUDGE)
        ]
        return counted[0], counted[1]

    def _open(self, where: str) -> Iterator[BatchJob]:
        last: tuple[str, str] = ("", "")
        page = f"{_OPEN} AND {where} AND (a.exercise, a.key) > (:exercise, :key) ORDER BY 1, 2 LIMIT {_PAGE}"
        while found := self._connection.execute(
            page, {**self._asked(), "exercise": last[0], "key": last[1]}
        ).fetchall():
            yield from (BatchJob(exercise, key) for exercise, key in found)
            last = found[-1]

    def _asked(self) -> dict[str, str]:
        return {"course": self.course, **self._scope}

    def forget_faults(self) -> None:
        """Let everything that was left ungraded through a fault of ours be tried again."""
        self._connection.execute(
            "DELETE FROM grades WHERE fault IS NOT NULL AND course = :course"
            " AND (:exercises = '[]' OR exercise IN (SELECT value FROM json_each(:exercises)))"
            " AND (:learners = '[]' OR key IN (SELECT key FROM answers"
            " WHERE learner IN (SELECT value FROM json_each(:learners))))",
            self._asked(),
        )

    def add_evidence(self, job: BatchJob, packed: bytes) -> None:
        """Keep what a submission did; from now on it is never run again for this version of the course."""
        self._connection.execute(
            "INSERT OR REPLACE INTO evidence (key, exercise, course, seed, packed) VALUES (?, ?, ?, ?, ?)",
            (job.key, job.exercise, self.course, self.seed_of(job), packed),
        )

    def forget_evidence(self, job: BatchJob) -> None:
        """Let a job be run again when it is tried again."""
        self._connection.execute("DELETE FROM evidence WHERE key = ? AND exercise = ?", (job.key, job.exercise))

    def add_grades(self, grades: Iterable[tuple[BatchJob, Grade]]) -> None:
        """Keep grades together, without learner and path, which belong to the answers."""
        with self.together():
            for job, grade in grades:
                bare = msgspec.structs.replace(grade, learner="", path="")
                self._settle(job, msgspec.json.encode(bare), None)

    def add_fault(self, job: BatchJob, fault: str) -> None:
        """Keep that a job is ungraded, and why."""
        self._settle(job, None, fault)

    def _settle(self, job: BatchJob, grade: bytes | None, fault: str | None) -> None:
        found = self._connection.execute(*self._newest("id", job)).fetchone()
        self._connection.execute(
            "INSERT OR REPLACE INTO grades VALUES (?, ?, ?, ?, ?, ?, ?)",
            (job.key, job.exercise, self.course, self.seed_of(job), found[0] if found else None, grade, fault),
        )

    def _tell(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO batch VALUES (?, ?)", (name, value))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write all of it or nothing; within another ``together``, as a part of that."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # a full disk has ended it already
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _text(origin: Path) -> str:
    """Return a path as a text that a database takes, whatever its bytes."""
    return clean_line(str(origin))


def _gone(lost: list[str], origin: Path) -> str:
    """Say who is gone, and what to do about it."""
    some = ", ".join(lost[:_NAMED]) + (f" and {len(lost) - _NAMED:,} more" if len(lost) > _NAMED else "")
    return (
        f"Nothing was changed: {some} handed in something when {_text(origin)} was graded last, and there is nothing "
        "of theirs any more. If the layout was mistaken, name it with --layout; if they are meant to be gone, say "
        "--forget-missing."
    )
