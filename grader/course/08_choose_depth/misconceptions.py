"""What recognises the misconceptions of exercise 08, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

from collections.abc import Sequence

from grader.adaptation.rule import ROUNDING, admitted, bar, best, cheapest, error, pick, reaching

from .seen import Row, Seen
from .stories import Pick, chooses, fitting, follows, gated, steps, ungated, within
from .truth import below, next_depth


def choice_highest_score(seen: Seen) -> str | None:
    rules = (gated(best), ungated(best), gated(lambda rows: best(rows[::-1])))
    choice = fitting(seen, ["partial-suffices"], *rules)
    return f"Of {choice.title}, you chose the highest mean, as you did from every other table." if choice else None


def choice_cheapest_regardless(seen: Seen) -> str | None:
    picks: tuple[Pick, ...] = (cheapest, _first_of_the_cheapest, _last_of_the_cheapest)
    choice = fitting(seen, ["partial-suffices"], *map(gated, picks), *map(ungated, picks))
    return f"Of {choice.title}, you chose the cheapest, as you did from every other table." if choice else None


def _first_of_the_cheapest(rows: Sequence[Row]) -> Row:
    return min(rows, key=lambda row: row.trainable)


def _last_of_the_cheapest(rows: Sequence[Row]) -> Row:
    return _first_of_the_cheapest(rows[::-1])


def choice_std_not_standard_error(seen: Seen) -> str | None:
    rule = gated(lambda rows: cheapest(reaching(rows, best(rows).mean - best(rows).std)))
    choice = fitting(seen, ["sixteen-runs"], rule)
    near = "within one standard deviation of the best mean"
    return f"Of {choice.title}, you chose one that is {near}." if choice else None


def choice_uses_candidate_spread(seen: Seen) -> str | None:
    rules = (
        within(lambda row, rows: row.mean + error(row) >= best(rows).mean - ROUNDING),
        within(lambda row, rows: row.mean + row.std >= best(rows).mean - ROUNDING),
        within(lambda row, rows: row.mean + error(row) >= bar(rows) - ROUNDING),
    )
    choice = fitting(seen, ["noisy-candidate"], *rules)
    near = "near the best only with its own noise added"
    return f"Of {choice.title}, you chose one that comes {near}." if choice else None


def choice_ignores_error_pattern(seen: Seen) -> str | None:
    rule = ungated(pick)
    if not (choice := fitting(seen, ["cheapest-misses-a-class"], rule)):
        return None
    row = next(row for row in choice.rows if row.strategy == choice.answer.returned)
    return f"You chose {row.strategy} with a worst recall of {row.worst_recall}, although {choice.gate} was asked for."


def choice_best_from_rejected(seen: Seen) -> str | None:
    choice = fitting(seen, ["best-is-refused"], _late)
    return f"Of {choice.title}, you refused {best(choice.rows).strategy}, and yet it set the bar." if choice else None


def _late(rows: Sequence[Row], gate: float) -> Row | None:
    kept = reaching(admitted(rows, gate), bar(rows))
    return cheapest(kept) if kept else None


def choice_depends_on_order(seen: Seen) -> str | None:
    first, last = gated(lambda rows: reaching(rows, bar(rows))[0]), gated(lambda rows: reaching(rows, bar(rows))[-1])
    if not chooses(seen, first, last):
        return None
    choices = seen.choices("every-order")
    names = sorted({str(choice.answer.returned) for choice in choices})
    return f"Of {choices[0].title}, you chose {' or '.join(names)}, depending on the order of the list."


def choice_tie_by_order(seen: Seen) -> str | None:
    first = gated(lambda rows: min(reaching(rows, bar(rows)), key=lambda row: row.trainable))
    last = gated(lambda rows: min(reaching(rows, bar(rows))[::-1], key=lambda row: row.trainable))
    choice = fitting(seen, ["equal-cost", "equal-cost-and-mean", "every-order-equal-cost"], first, last)
    same = "two that reach the bar cost the same"
    return f"Of {choice.title}, {same}, and you took {choice.answer.returned}." if choice else None


def choice_when_nothing_passes(seen: Seen) -> str | None:
    left = [choice for choice in seen.choices() if choice.expected is not None]
    (nothing,) = seen.choices("nothing-left")
    if nothing.answer.trouble(nothing.text) or not all(follows(choice, choice.expected) for choice in left):
        return None
    answer = f"you chose {nothing.answer.returned}" if nothing.answer.returned else "nothing was said"
    return f"All other choices are right; when no strategy had a worst recall of {nothing.gate}, {answer}."


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
