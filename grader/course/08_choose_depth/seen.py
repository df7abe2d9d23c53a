"""What was seen of exercise 08, read from the evidence: the one view that checks and misconceptions share."""

from __future__ import annotations

import functools

import msgspec

from grader.adaptation import rule
from grader.authoring import Unreadable, expect_returned, fail, shorten
from grader.authoring.view import View
from grader.records import Evidence, Record
from grader.wire.answer import Answer

from . import wire
from .wire import CHOOSE, NEXT


class Row(Record, frozen=True, kw_only=True):
    """One summary as it was handed to the learner's function."""

    strategy: str
    trainable: int
    mean: float
    std: float
    n: int
    scores: tuple[float, ...]
    worst_recall: float
    worst_recall_error: float


class Choice(Record, frozen=True, kw_only=True):
    """One call of ``choose_cheapest``."""

    id: str
    rows: tuple[Row, ...]
    """In the order in which they were handed over."""
    errors: tuple[tuple[float, ...], ...]
    """Standard error of the gain of each pair, ``[rows][rows]``."""
    min_recall: float | None
    """None when the call left it out."""
    answer: Answer
    gains: tuple[tuple[str, str], ...]
    """The pairs, by name, whose gain was asked for."""

    @property
    def text(self) -> str:
        """The call as code."""
        gate = "" if self.min_recall is None else f", min_recall={self.gate}"
        return f"{CHOOSE}(summaries, gain{gate})"

    @property
    def gate(self) -> float:
        """The lowest worst recall that is admitted."""
        return 0.0 if self.min_recall is None else self.min_recall

    @property
    def admitted(self) -> list[Row]:
        """The rows that may be chosen."""
        return rule.admitted(self.rows, self.gate)

    def gain(self, first: Row, second: Row) -> tuple[float, float]:
        """Return what the learner's function was told: how far the second lies above the first, and the error."""
        return second.mean - first.mean, self.errors[self.rows.index(first)][self.rows.index(second)]

    @property
    def expected(self) -> Row | None:
        """The row to choose; None when ValueError is asked for."""
        return rule.choose(self.rows, self.gain, self.gate)

    @property
    def title(self) -> str:
        """What was handed over, as a phrase after "Of"."""
        rows = (f"{row.strategy} {row.mean:.4f} (sd {row.std:.4f}, n={row.n})" for row in self.rows)
        return f"the {len(self.rows)} strategies {', '.join(rows)}"

    def chosen(self) -> Row:
        """Return the row of the returned name; fail the check when there is none."""
        expect_returned(self.answer, self.text)
        rows = [row for row in self.rows if row.strategy == self.answer.returned]
        if not rows:
            fail(
                f"`{self.text}` returned {shorten(self.answer.returned)}, which is the name of none of the strategies."
            )
        return rows[0]


class NextDepth(Record, frozen=True, kw_only=True):
    """One call of ``next_smaller_depth``."""

    tested: tuple[int, ...]
    chosen: int
    answer: Answer

    @property
    def text(self) -> str:
        """The call as code."""
        return f"{NEXT}({list(self.tested)}, {self.chosen})"

    @property
    def possible(self) -> bool:
        """Whether the chosen depth was tested."""
        return self.chosen in self.tested


class Seen(View):
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    def choices(self, *names: str) -> list[Choice]:
        """Return the calls of ``choose_cheapest`` for these cases, or for all."""
        places = {case["_case"]: index for index, case in enumerate(self._plan["choices"])}
        return [choice for name in names or places for choice in self._choices_of(places[name])]

    @functools.cached_property
    def depths(self) -> tuple[NextDepth, ...]:
        """The calls of ``next_smaller_depth``."""
        return tuple(
            NextDepth(tested=tuple(row["tested"]), chosen=row["chosen"], answer=self._told(wire.depth(index), Answer))
            for index, row in enumerate(self._plan["depths"])
        )

    def _choices_of(self, index: int) -> list[Choice]:
        case = self._plan["choices"][index]
        answers, orders = self._told(wire.choice(index), tuple[wire.Chosen, ...]), case["orders"]
        if len(answers) != len(orders):
            raise Unreadable(case["_case"])
        rows = [msgspec.convert(row, Row) for row in case["rows"]]
        return [
            Choice(
                id=case["_case"],
                rows=tuple(rows[place] for place in order),
                errors=tuple(tuple(case["errors"][one][other] for other in order) for one in order),
                min_recall=case["min_recall"],
                answer=told.answer,
                gains=told.gains,
            )
            for order, told in zip(orders, answers, strict=True)
        ]


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)
