"""The grade in the terminal."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.status import Status
from rich.table import Table
from rich.text import Text

from grader.records import Diagnosis, Grade, Outcome, Verdict

_MARKS = {
    Verdict.PASSED: ("✓ passed", "green"),
    Verdict.FAILED: ("✗ failed", "red"),
    Verdict.BLOCKED: ("· blocked", "yellow"),
}
_WIDE = 60
"""Below this many columns the verdict column shrinks to its mark."""


def checking(console: Console, path: str) -> Status:
    """Say at once what is going on, and keep saying it until the with block ends."""
    if not console.is_terminal:
        console.print(Text(f"Checking {path} …"))
    return console.status(Text(f"Checking {path} …"))


def show(console: Console, grade: Grade, report: Path | None) -> None:
    """Print the whole grade."""
    console.print()
    console.print(Text(f"{grade.exercise}  {grade.title}", style="bold"))
    console.print(_table(grade, console.width))
    for diagnosis in grade.diagnoses:
        console.print(_diagnosis(diagnosis))
    for sentence in grade.set_aside:
        console.print(Text(sentence, style="yellow"))
    if grade.evidence.console.strip():
        console.print(_console(grade.evidence.console))
    style = "bold green" if grade.full_marks else "bold"
    console.print(Text(f"{grade.earned} of {grade.possible} points", style=style))
    console.print(Text(grade.next_step))
    console.print()
    if report is not None:
        console.print(Text.assemble("Report: ", (str(report), "cyan")), soft_wrap=True)
    console.print(Text(footer(grade), style="dim"))


def footer(grade: Grade) -> str:
    """Say what the result counts for, how to repeat the run and how strong the wall was."""
    wall = grade.evidence.wall
    weaker = "" if wall.level == "A" else " (see grade doctor)"
    return (
        f"A {grade.standing.value} result · seed {grade.provenance.seed} (repeat with --seed) · "
        f"wall {wall.level}: {wall.summary}{weaker}"
    )


def _table(grade: Grade, width: int) -> Table:
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    told: set[str] = set()
    for outcome in grade.outcomes:
        mark, style = _MARKS[outcome.verdict]
        shown = mark if width >= _WIDE else mark[0]
        table.add_row(Text(shown, style=style), _said(outcome, told), Text(_points(outcome), style=style))
    return table


def _points(outcome: Outcome) -> str:
    earned = outcome.points if outcome.verdict is Verdict.PASSED else 0
    return f"{earned}/{outcome.points}"


def _said(outcome: Outcome, told: set[str]) -> Group:
    """Return title and message; what an earlier check has said already is not said again."""
    lines = [Text(outcome.title)]
    if outcome.message and outcome.message not in told:
        told.add(outcome.message)
        lines.append(Text(outcome.message, style="dim"))
    return Group(*lines)


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


_LINES = 8
_COLUMNS = 200
