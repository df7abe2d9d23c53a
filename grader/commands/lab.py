"""The lab: a first tour, and the comparison of the four strategies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader import adaptation, files
from grader.adaptation import Adaptation, Comparison, Function, Modality
from grader.errors import STOPPED, UsageError
from grader.learning.folder import find
from grader.text import shown

if TYPE_CHECKING:
    from rich.console import Console

    from grader.lab.runs import Order, Plan, Runner, Runs

OUT = Path("reports")
"""Where pages go that are read and not handed in; git ignores it."""


def tour() -> int:
    """Show the two models, and one frozen epoch done wrongly and rightly."""
    from rich.console import Console

    console = Console()
    with console.status("Loading the two models …"):
        from grader.lab.tour import tour as stops
    for stop in stops():
        console.print(stop)
    return 0


def compare(
    *,
    modality: Modality | None,
    scenario: str | None,
    seeds: int,
    depths: Sequence[int],
    min_recall: float,
    mine: Path | None,
    out: Path,
    note: bool,
    weaker_wall: bool,
) -> int:
    """Train, summarise, show and write; 0 when every run was done."""
    from rich.console import Console

    from grader.lab import runs, summary, table

    plan = runs.plan(modality, scenario, seeds, depths, min_recall)
    place = _place(out)
    _expect_folder(out)
    console = Console()
    with _training(console, plan, mine, weaker_wall=weaker_wall) as (runner, functions):
        done, trouble = _collect(console, plan, runner)
    comparisons = summary.comparisons(plan, done, functions)
    for each in comparisons:
        table.show(console, each)
    if mine is not None:
        table.show_functions(console, functions)
    if trouble:
        console.print(f"{trouble} {_kept(plan, comparisons)}", style="yellow", markup=False)
    if comparisons:
        _write(console, comparisons, out, place, note=note)
    return {"": 0, runs.STOPPED: STOPPED}.get(trouble, 1)


def _place(out: Path) -> tuple[Path, Path | None]:
    """Return the folder for the evidence, and the one that it lies within.

    It is the learner's exercises, where the note is, unless --out names another.
    """
    folder, here = find(Path.cwd()) if out == OUT else None, Path.cwd()
    if folder is None:
        return out, None
    if folder.exercises.is_relative_to(here):
        return folder.exercises.relative_to(here), None
    return folder.exercises, folder.root


def _expect_folder(out: Path) -> None:
    """Make the folder before anything is trained for it."""
    try:
        files.make_folder(out)
    except OSError as error:
        raise UsageError(f"{out} cannot be made a folder: {error.strerror}. --out names another one.") from None


@contextmanager
def _training(
    console: Console, plan: Plan, mine: Path | None, *, weaker_wall: bool
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

    from .grading import refuse_false_walls

    own.expect_folder(mine)
    with open_sandbox([e for slug, e in course.exercises().items() if slug in own.STEPS], warm=True) as sandbox:
        refuse_false_walls(sandbox, weaker_wall=weaker_wall)
        with console.status("Grading your files …") as status:
            functions = own.judged(mine, sandbox, lambda name: status.update(f"Grading {name} …"))
        yield own.runner(plan.rows, functions, sandbox), functions.functions


def _collect(console: Console, plan: Plan, runner: Runner) -> tuple[Runs, str]:
    from grader.lab import table
    from grader.lab.runs import collect

    wanted = plan.every_order()
    with table.progress(console) as progress:
        task = progress.add_task("training", total=len(wanted))

        def tick(order: Order) -> None:
            progress.update(task, advance=1, description=f"{order.scenario}, seed {order.seed}: {order.strategy}")

        return collect(wanted, runner, tick)


def _kept(plan: Plan, comparisons: Sequence[Comparison]) -> str:
    """Say of each scenario how many seeds came to their end with every strategy."""
    whole = {each.scenario: len(each.seeds) for each in comparisons}
    told = ", ".join(f"{row['name']} {whole.get(row['name'], 0)} of {plan.seeds}" for row in plan.rows)
    return f"Complete seeds, which are kept: {told}."


def _write(
    console: Console, comparisons: Sequence[Comparison], out: Path, place: tuple[Path, Path | None], *, note: bool
) -> None:
    """Write the evidence, together with what is already there of another modality, and what is made of it."""
    from grader.lab import table
    from grader.lab.note import NAME, handing_in, template
    from grader.lab.page import html

    folder, within = place
    path = folder / adaptation.FILE
    evidence = adaptation.merged(_earlier(console, path), comparisons)
    written = [path, out / "comparison.html"]
    try:
        adaptation.write(path, evidence, within=within)
        files.write_text(written[1], html(evidence))
        if note and _is_new(console, folder / NAME):
            written.append(folder / NAME)
            files.write_text(written[-1], template(evidence), within=within)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}. --out names another folder.") from None
    table.show_written(console, evidence, written)
    console.print(handing_in(path), markup=False, highlight=False, soft_wrap=True)


def _is_new(console: Console, path: Path) -> bool:
    if path.exists():
        console.print(f"{shown(path)} is there already and was left as it is.", style="yellow", markup=False)
        return False
    return True


def _earlier(console: Console, path: Path) -> Adaptation:
    """Read what an earlier comparison left; what is no sound evidence is replaced, and that is said."""
    if not path.exists():
        return Adaptation(comparisons=())
    try:
        return adaptation.read(path)
    except UsageError as trouble:
        console.print(f"It is replaced: {trouble}", style="yellow", markup=False)
        return Adaptation(comparisons=())
