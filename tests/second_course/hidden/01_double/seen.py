"""What was seen of exercise 01."""

from __future__ import annotations

from grader.authoring.view import View
from grader.records import Evidence
from grader.wire.answer import Answer

from . import wire


class Seen(View):
    """Numbers, and what became of them."""

    @property
    def answers(self) -> dict[int, Answer]:
        """The answer for each number."""
        return {number: self._told(wire.number(number), Answer) for number in self._plan["numbers"]}


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)
