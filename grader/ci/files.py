"""Output files of a CI job: those named on the command line and those named by the environment."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from grader import course, files
from grader.export import classroom, classroom50, gradescope, junit
from grader.export.common import Result, headline
from grader.export.gradescope import Visibility
from grader.judging.check import points
from grader.records import Grade, Record
from grader.report import html, summary
from grader.text import shown

from . import github
from .work import WorkToGrade


class Wanted(Record, frozen=True, kw_only=True):
    """The files that were asked for on the command line; None where one was not."""

    junit: Path | None
    reports: Path | None
    """A folder."""
    gradescope: Path | None
    visibility: Visibility

    def write(self, results: Sequence[Result]) -> list[str]:
        """Write what is written once, at the end; return a sentence for each file that cannot be."""
        troubles = []
        if self.junit:
            troubles += _trouble(self.junit, partial(files.write, self.junit, junit.document(results)))
        if self.reports:
            for result in results:
                path = self.reports / f"{result.exercise}.html"
                troubles += _trouble(path, partial(files.write_text, path, html(result)))
        return troubles

    def write_gradescope(self, results: Sequence[Result], work: WorkToGrade) -> list[str]:
        """Write the results so far, as ``write``; Gradescope reads whatever is there when the time is up."""
        if not self.gradescope:
            return []
        course.expect_judges("grade ci --gradescope")
        grades = [result for result in results if isinstance(result, Grade)]
        done = {grade.exercise for grade in grades}
        waiting = {slug: points(course.exercises()[slug]).total() for slug in work.files if slug not in done}
        told = gradescope.results(grades, waiting, self.visibility)
        return _trouble(self.gradescope, partial(files.write, self.gradescope, told))

    def withdraw(self) -> None:
        """Take the results back, so that nothing but a whole run or a killed one is read as a score."""
        if self.gradescope:
            with contextlib.suppress(OSError):
                files.remove(self.gradescope)


def leave(results: Sequence[Result], environment: Mapping[str, str]) -> list[str]:
    """Write every file that the CI system asks for; return a sentence for each that cannot be written."""
    told = summary(headline(results), results)
    outputs: dict[str, str] = {}
    troubles: list[str] = []
    if github.is_runner(environment):
        outputs = {"result": classroom.runner(results)}
        outputs |= {f"ex{result.exercise[:2]}": classroom.runner([result]) for result in results}
    if classroom50.is_runner(environment):
        path, body = Path(classroom50.FILE), Path(classroom50.BODY)
        troubles += _trouble(path, partial(files.write, path, classroom50.result(results, environment)))
        troubles += _trouble(body, partial(files.write_text, body, told))
        outputs |= classroom50.status(results)
    else:  # a Classroom 50 runner copies the body into the summary by itself
        troubles += _append(environment.get("GITHUB_STEP_SUMMARY"), told)
    lines = "".join(f"{name}={value}\n" for name, value in outputs.items())
    return troubles + _append(environment.get("GITHUB_OUTPUT"), lines)


def _append(path: str | None, text: str) -> list[str]:
    return _trouble(Path(path), partial(files.append, Path(path), text)) if path and text else []


def _trouble(path: Path, write: Callable[[], None]) -> list[str]:
    """Write a file; where that fails, return a sentence: the others are written, and every result is told."""
    try:
        write()
    except OSError as error:
        return [f"{shown(path)} cannot be written: {error.strerror}."]
    return []
