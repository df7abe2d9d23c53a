"""Grading files, and explaining what was named.

The sandbox starts before anything slow is imported here, because its own imports (torch) take longest: numpy,
pytest and rich are imported while it gets ready.
"""

from __future__ import annotations

import contextlib
import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader import course
from grader.discover import discover
from grader.errors import UsageError
from grader.isolate import Sandbox, open_sandbox
from grader.learning.folder import owner
from grader.learning.words import exercise as meant
from grader.learning.words import misconceptions

if TYPE_CHECKING:
    from rich.console import Console

    from grader.records import Account, Exercise, Grade


def grade_files(
    paths: list[Path],
    *,
    exercise: str | None,
    learner: str | None,
    seed: int | None,
    as_json: bool,
    report: Path | None,
    weaker_wall: bool,
    evidence: Path | None,
) -> int:
    """Grade files and show each result as soon as it is known; 0 when all have full marks.

    Where there are no hidden checks, show what the code did; 0 when it answered everything. Raise UsageError for a
    file that cannot be graded, and for one report on several.
    """
    if report is not None and len(paths) > 1:
        raise UsageError("--report names one file; grade several submissions without it.")
    submissions = [discover(path, exercise=exercise, learner=learner, evidence=evidence) for path in paths]
    results: list[Grade | Account] = []
    with _sandbox([course.exercises()[each.exercise] for each in submissions]) as sandbox:
        from rich.console import Console

        from grader.report import checking, show

        console = Console(stderr=as_json)
        for submission in submissions:
            with checking(console, submission.path):
                from grader.pipeline import examine

                if sandbox is not None:
                    refuse_false_walls(sandbox, weaker_wall=weaker_wall)
                result = examine(submission, sandbox, seed)
            results.append(result)
            place = report or Path("reports") / f"{result.exercise}.html"
            written = _write_report(console, result, place) if report or not as_json else None
            if not as_json:
                show(console, result, written)
            _remember(console, Path(submission.path), result)
    if as_json:
        _print_json(results)
    return 0 if all(each.is_complete for each in results) else 1


def _sandbox(exercises: list[Exercise]) -> contextlib.AbstractContextManager[Sandbox | None]:
    """Open a sandbox for what is run; notes need none."""
    run = [exercise for exercise in exercises if not exercise.is_note]
    return open_sandbox(run, warm=len(run) > 1) if run else contextlib.nullcontext()


def refuse_false_walls(sandbox: Sandbox, *, weaker_wall: bool) -> None:
    """Raise UsageError for walls that do not do what they say, unless the user asks for them by name."""
    wall = sandbox.wall()
    if wall.level == "D" and not weaker_wall:
        reasons = "; ".join(wall.missing) or "an attempt to get through succeeded"
        raise UsageError(
            f"The walls around learners' code do not hold on this machine ({reasons}), so nothing was run. "
            "`grade doctor` shows each promise; --weaker-wall runs code that you trust all the same."
        )


def _print_json(results: list[Grade | Account]) -> None:
    import msgspec

    what = results[0] if len(results) == 1 else results
    sys.stdout.flush()
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(what), indent=2) + b"\n")  # UTF-8 on any console
    sys.stdout.buffer.flush()


def _write_report(console: Console, result: Grade | Account, path: Path) -> Path | None:
    """Write the report and return where it is; None when it cannot be written, which is said."""
    from grader.report import write

    with _only_said(console):
        write(result, path)
        return path
    return None


def _remember(console: Console, path: Path, result: Grade | Account) -> None:
    """Remember the result of a file that is one of the learner's own exercises, and say what comes next."""
    folder = owner(path)
    if folder is None:
        return
    from grader.learning.board import board
    from grader.learning.progress import remember_result
    from grader.learning.screens import draw_afterwards

    exercise = course.exercises()[result.exercise]
    with _only_said(console):
        remember_result(folder, exercise, result)
        console.print(draw_afterwards(board(folder), exercise, folder, Path.cwd()))


@contextlib.contextmanager
def _only_said(console: Console) -> Iterator[None]:
    """Say what cannot be written; a grade is a grade all the same."""
    try:
        yield
    except UsageError as trouble:
        console.print(str(trouble), style="yellow", markup=False)


def explain(word: str | None) -> int:
    """Print the page of a misconception, or the list of all, or of one exercise; raise UsageError for other words."""
    course.expect_judges("grade explain")
    from rich.console import Console

    from grader.diagnose import page
    from grader.report import show_list, show_page

    console = Console()
    exercises = list(course.exercises().values())
    if named := next((each for each in exercises if word in each.misconceptions), None):
        show_page(console, page(named, str(word)))
        return 0
    chosen = exercises if word is None else [each for each in exercises if each == meant(word)]
    if not chosen:
        raise UsageError(_no_misconception(str(word)))
    for exercise in chosen:
        show_list(console, exercise, [page(exercise, name) for name in exercise.misconceptions])
    return 0


def _no_misconception(word: str) -> str:
    close = difflib.get_close_matches(word, misconceptions(), n=3)
    advice = f"Did you mean {', '.join(close)}?" if close else "`grade explain` lists them."
    return f"There is no misconception {word!r}. {advice}"
