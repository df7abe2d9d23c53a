"""The comparison in the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from grader.adaptation import Adaptation, Comparison, Currency, Function, Strategy, rule
from grader.adaptation.records import PRICES
from grader.text import shown

from . import headings, runs
from .changes import ConfusionCell
from .judgement import Decision, Gain, choose, deciding_text, hidden_by_headline, useful, worth
from .runs import Plan, Runner, Runs, WantedRun

ONE_SEED = (
    "One seed shows no spread: its standard deviation is 0 because nothing is known of it, and the standard errors "
    "speak of the validation examples alone."
)
GATE: Mapping[rule.Verdict, str] = {"passes": "passes", "undecided": "undecided", "fails": "turned away"}
"""What is said of a strategy beside the gate."""
COSTS: Mapping[Currency, tuple[str, str]] = {
    "scalars": ("trainable scalars", "{:,.0f}"),
    "seconds": ("seconds a run", "{:.2f}"),
    "bytes": ("bytes to keep", "{:,.0f}"),
}
"""Title of each cost, and how its figures are written."""


def collect(console: Console, plan: Plan, runner: Runner) -> tuple[Runs, str]:
    """Carry every run out, as ``runs.collect``, with a bar over them all that says how long the rest will take."""
    wanted = plan.every_order()
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(TextColumn("{task.description}"), *columns, console=console) as progress:
        task = progress.add_task("training", total=len(wanted))

        def tick(order: WantedRun) -> None:
            progress.update(task, advance=1, description=f"{order.scenario}, seed {order.seed}: {order.strategy}")

        return runs.collect(wanted, runner, tick)


def show(console: Console, comparison: Comparison) -> None:
    """Print one comparison: scores, what each step buys, the choice, errors, rates and the audit."""
    seeds = f"{len(comparison.seeds)} seed{'s' if len(comparison.seeds) > 1 else ''}"
    console.print()
    console.print(Text(f"{comparison.modality}: {comparison.scenario} ({comparison.about})", style="bold"))
    console.print(Text(f"{comparison.steps} steps of {comparison.batch}, {seeds}, the same for each", style="dim"))
    console.print(headed(headings.BASELINE, _scores(comparison), _bought(comparison), _costs(comparison)))
    if len(comparison.seeds) == 1:
        console.print(Text(ONE_SEED, style="yellow"))
    choice = choose(comparison)
    console.print(Text.assemble(("Choice: ", "bold"), (choice_text(choice), "bold green")))
    for line in (choice.why, *undecided_lines(comparison, choice)):
        console.print(Text(line))
    if choice.strategy not in (None, choice.by_headline):
        console.print(Text(f"By the headline alone it would have been {choice.by_headline}."))
    console.print(headed(headings.FROZEN, *audit_lines(comparison)))
    console.print(headed(headings.EXTREMES, _depths(comparison)))
    console.print(headed(headings.RATES, _rates(comparison)))
    console.print(headed(headings.PATTERN, *pattern_lines(comparison)))
    console.print(headed(headings.HEADLINE, *headline_lines(comparison)))


def headed(heading: str, *below: RenderableType) -> Group:
    """Put a heading above what belongs to it; strings are taken as they are, not as markup."""
    parts = [Text(each) if isinstance(each, str) else each for each in below]
    return Group("", Text(heading, style="bold cyan"), *parts)


def plain_table(*columns: str, figures: bool = True) -> Table:
    """Return an empty table; all columns but the first are set right, as figures are, or left, as text is."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for index, name in enumerate(columns):
        table.add_column(name, justify="right" if index and figures else "left", no_wrap=index == 0)
    return table


def _scores(comparison: Comparison) -> Table:
    table = plain_table("strategy", "depth", "accuracy", "worst recall", f"gate {comparison.min_recall:.2f}")
    for row in comparison.strategies:
        table.add_row(row.strategy, str(row.depth), score_text(row), recall_text(row), gate_text(comparison, row))
    return _captioned(table, "sd: spread of single runs; se: standard error of a mean, over seeds and examples.")


def _bought(comparison: Comparison) -> Table:
    table = plain_table("paired gain", "over scratch", "over the next cheaper")
    for row in worth(comparison):
        table.add_row(row.strategy, gain_text(row.over_scratch), gain_text(row.over_cheaper))
    return table


def _costs(comparison: Comparison) -> Table:
    table = plain_table("cost", *(title for title, _ in COSTS.values()), "of a point gained")
    for row, its in zip(comparison.strategies, worth(comparison), strict=True):
        point = "" if its.cost is None else cost_text(comparison.cost, its.cost)
        table.add_row(row.strategy, *(cost_text(each, price(row)) for each, price in PRICES.items()), point)
    return _captioned(table, f"{cheaper_text(comparison)} A point is 1 % of accuracy, over the next cheaper.")


def _captioned(table: Table, caption: str) -> Table:
    table.caption, table.caption_justify = caption, "left"
    return table


def choice_text(choice: Decision) -> str:
    """Name the choice, and say where the gate's answer to it is open."""
    named = choice.strategy or "none"
    return f"{named}, not told from the gate" if choice.is_undecided(choice.strategy) else named


def undecided_lines(comparison: Comparison, choice: Decision) -> list[str]:
    """Say of each strategy that is not told from the gate why it stays in, and what would settle it."""
    return [
        f"{each.strategy} is not told from the gate and stays in: its recall of {each.class_name}, "
        f"{each.recall:.3f} ± {each.error:.3f} se, is within one standard error of {comparison.min_recall:.2f}. "
        f"{each.settled_by}"
        for each in choice.undecided
    ]


def score_text(row: Strategy) -> str:
    """Write the mean of the scores with their spread."""
    return f"{row.mean:.3f} ± {row.std:.3f} sd"


def recall_text(row: Strategy) -> str:
    """Write the worst recall with its error."""
    return f"{row.worst_recall:.3f} ± {row.worst_recall_error:.3f} se"


def gate_text(comparison: Comparison, row: Strategy) -> str:
    """Say what the gate makes of a strategy, and by which class where that is not the one with the worst recall."""
    found = comparison.gate(row)
    is_worst = math.isclose(found.recall.mean, row.worst_recall, abs_tol=rule.ROUNDING)
    return GATE[found.verdict] + ("" if is_worst else f" by {deciding_text(comparison, found)}")


def gain_text(gain: Gain | None) -> str:
    """Write a paired gain with its error."""
    return "" if gain is None else f"{gain.mean:+.3f} ± {gain.error:.3f} se"


def cost_text(currency: Currency, amount: float) -> str:
    """Write an amount of a currency, without its name."""
    return COSTS[currency][1].format(amount)


def cheaper_text(comparison: Comparison) -> str:
    """Say what cheaper means in a comparison."""
    return f"Cheaper means fewer {COSTS[comparison.cost][0]}."


def audit_lines(comparison: Comparison) -> list[str]:
    """Say what the freeze audit found, run by run."""
    lines = []
    for audit in comparison.audits:
        findings = "; ".join(audit.findings)
        lines.append(f"seed {audit.seed}: {audit.verdict}" + (f" ({findings})" if findings else ""))
    return lines


def _depths(comparison: Comparison) -> Table:
    table = plain_table("last blocks that learn", "trainable", "accuracy")
    for row in comparison.depths:
        mean = f"{sum(row.scores) / len(row.scores):.3f}" if row.scores else "not trained"
        table.add_row(f"{row.depth}  {depth_title(comparison, row.depth)}", f"{row.trainable:,}", mean)
    return table


def depth_title(comparison: Comparison, depth: int) -> str:
    """Name the block that a depth frees in addition."""
    return "the head alone" if depth == 0 else f"+ {comparison.blocks[-depth]}"


def _rates(comparison: Comparison) -> Table:
    table = plain_table("peak rate", "head", "backbone")
    for row in comparison.strategies:
        rates = row.learning_rates
        table.add_row(row.strategy, f"{rates.head:g}", f"{rates.backbone:g}" if row.depth else "frozen")
    return table


def pattern_lines(comparison: Comparison) -> list[str]:
    """Name the confusion that fell most, and the one that rose most."""
    found = useful(comparison)
    lines = [f"From {found.before} to {found.after}: {cell_text(comparison, found.fell)}."]
    if found.rose.after > found.rose.before:
        lines.append(f"In return: {cell_text(comparison, found.rose)}.")
    return lines


def cell_text(comparison: Comparison, cell: ConfusionCell) -> str:
    """Write one cell with the names of its classes and their numbers."""
    true, predicted = comparison.classes[cell.true], comparison.classes[cell.predicted]
    where = f"true {cell.true}, predicted {cell.predicted}"
    return f"{true} taken for {predicted} ({where}) {cell.before} -> {cell.after}"


def headline_lines(comparison: Comparison) -> list[str]:
    """Name the pair of strategies whose errors moved most beyond the headline."""
    found = hidden_by_headline(comparison)
    moved = f"the accuracy moves by {found.headline:+.3f}, while {found.pattern:.1%} of the examples have their error"
    where = cell_text(comparison, found.cell)
    return [f"From {found.before} to {found.after} {moved} appear, vanish or move; most in {where}."]


def show_functions(console: Console, functions: Iterable[Function]) -> None:
    """Say whose code took which step."""
    table = plain_table("step", "whose", "", figures=False)
    for function in functions:
        style = "green" if function.whose == "yours" else ""
        table.add_row(function.name, Text(function.whose, style=style), Text(function.why))
    console.print(table)


def show_written(console: Console, evidence: Adaptation, paths: Iterable[Path]) -> None:
    """Say what was written and where."""
    named = ", ".join(f"{each.modality} ({each.scenario})" for each in evidence.comparisons)
    console.print()
    console.print(Text(f"The evidence holds {named}."))
    for path in paths:
        console.print(Text.assemble("Written: ", (shown(path), "cyan")), soft_wrap=True)
