"""Results and autograders in other people's formats."""

from __future__ import annotations

from pathlib import Path

from .app import TEACH, Names, Switch, Visibility, command, commands

_LINES = ("grade export csv results", "grade export canvas --help")
export = commands("export", *_LINES, group=TEACH, told="Write what other systems read.")


@command("grade export gradescope --autograder autograder.zip --only 03", among=export)
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
