"""The command line that every file here adds its commands to, and the kinds of option that they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeVar

from cyclopts import App, Group, Parameter

from grader.places import COURSE, SOLUTIONS, SPECIMENS

Names = Annotated[list[str], Parameter(consume_multiple=True, negative=())]
Switch = Annotated[bool, Parameter(negative=())]
Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
"""Gradescope's words; ``grader.export.gradescope`` has the same."""

HAS_MISCONCEPTIONS: Final = any(COURSE.glob("*/misconceptions.py"))
HAS_SOLUTIONS: Final = SOLUTIONS.is_dir()
HAS_SPECIMENS: Final = SPECIMENS.is_dir()
"""What this edition holds; a command that cannot do without is not one of its words."""
COMMANDS: Final[dict[str, tuple[str, ...]]] = {}
"""Each command of this edition, with examples of command lines."""
ELSEWHERE: Final[set[str]] = set()
"""Commands that other editions have."""

LEARN = Group.create_ordered("Learn")
COMPARE = Group.create_ordered("Compare strategies")
TEACH = Group.create_ordered("Teach a class")
CARE = Group.create_ordered("Look after the machine and the course")


def _version() -> str:
    from grader.learning.edition import edition

    return edition()


def examples(*lines: str) -> str:
    """Return the end of a command's help."""
    return "\n".join(["For example:\n", *(f"- `{line}`" for line in lines)])


app = App(
    name="grade",
    version=_version,
    version_format="plaintext",
    help="Grade exercises in transfer learning: run the code once, in a sandbox, and judge what it did.\n\n"
    "Start with: grade watch, in a folder with exercises/; `grade init FOLDER` makes one. Alone, `grade` shows where "
    "you stand.",
    help_epilogue=examples("grade 03", "grade exercises/03_partial_unfreeze.py --seed 7"),
    result_action="return_value",
    group_commands=CARE,
    suppress_keyboard_interrupt=False,
)
app.register_install_completion_command(group=CARE, help="Have the shell complete commands and options.")

Command = TypeVar("Command", bound=Callable[..., Any])


def command(
    *lines: str, group: Group | None = None, among: App = app, where: bool = True
) -> Callable[[Command], Command]:
    """Have the function below be a command, with examples of command lines at the end of its help.

    It is one only ``where`` this edition has what it needs.
    """

    def register(function: Command) -> Command:
        if where:
            among.command(function, group=group, help_epilogue=examples(*lines))
            COMMANDS.update({function.__name__: lines} if among is app else {})
        else:
            ELSEWHERE.add(function.__name__)
        return function

    return register


def commands(name: str, *lines: str, group: Group, told: str) -> App:
    """Return a command that has commands of its own."""
    several = App(name=name, group=group, group_commands=group, help=told, help_epilogue=examples(*lines))
    app.command(several)
    COMMANDS[name] = lines
    return several
