"""Results and autograders in other people's formats."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from .app import TEACH, Names, Switch, Visibility, app

export = App(name="export", group=TEACH, help="Write what other systems read.")
app.command(export)


@export.command
def gradescope(
    *,
    autograder: Path,
    only: Names = [],  # noqa: B006  cyclopts copies it
    visibility: Visibility = "after_published",
    weaker_wall: Switch = False,
) -> int:
    """Write the zip of an autograder that grades submissions on Gradescope.

    Parameters
    ----------
    autograder
        Where the zip goes, such as autograder.zip.
    only
        The assignment has only these exercises, such as 03 07.
    visibility
        When learners see what the hidden checks found; what their code did, they always see.
    weaker_wall
        Have it run even where the walls around the code do not hold.
    """
    from grader.commands import export

    return export.write_gradescope(autograder, only, visibility, weaker_wall=weaker_wall)
