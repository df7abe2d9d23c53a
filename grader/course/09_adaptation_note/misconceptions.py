"""What recognises the misconceptions of exercise 09, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from grader.adaptation import Strategy, rule

from . import truth
from .seen import Seen, read_cell, read_count, read_depth
from .stories import (
    Claim,
    cell,
    defended,
    first_wrong,
    gain,
    gives_error,
    right_cell,
    right_error,
    right_score,
    stated,
    was_measured,
)


def note_one_modality(seen: Seen) -> str | None:
    absent = [part.title for part in seen.parts if not part.is_written]
    there = [part.title for part in seen.parts if part.is_complete]
    return f"{there[0]} is complete, and nothing is written about {absent[0]}." if absent and there else None


def note_winner_not_acceptable(seen: Seen) -> str | None:
    claim = first_wrong(seen, defended, lambda each: not truth.is_admitted(each.comparison, each.row))
    if claim is None:
        return None
    row, recall = claim.row, claim.comparison.gate(claim.row).recall
    found = (
        f"in {recall.mean:.2f} ± {recall.error:.2f} (se) of the cases, and the gate is {claim.comparison.min_recall:g}"
    )
    return f"{claim.title}: `{row.strategy}` finds one of the classes {found}."


def note_full_finetune_by_default(seen: Seen) -> str | None:
    claim = first_wrong(seen, defended, lambda each: each.row.strategy == "full_finetune")
    right = truth.cheapest(claim.comparison) if claim else None
    if claim is None or right is None:
        return None
    scores = f"{claim.row.mean:.4f} with {claim.row.trainable:,} trainable; a cheaper one scores {right.mean:.4f}"
    return f"{claim.title}: full_finetune scores {scores}."


def note_total_params(seen: Seen) -> str | None:
    claim = first_wrong(seen, _counts_what_learns, lambda each: _count(each) == _whole(each))
    if claim is None:
        return None
    return f"{claim.title}: `{claim.row.strategy}` is said to train {_whole(claim):,}, which is all of the model."


def _count(claim: Claim) -> int | None:
    return claim.read("trainable", read_count)


def _counts_what_learns(claim: Claim) -> bool:
    return _count(claim) == claim.row.trainable


def _whole(claim: Claim) -> int:
    return claim.comparison.strategy("full_finetune").trainable


def note_best_seed(seen: Seen) -> str | None:
    claim = first_wrong(seen, right_score, lambda each: stated(each).mean.is_rounded(max(each.row.scores)))
    if claim is None:
        return None
    return f"{claim.title}: {stated(claim).mean} is the best of the {claim.row.n} scores of `{claim.row.strategy}`."


def note_error_called_spread(seen: Seen) -> str | None:
    claim = first_wrong(seen, right_score, _gives_error)
    if claim is None:
        return None
    return f"{claim.title}: {stated(claim).std} is the standard error of the mean of `{claim.row.strategy}`."


def _gives_error(claim: Claim) -> bool:
    """Whether the mean is right, and its standard error follows it."""
    row, score = claim.row, stated(claim)
    return score.mean.is_rounded(row.mean) and score.std.is_rounded(row.std / math.sqrt(row.n))


def note_row_of_another(seen: Seen) -> str | None:
    claim = first_wrong(seen, right_score, lambda each: _owner(each) is not None)
    owner = _owner(claim) if claim else None
    if claim is None or owner is None:
        return None
    told = f"{stated(claim).mean} ± {stated(claim).std}"
    return f"{claim.title}: {told} is the score of `{owner.strategy}`, and the note names `{claim.row.strategy}`."


def _owner(claim: Claim) -> Strategy | None:
    """Return the other strategy whose mean and spread were written."""
    score = stated(claim)
    owners = (row for row in claim.others if score.mean.is_rounded(row.mean) and score.std.is_rounded(row.std))
    return next(owners, None)


def note_number_disagrees(seen: Seen) -> str | None:
    claim = first_wrong(seen, right_score, lambda each: not _is_near_a_figure(each))
    if claim is None:
        return None
    scores = ", ".join(f"{score:.4f}" for score in claim.row.scores)
    return f"{claim.title}: the note says {stated(claim).mean}; `{claim.row.strategy}` scored {scores}."


def _is_near_a_figure(claim: Claim) -> bool:
    """Whether some strategy has about this mean, or some run this score; a slip of rounding is no invention."""
    mean = stated(claim).mean
    figures = [figure for row in claim.comparison.strategies for figure in (row.mean, *row.scores)]
    return any(mean.is_near(figure) for figure in figures)


def note_error_of_seeds_alone(seen: Seen) -> str | None:
    claim = first_wrong(seen, right_error, lambda each: gives_error(each, _over_seeds(each)))
    told = gain(claim) if claim else None
    if claim is None or told is None:
        return None
    return f"{claim.title}: {told.error} counts how the gain over `{told.other.strategy}` differs from seed to seed."


def _over_seeds(claim: Claim) -> float:
    """Return the part of a gain's error that comes from the seeds; 0.0 where no gain can be read."""
    return rule.standard_error(_differences(claim)) if _differences(claim) else 0.0


def _differences(claim: Claim) -> list[float]:
    """Return how far the alternative's scores lie above the named strategy's, seed by seed."""
    told = gain(claim)
    return [theirs - mine for mine, theirs in zip(claim.row.scores, told.other.scores, strict=True)] if told else []


def note_spread_called_error(seen: Seen) -> str | None:
    claim = first_wrong(seen, right_error, lambda each: gives_error(each, *_spreads(each)))
    told = gain(claim) if claim else None
    if claim is None or told is None:
        return None
    return f"{claim.title}: {told.error} is a standard deviation: it says how far runs scatter."


def _spreads(claim: Claim) -> list[float]:
    """Return the standard deviations of both strategies, and of what lies between them seed by seed."""
    told = gain(claim)
    return [claim.row.std, told.other.std, rule.std(_differences(claim))] if told else []


def note_error_of_two_errors(seen: Seen) -> str | None:
    claim = first_wrong(seen, right_error, lambda each: gives_error(each, *_of_two(each)))
    told = gain(claim) if claim else None
    if claim is None or told is None:
        return None
    rows = f"`{claim.row.strategy}` and of `{told.other.strategy}`"
    return f"{claim.title}: {told.error} is made from the errors of {rows}, each by itself."


def _of_two(claim: Claim) -> Iterator[float]:
    """Yield what the single errors of both make: their difference, their sum, and the root of their squares' sum."""
    told = gain(claim)
    if told is None:
        return
    rows = (claim.row, told.other)
    seeds = [rule.standard_error(row.scores) for row in rows]
    both = [rule.estimate(claim.comparison.outcomes(row)).error for row in rows]
    for (one, other), make in itertools.product(
        (seeds, both), (lambda a, b: abs(a - b), lambda a, b: a + b, math.hypot)
    ):
        yield make(one, other)


def note_confusion_swapped(seen: Seen) -> str | None:
    claim = first_wrong(seen, right_cell, lambda each: was_measured(each, *cell(each)[::-1]))
    if claim is None:
        return None
    true, predicted = cell(claim)
    told = f"the counts are those of true class {predicted}, predicted {true}"
    return f"{claim.title}: you wrote true {true}, predicted {predicted}; {told}."


def note_confusion_rose(seen: Seen) -> str | None:
    claim = first_wrong(seen, right_cell, lambda each: was_measured(each, *cell(each)) and _rose(each))
    if claim is None:
        return None
    true, predicted = cell(claim)
    return f"{claim.title}: true {true}, predicted {predicted} happens more often under `{claim.row.strategy}`."


def _rose(claim: Claim) -> bool:
    told = claim.read("confusion changed", read_cell)
    return told is not None and told.after > told.before


def note_confusion_unmeasured(seen: Seen) -> str | None:
    claim = first_wrong(seen, right_cell, _holds_neither_count)
    if claim is None:
        return None
    true, predicted = cell(claim)
    counts = ", ".join(f"`{row.strategy}` {row.confusion[true][predicted]}" for row in claim.comparison.strategies)
    return f"{claim.title}: true {true}, predicted {predicted} holds other counts in every matrix: {counts}."


def _holds_neither_count(claim: Claim) -> bool:
    told, (true, predicted) = claim.read("confusion changed", read_cell), cell(claim)
    counts = {row.confusion[true][predicted] for row in claim.comparison.strategies}
    mirrored = {row.confusion[predicted][true] for row in claim.comparison.strategies}
    return told is not None and not {told.before, told.after} & (counts | mirrored)


def note_experiment_repeats(seen: Seen) -> str | None:
    claim = first_wrong(seen, lambda each: _depth(each) not in each.comparison.tested, lambda _: True)
    return f"{claim.title}: depth {_depth(claim)} is among the depths that were trained." if claim else None


def _depth(claim: Claim) -> int | None:
    return claim.read("next experiment", read_depth)
