"""What recognises mistakes of exercise 08 that do not show in the answers; the others have slips."""

from __future__ import annotations

from grader.adaptation.rule import best
from grader.authoring.slips import fitting

from .seen import Choice, Row, Seen
from .slips import MODELS, questions
from .wire import CHOOSE


def choice_gain_reversed(seen: Seen) -> str | None:
    choice = _always_the_cheapest(seen)
    row = _chosen(choice)
    if choice is None or row is None:
        return None
    top = best(choice.admitted)
    for first, second in ((row, top), (top, row)):
        if (first.strategy, second.strategy) in choice.gains:
            mean, error = choice.gain(first, second)
            said = f"`gain({first.strategy}, {second.strategy})` said {mean:.4f} ± {error:.4f} (se)"
            return f"{said}, and you took {row.strategy}, the cheapest; so you did from every other table."
    return None


def _always_the_cheapest(seen: Seen) -> Choice | None:
    """Return the table to tell of where every answer is the cheapest; None where one is not."""
    found = fitting(MODELS[CHOOSE], questions(seen, CHOOSE))
    if "choice-cheapest-regardless" not in {slip.page for slip, _ in found}:
        return None
    return next(iter(seen.choices("partial-suffices")), None)


def _chosen(choice: Choice | None) -> Row | None:
    """Return the row that a call chose; None where it chose none."""
    rows = choice.rows if choice else ()
    return next((row for row in rows if choice and row.strategy == choice.answer.returned), None)
