"""Grading files, and explaining what was named.

The sandbox starts before anything slow is imported here, because its own imports (torch) take longest: numpy,
pytest and rich are imported while it gets ready.
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader import course
from grader.discover import discover
from grader.errors import UsageError
from grader.isolate import Sandbox, open_sandbox

if TYPE_CHECKING:
    from rich.console import Console

    from grader.records import Grade


def grade_files(
    paths: list[Path],
    *,
    exercise: str | None,
    learner: str | None,
    seed: int | None,
    as_json: bool,
    report: Path | None,
    weaker_wall: bool,
) -> int:
    """Grade files and show each grade as soon as it is known; 0 when all have full marks."""
    if report is not None and len(paths) > 1:
        raise UsageError("--report names one file; grade several submissions without it.")
    submissions = [discover(path, exercise=exercise, learner=learner) for path in paths]
    grades = []
    with open_sandbox([course.exercises()[s.exercise] for s in submissions], warm=len(paths) > 1) as sandbox:
        from rich.console import Console

        from grader.report import checking, show

        console = Console(stderr=as_json)
        for submission in submissions:
            with checking(console, submission.path):
                from grader.pipeline import grade

                _refuse_false_walls(sandbox, weaker_wall=weaker_wall)
                grades.append(grade(submission, sandbox, seed))
            written = _write_report(console, grades[-1], report, wanted=report is not None or not as_json)
            if not as_json:
                show(console, grades[-1], written)
    if as_json:
        _print_json(grades)
    return 0 if all(each.full_marks for each in grades) else 1


def _refuse_false_walls(sandbox: Sandbox, *, weaker_wall: bool) -> None:
    """Run nothing behind walls that do not do what they say, unless the user asks for it by name."""
    wall = sandbox.wall()
    if wall.level == "D" and not weaker_wall:
        reasons = "; ".join(wall.missing) or "an attempt to get through succeeded"
        raise UsageError(
            f"The walls around learners' code do not hold on this machine ({reasons}), so nothing was run. "
            "`grade doctor` shows each promise; --weaker-wall runs code that you trust all the same."
        )


def _print_json(grades: list[Grade]) -> None:
    import msgspec

    what = grades[0] if len(grades) == 1 else grades
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(what), indent=2).decode() + "\n")


def _write_report(console: Console, grade: Grade, path: Path | None, *, wanted: bool) -> Path | None:
    if not wanted:
        return None
    from grader.report import html

    path = path or Path("reports") / f"{grade.exercise}.html"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html(grade), "utf-8")
    except OSError as error:
        console.print(f"The report could not be written to {path}: {error.strerror}.", style="yellow")
        return None
    return path


def explain(misconception: str | None) -> int:
    """Print the page of a misconception, or the list of all by exercise."""
    from rich.console import Console

    from grader.diagnose import page
    from grader.report import show_list, show_page

    console = Console()
    for exercise in course.exercises().values():
        if misconception is None:
            show_list(console, exercise, [page(exercise, name) for name in exercise.misconceptions])
        elif misconception in exercise.misconceptions:
            show_page(console, page(exercise, misconception))
            return 0
    if misconception is None:
        return 0
    known = [name for exercise in course.exercises().values() for name in exercise.misconceptions]
    close = difflib.get_close_matches(misconception, known, n=3)
    raise UsageError(
        f"There is no misconception {misconception!r}. "
        + (f"Did you mean {', '.join(close)}?" if close else "`grade explain` lists them.")
    )
