"""Looking after the course and the machine."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from .app import CARE, HAS_SOLUTIONS, HAS_SPECIMENS, NONE, Names, Switch, command

if TYPE_CHECKING:
    from rich.console import Console

    from grader.isolate import Sandbox
    from grader.records import Exercise


@command("grade doctor", group=CARE)
def doctor() -> int:
    """Show what holds around learners' code on this machine, promise by promise, and the libraries it meets."""
    from grader import course
    from grader.isolate import import_libraries, open_sandbox
    from grader.isolate.wall import private

    with open_sandbox(list(course.exercises().values()), imports=False) as sandbox:
        from rich.console import Console

        from grader.report import show_libraries, show_wall

        console = Console()
        wall = sandbox.wall()
        show_wall(console, wall)
        for line in private(wall):
            console.print(line, markup=False, highlight=False)
        if find_spec("grader.confined"):
            from grader.confined.drill import told

            console.print(told(), markup=False, highlight=False)
        libraries = import_libraries(sandbox)
        show_libraries(console, libraries)
    return 0 if wall.level == "A" and not libraries.failed else 1


@command(
    "grade selfcheck", "grade selfcheck --exercises 03 07 --seed 7", group=CARE, where=HAS_SOLUTIONS and HAS_SPECIMENS
)
def selfcheck(*, exercises: Names = NONE, seed: int | None = None, confusion: Switch = False, seeds: int = 3) -> int:
    """Check the course itself: stubs earn nothing, solutions everything, specimens their own names.

    Parameters
    ----------
    exercises
        Check only these, such as 03 07.
    seed
        The seed of every run, instead of a fresh one.
    confusion
        Instead, count which misconception was named for which specimen; all counts should be on the diagonal.
    seeds
        How many fresh seeds --confusion grades each specimen with.
    """
    from grader import course
    from grader.isolate import open_sandbox

    course.expect_judges("grade selfcheck")
    chosen = course.chosen(exercises)
    with open_sandbox(chosen, warm=True) as sandbox:
        from rich.console import Console

        console = Console()
        if confusion:
            trouble = _confused(console, chosen, sandbox, [None] * seeds if seed is None else [seed])
        else:
            trouble = _not_held(console, chosen, sandbox, seed)
    console.print(trouble or ("Every specimen got its own name." if confusion else "Everything held."))
    return 1 if trouble else 0


def _not_held(console: Console, exercises: Sequence[Exercise], sandbox: Sandbox, seed: int | None) -> str:
    """Show each finding about the course; return a sentence about those that did not hold, if any."""
    from grader.report import show_finding
    from grader.selfcheck import selfcheck as check_course

    failed = 0
    for finding in check_course(exercises, sandbox, seed):
        failed += not finding.held
        show_finding(console, finding.what, finding.detail, held=finding.held)
    return f"{failed} did not hold." if failed else ""


def _confused(console: Console, exercises: Sequence[Exercise], sandbox: Sandbox, seeds: Sequence[int | None]) -> str:
    """Show which misconception was named for which specimen; return a sentence if any got another name than its own."""
    from grader.report import show_confusion
    from grader.selfcheck import confusion as count_names

    diagonal = True
    for exercise in exercises:
        with console.status(f"Grading the {len(exercise.misconceptions)} specimens of {exercise.slug} …"):
            counted = count_names(exercise, sandbox, seeds)
        show_confusion(console, counted.exercise, counted.names, counted.counts)
        diagonal &= counted.diagonal
    return "" if diagonal else "The matrix is not diagonal."
