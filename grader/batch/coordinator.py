"""The batch loop: run what has not been observed, store it at once, judge it in blocks, store the grades."""

from __future__ import annotations

from collections import defaultdict
from typing import Protocol

from grader.records import Grade
from grader.records.cohort import Ungraded

from .executor import Executor
from .journal import BatchJob, Ledger
from .judge import Judge
from .judging import BLOCK, blocks, judge_block, task_of
from .observing import Observed


class Watcher(Protocol):
    """Is told how far the batch is."""

    def came(self, seen: Observed) -> None:
        """Hear that a task has come to its end."""

    def judged(self, results: list[tuple[BatchJob, Grade | Ungraded]]) -> None:
        """Hear what became of tasks that were judged."""

    def tick(self, executor: Executor) -> None:
        """Have an opportunity to show something, twice a second or more often."""


def grade_open(ledger: Ledger, executor: Executor, watcher: Watcher, judge: Judge) -> None:
    """Grade everything in the ledger's scope that is not graded yet."""
    for block in blocks(ledger.unjudged()):
        watcher.judged(judge_block(ledger, block, judge))
    waiting: defaultdict[str, list[BatchJob]] = defaultdict(list)
    for arrived in executor.run(task_of(ledger, job) for job in ledger.jobs()):
        for seen in arrived:
            _keep(ledger, seen, waiting)
            watcher.came(seen)
        for block in waiting.values():
            if len(block) >= BLOCK or (block and not arrived):
                watcher.judged(judge_block(ledger, block, judge))
                block.clear()
        watcher.tick(executor)
    for block in filter(None, waiting.values()):
        watcher.judged(judge_block(ledger, block, judge))


def _keep(ledger: Ledger, seen: Observed, waiting: defaultdict[str, list[BatchJob]]) -> None:
    """Write down what came of a task before anything else is done with it."""
    job = BatchJob(seen.exercise, seen.key)
    if seen.fault:
        ledger.add_fault(job, seen.fault)
    else:
        ledger.add_evidence(job, seen.packed)
        waiting[job.exercise].append(job)
