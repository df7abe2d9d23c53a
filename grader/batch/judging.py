"""Judge what the journal has observed, in blocks of one exercise, and write down the grades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

import msgspec

from grader import course
from grader.cohort import Ungraded
from grader.errors import CourseFault, GraderFault
from grader.pipeline import judge_all
from grader.records import Evidence, Grade, Standing
from grader.text import clean_line

from .journal import Job, Journal, Ledger
from .observing import Task
from .packing import DamagedEvidence, unpack

BLOCK = 16
"""Evidences judged in one pytest session: more save little, and sandboxes wait while the batch judges."""


def task_of(journal: Journal, job: Job) -> Task:
    """Return what a job asks to be run."""
    return Task(
        exercise=job.exercise, key=job.key, code=journal.code(job.key), seed=journal.seed, course=course.VERSION
    )


def blocks(jobs: Iterator[Job]) -> Iterator[list[Job]]:
    """Cut jobs that come in the order of their exercises into blocks of one exercise."""
    for _, same in groupby(jobs, key=lambda job: job.exercise):
        while block := list(islice(same, BLOCK)):
            yield block


def judge_block(ledger: Ledger, block: Sequence[Job]) -> list[tuple[Job, Grade | Ungraded]]:
    """Judge jobs of one exercise and keep their grades; what breaks our checks is ungraded, and that alone."""
    results = judged(ledger, block)
    ledger.add_grades([(job, result) for job, result in results if isinstance(result, Grade)])
    return [(job, result if isinstance(result, Grade) else _keep_fault(ledger, job, result)) for job, result in results]


def judged(journal: Journal, block: Sequence[Job]) -> list[tuple[Job, Grade | GraderFault]]:
    """Return the grades of jobs of one exercise: all at once or, where a check breaks, one by one to find on which."""
    try:
        return list(zip(block, graded(journal, block), strict=True))
    except GraderFault as fault:
        if len(block) == 1:
            return [(block[0], fault)]
    return [result for job in block for result in judged(journal, [job])]


def _keep_fault(ledger: Ledger, job: Job, fault: GraderFault) -> Ungraded:
    if isinstance(fault, DamagedEvidence):
        ledger.forget_evidence(job)
    ungraded = Ungraded(fault=clean_line(str(fault)))
    ledger.add_fault(job, ungraded.fault)
    return ungraded


def graded(journal: Journal, block: Sequence[Job]) -> list[Grade]:
    """Return the grades of jobs of one exercise, in their order.

    Raise DamagedEvidence when one cannot be read back, and CourseFault when one cannot be judged.
    """
    exercise = course.exercises()[block[0].exercise]
    seen = [(task_of(journal, job).submission(), unpack(journal.packed(job))) for job in block]
    try:
        grades = judge_all(exercise, seen)
    except GraderFault:
        raise
    except Exception as error:
        raise CourseFault(f"{exercise.slug} cannot be judged: {error!r}") from error
    return [
        msgspec.structs.replace(grade, standing=_standing(evidence, fresh=journal.fresh))
        for grade, (_, evidence) in zip(grades, seen, strict=True)
    ]


def _standing(evidence: Evidence, *, fresh: bool) -> Standing:
    """A mark of record needs questions that nobody can have known, and walls that hold where anything was run."""
    held = evidence.wall.level == "A" or not evidence.wall.was_needed
    return Standing.RECORD if fresh and held else Standing.PRACTICE
