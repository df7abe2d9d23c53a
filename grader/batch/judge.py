"""Judge packed evidence, in this process or in a confined one that is sent nothing else.

Evidence comes from learners' processes. What reads it back and looks at it is ours and may have a weakness, so a batch
has it done where it reaches nobody else's.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence

import msgspec

from grader import course
from grader.confined import Confined, Request, Unanswered
from grader.courses import remembered
from grader.errors import CourseFault, GraderFault
from grader.pipeline import judge_all
from grader.records import Evidence, Exercise, Grade, Record, Standing
from grader.wire.wall import Level

from .packing import DamagedEvidence, unpack
from .task import Task

MODULE = "grader.batch.judge"
_SECONDS, _SECONDS_EACH = 60.0, 5.0
_MEMORY_MB = 1024


class Matter(Record, frozen=True, kw_only=True):
    """What is to be judged together: evidence of submissions to one exercise."""

    exercise: str
    seen: tuple[tuple[Task, bytes], ...]
    """Each with its packed evidence."""
    fresh: bool
    """Whether no learner can have known the seed."""


class Verdicts(Record, frozen=True, kw_only=True):
    """What came of judging."""

    grades: tuple[Grade, ...] = ()
    """In the order of what was seen; none after a fault."""
    fault: str = ""
    is_damaged: bool = False
    """Whether the fault is that evidence cannot be read back."""


Judge = Callable[[Matter], Sequence[Grade]]
"""Returns the grades in the order of what was seen; raises GraderFault where that breaks."""


def judge_here(matter: Matter) -> list[Grade]:
    """Judge in this process.

    Raise DamagedEvidence when evidence cannot be read back, and CourseFault when it cannot be judged.
    """
    exercise = course.exercises()[matter.exercise]
    seen = [(task.submission(), unpack(packed)) for task, packed in matter.seen]
    try:
        grades = judge_all(exercise, seen)
    except GraderFault:
        raise
    except Exception as error:
        raise CourseFault(f"{exercise.slug} cannot be judged: {error!r}") from error
    return [
        msgspec.structs.replace(grade, standing=_standing(exercise, evidence, fresh=matter.fresh))
        for grade, (_, evidence) in zip(grades, seen, strict=True)
    ]


def handle(payload: bytes) -> bytes:
    """Judge what a confined process was sent; question and answer are MessagePack."""
    try:
        with _staying():
            told = Verdicts(grades=tuple(judge_here(msgspec.msgpack.decode(payload, type=Matter))))
    except GraderFault as fault:
        told = Verdicts(fault=str(fault), is_damaged=isinstance(fault, DamagedEvidence))
    return msgspec.msgpack.encode(told)


def _stay(path: object) -> None:
    """Go nowhere."""


@contextlib.contextmanager
def _staying() -> Iterator[None]:
    """Have nobody change the folder: pytest goes back to where it started, and the walls refuse to go anywhere."""
    go = os.chdir
    os.chdir = _stay
    try:
        yield
    finally:
        os.chdir = go


def prepare(payload: bytes) -> tuple[()]:
    """Set up the checks once for all processes to come: an empty block has them imported."""
    _set_up(msgspec.msgpack.decode(payload, type=_About).exercise)
    return ()


class _About(Record, frozen=True):
    exercise: str


@remembered()
def _set_up(slug: str) -> None:
    judge_all(course.exercises()[slug], [])


def apart(confined: Confined) -> Judge:
    """Return what judges in a process that sees nothing but the course.

    It raises CourseFault, and DamagedEvidence for what cannot be read back.
    """

    def judge(matter: Matter) -> Sequence[Grade]:
        request = Request(
            module=MODULE,
            payload=msgspec.msgpack.encode(matter),
            seconds=_SECONDS + _SECONDS_EACH * len(matter.seen),
            memory_mb=_MEMORY_MB,
        )
        try:
            told = msgspec.msgpack.decode(confined.ask(request), type=Verdicts)
        except Unanswered as reason:
            raise CourseFault(f"{matter.exercise} cannot be judged: {reason}") from reason
        if told.fault:
            if told.is_damaged:
                raise DamagedEvidence(told.fault)
            raise CourseFault(told.fault)
        return told.grades

    return judge


def _standing(exercise: Exercise, evidence: Evidence, *, fresh: bool) -> Standing:
    """A mark of record needs questions that nobody can have known, and walls that hold where anything was run.

    A note speaks of runs that its author made, and nobody repeated.
    """
    if exercise.is_note:
        return Standing.PRACTICE
    held = evidence.wall.level == Level.A or not evidence.wall.was_needed
    return Standing.RECORD if fresh and held else Standing.PRACTICE
