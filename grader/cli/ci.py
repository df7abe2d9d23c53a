"""Grading in a CI job."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.text import clean_line, shown

from .app import NONE, TEACH, Names, Switch, Visibility, WeakerWall, command

if TYPE_CHECKING:
    from grader.ci.files import Wanted
    from grader.ci.github import Graded
    from grader.ci.work import WorkToGrade
    from grader.export.common import Result
    from grader.isolate.wall import Demand
    from grader.learning.state import State
    from grader.records import Exercise


@command("grade ci", "grade ci exercises --only 03 07 --strict", group=TEACH)
def ci(
    folder: Path = Path("exercises"),
    /,
    *,
    only: Names = NONE,
    since: str | None = None,
    junit: Path | None = None,
    reports: Path | None = None,
    gradescope: Path | None = None,
    visibility: Visibility = "after_published",
    strict: Switch = False,
    weaker_wall: WeakerWall = False,
) -> int:
    """Grade a folder of exercises in a CI job, and leave what the CI system reads.

    On GitHub these are annotations, the job's summary and the outputs for the autograding reporter; for a Classroom 50
    runner, result.json and release-body.md. The exit code is 0 whatever the points, so that the next step can report.

    Parameters
    ----------
    folder
        Where the learner's files are.
    only
        Grade only these exercises, such as 03 07.
    since
        Grade only what changed since this commit.
    junit
        Write the results as JUnit XML, for GitLab and others.
    reports
        Write an HTML report of each exercise into this folder.
    gradescope
        Write Gradescope's results.json, before the first exercise and again after each.
    visibility
        When Gradescope shows learners what the hidden checks found.
    strict
        Exit with 1 unless every point was earned.
    """
    from grader.ci.files import Wanted
    from grader.ci.work import find_work
    from grader.isolate.wall import Demand

    work = find_work(folder, only, since)
    if not work.files:
        print(f"Nothing in {shown(folder)} changed since {clean_line(str(since))}.")
        return 0
    wanted = Wanted(junit=junit, reports=reports, gradescope=gradescope, visibility=visibility)
    results = _grade_and_leave(work, wanted, Demand.for_own(weaker=weaker_wall))
    return 1 if strict and not all(result.is_complete for result in results) else 0


def _grade_and_leave(work: WorkToGrade, wanted: Wanted, demand: Demand) -> list[Result]:
    """Grade everything and write every file; raise UsageError, after all else, where one cannot be written."""
    from grader.ci.files import leave
    from grader.ci.github import annotate, commands_stopped
    from grader.export.common import headline
    from grader.learning.state import State, counted

    graded: list[Graded] = []
    states: list[State] = []
    try:
        unwritten = wanted.write_gradescope([], work)
        with commands_stopped(sys.stdout, os.environ):
            for one, reached in _grade(work, demand):
                graded.append(one)
                states.append(reached)
                unwritten += wanted.write_gradescope([result for _, result in graded], work)
            print(f"{headline([result for _, result in graded])}: {counted(states)}.")
    except BaseException:
        wanted.withdraw()
        raise
    results = [result for _, result in graded]
    unwritten += wanted.write(results) + leave(results, os.environ)
    begun = [one for one, reached in zip(graded, states, strict=True) if reached is not State.NOT_BEGUN]
    for line in annotate(begun, os.environ):
        print(line)
    if unwritten:
        raise UsageError(" ".join(dict.fromkeys(unwritten)))
    return results


def _grade(work: WorkToGrade, demand: Demand) -> Iterator[tuple[Graded, State]]:
    """Grade every file and print each result; what is missing or is no file to grade gets nothing.

    What is not begun gets a line instead of a report of everything that is still to be written.
    """
    from grader import course
    from grader.discover import discover
    from grader.isolate import open_sandbox
    from grader.learning.progress import summed_up
    from grader.learning.state import State, state

    exercises = course.exercises()
    with open_sandbox([exercises[slug] for slug in work.files], warm=True) as sandbox:
        from rich.console import Console

        from grader import pipeline
        from grader.report import show

        console = Console()
        demand.expect(sandbox.wall())
        for slug, path in work.files.items():
            is_stub = _is_stub(path, exercises[slug])
            try:
                submission = discover(path, exercise=slug)
            except UsageError as refused:
                told = f"{shown(path)} is not begun." if is_stub and path.exists() else str(refused)
                console.print(told, markup=False, highlight=False)
                yield pipeline.refused(exercises[slug], Path(shown(path)), str(refused)), state(None, is_stub=is_stub)
                continue
            result = pipeline.examine(submission, sandbox)
            reached = state(summed_up(result), is_stub=is_stub)
            if reached is State.NOT_BEGUN:
                console.print(f"{shown(path)} is not begun.", markup=False, highlight=False)
            else:
                show(console, result, None)
            yield (submission, result), reached


def _is_stub(path: Path, exercise: Exercise) -> bool:
    """Whether nobody has begun: there is no file, or it is the stub."""
    from grader.learning.folder import Folder

    return not path.exists() or Folder(path.resolve().parent.parent).is_stub(path, exercise)
