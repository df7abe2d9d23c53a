"""What a job leaves: the files that its command line asks for, and those that the environment names."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from grader import course, files
from grader.check import points
from grader.export import classroom, classroom50, gradescope, junit
from grader.export.common import Result, headline
from grader.export.gradescope import Visibility
from grader.records import Grade, Record
from grader.report import html, summary
from grader.text import shown

from . import github
from .work import Work


class Wanted(Record, frozen=True, kw_only=True):
    """The files that were asked for on the command line; None where one was not."""

    junit: Path | None
    reports: Path | None
    """A folder."""
    gradescope: Path | None
    visibility: Visibility

    def write(self, results: Sequence[Result]) -> Iterator[str]:
        """Write what is written once, at the end; yield a sentence for each file that cannot be."""
        if self.junit:
            yield from _trouble(self.junit, partial(files.write, self.junit, junit.document(results)))
        if self.reports:
            for result in results:
                path = self.reports / f"{result.exercise}.html"
                yield from _trouble(path, partial(files.write_text, path, html(result)))

    def write_gradescope(self, results: Sequence[Result], work: Work) -> Iterator[str]:
        """Write the results so far, for Gradescope reads whatever is there when the time is up; yield as ``write``."""
        if self.gradescope:
            course.expect_judges("grade ci --gradescope")
            grades = [result for result in results if isinstance(result, Grade)]
            done = {grade.exercise for grade in grades}
            waiting = {slug: points(course.exercises()[slug]).total() for slug in work.files if slug not in done}
            told = gradescope.results(grades, waiting, self.visibility)
            yield from _trouble(self.gradescope, partial(files.write, self.gradescope, told))

    def withdraw(self) -> None:
        """Take the results back, so that nothing but a whole run or a killed one is read as a score."""
        if self.gradescope:
            with contextlib.suppress(OSError):
                files.remove(self.gradescope)


def leave(results: Sequence[Result], environment: Mapping[str, str]) -> Iterator[str]:
    """Write every file that the CI system asks for; yield a sentence for each that cannot be written."""
    told = summary(headline(results), results)
    outputs: dict[str, str] = {}
    if github.is_runner(environment):
        outputs = {"result": classroom.runner(results)}
        outputs |= {f"ex{result.exercise[:2]}": classroom.runner([result]) for result in results}
    if classroom50.is_runner(environment):
        path, body = Path(classroom50.FILE), Path(classroom50.BODY)
        yield from _trouble(path, partial(files.write, path, classroom50.result(results, environment)))
        yield from _trouble(body, partial(files.write_text, body, told))
        outputs |= classroom50.status(results)
    else:  # a Classroom 50 runner copies the body into the summary by itself
        yield from _append(environment.get("GITHUB_STEP_SUMMARY"), told)
    lines = "".join(f"{name}={value}\n" for name, value in outputs.items())
    yield from _append(environment.get("GITHUB_OUTPUT"), lines)


def _append(path: str | None, text: str) -> Iterator[str]:
    if path and text:
        yield from _trouble(Path(path), partial(files.append, Path(path), text))


def _trouble(path: Path, write: Callable[[], None]) -> Iterator[str]:
    """Yield a sentence where a file cannot be written: the others are, and every result is told all the same."""
    try:
        write()
    except OSError as error:
        yield f"{shown(path)} cannot be written: {error.strerror}."
