"""Executors of a batch's tasks. ``Local`` uses this machine; ``grader.batch.cluster`` uses others."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol, TypeVar

from grader.records import Wall

from .observing import Observed, Observer
from .task import Task

Come = TypeVar("Come")
AHEAD = 8
"""Tasks in hand for each sandbox, so that none waits while the batch judges."""
TICK = 0.5
"""Seconds after which the batch gets a word even when nothing has come."""


class Running(NamedTuple):
    """A task under way."""

    task: Task
    seconds: float


class Executor(Protocol):
    """Runs tasks somewhere."""

    def wall(self) -> Wall:
        """Return the walls around every run; wait until they are known."""

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Observed]]:
        """Take tasks as there is room for them, and yield what has come since, in any order; now and then nothing."""

    def running(self) -> list[Running]:
        """Return what is under way, the longest first, as far as it is known."""

    def close(self) -> None:
        """End everything that was started."""


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Local:
    """One warm sandbox for each of ``jobs`` threads, all forks of one."""

    def __init__(self, exercises: Collection[str], jobs: int) -> None:
        """Start the first sandbox; its imports go on while the caller does something else."""
        self._observer = Observer(exercises)
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="sandbox")
        self._room = jobs * AHEAD
        self._arrived: queue.SimpleQueue[Observed] = queue.SimpleQueue()
        self._under_way: dict[int, tuple[Task, float]] = {}

    def wall(self) -> Wall:
        """Return the walls around every run; wait until they are known."""
        return self._observer.wall()

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Observed]]:
        """Keep every sandbox busy until there is nothing left."""
        in_hand = 0
        while True:
            while in_hand < self._room and (task := next(tasks, None)):
                self._pool.submit(self._work, task)
                in_hand += 1
            if not in_hand:
                return
            arrived = gather(self._arrived)
            in_hand -= len(arrived)
            yield arrived

    def running(self) -> list[Running]:
        """Return what is under way, the longest first."""
        now = time.monotonic()
        begun = [Running(task, now - started) for task, started in list(self._under_way.values())]
        return sorted(begun, key=lambda each: -each.seconds)

    def close(self) -> None:
        """End every sandbox and every thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._observer.close()
        self._pool.shutdown()

    def _work(self, task: Task) -> None:
        self._under_way[threading.get_ident()] = task, time.monotonic()
        seen = self._observer.observe(task)
        del self._under_way[threading.get_ident()]
        self._arrived.put(seen)


def gather(arrived: queue.SimpleQueue[Come]) -> list[Come]:
    """Wait a moment for something to come, and return all that is there."""
    try:
        come = [arrived.get(timeout=TICK)]
    except queue.Empty:
        return []
    while not arrived.empty():
        come.append(arrived.get_nowait())
    return come
