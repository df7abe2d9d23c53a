"""The command line that every file here adds its commands to, and the options that they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

from cyclopts import App, CycloptsError, Group, Parameter

from grader.places import COURSE, SOLUTIONS, SPECIMENS
from grader.text import clean_text

Names = Annotated[list[str], Parameter(consume_multiple=True, negative=())]
NONE: Final[list[str]] = []
"""No names, which nobody adds to: cyclopts makes a list of its own."""
Switch = Annotated[bool, Parameter(negative=())]
Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
"""Gradescope's words; ``grader.export.gradescope`` has the same, and mypy sees to that."""
Number = Annotated[str, Parameter(help="Its number, such as 03.")]
Results = Annotated[Path, Parameter(help="The folder of results that grade batch wrote.")]
WeakerWall = Annotated[
    Switch, Parameter(help="Run even where the walls around the code do not hold; only for code that you trust.")
]

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
app.meta.group_commands = CARE
app.meta.suppress_keyboard_interrupt = False
app.meta.version_flags = ()  # it is the version of the course that is named


@app.meta.default
def _any(
    *words: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    course: Annotated[
        str | None,
        Parameter(
            help="Another course: its folder, or the name under which an installed package offers it; with any "
            "command [default: GRADE_COURSE, or the course that comes with the grader]."
        ),
    ] = None,
) -> Any:
    """Choose the course, then carry out the rest of the command line."""
    if course is not None:
        from grader import courses

        courses.use(courses.find(course))
    return run(app, words)


def run(commands: App, words: Sequence[str]) -> Any:
    """Carry out a command line and return what it returns; what is no command line is told, and raised."""
    return commands(words, exit_on_error=False, print_error=True, error_formatter=_refused)


def _refused(error: CycloptsError) -> object:
    """Return what is shown of words that are no command line; the shell may have put a file's name among them."""
    from cyclopts import CycloptsPanel

    return CycloptsPanel(clean_text(str(error)))


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
