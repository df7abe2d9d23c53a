"""The lab: a first tour, and the comparison of the four strategies.

What cannot be done as it was typed raises UsageError.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from grader.errors import STOPPED, UsageError

from .app import COMPARE, Switch, WeakerWall, command

if TYPE_CHECKING:
    from rich.console import Console

    from grader.adaptation import Function
    from grader.isolate.wall import Demand
    from grader.lab.runs import Plan, Runner

OUT = Path("reports")
"""Where pages go that are read and not handed in; git ignores it."""


@command("grade tour", group=COMPARE)
def tour() -> int:
    """Take a first look: what is frozen, what learns, what each depth costs, and a frozen run that is not."""
    from grader.courses import expect_built_in

    expect_built_in("grade tour")
    from rich.console import Console

    console = Console()
    with console.status("Loading the two models …"):
        from grader.lab.tour import tour as stops
    for stop in stops():
        console.print(stop)
    return 0


@command("grade compare", "grade compare --modality text --seeds 5 --mine", group=COMPARE)
def compare(
    *,
    modality: Literal["vision", "text", "both"] | None = None,
    scenario: str | None = None,
    seeds: int = 5,
    depth: Annotated[list[int] | None, Parameter(negative=())] = None,
    min_recall: float = 0.4,
    cost: Literal["scalars", "seconds", "bytes"] = "scalars",
    mine: Annotated[bool | Path, Parameter(negative=())] = False,
    out: Path = OUT,
    note: Switch = False,
    weaker_wall: WeakerWall = False,
) -> int:
    """Train all four strategies on a scenario, several seeds each, and say which is the cheapest acceptable one.

    Writes a page and 09_evidence.json: exercise 09 is handed in as the note and this file together.

    Parameters
    ----------
    modality
        vision, text or both [default: both, or the scenario's own]; the other one's results stay.
    scenario
        A scenario by its name; a wrong name lists them all.
    seeds
        Runs of each strategy.
    depth
        Also train this many last blocks; may be given more than once.
    min_recall
        The gate: a strategy that finds some class less often, by more than its standard error, is not acceptable.
    cost
        What the cheapest has fewest of: scalars that learn, seconds of training, or bytes to keep for each task.
    mine
        Use your own functions where their exercise has full marks: alone for exercises/, or with a folder.
    out
        The folder for what is written; unless named, the evidence goes beside your note.
    note
        Also write a template of the adaptation note beside the evidence, with the figures left to you.
    weaker_wall
        With --mine: run even where the walls around the code do not hold; only for code that you trust.
    """
    from grader.courses import expect_built_in

    expect_built_in("grade compare")
    from rich.console import Console

    from grader.isolate.wall import Demand
    from grader.lab import runs, summary, table

    plan = runs.plan(None if modality == "both" else modality, scenario, seeds, depth or [], min_recall, cost)
    place = _place(out)
    _expect_folder(out)
    console = Console()
    own = Path("exercises") if mine is True else mine or None
    with _training(console, plan, own, Demand.for_own(weaker=weaker_wall)) as (runner, functions):
        done, trouble = table.collect(console, plan, runner)
    comparisons = summary.comparisons(plan, done, functions)
    for each in comparisons:
        table.show(console, each)
    if own is not None:
        table.show_functions(console, functions)
    if trouble:
        console.print(f"{trouble} {summary.kept(plan, comparisons)}", style="yellow", markup=False)
    if comparisons:
        from grader.lab.leave import leave

        leave(console, comparisons, out, place, note=note)
    return {"": 0, runs.STOPPED: STOPPED}.get(trouble, 1)


def _place(out: Path) -> tuple[Path, Path | None]:
    """Return the folder for the evidence, and the one that it lies within.

    It is the learner's exercises, where the note is, unless --out names another.
    """
    from grader.learning.folder import find

    folder, here = find(Path.cwd()) if out == OUT else None, Path.cwd()
    if folder is None:
        return out, None
    if folder.exercises.is_relative_to(here):
        return folder.exercises.relative_to(here), None
    return folder.exercises, folder.root


def _expect_folder(out: Path) -> None:
    """Make the folder before anything is trained for it."""
    from grader import files

    try:
        files.make_folder(out)
    except OSError as error:
        raise UsageError(f"{out} cannot be made a folder: {error.strerror}. --out names another one.") from None


@contextmanager
def _training(
    console: Console, plan: Plan, mine: Path | None, demand: Demand
) -> Iterator[tuple[Runner, tuple[Function, ...]]]:
    """Get ready to train: in this process, or with a learner's functions in the sandbox."""
    from grader.lab import mine as own

    if mine is None:
        with console.status("Loading torch and the models …"):
            from grader.lab.here import runner
        yield runner(plan.rows), own.reference("The lab's own; --mine uses yours.")
        return
    from grader import course
    from grader.isolate import open_sandbox

    own.expect_folder(mine)
    with open_sandbox([e for slug, e in course.exercises().items() if slug in own.STEPS], warm=True) as sandbox:
        demand.expect(sandbox.wall())
        with console.status("Grading your files …") as status:
            functions = own.judged(mine, sandbox, lambda name: status.update(f"Grading {name} …"))
        yield own.runner(plan.rows, functions, sandbox), functions.functions
