"""Run an exercise's hidden checks on evidence, as a small pytest plugin; no learner code runs here.

One pytest session judges any number of evidences of one exercise. pytest is told to read no configuration,
load no other plugin and write no file; a check that does not come to its end within its limit is our fault.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader import course
from grader.authoring import UNREADABLE, Failed, NotReached, Remark, Unreadable, Waits, why_not_reached
from grader.errors import CourseFault
from grader.records import Evidence, Exercise, Outcome, Pointer, Trail, Verdict

SECONDS_PER_CHECK = 30
MESSAGE_CAP = 2_000
"""Characters of one message; learners' names can be long."""
_UNUSED = (
    "cacheprovider",
    "debugging",
    "doctest",
    "faulthandler",
    "junitxml",
    "logging",
    "monkeypatch",
    "pastebin",
    "recwarn",
    "setuponly",
    "setupplan",
    "skipping",
    "stepwise",
    "subtests",
    "threadexception",
    "tmpdir",
    "unittest",
    "unraisableexception",
    "warnings",
)
"""Plugins that a check has no use for: each costs a session a little, and some write files or walk all objects."""
_OPTIONS = (
    "-q",
    "--import-mode=importlib",
    "--assert=plain",
    "--tb=native",
    "--capture=no",
    "--no-header",
    "--no-summary",
    *(f"-pno:{plugin}" for plugin in _UNUSED),
)
_TOO_LONG = frozenset({"CI", "BUILD_NUMBER"})
"""Variables that make pytest print comparisons without bound."""


def check(exercise: Exercise, evidences: Sequence[Evidence]) -> list[tuple[Outcome, ...]]:
    """Return the outcomes for each evidence, in the order of the checks; raise CourseFault when a check broke."""
    checks = course.part(exercise, "checks")
    path = Path(str(checks.__file__))
    judge = _Judge(checks, [course.part(exercise, "seen").read(evidence) for evidence in evidences], evidences)
    said = io.StringIO()
    arguments = [
        *_OPTIONS,
        *_limit(),
        "-c",
        os.devnull,
        f"--rootdir={path.parent}",
        f"--confcutdir={path.parent}",
        str(path),
    ]
    with _plain_environment(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = pytest.main(arguments, plugins=[judge])
    if status is pytest.ExitCode.INTERRUPTED and not judge.fault:
        raise KeyboardInterrupt
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or judge.fault:
        raise CourseFault(f"The checks of {exercise.slug} are broken: {judge.fault or said.getvalue()[-2000:]}")
    for outcomes in judge.outcomes:
        worth = sum(outcome.points for outcome in outcomes)
        if worth != exercise.points:
            raise CourseFault(f"{exercise.slug} is worth {exercise.points} points, its checks together {worth}.")
    return [tuple(outcomes) for outcomes in judge.outcomes]


def _limit() -> tuple[str, ...]:
    """Limit a check's time; not behind a wall that forbids timers, because whoever put it up keeps a deadline."""
    try:
        if hasattr(signal, "getitimer"):
            signal.getitimer(signal.ITIMER_REAL)
    except OSError:
        return ()
    return "-ppytest_timeout", f"--timeout={SECONDS_PER_CHECK}"


def points(exercise: Exercise) -> Counter[str]:
    """Return what the checks of each function are worth together."""
    checks = [value for name, value in vars(course.part(exercise, "checks")).items() if name.startswith("test_")]
    return sum((Counter({check.of: check.points}) for check in checks), Counter())


@contextlib.contextmanager
def _plain_environment() -> Iterator[None]:
    """Keep the user's environment from changing what pytest does."""
    hidden = {name: value for name, value in os.environ.items() if name in _TOO_LONG or name.startswith("PYTEST_")}
    for name in hidden:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(hidden)


class _Judge:
    """Feed every evidence to every check and collect what comes of it."""

    def __init__(self, checks: ModuleType, views: list[Any], evidences: Sequence[Evidence]) -> None:
        self.outcomes: list[list[Outcome]] = [[] for _ in evidences]
        self.fault = ""
        self._checks = checks
        self._views = views
        self._evidences = evidences

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module:
        """Take the module as the course has it: another course may have one of the same name."""
        made: pytest.Module = pytest.Module.from_parent(parent, path=module_path)
        made.obj = self._checks
        return made

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Let each check be one item, whatever the number of evidences: an item costs more than most checks."""
        metafunc.parametrize("seen", [self._views], ids=["all"])

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Ask a check about one evidence after the other, and turn each end into an outcome."""
        for view, evidence, outcomes in zip(self._views, self._evidences, self.outcomes, strict=True):
            outcomes.append(self._outcome(pyfuncitem.obj, _end(pyfuncitem.obj, view), evidence))
        return True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep the reason when the checks cannot even be read."""
        if report.failed:
            self.fault = str(report.longrepr)

    def pytest_exception_interact(self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any]) -> None:
        """Keep the reason when something breaks around a check, such as its limit of time."""
        if isinstance(node, pytest.Item) and call.excinfo is not None:
            self.fault = f"{node.name}: {call.excinfo.value!r}"

    def _outcome(self, function: Any, end: Exception | None, evidence: Evidence) -> Outcome:
        verdict, message, at = Verdict.PASSED, "", Pointer()
        match end:
            case None:
                pass
            case AssertionError() as error:
                verdict, message = Verdict.FAILED, str(error)
                at = error.at if isinstance(error, Failed) else at
            case Waits() as reason:
                verdict, message = Verdict.BLOCKED, str(reason)
            case Remark() as remark:
                message = str(remark)
            case Unreadable():
                verdict, message = Verdict.BLOCKED, UNREADABLE
            case NotReached():
                verdict, message = Verdict.BLOCKED, why_not_reached(evidence, function.of)
            case error:
                self.fault = f"{function.__name__}: {error!r}"
        return Outcome(
            check=function.__name__.removeprefix("test_").replace("_", "-"),
            title=(function.__doc__ or "").strip(),
            function=function.of,
            points=function.points,
            verdict=verdict,
            message=message[:MESSAGE_CAP],
            line=at.line,
            cell=at.cell,
            frames=at.shortened() if isinstance(at, Trail) else (),
            beyond=at.beyond[:MESSAGE_CAP] if isinstance(at, Trail) else "",
        )


def _end(function: Any, view: Any) -> Exception | None:
    """Return the exception that a check ends with, if any."""
    try:
        function(seen=view)
    except Exception as error:  # noqa: BLE001  what it means is for the judge to tell
        return error
    return None
