"""The grade in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.status import Status
from rich.table import Table
from rich.text import Text

from grader.records import Account, Diagnosis, Grade, Outcome, Verdict, Wall
from grader.text import shown
from grader.wire.wall import Level

from .telling import Told, tell

_MARKS = {
    Verdict.PASSED: ("✓ passed", "green"),
    Verdict.FAILED: ("✗ failed", "red"),
    Verdict.BLOCKED: ("· blocked", "yellow"),
}
_WIDE = 60
"""Below this many columns the verdict column shrinks to its mark."""
_LINES, _COLUMNS = 8, 200
"""So much is shown of what the code printed, from the end."""


def checking(console: Console, path: str) -> Status:
    """Say at once what is going on, and keep saying it until the with block ends."""
    if not console.is_terminal:
        console.print(Text(f"Checking {path} …"))
    return console.status(Text(f"Checking {path} …"))


def show(console: Console, result: Grade | Account, report: Path | None) -> None:
    """Print the whole result."""
    console.print()
    console.print(Text(f"{result.exercise}  {result.title}", style="bold"))
    if isinstance(result, Grade):
        _show_findings(console, result)
    else:
        console.print(_observations(result))
    for sentence in result.set_aside:
        console.print(Text(sentence, style="yellow"))
    if result.evidence.console.strip():
        console.print(_console(result.evidence.console))
    console.print(Text(headline(result), style=_style(result)))
    console.print(Text(result.next_step), *_crash(result), sep="\n")
    console.print()
    if report is not None:
        console.print(Text.assemble("Report: ", (shown(report), "cyan")), soft_wrap=True)
    console.print(Text(footer(result), style="dim"))


def brief(result: Grade | Account) -> RenderableType:
    """Return what matters most first: what to do next and why, and then what is still open."""
    parts: list[RenderableType] = [
        Text(f"{result.exercise}  {result.title}", style="bold"),
        Text(headline(result), style=_style(result)),
        Text(),
    ]
    if isinstance(result, Grade) and result.diagnoses:
        parts += map(_diagnosis, result.diagnoses)
    else:
        parts += [Text(result.next_step), *_crash(result)]
    parts += _open_checks(result) if isinstance(result, Grade) else [_observations(result)]
    parts += [Text(sentence, style="yellow") for sentence in result.set_aside]
    if result.evidence.console.strip():
        parts.append(_console(result.evidence.console))
    wall = result.evidence.wall
    run = f"seed {result.provenance.seed}{_weaker_wall(wall)}" if wall.was_needed else wall.summary
    return Group(*parts, Text(run, style="dim"))


def _style(result: Grade | Account) -> str:
    """Green is for full marks; what was not judged never is."""
    return "bold green" if isinstance(result, Grade) and result.full_marks else "bold"


NO_POINTS = "Not judged: nothing that judges was handed out. Marks come from the course's own run."


def headline(result: Grade | Account) -> str:
    """Say in a few words what came of it."""
    return f"{result.earned} of {result.possible} points" if isinstance(result, Grade) else NO_POINTS


def footer(result: Grade | Account) -> str:
    """Say what the result counts for, how to repeat the run and how strong the wall was."""
    wall = result.evidence.wall
    standing = f"A {result.standing.value} result" if isinstance(result, Grade) else "Not judged"
    wall_told = _weaker_wall(wall) or f" · wall {wall.level}: {wall.summary}"
    run = f"seed {result.provenance.seed} (repeat with --seed){wall_told}" if wall.was_needed else wall.summary
    return f"{standing} · {run}"


def _weaker_wall(wall: Wall) -> str:
    """Say how the wall was weaker than it should be; empty where it was not."""
    return "" if wall.level == Level.A else f" · wall {wall.level}: {wall.summary} (see grade doctor)"


def _show_findings(console: Console, grade: Grade) -> None:
    console.print(_table(grade.outcomes, short=console.width < _WIDE))
    for diagnosis in grade.diagnoses:
        console.print(_diagnosis(diagnosis))


def _observations(account: Account) -> Table:
    """Return what came of asking each function, where nothing judges."""
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(ratio=1)
    for observation in account.observations:
        table.add_row(Text(observation.function), Text("\n".join(observation.said)))
    return table


def _open_checks(grade: Grade) -> list[RenderableType]:
    """Count the checks that passed, and tell the others."""
    left = [outcome for outcome in grade.outcomes if outcome.verdict is not Verdict.PASSED]
    passed = len(grade.outcomes) - len(left)
    told = [Text(f"✓ {passed} of {len(grade.outcomes)} checks passed", style="green")] if passed else []
    return [_table(left, short=True), *told] if left else [*told]


def _table(outcomes: Sequence[Outcome], *, short: bool) -> Table:
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for told in tell(outcomes):
        mark, style = _MARKS[told.outcome.verdict]
        shown = mark[0] if short else mark
        points = f"{told.earned}/{told.outcome.points}"
        table.add_row(Text(shown, style=style), _said(told), Text(points, style=style))
    return table


def _said(told: Told) -> Group:
    message = [Text(told.message, style="dim")] if told.message else []
    return Group(Text(told.outcome.title), *message, *_indented(told.trail))


def _crash(result: Grade | Account) -> list[Text]:
    """Return how the exception came about that kept the file from being imported."""
    return _indented(result.evidence.crash.lines()) if result.evidence.crash else []


def _indented(trail: Sequence[str]) -> list[Text]:
    return [Text(f"  {line}", style="dim", no_wrap=True, overflow="ellipsis") for line in trail]


def _diagnosis(diagnosis: Diagnosis) -> Panel:
    body = Text.assemble(
        diagnosis.seen,
        "\n\n",
        (diagnosis.question, "italic"),
        "\n\n",
        (f"grade explain {diagnosis.misconception}", "cyan"),
    )
    return Panel(body, title=Text(diagnosis.title, style="bold"), title_align="left", box=box.ROUNDED)


def _console(text: str) -> Panel:
    lines = text.strip().splitlines()
    shown = lines if len(lines) <= _LINES else [f"… {len(lines) - _LINES} lines before", *lines[-_LINES:]]
    clipped = [line if len(line) <= _COLUMNS else f"{line[:_COLUMNS]}…" for line in shown]
    return Panel(Text("\n".join(clipped)), title="What your code printed", title_align="left", style="dim")
