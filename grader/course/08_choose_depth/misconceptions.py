"""What recognises the misconceptions of exercise 08, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

from grader.adaptation.rule import best, cheapest, not_told_from

from .seen import Choice, Row, Seen
from .stories import Pick, Rule, chooses, fitting, follows, gated, rightly, steps, through, ungated, within
from .truth import below, next_depth

One = Callable[[Sequence[Row]], Row]


def choice_highest_score(seen: Seen) -> str | None:
    picks: tuple[Pick, ...] = (lambda rows, _: best(rows), lambda rows, _: _first(rows), lambda rows, _: _last(rows))
    choice = fitting(seen, ["partial-suffices"], *map(gated, picks), *map(ungated, picks))
    return f"Of {choice.title}, you chose the highest mean, as you did from every other table." if choice else None


def _first(rows: Sequence[Row]) -> Row:
    """Return the first of the highest means."""
    return max(rows, key=lambda row: row.mean)


def _last(rows: Sequence[Row]) -> Row:
    return _first(rows[::-1])


def choice_gain_reversed(seen: Seen) -> str | None:
    choice = fitting(seen, ["partial-suffices"], *_all_pass())
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


def _chosen(choice: Choice | None) -> Row | None:
    """Return the row that a call chose; None where it chose none."""
    rows = choice.rows if choice else ()
    return next((row for row in rows if choice and row.strategy == choice.answer.returned), None)


def choice_cheapest_regardless(seen: Seen) -> str | None:
    choice = fitting(seen, ["partial-suffices"], *_all_pass())
    if choice is None or any(each.gains for each in seen.choices()):
        return None
    return f"Of {choice.title}, you chose the cheapest, as you did from every other table."


def _all_pass() -> list[Rule]:
    """Return the rules by which no strategy is told from the best."""
    picks: tuple[Pick, ...] = (
        lambda rows, _: cheapest(rows),
        lambda rows, _: _first_of_the_cheapest(rows),
        lambda rows, _: _first_of_the_cheapest(rows[::-1]),
    )
    return [*map(gated, picks), *map(ungated, picks)]


def _first_of_the_cheapest(rows: Sequence[Row]) -> Row:
    return min(rows, key=lambda row: row.trainable)


def choice_std_not_standard_error(seen: Seen) -> str | None:
    choice = fitting(seen, ["well-known-difference"], within(lambda _, top: top.std))
    near = "within one standard deviation of the best mean"
    return f"Of {choice.title}, you chose one that is {near}." if choice else None


def choice_error_of_the_best(seen: Seen) -> str | None:
    choice = fitting(seen, ["well-known-difference"], within(lambda _, top: _error(top)))
    if choice is None:
        return None
    top = best(choice.admitted)
    near = f"within {_error(top):.4f} of the best, which is the standard error of {top.strategy} alone"
    return f"Of {choice.title}, you chose one that is {near}."


def _error(row: Row) -> float:
    """Return the standard error over the seeds of a single strategy."""
    return row.std / math.sqrt(row.n)


def choice_uses_candidate_spread(seen: Seen) -> str | None:
    rules = (
        within(lambda row, _: _error(row)),
        within(lambda row, _: row.std),
        within(lambda row, top: _error(row) + _error(top)),
        within(lambda row, top: math.hypot(_error(row), _error(top))),
    )
    choice = fitting(seen, ["noisy-candidate"], *rules)
    near = "near the best only with its own noise added"
    return f"Of {choice.title}, you chose one that comes {near}." if choice else None


def choice_ignores_error_pattern(seen: Seen) -> str | None:
    choice = fitting(seen, ["cheapest-misses-a-class"], ungated(rightly))
    row = _chosen(choice)
    if choice is None or row is None:
        return None
    return f"You chose {row.strategy} with a worst recall of {_recall(row)}, although {choice.gate} was asked for."


def _recall(row: Row) -> str:
    return f"{row.worst_recall} ± {row.worst_recall_error} (se)"


def choice_gate_without_error(seen: Seen) -> str | None:
    choice = fitting(seen, ["undecided-below"], through(lambda row, gate: row.worst_recall >= gate))
    return _turned_away(choice) if choice else None


def choice_undecided_refused(seen: Seen) -> str | None:
    rule = through(lambda row, gate: row.worst_recall - row.worst_recall_error >= gate)
    choice = fitting(seen, ["undecided-above"], rule)
    return _turned_away(choice) if choice else None


def _turned_away(choice: Choice) -> str | None:
    """Tell of the row that should have been chosen, and was turned away."""
    row = choice.expected
    asked = f"{choice.gate} was asked for, and you turned it away"
    return f"The worst recall of {row.strategy} is {_recall(row)}; {asked}." if row else None


def choice_best_from_rejected(seen: Seen) -> str | None:
    choice = fitting(seen, ["best-is-turned-away"], _late)
    if choice is None:
        return None
    return f"Of {choice.title}, you turned {best(choice.rows).strategy} away, and yet the rest was compared with it."


def _late(choice: Choice) -> Row | None:
    kept = not_told_from(best(choice.rows), choice.admitted, choice.gain)
    return cheapest(kept) if kept else None


def choice_depends_on_order(seen: Seen) -> str | None:
    ends: tuple[One, ...] = (lambda rows: rows[0], lambda rows: rows[-1])
    if not chooses(seen, *(gated(_among_the_good(one)) for one in ends)):
        return None
    choices = seen.choices("every-order")
    names = sorted({str(choice.answer.returned) for choice in choices})
    return f"Of {choices[0].title}, you chose {' or '.join(names)}, depending on the order of the list."


def _among_the_good(one: One, top: One = best) -> Pick:
    """Make the pick that takes one of those that are as good as the best, which ``top`` finds."""
    return lambda rows, choice: one(not_told_from(top(rows), rows, choice.gain))


def choice_tie_by_order(seen: Seen) -> str | None:
    ones: tuple[One, ...] = (cheapest, _first_of_the_cheapest, lambda rows: _first_of_the_cheapest(rows[::-1]))
    tops: tuple[One, ...] = (best, _first, _last)
    pairs = list(itertools.product(ones, tops))[1:]
    choice = fitting(
        seen,
        ["equal-cost", "every-order-equal-cost", "equal-mean", "equal-cost-and-mean", "equal-best"],
        *(gated(_among_the_good(one, top)) for one, top in pairs),
    )
    same = "two are equal in cost or in mean"
    return f"Of {choice.title}, {same}, and you took {choice.answer.returned}." if choice else None


def choice_when_nothing_passes(seen: Seen) -> str | None:
    left = [choice for choice in seen.choices() if choice.expected is not None]
    (nothing,) = seen.choices("nothing-left")
    if nothing.answer.trouble(nothing.text) or not all(follows(choice, choice.expected) for choice in left):
        return None
    answer = f"you chose {nothing.answer.returned}" if nothing.answer.returned else "nothing was said"
    return f"All other choices are right; when every worst recall was too low for {nothing.gate}, {answer}."


def next_experiment_repeats(seen: Seen) -> str | None:
    if not steps(seen, below, _halfway, _below_a_gap):
        return None
    call = next((call for call in seen.depths if call.possible and call.answer.returned in call.tested), None)
    return f"`{call.text}` returned {call.answer.returned}, which is in the list." if call else None


def _halfway(tested: Sequence[int], chosen: int) -> int | None:
    """Halve the gap also where there is none."""
    smaller = below(tested, chosen)
    return None if smaller is None else (smaller + chosen) // 2


def _below_a_gap(tested: Sequence[int], chosen: int) -> int | None:
    return None if next_depth(tested, chosen) is None else below(tested, chosen)


def next_experiment_deeper(seen: Seen) -> str | None:
    if not steps(seen, _halfway_up, _halfway_up_any_gap, lambda _, chosen: chosen + 1, _one_more_if_untested):
        return None
    call = next(call for call in seen.depths if call.possible and call.answer.returned is not None)
    return f"`{call.text}` returned {call.answer.returned}."


def _above(tested: Sequence[int], chosen: int) -> int | None:
    return min((depth for depth in tested if depth > chosen), default=None)


def _halfway_up(tested: Sequence[int], chosen: int) -> int | None:
    larger = _above(tested, chosen)
    return None if larger is None or larger - chosen <= 1 else (chosen + larger) // 2


def _halfway_up_any_gap(tested: Sequence[int], chosen: int) -> int | None:
    larger = _above(tested, chosen)
    return None if larger is None else (chosen + larger) // 2


def _one_more_if_untested(tested: Sequence[int], chosen: int) -> int | None:
    return None if chosen + 1 in tested else chosen + 1
