"""The command line that every file here adds its commands to, and the kinds of option that they share."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Group, Parameter

Names = Annotated[list[str], Parameter(consume_multiple=True, negative=())]
Switch = Annotated[bool, Parameter(negative=())]
Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
"""Gradescope's words; ``grader.export.gradescope`` has the same."""

LEARN = Group.create_ordered("Learn")
COMPARE = Group.create_ordered("Compare strategies")
TEACH = Group.create_ordered("Teach a class")
CARE = Group.create_ordered("Look after the machine and the course")


def _version() -> str:
    from grader.learning.edition import edition

    return edition()


app = App(
    name="grade",
    version=_version,
    version_format="plaintext",
    help="Grade exercises in transfer learning: run the code once, in a sandbox, and judge what it did.\n\n"
    "Start with: grade watch. Alone, `grade` shows where you stand.",
    result_action="return_value",
    group_commands=CARE,
    suppress_keyboard_interrupt=False,
)
app.register_install_completion_command(group=CARE, help="Have the shell complete commands and options.")
