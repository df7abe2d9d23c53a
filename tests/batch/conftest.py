"""What the tests of a batch share: cohorts of small folders, and an executor that needs no process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Self

import pytest

from grader import course, pipeline
from grader.batch.coordinator import grade_open
from grader.batch.executor import Executor, Running
from grader.batch.journal import BatchJob, Ledger
from grader.batch.judge import judge_here
from grader.batch.observing import Observed
from grader.batch.packing import pack
from grader.batch.task import Task
from grader.confined import Request
from grader.isolate import Sandbox
from grader.places import EXERCISES, SOLUTIONS
from grader.records import Grade, Wall
from grader.records.cohort import Ungraded

LIGHT = "08_choose_depth"
"""The exercise whose probe takes least time."""


class Here:
    """Runs tasks one after the other in a sandbox that is there already, and counts them."""

    def __init__(self, sandbox: Sandbox | None) -> None:
        self.ran: list[Task] = []
        self.fault = ""
        """What every task ends with, where it is not empty."""
        self._sandbox = sandbox

    def wall(self) -> Wall:
        return self._sandbox.wall() if self._sandbox else Wall(level="A", summary="nothing is run here")

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Observed]]:
        for task in tasks:
            self.ran.append(task)
            if self.fault:
                yield [Observed(exercise=task.exercise, key=task.key, fault=self.fault)]
                continue
            exercise = course.exercises()[task.exercise]
            evidence = pipeline.observe(task.submission(), exercise, self._sandbox, task.seed)
            yield [Observed(exercise=task.exercise, key=task.key, packed=pack(evidence))]

    def running(self) -> list[Running]:
        return []

    def close(self) -> None:
        pass


@pytest.fixture
def here(sandbox: Sandbox) -> Here:
    return Here(sandbox)


@pytest.fixture
def reader() -> Here:
    """The same for notes, which are read and take no sandbox."""
    return Here(None)


class InProcess:
    """Answers what a confined process would be asked, here and at once."""

    missing = ()

    def __init__(self, *_: object) -> None:
        pass

    def ask(self, request: Request) -> bytes:
        answer: bytes = import_module(request.module).handle(request.payload)
        return answer

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def in_process() -> type[InProcess]:
    return InProcess


class Silent:
    """Watches a batch and remembers what it was told."""

    def __init__(self) -> None:
        self.results: list[tuple[BatchJob, Grade | Ungraded]] = []

    def came(self, seen: Observed) -> None:
        if seen.fault:
            self.results.append((BatchJob(seen.exercise, seen.key), Ungraded(fault=seen.fault)))

    def judged(self, results: list[tuple[BatchJob, Grade | Ungraded]]) -> None:
        self.results += results

    def tick(self, executor: Executor) -> None:
        assert executor.running() == []


@pytest.fixture
def grade(here: Here) -> Callable[[Ledger], list[tuple[BatchJob, Grade | Ungraded]]]:
    """Grade what is open in a ledger, and return what was told while it went on."""

    def run(ledger: Ledger) -> list[tuple[BatchJob, Grade | Ungraded]]:
        watcher = Silent()
        grade_open(ledger, here, watcher, judge_here)
        return watcher.results

    return run


@pytest.fixture
def folders(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Write files below a folder of submissions and return it."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "submissions"
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return root

    return write


@pytest.fixture(scope="session")
def right() -> str:
    return (SOLUTIONS / f"{LIGHT}.py").read_text("utf-8")


@pytest.fixture(scope="session")
def stub() -> str:
    return (EXERCISES / f"{LIGHT}.py").read_text("utf-8")
