"""Run the tasks of a batch on the workers of a Dask scheduler; this side alone writes the journal.

Each worker of the cluster keeps one ``Observer`` while the batch lasts. What travels is a ``Task`` and an ``Observed``.
A task whose worker is lost is begun again elsewhere.
"""

from __future__ import annotations

import queue
import time
from asyncio import CancelledError
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from distributed import Client, Future, Worker, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from grader import course, courses
from grader.errors import GraderFault, UsageError
from grader.isolate.wall import Demand
from grader.records import Wall
from grader.text import clean_line

from .executor import Running, gather
from .observing import TRIES, Observed, Observer
from .task import Task

AHEAD = 4
"""Tasks in hand for each thread of a worker."""
CONNECT_SECONDS = 20
WORKERS_SECONDS = 300
"""How long to wait for the first worker: a cluster's queue takes its time."""
_LOOK_SECONDS = 2.0
_NAME = "transfer-grader"
_GONE = "The Dask scheduler is gone. What was graded is kept; the same command goes on from there."


class Cluster:
    """The workers of one scheduler, however many there are at the moment."""

    def __init__(self, address: str, exercises: Collection[str], demand: Demand) -> None:
        """Connect and wait for a worker; raise UsageError when there is nobody at the address."""
        try:
            self._client: Any = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise UsageError(f"No Dask scheduler answers at {address}: {error}. See docs/cluster.md.") from error
        try:
            self._client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError as error:
            self._client.close()  # type: ignore[no-untyped-call]
            raise UsageError(f"The Dask scheduler at {address} has no workers. See docs/cluster.md.") from error
        self._client.register_plugin(_Observing(tuple(exercises), courses.current(), demand), name=_NAME)
        self._arrived: queue.SimpleQueue[tuple[Task, Future[Observed]]] = queue.SimpleQueue()
        self._futures: dict[tuple[str, str], Future[Observed]] = {}
        self._tries: dict[tuple[str, str], int] = {}
        self._room, self._counted = 0, float("-inf")

    def wall(self) -> Wall:
        """Return the weakest walls of all workers that are there; wait until they are known."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        asked = [self._client.submit(_wall, workers=[worker], pure=False) for worker in workers]
        walls: list[Wall] = self._client.gather(asked)
        return min(walls, key=lambda wall: wall.level)

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Observed]]:
        """Keep every worker busy until there is nothing left; raise GraderFault when the scheduler is lost."""
        while True:
            with self._connected():
                while len(self._futures) < self._room_now() and (task := next(tasks, None)):
                    self._submit(task)
            if not self._futures:
                return
            arrived = gather(self._arrived)
            with self._connected():
                come = self._collect(arrived)
            yield come

    def running(self) -> list[Running]:
        """Return nothing: what is under way on other machines is not known here."""
        return []

    def close(self) -> None:
        """Take back what is not done, and let the workers end their sandboxes."""
        if self._client.status == "running":
            with suppress(OSError, CancelledError):
                self._client.cancel(list(self._futures.values()), force=True)
                self._client.unregister_worker_plugin(_NAME)
        self._client.close(timeout=CONNECT_SECONDS)

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """Tell in a sentence that the scheduler is lost, however Dask puts it."""
        try:
            if self._client.status != "running":
                raise GraderFault(_GONE)
            yield
        except (OSError, CancelledError) as error:
            raise GraderFault(_GONE) from error

    def _room_now(self) -> int:
        """Return how many tasks should be in hand; workers come and go."""
        if time.monotonic() - self._counted > _LOOK_SECONDS:
            self._room = max(1, AHEAD * sum(self._client.nthreads().values()))
            self._counted = time.monotonic()
        return self._room

    def _submit(self, task: Task) -> None:
        future = self._client.submit(_observe, task, pure=False)
        self._futures[task.exercise, task.key] = future
        future.add_done_callback(lambda done: self._arrived.put((task, done)))

    def _collect(self, arrived: list[tuple[Task, Future[Observed]]]) -> list[Observed]:
        """Fetch what has been seen, and begin what was lost with its worker again."""
        finished = [future for _, future in arrived if future.status == "finished"]
        come: list[Observed] = self._client.gather(finished)
        for task, future in arrived:
            if future.status != "finished" and (fault := self._begin_again(task, future)):
                come.append(fault)
        for seen in come:
            del self._futures[seen.exercise, seen.key]
        return come

    def _begin_again(self, task: Task, future: Future[Observed]) -> Observed | None:
        """Submit a task that failed once more, or return its fault when it has failed too often."""
        if future.status != "error":
            raise GraderFault(_GONE)
        error = future.exception()  # type: ignore[no-untyped-call]
        if isinstance(error, UsageError):
            raise error
        tries = self._tries[task.exercise, task.key] = self._tries.get((task.exercise, task.key), 1) + 1
        if tries > TRIES:
            return Observed(exercise=task.exercise, key=task.key, fault=clean_line(f"{type(error).__name__}: {error}"))
        self._submit(task)
        return None


class _Observing(WorkerPlugin):
    """Gives a worker of the cluster its observer."""

    def __init__(self, exercises: tuple[str, ...], asks: courses.Course, demand: Demand) -> None:
        self._exercises = exercises
        self._address = "" if asks.is_built_in else asks.address
        self.demand = demand

    def setup(self, worker: Worker) -> None:
        """Start the sandbox of a worker, which finds the course under the same name or in the same folder."""
        courses.use(courses.find(self._address) if self._address else courses.built_in())
        self.observer = Observer(self._exercises)
        self.address = worker.address

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002  Dask says what a plugin takes
        """End it."""
        self.observer.close()


def _observe(task: Task) -> Observed:
    """Run a task on this worker; raise UsageError where it must not be run."""
    here = _here()
    if task.course != course.edition():
        raise UsageError(f"The worker {here.address} has the course {course.edition()}, not {task.course}.")
    here.demand.expect(here.observer.wall())
    return here.observer.observe(task)


def _wall() -> Wall:
    return _here().observer.wall()


def _here() -> _Observing:
    return cast("_Observing", get_worker().plugins[_NAME])
