"""Grading files, and explaining what was named.

The sandbox starts before anything slow is imported here, because its own imports (torch) take longest: numpy,
pytest and rich are imported while it gets ready. What cannot be done as it was typed raises UsageError.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from grader.errors import UsageError

from .app import COMMANDS, ELSEWHERE, HAS_MISCONCEPTIONS, LEARN, Switch, WeakerWall, app, command

if TYPE_CHECKING:
    from rich.console import Console

    from grader.isolate import Sandbox
    from grader.records import Account, Grade, Submission

DEBUGGING = (
    "DEBUGGING: your code runs without a sandbox and without limits, so that breakpoint() works. "
    "Nothing of this counts, and nothing is remembered."
)


@app.default
def file(
    paths: Annotated[tuple[Path, ...], Parameter(negative=(), show_default=False)] = (),
    /,
    *,
    exercise: str | None = None,
    learner: str | None = None,
    seed: int | None = None,
    format: Literal["text", "json"] = "text",  # noqa: A002  the option is called --format
    report: Path | None = None,
    weaker_wall: WeakerWall = False,
    evidence: Path | None = None,
    debug: Switch = False,
) -> int:
    """Grade one or more files and say what was seen; without a file, show where you stand.

    Parameters
    ----------
    paths
        Your exercises by number, such as 03, or files, such as exercises/03_partial_unfreeze.py.
    exercise
        Which exercise it is, such as 03, when the file's name does not tell.
    learner
        Whose file it is, for the report.
    seed
        Repeat a run: the number that an earlier report names.
    format
        text for people, json for the Grade record alone on standard output.
    report
        Where the HTML report goes [default: reports/EXERCISE.html; with json, none].
    evidence
        What the adaptation note is compared with; example names the course's own [default: 09_evidence.json beside it].
    debug
        Run one file without a sandbox, so that breakpoint() works; the result does not count.
    """
    from grader.discover import discover
    from grader.learning import words

    named = words.files(paths, words.Commands(COMMANDS, ELSEWHERE))
    if debug:
        return _debug(named, exercise=exercise, seed=seed)
    if not named:
        from . import learning

        return learning.board()
    if report is not None and len(named) > 1:
        raise UsageError("--report names one file; grade several submissions without it.")
    submissions = [discover(path, exercise=exercise, learner=learner, evidence=evidence) for path in named]
    as_json, results = format == "json", []
    with _sandbox(submissions) as sandbox:
        from rich.console import Console

        from grader.report import checking

        console = Console(stderr=as_json)
        for submission in submissions:
            with checking(console, submission.path):
                from grader.isolate.wall import Demand
                from grader.pipeline import examine

                if sandbox is not None:
                    Demand.for_own(weaker=weaker_wall).expect(sandbox.wall())
                results.append(examine(submission, sandbox, seed))
            _tell(console, submission, results[-1], report, as_json=as_json)
    if as_json:
        _print_json(results)
    return 0 if all(each.is_complete for each in results) else 1


def _sandbox(submissions: Sequence[Submission]) -> contextlib.AbstractContextManager[Sandbox | None]:
    """Open a sandbox for what is run; notes need none."""
    from grader import course
    from grader.isolate import open_sandbox

    exercises = [course.exercises()[each.exercise] for each in submissions]
    run = [exercise for exercise in exercises if not exercise.is_note]
    return open_sandbox(run, warm=len(run) > 1) if run else contextlib.nullcontext()


def _tell(
    console: Console, submission: Submission, result: Grade | Account, report: Path | None, *, as_json: bool
) -> None:
    """Write a result's report, show it unless the record alone is wanted, and remember it."""
    from grader.report import show, write

    written = None
    if report or not as_json:
        with _only_said(console):
            place = report or Path("reports") / f"{result.exercise}.html"
            write(result, place)
            written = place
    if not as_json:
        show(console, result, written)
    _remember(console, Path(submission.path), result)


def _print_json(results: list[Grade | Account]) -> None:
    import msgspec

    what = results[0] if len(results) == 1 else results
    sys.stdout.flush()
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(what), indent=2) + b"\n")  # UTF-8 on any console
    sys.stdout.buffer.flush()


def _remember(console: Console, path: Path, result: Grade | Account) -> None:
    """Remember the result of a file that is one of the learner's own exercises, and say what comes next."""
    from grader.learning.folder import owner

    if (folder := owner(path)) is None:
        return
    from grader import course
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


def _debug(paths: Sequence[Path], *, exercise: str | None, seed: int | None) -> int:
    """Run one file in the user's terminal and show what was seen; it counts for nothing."""
    if len(paths) != 1:
        raise UsageError("--debug takes one file.")
    (path,) = paths
    from rich.console import Console

    from grader import course
    from grader.discover import discover
    from grader.isolate.unconfined import Unconfined
    from grader.pipeline import examine
    from grader.report import show

    named = course.named(exercise) if exercise else course.recognise(path.stem)
    if named and named.is_note:
        raise UsageError(f"{path} is a note; there is nothing to debug in it.")
    submission = discover(path, exercise=exercise)
    about = course.exercises()[submission.exercise]
    console = Console()
    console.print(DEBUGGING, style="bold red")
    with Unconfined(about, path) as sandbox:
        show(console, examine(submission, sandbox, seed), None)
    console.print(DEBUGGING, style="bold red")
    return 0


@command("grade explain", "grade explain 03", "grade explain blocks-reversed", group=LEARN, where=HAS_MISCONCEPTIONS)
def explain(misconception: str | None = None, /) -> int:
    """Explain a misconception that a report named, or list them all.

    Parameters
    ----------
    misconception
        Its id, such as blocks-reversed; the number of an exercise, such as 03, lists those of that exercise.
    """
    from rich.console import Console

    from grader import course
    from grader.judging.diagnose import page
    from grader.learning import words
    from grader.report import show_list, show_page

    course.expect_judges("grade explain")
    console, word = Console(), misconception
    exercises = list(course.exercises().values())
    if named := next((each for each in exercises if word in each.misconceptions), None):
        show_page(console, page(named, str(word)))
        return 0
    chosen = exercises if word is None else [each for each in exercises if each == words.exercise(word)]
    if not chosen:
        raise UsageError(words.no_misconception(str(word)))
    for exercise in chosen:
        show_list(console, exercise, [page(exercise, name) for name in exercise.misconceptions])
    return 0
