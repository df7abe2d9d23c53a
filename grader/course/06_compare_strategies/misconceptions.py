"""What recognises the misconceptions of exercise 06, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

import itertools
import math
from statistics import pstdev

from grader.adaptation import rule

from .seen import Comparison, Seen, Summary, same_number
from .stories import reports, summaries, unlike
from .truth import seeded_draws
from .wire import StrategyRun


def compare_reuses_trained_model(seen: Seen) -> str | None:
    reused = [_reused(comparison) for comparison in seen.repeated]
    if not all(reused):
        return None
    (first, later), *_ = reused
    return (
        f"{seen.repeated[0].title}, one and the same model of `{first.build.strategy}` was fitted for seed "
        f"{first.seed} and for seed {later.seed}."
    )


def _reused(comparison: Comparison) -> tuple[StrategyRun, ...]:
    """Return two runs with different seeds that trained one model; nothing if there are none."""
    for run in comparison.runs:
        for later in comparison.runs:
            if run.serial == later.serial and run.seed != later.seed and later.trained > run.trained:
                return run, later
    return ()


def compare_unequal_budget(seen: Seen) -> str | None:
    counts = [_counts(comparison) for comparison in seen.repeated]
    if not all(min(runs.values()) and len(set(runs.values())) > 1 for runs in counts):
        return None
    told = ", ".join(f"{runs} of `{name}`" for name, runs in counts[0].items())
    return f"{seen.repeated[0].title}, you had so many runs made: {told}."


def _counts(comparison: Comparison) -> dict[str, int]:
    return {name: len(comparison.of(name)) for name in comparison.names}


def compare_single_seed(seen: Seen) -> str | None:
    if not all(_once(comparison) for comparison in seen.repeated):
        return None
    comparison = seen.repeated[0]
    return f"{comparison.title}, you had every strategy fitted once, with seed {comparison.runs[0].seed}."


def _once(comparison: Comparison) -> bool:
    """Whether every strategy was fitted once, and all with the same seed."""
    first, *others = [comparison.seeds_of(name) for name in comparison.names]
    return len(first) == 1 and all(seeds == first for seeds in others)


def compare_different_seeds(seen: Seen) -> str | None:
    if not all(_apart(comparison) for comparison in seen.repeated):
        return None
    comparison = seen.repeated[0]
    first, second = (f"`{name}` with {_listed(comparison, name)}" for name in comparison.names[:2])
    return f"{comparison.title}, you had {first} fitted, and {second}."


def _apart(comparison: Comparison) -> bool:
    """Whether every strategy was fitted, and no two with the same seed."""
    seeds = [comparison.seeds_of(name) for name in comparison.names]
    pairs = itertools.combinations(seeds, 2)
    return all(seeds) and not any(seed in others for some, others in pairs for seed in some)


def _listed(comparison: Comparison, name: str) -> str:
    return ", ".join(map(str, comparison.seeds_of(name)))


def compare_unpaired_randomness(seen: Seen) -> str | None:
    found = [unlike(comparison, [run.draws for run in comparison.runs]) for comparison in seen.repeated]
    if not all(found):
        return None
    first, second = found[0]
    return (
        f"{seen.repeated[0].title}, both `{first.build.strategy}` and `{second.build.strategy}` were fitted for seed "
        f"{first.seed}, with different random numbers."
    )


def compare_unpaired_initialisation(seen: Seen) -> str | None:
    found = [unlike(comparison, [run.build.draws for run in comparison.runs]) for comparison in seen.repeated]
    fitted = all(run.draws == seeded_draws(run.seed) for comparison in seen.repeated for run in comparison.runs)
    if not fitted or not all(found):
        return None
    first, second = found[0]
    return (
        f"{seen.repeated[0].title}, both `{first.build.strategy}` and `{second.build.strategy}` had seed {first.seed}, "
        f"and were built from different random numbers."
    )


def compare_best_seed_not_mean(seen: Seen) -> str | None:
    if not (found := reports(seen, lambda row, scores: same_number(row.mean, max(scores)))):
        return None
    comparison, row = found
    return f"{comparison.title}, the mean of `{row.strategy}` is its highest score, {row.mean:.6f}."


def compare_population_std(seen: Seen) -> str | None:
    if not (found := reports(seen, lambda row, scores: same_number(row.std, pstdev(scores)))):
        return None
    comparison, row = found
    return f"{comparison.title}, the std of `{row.strategy}`, {row.std:.6f}, is what dividing by n gives."


def compare_se_called_std(seen: Seen) -> str | None:
    if not (found := reports(seen, lambda row, scores: any(same_number(row.std, each) for each in _errors(scores)))):
        return None
    comparison, row = found
    return f"{comparison.title}, the std of `{row.strategy}`, {row.std:.6f}, is the standard error of its mean."


def _errors(scores: list[float]) -> tuple[float, float]:
    return rule.standard_error(scores), pstdev(scores) / math.sqrt(len(scores))


def compare_cost_total_params(seen: Seen) -> str | None:
    rows = [(comparison, row) for comparison in seen.toys for row in summaries(comparison)]
    if not rows or not all(_counts_all(comparison, row) for comparison, row in rows):
        return None
    comparison, row = rows[0]
    build = comparison.of(row.strategy)[0].build
    learns = f"only {build.trainable} of which require grad"
    return f"{comparison.title}, you counted all {build.scalars} scalars of `{build.strategy}`, {learns}."


def _counts_all(comparison: Comparison, row: Summary) -> bool:
    return any(same_number(row.trainable, run.build.scalars) for run in comparison.of(row.strategy))
