"""What the stories of exercise 08 have in common: predictions of what a mistaken program would have answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from grader.adaptation.rule import admitted, cheapest

from .seen import Choice, NextDepth, Row, Seen

Rule = Callable[[Sequence[Row], float], Row | None]
"""Predicts the chosen row from the table and the lowest admitted recall; None predicts a ValueError."""
Step = Callable[[Sequence[int], int], int | None]
"""Predicts the next depth from the tested ones and the chosen one."""
Pick = Callable[[Sequence[Row]], Row]


def chooses(seen: Seen, *rules: Rule) -> bool:
    """Whether one of the rules predicts every answer of ``choose_cheapest``."""
    choices = seen.choices()
    return any(all(follows(choice, rule(choice.rows, choice.gate)) for choice in choices) for rule in rules)


def follows(choice: Choice, row: Row | None) -> bool:
    """Whether a call chose this row, or raised ValueError where there is none."""
    if row is None:
        return choice.answer.raises("ValueError")
    return bool(choice.answer.returned == row.strategy)


def steps(seen: Seen, *rules: Step) -> bool:
    """Whether one of the rules predicts every next depth; ValueError fits too where the depth was not tested."""
    return any(all(_follows(call, rule) for call in seen.depths) for rule in rules)


def _follows(call: NextDepth, rule: Step) -> bool:
    if not call.possible and call.answer.raises("ValueError"):
        return True
    return call.answer.raised is None and call.answer.returned == rule(call.tested, call.chosen)


def gated(pick: Pick) -> Rule:
    """Make the rule that picks among the admitted rows."""
    return lambda rows, gate: pick(kept) if (kept := admitted(rows, gate)) else None


def ungated(pick: Pick) -> Rule:
    """Make the rule that picks among all rows."""
    return lambda rows, _: pick(rows)


def within(is_within: Callable[[Row, Sequence[Row]], bool]) -> Rule:
    """Make the rule that takes the cheapest of the admitted rows that are within another margin."""
    return gated(lambda rows: cheapest([row for row in rows if is_within(row, rows)]))


def fitting(seen: Seen, cases: Collection[str], *rules: Rule) -> Choice | None:
    """Return the first of these cases that came out wrong, to tell of, when one of the rules predicts every answer."""
    wrong = (choice for choice in seen.choices(*cases) if not follows(choice, choice.expected))
    return next(wrong, None) if chooses(seen, *rules) else None
