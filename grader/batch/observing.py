"""Run submissions, one task at a time in each sandbox, and return packed evidence.

This is the part of a batch that runs where the sandboxes are: in threads of the batch itself, or on other machines.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from grader import course, pipeline
from grader.confined import Confined
from grader.errors import GraderFault, SandboxFault
from grader.isolate import Sandbox, open_sandbox
from grader.records import Ending, Evidence, Record, Wall
from grader.text import clean_line

from . import notes
from .packing import pack
from .task import Task

TRIES = 4
"""How often a task is begun when its sandbox is lost, or when somebody else kills its worker."""


class Observed(Record, frozen=True, kw_only=True):
    """What came of a task: evidence or a fault."""

    exercise: str
    key: str
    packed: bytes = b""
    """Empty after a fault."""
    fault: str = ""
    """Empty when there is evidence."""


class Observer:
    """One warm sandbox and its twins, lent out to as many threads as ask."""

    def __init__(self, exercises: Collection[str]) -> None:
        """Start the sandbox; its imports go on while the caller does something else."""
        self._exercises = [course.exercises()[slug] for slug in exercises]
        self._mother = open_sandbox(self._exercises, warm=True)
        self._idle: queue.SimpleQueue[Sandbox] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._notes: Confined | None = None

    def wall(self) -> Wall:
        """Return the walls around every run; wait until they are known."""
        return self._mother.wall()

    def observe(self, task: Task) -> Observed:
        """Run a task to its end; any failure of ours comes back as a fault, so that it stops no other task."""
        try:
            return Observed(exercise=task.exercise, key=task.key, packed=self._packed(task))
        except Exception as error:  # noqa: BLE001  whatever it is, it belongs to this task alone
            told = str(error) if isinstance(error, GraderFault) else f"{type(error).__name__}: {error}"
            return Observed(exercise=task.exercise, key=task.key, fault=clean_line(told))

    def close(self) -> None:
        """End every process; tasks under way end with a fault."""
        self._closed = True
        self._mother.close()
        self._drop_idle()
        if self._notes is not None:
            self._notes.close()

    def _packed(self, task: Task) -> bytes:
        if course.exercises()[task.exercise].is_note:
            return notes.read(self._reader(), task)
        return pack(self._evidence(task))

    def _reader(self) -> Confined:
        """Return what notes are read by, which is started for the first of them."""
        with self._lock:
            if self._notes is None:
                self._notes = Confined([notes.MODULE])
            return self._notes

    def _evidence(self, task: Task) -> Evidence:
        exercise, submission = course.exercises()[task.exercise], task.submission()
        for last in (*[False] * (TRIES - 1), True):
            try:
                with self._borrowed() as sandbox:
                    evidence = pipeline.observe(submission, exercise, sandbox, task.seed)
            except SandboxFault:
                if last:
                    raise
            else:
                if last or not _was_killed(evidence):
                    return evidence
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def _borrowed(self) -> Iterator[Sandbox]:
        """Lend a sandbox; one that failed is not lent again."""
        try:
            sandbox = self._idle.get_nowait()
        except queue.Empty:
            sandbox = self._another()
        try:
            yield sandbox
        except BaseException:
            sandbox.close()
            raise
        self._idle.put(sandbox)

    def _another(self) -> Sandbox:
        """Return a twin of the first sandbox, which is started anew when it is gone."""
        with self._lock:
            try:
                return self._mother.twin()
            except SandboxFault:
                if self._closed:
                    raise
            self._mother.close()
            self._drop_idle()
            self._mother = open_sandbox(self._exercises, warm=True)
            return self._mother.twin()

    def _drop_idle(self) -> None:
        """Close what waits to be lent: it ended with the sandbox that it was forked from."""
        while not self._idle.empty():
            self._idle.get_nowait().close()


def _was_killed(evidence: Evidence) -> bool:
    """Whether a worker got SIGKILL from somebody: the system for want of memory, or, only if again, itself."""
    return any(each.ending is Ending.KILLED and each.detail == "SIGKILL" for each in evidence.interruptions)
