"""Pairs of similar submissions side by side, as one HTML file for staff: no network, no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.similarity import FEW, STANDS_OUT, Compared, Comparison
from grader.text import clean_text

from .page import environment

SHOWN = 10
"""Pairs of one exercise in the terminal."""


class _Line(NamedTuple):
    """One line of a submission."""

    number: int
    text: str
    shared: bool


def similar_html(comparisons: Sequence[Comparison]) -> str:
    """Render the page."""
    return (
        environment()
        .get_template("similar.html")
        .render(comparisons=comparisons, few=FEW, stands_out=STANDS_OUT, lines=lambda *told: list(_lines(*told)))
    )


def _lines(work: Compared, shared: frozenset[int]) -> Iterator[_Line]:
    for number, line in enumerate(work.source.decode("utf-8", "replace").splitlines(), 1):
        yield _Line(number, clean_text(line), number in shared)


def show_similar(console: Console, comparisons: Sequence[Comparison]) -> None:
    """Print the pairs that stand out most in each exercise."""
    for each in comparisons:
        console.print(Text(f"{each.exercise}: {_headline(each)}"))
        if each.pairs:
            console.print(_table(each))


def _headline(comparison: Comparison) -> str:
    if comparison.compared < FEW:
        return f"{comparison.compared} submissions, too few to know what is usual"
    count = len(comparison.pairs)
    return f"{comparison.compared} submissions, {count or 'no'} pair{' stands' if count == 1 else 's stand'} out"


def _table(comparison: Comparison) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in ("one", "other", "stands out by", "in common"):
        table.add_column(heading, justify="right" if " " in heading else "left")
    for pair in comparison.pairs[:SHOWN]:
        names = Text(pair.first.learner), Text(pair.second.learner)
        table.add_row(*names, f"{pair.stands_out:.1f}", f"{pair.share:.0%}")
    return table
