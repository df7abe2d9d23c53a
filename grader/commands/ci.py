"""Grading in a CI job."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from grader import course
from grader.ci.files import Wanted, leave
from grader.ci.github import Graded, annotate, commands_stopped
from grader.ci.work import Work, find_work
from grader.discover import discover
from grader.errors import UsageError
from grader.isolate import open_sandbox

from .grading import refuse_false_walls


def grade_folder(
    folder: Path, only: list[str], *, since: str | None, wanted: Wanted, strict: bool, weaker_wall: bool
) -> int:
    """Grade what a folder holds and leave what the CI system reads; 1 only where ``strict`` and not complete."""
    work = find_work(folder, only, since)
    if not work.files:
        print(f"Nothing in {folder} changed since {since}.")
        return 0
    graded: list[Graded] = []
    try:
        wanted.write_gradescope([], work)
        with commands_stopped(sys.stdout, os.environ):
            for one in _grade(work, weaker_wall=weaker_wall):
                graded.append(one)
                wanted.write_gradescope([result for _, result in graded], work)
    except BaseException:
        wanted.withdraw()
        raise
    results = [result for _, result in graded]
    wanted.write(results)
    leave(results, os.environ)
    for command in annotate(graded, os.environ):
        print(command)
    return 1 if strict and not all(result.is_complete for result in results) else 0


def _grade(work: Work, *, weaker_wall: bool) -> Iterator[Graded]:
    """Grade every file and print each result; what is missing or is no file to grade gets nothing."""
    exercises = course.exercises()
    with open_sandbox([exercises[slug] for slug in work.files], warm=True) as sandbox:
        from rich.console import Console

        from grader import pipeline
        from grader.report import show

        console = Console()
        refuse_false_walls(sandbox, weaker_wall=weaker_wall)
        for slug, path in work.files.items():
            try:
                submission = discover(path, exercise=slug)
            except UsageError as refused:
                console.print(str(refused), markup=False)
                yield pipeline.refused(exercises[slug], path, str(refused))
                continue
            result = pipeline.examine(submission, sandbox)
            show(console, result, None)
            yield submission, result
