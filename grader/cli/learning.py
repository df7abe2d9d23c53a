"""Taking the course: where you stand, hints, watching your files."""

from __future__ import annotations

from pathlib import Path

from .app import HAS_SOLUTIONS, LEARN, Switch, command


@command("grade init my-course", group=LEARN)
def init(folder: Path, /) -> int:
    """Start the course in a folder: put the exercises there that it lacks.

    Parameters
    ----------
    folder
        Any folder; it is made when there is none. Files that are there stay as they are.
    """
    from grader.commands import learning

    return learning.init(folder)


@command("grade watch", "grade watch 03", group=LEARN)
def watch(file: Path | None = None, /, *, weaker_wall: Switch = False) -> int:
    """Grade your exercises whenever you save them.

    Parameters
    ----------
    file
        Begin with this one instead of the first that is open: its number, such as 03, or its file.
    weaker_wall
        Run even where the walls around the code do not hold (see grade doctor); only for code that you trust.
    """
    from grader.commands import learning

    return learning.watch(file, weaker_wall=weaker_wall)


@command("grade hint 03", group=LEARN)
def hint(exercise: str, /) -> int:
    """Give the next of an exercise's three hints: a nudge, the concept, nearly the solution.

    Parameters
    ----------
    exercise
        Its number, such as 03.
    """
    from grader.commands import learning

    return learning.hint(exercise)


@command("grade reset 03", group=LEARN)
def reset(exercise: str, /) -> int:
    """Put the untouched stub of an exercise back; your version is kept aside.

    Parameters
    ----------
    exercise
        Its number, such as 03.
    """
    from grader.commands import learning

    return learning.reset(exercise)


@command("grade solution 03", group=LEARN, where=HAS_SOLUTIONS)
def solution(exercise: str, /) -> int:
    """Show the course's own solution of an exercise that you have solved.

    Parameters
    ----------
    exercise
        Its number, such as 03.
    """
    from grader.commands import learning

    return learning.solution(exercise)
