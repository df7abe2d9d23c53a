"""What a job leaves: the files that its command line asks for, and those that the environment names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from grader import course
from grader.check import points
from grader.export import classroom, classroom50, gradescope, junit
from grader.export.common import Result, headline
from grader.export.gradescope import Visibility
from grader.records import Grade, Record
from grader.report import html, summary
from grader.writing import write_lines, write_whole

from . import github
from .work import Work


class Wanted(Record, frozen=True, kw_only=True):
    """The files that were asked for on the command line; None where one was not."""

    junit: Path | None
    reports: Path | None
    """A folder."""
    gradescope: Path | None
    visibility: Visibility

    def write(self, results: Sequence[Result]) -> None:
        """Write what is written once, at the end."""
        if self.junit:
            write_whole(self.junit, junit.document(results))
        if self.reports:
            for result in results:
                write_whole(self.reports / f"{result.exercise}.html", html(result).encode())

    def write_gradescope(self, results: Sequence[Result], work: Work) -> None:
        """Write the results so far; Gradescope reads whatever is there when the time is up."""
        if self.gradescope:
            course.expect_judges("grade ci --gradescope")
            grades = [result for result in results if isinstance(result, Grade)]
            done = {grade.exercise for grade in grades}
            waiting = {slug: points(course.exercises()[slug]).total() for slug in work.files if slug not in done}
            write_whole(self.gradescope, gradescope.results(grades, waiting, self.visibility))

    def withdraw(self) -> None:
        """Take the results back, so that nothing but a whole run or a killed one is read as a score."""
        if self.gradescope:
            self.gradescope.unlink(missing_ok=True)


def leave(results: Sequence[Result], environment: Mapping[str, str]) -> None:
    """Write every file that the CI system asks for."""
    told = summary(headline(results), results)
    outputs: dict[str, str] = {}
    if github.is_runner(environment):
        outputs = {"result": classroom.runner(results)}
        outputs |= {f"ex{result.exercise[:2]}": classroom.runner([result]) for result in results}
    if classroom50.is_runner(environment):
        Path(classroom50.FILE).write_bytes(classroom50.result(results, environment))
        write_lines(Path(classroom50.BODY), told)
        outputs |= classroom50.status(results)
    else:  # a Classroom 50 runner copies the body into the summary by itself
        _append(environment.get("GITHUB_STEP_SUMMARY"), told)
    _append(environment.get("GITHUB_OUTPUT"), "".join(f"{name}={value}\n" for name, value in outputs.items()))


def _append(path: str | None, text: str) -> None:
    if path and text:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
