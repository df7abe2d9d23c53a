"""Taking the course: where you stand, hints, watching your files."""

from __future__ import annotations

from pathlib import Path

from .app import LEARN, Switch, app


@app.command(group=LEARN)
def init(folder: Path, /) -> int:
    """Start the course in a folder: put the exercises there that it lacks.

    Parameters
    ----------
    folder
        Any folder; it is made when there is none. Files that are there stay as they are.
    """
    from grader.commands import learning

    return learning.init(folder)


@app.command(group=LEARN)
def watch(file: Path | None = None, /, *, weaker_wall: Switch = False) -> int:
    """Grade your exercises whenever you save them.

    Parameters
    ----------
    file
        Begin with this one instead of the first that is open.
    weaker_wall
        Run even where the walls around the code do not hold (see grade doctor); only for code that you trust.
    """
    from grader.commands import learning

    return learning.watch(file, weaker_wall=weaker_wall)


@app.command(group=LEARN)
def hint(exercise: str, /) -> int:
    """Give the next of an exercise's three hints: a nudge, the concept, nearly the solution.

    Parameters
    ----------
    exercise
        Its number, such as 03.
    """
    from grader.commands import learning

    return learning.hint(exercise)


@app.command(group=LEARN)
def reset(exercise: str, /) -> int:
    """Put the untouched stub of an exercise back; your version is kept aside.

    Parameters
    ----------
    exercise
        Its number, such as 03.
    """
    from grader.commands import learning

    return learning.reset(exercise)


@app.command(group=LEARN)
def solution(exercise: str, /) -> int:
    """Show the course's own solution of an exercise that you have solved.

    Parameters
    ----------
    exercise
        Its number, such as 03.
    """
    from grader.commands import learning

    return learning.solution(exercise)
