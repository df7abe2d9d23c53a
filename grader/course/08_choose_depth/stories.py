"""What the stories of exercise 08 have in common: predictions of what a mistaken program would have answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from grader.adaptation.rule import best, cheapest, pick

from .seen import Choice, NextDepth, Row, Seen

Rule = Callable[[Choice], Row | None]
"""Predicts the row that a call chooses; None predicts a ValueError."""
Pick = Callable[[Sequence[Row], Choice], Row]
"""Predicts the row that is chosen of those that stay."""
Stays = Callable[[Row, float], bool]
"""Whether a row stays, given the lowest worst recall that was asked for."""
Step = Callable[[Sequence[int], int], int | None]
"""Predicts the next depth from the tested ones and the chosen one."""


def chooses(seen: Seen, *rules: Rule) -> bool:
    """Whether one of the rules predicts every answer of ``choose_cheapest``."""
    choices = seen.choices()
    return any(all(follows(choice, rule(choice)) for choice in choices) for rule in rules)


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
    return lambda choice: pick(kept, choice) if (kept := choice.admitted) else None


def ungated(pick: Pick) -> Rule:
    """Make the rule that picks among all rows."""
    return lambda choice: pick(choice.rows, choice)


def through(stays: Stays) -> Rule:
    """Make the rule that has another gate, and is right behind it."""

    def rule(choice: Choice) -> Row | None:
        kept = [row for row in choice.rows if stays(row, choice.gate)]
        return rightly(kept, choice) if kept else None

    return rule


def rightly(rows: Sequence[Row], choice: Choice) -> Row:
    """Pick as the course does; ValueError when there are no rows."""
    return pick(rows, choice.gain)


def within(margin: Callable[[Row, Row], float]) -> Rule:
    """Make the rule that takes the cheapest within another margin, made from a row and the best."""

    def picked(rows: Sequence[Row], _: Choice) -> Row:
        top = best(rows)
        return cheapest([row for row in rows if row is top or top.mean - row.mean <= margin(row, top)])

    return gated(picked)


def fitting(seen: Seen, cases: Collection[str], *rules: Rule) -> Choice | None:
    """Return the first of these cases that came out wrong, to tell of, when one of the rules predicts every answer."""
    wrong = (choice for choice in seen.choices(*cases) if not follows(choice, choice.expected))
    return next(wrong, None) if chooses(seen, *rules) else None
