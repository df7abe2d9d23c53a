"""Judge the journal's evidence in blocks of one exercise, and store the grades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from grader import course
from grader.errors import GraderFault
from grader.records import Grade
from grader.records.cohort import Ungraded
from grader.text import clean_line

from .journal import BatchJob, Journal, Ledger
from .judge import Judge, Matter
from .packing import DamagedEvidence
from .task import Task

BLOCK = 16
"""Evidences judged in one pytest session: more save little, and sandboxes wait while the batch judges."""


def task_of(journal: Journal, job: BatchJob) -> Task:
    """Return what a job asks to be run."""
    return Task(
        exercise=job.exercise,
        key=job.key,
        code=journal.code(job.key),
        seed=journal.seed_of(job),
        course=course.edition(),
    )


def blocks(jobs: Iterator[BatchJob]) -> Iterator[list[BatchJob]]:
    """Cut jobs that come in the order of their exercises into blocks of one exercise."""
    for _, same in groupby(jobs, key=lambda job: job.exercise):
        while block := list(islice(same, BLOCK)):
            yield block


def judge_block(ledger: Ledger, block: Sequence[BatchJob], judge: Judge) -> list[tuple[BatchJob, Grade | Ungraded]]:
    """Judge jobs of one exercise and keep their grades; what breaks our checks is ungraded, and that alone."""
    results = judged(ledger, block, judge)
    ledger.add_grades([(job, result) for job, result in results if isinstance(result, Grade)])
    return [(job, result if isinstance(result, Grade) else _keep_fault(ledger, job, result)) for job, result in results]


def judged(journal: Journal, block: Sequence[BatchJob], judge: Judge) -> list[tuple[BatchJob, Grade | GraderFault]]:
    """Return the grades of jobs of one exercise: all at once or, where that breaks, one by one to find on which."""
    matter = Matter(
        exercise=block[0].exercise,
        seen=tuple((task_of(journal, job), journal.packed(job)) for job in block),
        fresh=journal.fresh,
    )
    try:
        return list(zip(block, judge(matter), strict=True))
    except GraderFault as fault:
        if len(block) == 1:
            return [(block[0], fault)]
    return [result for job in block for result in judged(journal, [job], judge)]


def _keep_fault(ledger: Ledger, job: BatchJob, fault: GraderFault) -> Ungraded:
    if isinstance(fault, DamagedEvidence):
        ledger.forget_evidence(job)
    ungraded = Ungraded(fault=clean_line(str(fault)))
    ledger.add_fault(job, ungraded.fault)
    return ungraded
