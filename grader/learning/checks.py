"""Checks of a watched folder: which one runs, which wait, and the result of each exercise."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from grader.discover import discover
from grader.records import Account, Evidence, Exercise, Grade, Record, Submission

from .folder import Folder

Observe = Callable[[Submission, Exercise], Evidence]
"""Runs a submission in the sandbox; may take its time."""


class Check(Record, frozen=True, kw_only=True):
    """One submission on its way through the sandbox."""

    exercise: Exercise
    submission: Submission
    begun: float
    """By the monotonic clock."""


class Checks:
    """One check at a time; the learner's code runs in a thread's care, judging is the caller's."""

    def __init__(self, folder: Folder, observe: Observe, tell: Callable[[Check, Future[Evidence]], None]) -> None:
        """Take files from ``folder``; ``tell`` is called, in the other thread, when one has been run."""
        self._folder = folder
        self._observe = observe
        self._tell = tell
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[Exercise] = []
        self._running: Check | None = None
        self._last: dict[str, str | None] = {}
        self._results: dict[str, Grade | Account] = {}

    @property
    def left(self) -> int:
        """How many are not judged yet."""
        return len(self._waiting) + (self._running is not None)

    def result(self, exercise: Exercise) -> Grade | Account | None:
        """Return what came of an exercise last."""
        return self._results.get(exercise.slug)

    @property
    def has_results(self) -> bool:
        """Whether anything was judged by now."""
        return bool(self._results)

    def has_run(self, exercise: Exercise, sha256: str | None) -> bool:
        """Whether this very version of the file was run last, or is running."""
        return sha256 is not None and self._last.get(exercise.slug) == sha256

    def add(self, exercises: Sequence[Exercise]) -> None:
        """Have files checked when their turn comes; each waits at most once."""
        self._waiting += [exercise for exercise in exercises if exercise not in self._waiting]

    def begin(self) -> Check | None:
        """Begin the check that waits longest unless one goes on; raise UsageError when its file cannot be graded."""
        if self._running or not self._waiting:
            return None
        exercise = self._waiting.pop(0)
        submission = discover(self._folder.file_or_refuse(exercise), exercise=exercise.slug)
        self._last[exercise.slug] = submission.sha256
        check = Check(exercise=exercise, submission=submission, begun=time.monotonic())
        self._running = check
        self._thread.submit(self._observe, submission, exercise).add_done_callback(
            lambda evidence: self._tell(check, evidence)
        )
        return check

    def judge(self, check: Check, evidence: Future[Evidence]) -> Grade | Account:
        """Judge what was seen, and let the next check begin; raise what kept the code from being run."""
        from grader.pipeline import conclude

        self._running = None
        result = conclude(check.submission, check.exercise, evidence.result())
        self._results[check.exercise.slug] = result
        return result

    def forget(self, exercise: Exercise, sha256: str | None) -> None:
        """Drop what came of an exercise, and take this version of its file for checked."""
        self._results.pop(exercise.slug, None)
        self._last[exercise.slug] = sha256

    def close(self) -> None:
        """Begin nothing more; what runs ends with its sandbox."""
        self._thread.shutdown(wait=False, cancel_futures=True)
