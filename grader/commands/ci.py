"""Grading in a CI job."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader import course
from grader.ci.files import Wanted, leave
from grader.ci.github import Graded, annotate, commands_stopped
from grader.ci.work import Work, find_work
from grader.discover import discover
from grader.errors import UsageError
from grader.export.common import headline
from grader.isolate import open_sandbox
from grader.learning.folder import Folder
from grader.learning.progress import summed_up
from grader.learning.state import State, state
from grader.records import Exercise
from grader.text import clean_line, shown

from .grading import refuse_false_walls


def grade_folder(
    folder: Path, only: list[str], *, since: str | None, wanted: Wanted, strict: bool, weaker_wall: bool
) -> int:
    """Grade what a folder holds and leave what the CI system reads; 1 only where ``strict`` and not complete.

    Raise UsageError, after everything else, where a file cannot be left.
    """
    work = find_work(folder, only, since)
    if not work.files:
        print(f"Nothing in {shown(folder)} changed since {clean_line(str(since))}.")
        return 0
    graded: list[Graded] = []
    states: list[State] = []
    try:
        unwritten = wanted.write_gradescope([], work)
        with commands_stopped(sys.stdout, os.environ):
            for one, reached in _grade(work, weaker_wall=weaker_wall):
                graded.append(one)
                states.append(reached)
                unwritten += wanted.write_gradescope([result for _, result in graded], work)
            print(f"{headline([result for _, result in graded])}: {_counted(states)}.")
    except BaseException:
        wanted.withdraw()
        raise
    results = [result for _, result in graded]
    unwritten += wanted.write(results) + leave(results, os.environ)
    begun = [one for one, reached in zip(graded, states, strict=True) if reached is not State.NOT_BEGUN]
    for command in annotate(begun, os.environ):
        print(command)
    if unwritten:
        raise UsageError(" ".join(dict.fromkeys(unwritten)))
    return 1 if strict and not all(result.is_complete for result in results) else 0


def _grade(work: Work, *, weaker_wall: bool) -> Iterator[tuple[Graded, State]]:
    """Grade every file and print each result; what is missing or is no file to grade gets nothing.

    What is not begun gets a line instead of a report of everything that is still to be written.
    """
    exercises = course.exercises()
    with open_sandbox([exercises[slug] for slug in work.files], warm=True) as sandbox:
        from rich.console import Console

        from grader import pipeline
        from grader.report import show

        console = Console()
        refuse_false_walls(sandbox, weaker_wall=weaker_wall)
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
    return not path.exists() or Folder(path.resolve().parent.parent).is_stub(path, exercise)


_COUNTED = {
    State.SOLVED: "solved",
    State.ANSWERS: "answering all",
    State.PARTLY: "begun",
    State.BEGUN: "begun",
    State.NOT_BEGUN: "not begun",
}


def _counted(states: Sequence[State]) -> str:
    """Say how many exercises are how far."""
    words = [_COUNTED[each] for each in states]
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(_COUNTED.values()) if word in words)
