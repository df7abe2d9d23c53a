"""Words become calls, and calls an exit code: 0 full marks, 1 not, 2 a usage error, 3 a fault of ours."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from . import VERSION
from .errors import GraderFault, UsageError
from .text import clean_text

FULL_MARKS, NOT_YET, USAGE, FAULT = 0, 1, 2, 3

app = App(
    name="grade",
    version=VERSION,
    help="Grade exercises in transfer learning: run the code once, in a sandbox, and judge what it did.\n\n"
    "Start with: grade exercises/03_partial_unfreeze.py",
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)


@app.default
def file(
    paths: Annotated[list[Path], Parameter(negative=())],
    /,
    *,
    exercise: str | None = None,
    learner: str | None = None,
    seed: int | None = None,
    format: Literal["text", "json"] = "text",  # noqa: A002  the option is called --format
    report: Path | None = None,
    weaker_wall: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Grade one or more files and say what was seen.

    Parameters
    ----------
    paths
        Learners' files, such as exercises/03_partial_unfreeze.py.
    exercise
        Which exercise it is, such as 03, when the file's name does not tell.
    learner
        Whose file it is, for the report.
    seed
        Repeat a run: the number that an earlier report names.
    format
        text for people, json for the Grade record alone on standard output.
    report
        Where the HTML report goes [default: reports/EXERCISE.html; with json, none].
    weaker_wall
        Run even where the walls around the code do not hold; only for code that you trust.
    """
    from . import commands

    return commands.grade_files(
        paths,
        exercise=exercise,
        learner=learner,
        seed=seed,
        as_json=format == "json",
        report=report,
        weaker_wall=weaker_wall,
    )


@app.command
def explain(misconception: str | None = None, /) -> int:
    """Explain a misconception that a report named, or list them all.

    Parameters
    ----------
    misconception
        Its id, such as blocks-reversed.
    """
    from . import commands

    return commands.explain(misconception)


@app.command
def doctor() -> int:
    """Show how strong the walls around learners' code are on this machine, promise by promise."""
    from . import commands

    return commands.doctor()


@app.command
def selfcheck(*, seed: int | None = None) -> int:
    """Check the course itself: stubs earn nothing, solutions everything, specimens their own names.

    Parameters
    ----------
    seed
        The seed of every run, instead of a fresh one.
    """
    from . import commands

    return commands.selfcheck(seed)


def main() -> None:
    """Run the command line and exit."""
    try:
        code = app(sys.argv[1:], exit_on_error=False, print_error=True)
    except CycloptsError:
        code = USAGE
    except UsageError as error:
        print(clean_text(str(error)), file=sys.stderr)
        code = USAGE
    except GraderFault as fault:
        print(f"The grader failed; this is not a score. {clean_text(str(fault))}", file=sys.stderr)
        code = FAULT
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        code = 130
    sys.exit(code if isinstance(code, int) else FULL_MARKS)
