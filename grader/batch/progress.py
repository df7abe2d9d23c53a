"""Progress of a running batch: a live display on a terminal, otherwise a line now and then."""

from __future__ import annotations

import heapq
import time
from collections import Counter, deque
from datetime import timedelta
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from grader.records import Grade
from grader.records.cohort import Ungraded

from .executor import Executor, Running
from .journal import BatchJob, Ledger
from .observing import Observed

LONG = 3.0
"""Seconds after which a submission that still runs is named."""
NAMED = 3
_LINE_SECONDS = 30.0
_RATE_SECONDS = 20.0
"""The rate is that of the last so many seconds."""


class Display:
    """Watches a batch for a console; use it in a with statement."""

    def __init__(self, console: Console, ledger: Ledger) -> None:
        self._console = console
        self._ledger = ledger
        self._to_run, to_judge = ledger.count()
        self._total = self._to_run + to_judge
        self._done = 0
        self._ends: deque[float] = deque([time.monotonic()])
        self._trouble: Counter[str] = Counter()
        self._worst: list[tuple[float, str]] = []
        self._said = time.monotonic()
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def came(self, seen: Observed) -> None:
        """Hear that a task has come to its end."""
        self._to_run -= 1
        self._ends.append(time.monotonic())
        if seen.fault:
            self._settled(BatchJob(seen.exercise, seen.key), Ungraded(fault=seen.fault))

    def judged(self, results: list[tuple[BatchJob, Grade | Ungraded]]) -> None:
        """Hear what became of tasks that were judged."""
        for job, result in results:
            self._settled(job, result)

    def tick(self, executor: Executor) -> None:
        """Show how far it is."""
        if self._console.is_terminal:
            self._live.update(self._picture(executor.running()), refresh=True)
        elif time.monotonic() - self._said > _LINE_SECONDS:
            self._said = time.monotonic()
            self._console.print(Text(f"{self._done} of {self._total} graded. {self._speed()}"))

    def _settled(self, job: BatchJob, result: Grade | Ungraded) -> None:
        self._done += 1
        if isinstance(result, Ungraded):
            self._trouble["ungraded through a fault of ours"] += 1
            return
        run = result.evidence
        trouble = "could not be imported" if result.not_imported else run.ending.words.counted
        if trouble:
            self._trouble[trouble] += 1
        slower = heapq.heappushpop if len(self._worst) == NAMED else heapq.heappush
        if run.seconds > LONG:
            slower(self._worst, (run.seconds, f"{self._name(job)} {run.seconds:.0f} s {trouble}".strip()))

    def _picture(self, running: list[Running]) -> Group:
        bar = Table.grid(padding=(0, 1))
        counted = f"{self._done}/{self._total}"
        bar.add_row("Grading", ProgressBar(self._total, self._done, width=40), counted, self._speed())
        long = [
            f"{self._name(BatchJob(task.exercise, task.key))} {seconds:.0f} s"
            for task, seconds in running[:NAMED]
            if seconds > LONG
        ]
        worst = [told for _, told in sorted(self._worst, reverse=True)]
        counts = [f"{count} {trouble}" for trouble, count in self._trouble.most_common()]
        lines = {"Still running": long, "Longest so far": worst, "Trouble so far": counts}
        return Group(bar, *(Text(f"{title}: {' · '.join(told)}", style="dim") for title, told in lines.items() if told))

    def _speed(self) -> str:
        """Return the rate of late, and how long the rest will take at that rate."""
        now = time.monotonic()
        while len(self._ends) > 1 and now - self._ends[0] > _RATE_SECONDS:
            self._ends.popleft()
        rate = (len(self._ends) - 1) / max(now - self._ends[0], 1e-3)
        if not self._to_run or not rate:
            return ""
        left = timedelta(seconds=round(self._to_run / rate))
        return f"{rate:.1f} a second, {left} left"

    def _name(self, job: BatchJob) -> str:
        return f"{self._ledger.who(job)} {job.exercise}"
