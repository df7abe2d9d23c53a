"""Looking after the course and the machine."""

from __future__ import annotations

from importlib.util import find_spec

from grader import course
from grader.isolate import import_libraries, open_sandbox
from grader.isolate.wall import private
from grader.records import Exercise


def doctor() -> int:
    """Examine the walls, import the libraries behind them and print both; 0 at level A with nothing amiss."""
    with open_sandbox(list(course.exercises().values()), imports=False) as sandbox:
        from rich.console import Console

        from grader.report import show_libraries, show_wall

        console = Console()
        wall = sandbox.wall()
        show_wall(console, wall)
        for line in private(wall):
            console.print(line, markup=False, highlight=False)
        if find_spec("grader.confined"):
            console.print(_files(), markup=False, highlight=False)
        libraries = import_libraries(sandbox)
        show_libraries(console, libraries)
    return 0 if wall.level == "A" and not libraries.failed else 1


def _files() -> str:
    """Say how safely `grade batch` reads what learners hand in."""
    from grader.confined.drill import examine

    missing = examine()
    if not missing:
        return "learners' files: read by a process that sees nothing else and can write nothing."
    return f"learners' files: read with limits of time and memory only ({'; '.join(missing)})."


def selfcheck(wanted: list[str], seed: int | None) -> int:
    """Run the course's own checks; 0 when all of them held."""
    failed = 0
    exercises = _named(wanted)
    with open_sandbox(exercises, warm=True) as sandbox:
        from rich.console import Console

        from grader.report import show_finding
        from grader.selfcheck import selfcheck as check_course

        console = Console()
        for finding in check_course(exercises, sandbox, seed):
            failed += not finding.held
            show_finding(console, finding.what, finding.detail, held=finding.held)
    console.print("Everything held." if not failed else f"{failed} did not hold.")
    return 0 if not failed else 1


def confusion(wanted: list[str], seeds: list[int | None]) -> int:
    """Print which misconception was named for which specimen; 0 when each got its own name every time."""
    exercises = _named(wanted)
    diagonal = True
    with open_sandbox(exercises, warm=True) as sandbox:
        from rich.console import Console

        from grader.report import show_confusion
        from grader.selfcheck import confusion as count_names

        console = Console()
        for exercise in exercises:
            with console.status(f"Grading the {len(exercise.misconceptions)} specimens of {exercise.slug} …"):
                counted = count_names(exercise, sandbox, seeds)
            show_confusion(console, counted.exercise, counted.names, counted.counts)
            diagonal &= counted.diagonal
    console.print("Every specimen got its own name." if diagonal else "The matrix is not diagonal.")
    return 0 if diagonal else 1


def _named(wanted: list[str]) -> list[Exercise]:
    """Return the exercises that the user named, or all; checking the course needs the staff's distribution."""
    course.expect_judges("grade selfcheck")
    return course.chosen(wanted)
