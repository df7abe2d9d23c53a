"""Taking the course: where the learner stands, hints, watching their files."""

from __future__ import annotations

from pathlib import Path

from grader import course
from grader.errors import UsageError
from grader.learning import folder as folders
from grader.learning import words
from grader.records import Evidence, Exercise, Submission
from grader.text import shown


def board() -> int:
    """Show where the learner stands."""
    from rich.console import Console

    from grader.learning.board import board as look
    from grader.learning.screens import draw_board, draw_next

    place = look(folders.find_or_refuse(Path.cwd()))
    Console().print(draw_board(place), "", draw_next(place, Path.cwd()), sep="\n")
    return 0


def init(root: Path) -> int:
    """Put the stubs that are missing into a folder."""
    folder, written = folders.begin(root)
    for path in written:
        _say(shown(path))
    if not written:
        _say(f"Every exercise is in {shown(folder.exercises)} already; nothing was changed.")
    _say(f"\nBegin with:\n{words.line('cd', root)}\ngrade watch")
    return 0


def hint(name: str) -> int:
    """Give one more hint."""
    from rich.console import Console

    from grader.learning.progress import next_hint
    from grader.learning.screens import draw_hints

    exercise = course.named(name)
    given = next_hint(folders.find_or_refuse(Path.cwd()), exercise)
    Console().print(draw_hints(exercise, given, f"grade hint {exercise.number}"))
    return 0


def reset(name: str) -> int:
    """Put a stub back and say where the learner's version is."""
    from grader.learning.screens import reset_told

    exercise, folder = course.named(name), folders.find_or_refuse(Path.cwd())
    _say(reset_told(exercise, folder.reset(exercise), Path.cwd()))
    return 0


def watch(file: Path | None, *, weaker_wall: bool) -> int:
    """Check the learner's files whenever they are saved."""
    from grader.isolate import open_sandbox

    from .grading import refuse_false_walls

    folder, exercise = _place(file)
    with open_sandbox(list(course.exercises().values()), warm=True) as sandbox:
        from grader.learning.watch import watch as go_on

        def observe(submission: Submission, exercise: Exercise) -> Evidence:
            from grader import pipeline

            refuse_false_walls(sandbox, weaker_wall=weaker_wall)
            return pipeline.observe(submission, exercise, sandbox, course.seed(exercise, None))

        return go_on(folder, exercise, observe)


DEBUGGING = (
    "DEBUGGING: your code runs without a sandbox and without limits, so that breakpoint() works. "
    "Nothing of this counts, and nothing is remembered."
)


def debug(paths: list[Path], *, exercise: str | None, seed: int | None) -> int:
    """Run one file in the user's terminal and show what was seen; it counts for nothing.

    Raise UsageError for several files, and for a note.
    """
    if len(paths) != 1:
        raise UsageError("--debug takes one file.")
    (path,) = paths
    from rich.console import Console

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


def _place(file: Path | None) -> tuple[folders.Folder, Exercise]:
    """Return the learner's folder and the exercise to begin with."""
    from grader.learning.board import board as look

    if file is not None:
        (path,) = words.files([file])
        folder = folders.owner(path)
        if folder is None:
            raise UsageError(_not_watched(path))
        return folder, course.named(path.stem)
    folder = folders.find_or_refuse(Path.cwd())
    place = look(folder)
    return folder, (place.next or place.rows[0]).exercise


def _not_watched(path: Path) -> str:
    """Say why a file cannot be watched; raise UsageError, which says why, where it cannot be graded either."""
    from grader.discover import discover

    if path.is_file() and not course.recognise(path.stem):
        return f"{path} is no exercise in a folder exercises/."
    discover(path)
    return f"{path} is no exercise in a folder exercises/; `{words.line('grade', path)}` grades it once."


def solution(name: str) -> int:
    """Show the course's solution; raise UsageError to those who have not full marks yet, and where there is none."""
    from rich.console import Console
    from rich.syntax import Syntax

    from grader.learning.board import board as look

    exercise = course.named(name)
    path = folders.solution_path(exercise)
    if not path.is_file():
        raise UsageError("The course's solutions are not in this distribution.")
    row = look(folders.find_or_refuse(Path.cwd())).row(exercise)
    if row.is_open:
        raise UsageError(
            f"The solution of {exercise.slug} is shown once your own has full marks; `grade hint {exercise.number}` "
            "leads there in three steps."
        )
    lexer = "markdown" if exercise.is_note else "python"
    Console().print(Syntax(path.read_text("utf-8"), lexer, theme="ansi_dark", background_color="default"))
    return 0


def _say(sentence: str) -> None:
    from rich.console import Console
    from rich.text import Text

    Console().print(Text(sentence), soft_wrap=True)
