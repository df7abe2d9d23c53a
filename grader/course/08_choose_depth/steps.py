"""``choose_cheapest`` in steps, as a right solution takes them; ``choosing.py`` replaces some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.adaptation import rule

from .seen import Choice, Row

Rows = Sequence[Row]


class Choosing:
    """``choose_cheapest`` in steps."""

    def choose(self, case: Choice) -> Any:
        """Return the name of the strategy to take."""
        rows = list(case.rows)
        kept = self.admitted(rows, case.gate)
        if not kept:
            return self.nobody(rows)
        top = self.best(self.compared(kept, rows), case)
        near = [row for row in self.candidates(kept, rows) if self.near(row, top, case)]
        return self.told(self.taken(near, top))

    def admitted(self, rows: Rows, gate: float) -> list[Row]:
        """Who stays."""
        return rule.admitted(rows, gate)

    def nobody(self, rows: Rows) -> Any:  # noqa: ARG002  a slip may take one of them
        """What happens when nobody stays: ValueError."""
        raise ValueError

    def compared(self, kept: Rows, rows: Rows) -> Rows:  # noqa: ARG002
        """Among whom the best is looked for."""
        return kept

    def candidates(self, kept: Rows, rows: Rows) -> Rows:  # noqa: ARG002
        """Who may be chosen."""
        return kept

    def best(self, rows: Rows, case: Choice) -> Row:  # noqa: ARG002
        """Which is the best."""
        return rule.best(rows)

    def near(self, row: Row, top: Row, case: Choice) -> bool:
        """Who is as good as the best."""
        mean, _ = case.gain(row, top)
        return mean <= self.margin(row, top, case) + self.rounding()

    def margin(self, row: Row, top: Row, case: Choice) -> float:
        """How far below the best that is."""
        return case.gain(row, top)[1]

    def rounding(self) -> float:
        """Which difference is none."""
        return rule.ROUNDING

    def taken(self, rows: Rows, top: Row) -> Row:  # noqa: ARG002
        """Which of those is taken."""
        return rule.cheapest(rows)

    def told(self, row: Row) -> Any:
        """What is returned."""
        return row.strategy
