"""Taking the course: where you stand, hints, watching your files.

What cannot be done as it was typed raises UsageError.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.text import shown

from .app import HAS_SOLUTIONS, LEARN, Number, WeakerWall, command

if TYPE_CHECKING:
    from grader.records import Evidence, Exercise, Submission


def board() -> int:
    """Show where the learner stands."""
    from rich.console import Console

    from grader.learning import folder
    from grader.learning.board import board as look
    from grader.learning.screens import draw_board, draw_next

    place = look(folder.find_or_refuse(Path.cwd()))
    Console().print(draw_board(place), "", draw_next(place, Path.cwd()), sep="\n")
    return 0


@command("grade init my-course", group=LEARN)
def init(folder: Path, /) -> int:
    """Start the course in a folder: put the exercises there that it lacks.

    Parameters
    ----------
    folder
        Any folder; it is made when there is none. Files that are there stay as they are.
    """
    from grader.learning.folder import begin
    from grader.learning.words import line

    begun, written = begin(folder)
    for path in written:
        _say(shown(path))
    if not written:
        _say(f"Every exercise is in {shown(begun.exercises)} already; nothing was changed.")
    _say(f"\nBegin with:\n{line('cd', folder)}\ngrade watch")
    return 0


@command("grade watch", "grade watch 03", group=LEARN)
def watch(file: Path | None = None, /, *, weaker_wall: WeakerWall = False) -> int:
    """Grade your exercises whenever you save them.

    Parameters
    ----------
    file
        Begin with this one instead of the first that is open: its number, such as 03, or its file.
    """
    from grader import course
    from grader.isolate import open_sandbox
    from grader.isolate.wall import Demand
    from grader.learning.beginning import beginning

    demand, (folder, exercise) = Demand.for_own(weaker=weaker_wall), beginning(file)
    with open_sandbox(list(course.exercises().values()), warm=True) as sandbox:
        from grader.learning.watch import watch as go_on

        def observe(submission: Submission, exercise: Exercise) -> Evidence:
            from grader import pipeline

            demand.expect(sandbox.wall())
            return pipeline.observe(submission, exercise, sandbox, course.seed(exercise, None))

        return go_on(folder, exercise, observe)


@command("grade hint 03", group=LEARN)
def hint(exercise: Number, /) -> int:
    """Give the next of an exercise's three hints: a nudge, the concept, nearly the solution."""
    from rich.console import Console

    from grader import course
    from grader.learning.folder import find_or_refuse
    from grader.learning.progress import next_hint
    from grader.learning.screens import draw_hints

    named = course.named(exercise)
    given = next_hint(find_or_refuse(Path.cwd()), named)
    Console().print(draw_hints(named, given, f"grade hint {named.number}"))
    return 0


@command("grade reset 03", group=LEARN)
def reset(exercise: Number, /) -> int:
    """Put the untouched stub of an exercise back; your version is kept aside."""
    from grader import course
    from grader.learning.folder import find_or_refuse
    from grader.learning.screens import reset_told

    named, folder = course.named(exercise), find_or_refuse(Path.cwd())
    _say(reset_told(named, folder.reset(named), Path.cwd()))
    return 0


@command("grade solution 03", group=LEARN, where=HAS_SOLUTIONS)
def solution(exercise: Number, /) -> int:
    """Show the course's own solution of an exercise that you have solved."""
    from rich.console import Console
    from rich.syntax import Syntax

    from grader import course
    from grader.learning import folder
    from grader.learning.board import board as look

    named = course.named(exercise)
    path = folder.solution_path(named)
    if not path.is_file():
        raise UsageError("The course's solutions are not in this distribution.")
    if look(folder.find_or_refuse(Path.cwd())).row(named).is_open:
        raise UsageError(
            f"The solution of {named.slug} is shown once your own has full marks; `grade hint {named.number}` "
            "leads there in three steps."
        )
    lexer = "markdown" if named.is_note else "python"
    Console().print(Syntax(path.read_text("utf-8"), lexer, theme="ansi_dark", background_color="default"))
    return 0


def _say(sentence: str) -> None:
    from rich.console import Console
    from rich.text import Text

    Console().print(Text(sentence), soft_wrap=True)
