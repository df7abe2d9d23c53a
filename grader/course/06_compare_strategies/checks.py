"""Hidden checks of exercise 06. They judge facts, never the learner's process.

Twelve checks of one point: eight for the comparison of toys, three for the gain, one for a comparison in which all
is real.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from grader.adaptation import rule
from grader.authoring import Waits, check, expect, expect_returned, fail, listing, shorten

from .seen import Comparison, PairedCall, Seen, Summary, is_number, is_permutation, same_number, same_numbers
from .truth import Rated, choice, farthest_apart, known_answer, seeded_draws
from .wire import COMPARE, GAIN, StrategyRun, marks, outcomes

COMPARE_CALL = f"{COMPARE}(build, fit, strategies, seeds)"
GAIN_CALL = f"{GAIN}(a, b)"
RUNS = "This follows from the runs that were made; put those right first, and look here again."
SCORES = "This follows from your `scores`; put those right first, and look here again."
NUMBERS = "This follows from the numbers in your summaries; put those right first, and look here again."


@check(points=1, of=COMPARE)
def test_every_strategy_meets_every_seed_once(seen: Seen) -> None:
    """Every strategy is built and fitted with every seed, once"""
    for comparison in seen.toys:
        _expect_runs(comparison)
        for name in comparison.names:
            seeds = comparison.seeds_of(name)
            used = f"the seed{'s' * (len(seeds) > 1)} {', '.join(map(_number, seeds))}" if seeds else "no seed at all"
            complete = is_permutation(seeds, sorted(comparison.seeds))
            expect(complete, f"{comparison.title}, you had `{name}` fitted with {used}.{_trouble(comparison)}")


@check(points=1, of=COMPARE)
def test_every_run_starts_from_a_fresh_model(seen: Seen) -> None:
    """Every run trains a model that was built for it"""
    for comparison in seen.toys:
        _expect_runs(comparison)
        first: dict[int, StrategyRun] = {}
        for run in comparison.runs:
            earlier = first.setdefault(run.serial, run)
            twice = (
                f"`fit` got one model of `{run.build.strategy}` twice, for seed {earlier.seed} and for seed {run.seed}"
            )
            expect(earlier is run, f"{comparison.title}, {twice}. What did the first time do to it?")


@check(points=1, of=COMPARE)
def test_the_seed_decides_how_a_model_is_built(seen: Seen) -> None:
    """With the same seed, every strategy is built from the same random numbers"""
    for comparison in seen.toys:
        _expect_shared_seeds(comparison)
        if not comparison.fresh:
            raise Waits(RUNS)
        _expect_seeded(comparison, "built from", [run.build.draws for run in comparison.runs])


@check(points=1, of=COMPARE)
def test_the_seed_decides_how_a_model_is_fitted(seen: Seen) -> None:
    """With the same seed, every strategy is fitted with the same random numbers"""
    for comparison in seen.toys:
        _expect_shared_seeds(comparison)
        _expect_seeded(comparison, "fitted with", [run.draws for run in comparison.runs])


@check(points=1, of=COMPARE)
def test_summaries_and_scores_keep_the_given_order(seen: Seen) -> None:
    """Summaries keep the order of the strategies, scores and outcomes that of the seeds; both lists stay as given"""
    for comparison in seen.toys:
        rows = _rows(comparison)
        names = [row.strategy for row in rows]
        told = f"{comparison.title}, handed over as {shorten(list(comparison.names), 120)}"
        expect(
            names == list(comparison.names), f"{told}, you returned summaries of {shorten(names, 120)}, in this order."
        )
        if not comparison.complete:
            raise Waits(RUNS)
        for row in rows:
            _expect_kept(comparison, row)
        if comparison.changed:
            fail(f"{comparison.title}, you left {listing(comparison.changed)} with other contents than before.")


@check(points=1, of=COMPARE)
def test_mean_and_spread_are_those_of_the_scores(seen: Seen) -> None:
    """`mean`, `std` (with n - 1) and `n` are those of the scores"""
    for comparison in seen.repeated:
        _expect_figures(comparison, "scores of `{}` are")


@check(points=1, of=COMPARE)
def test_a_single_seed_has_no_spread(seen: Seen) -> None:
    """With a single seed, the mean is its score and the standard deviation 0.0"""
    for comparison in seen.single:
        _expect_figures(comparison, "score of `{}` is")


@check(points=1, of=COMPARE)
def test_the_cost_is_what_learns(seen: Seen) -> None:
    """`trainable` counts the scalars that require grad; `worst_recall` and its error are left at their defaults"""
    for comparison in seen.toys:
        for row in _rows(comparison):
            _fitted_scores(comparison, row)
            build, where = comparison.of(row.strategy)[0].build, f"{comparison.title}, `{row.strategy}`"
            sizes = f"{where} has {build.scalars} scalars, and {build.trainable} of them require grad"
            expect(same_number(row.trainable, build.trainable), f"{sizes}; you counted {_number(row.trainable)}.")
            figures = f"a worst_recall of {_number(row.worst_recall)} ± {_number(row.worst_recall_error)} (se)"
            recall = f"{where} got {figures}. Which recalls did you see?"
            expect(same_number(row.worst_recall, 1.0) and same_number(row.worst_recall_error, 0.0), recall)


@check(points=1, of=GAIN)
def test_the_gain_is_the_mean_of_the_differences(seen: Seen) -> None:
    """The gain is the mean of b minus a, over all seeds and examples"""
    for pair in _possible(seen):
        gain, _ = _gain(pair)
        told = f"Of {pair.title}, your gain is {gain:.6f}."
        expect(same_number(gain, pair.estimate.mean), f"{told} Which of the two is better, and by how much?")


@check(points=1, of=GAIN)
def test_its_error_counts_the_seeds_and_the_examples(seen: Seen) -> None:
    """Its standard error is made of what the seeds and the examples scatter; a single one of them adds nothing"""
    for pair in _possible(seen):
        _, error = _gain(pair)
        told = f"Of {pair.title}, your standard error is {error:.6f}. {_asked_about(pair)}"
        expect(same_number(error, pair.estimate.error), told)


@check(points=1, of=GAIN)
def test_outcomes_without_a_partner_are_refused(seen: Seen) -> None:
    """Different numbers of seeds or of examples raise ValueError"""
    for pair in _possible(seen):
        _gain(pair)
    for pair in seen.pairs:
        if pair.possible or pair.answer.raises("ValueError"):
            continue
        if pair.answer.raised is not None:
            fail(f"Of {pair.title}, `{GAIN_CALL}` raised {pair.answer.raised.sentence()} instead of ValueError.")
        fail(f"Of {pair.title}, your function answered without a word. Which outcome is whose partner?")


@check(points=1, of=COMPARE)
def test_a_real_comparison_leads_to_the_right_choice(seen: Seen) -> None:
    """On a real task, the rule of exercise 08 finds the right strategy in your summaries"""
    for toys in seen.toys:
        _expect_runs(toys)
        _expect_orderly(toys)
    comparison = seen.real
    rows = _rows(comparison)
    _expect_orderly(comparison)
    for row in rows:
        _fitted_scores(comparison, row)
    _expect_right_choice(seen, rows)


def _expect_figures(comparison: Comparison, told: str) -> None:
    """Fail when a summary's figures are not those of its scores; block the check when there are not as many as seeds.

    A single score is its own mean and has no spread.
    """
    for row in _rows(comparison):
        scores = _fitted_scores(comparison, row)
        if (len(scores) > 1) != (len(comparison.seeds) > 1):
            raise Waits(RUNS)
        where = f"{comparison.title}, the {told.format(row.strategy)} {_scores(row)}"
        expect(same_number(row.mean, fmean(scores)), f"{where}; your mean is {_number(row.mean)}.")
        expect(same_number(row.std, rule.std(scores)), f"{where}; your standard deviation is {_number(row.std)}.")
        expect(same_number(row.n, len(scores)), f"{where}; your n is {_number(row.n)}.")


def _expect_kept(comparison: Comparison, row: Summary) -> None:
    """Fail unless a summary holds what the runs of its strategy came to, seed by seed."""
    asking = "What did `fit` return, for which seed?"
    same = same_numbers(row.scores, comparison.scores_of(row.strategy))
    expect(same, f"{comparison.title}, your scores of `{row.strategy}` are {_scores(row)}. {asking}")
    where, wanted = f"{comparison.title}, your `correct` of `{row.strategy}`", comparison.correct_of(row.strategy)
    if not isinstance(row.correct, list):
        fail(f"{where} is of type {row.correct}. {asking}")
    expect(len(row.correct) == len(wanted), f"{where} has {len(row.correct)} rows. {asking}")
    for seed, mine, right in zip(comparison.seeds, row.correct, wanted, strict=True):
        expect(mine == right, f"{where} says of seed {seed} something else than `fit` did. {asking}")


def _expect_runs(comparison: Comparison) -> None:
    """Fail the check when no run was made at all."""
    if not comparison.runs:
        expect_returned(comparison.answer, COMPARE_CALL)
        fail(f"{comparison.title}, you had no model fitted.")


def _expect_orderly(comparison: Comparison) -> None:
    """Block the check when the runs are not what the contract asks for."""
    if not (comparison.complete and comparison.fresh and comparison.seeded):
        raise Waits(RUNS)


def _trouble(comparison: Comparison) -> str:
    """Name the exception that came between the runs, if one did."""
    raised = comparison.answer.raised
    return f" Then `{COMPARE_CALL}` raised {raised.sentence()}." if raised else ""


def _expect_shared_seeds(comparison: Comparison) -> None:
    """Block the check unless two strategies were fitted with one of the given seeds."""
    _expect_runs(comparison)
    names = {seed: {run.build.strategy for run in comparison.runs if run.seed == seed} for seed in comparison.seeds}
    if max(map(len, names.values())) == 1:
        raise Waits(RUNS)


def _expect_seeded(comparison: Comparison, how: str, draws: Sequence[tuple[int, ...]]) -> None:
    """Fail when a run's random numbers are not those that follow from its seed."""
    for run, mine in zip(comparison.runs, draws, strict=True):
        if run.seed not in comparison.seeds or mine == seeded_draws(run.seed):
            continue
        name, seed = f"{comparison.title}, `{run.build.strategy}`", run.seed
        for other, theirs in zip(comparison.runs, draws, strict=True):
            if other.seed == seed and theirs != mine:
                fail(f"{name} and `{other.build.strategy}` were {how} different random numbers for seed {seed}.")
        fail(f"{name} was {how} other random numbers for seed {seed} than `torch.manual_seed({seed})` leads to.")


def _rows(comparison: Comparison) -> tuple[Summary, ...]:
    """Return the summaries, one per strategy in any order; fail the check when there is anything else."""
    expect_returned(comparison.answer, COMPARE_CALL)
    if comparison.summaries is None:
        fail(f"`{COMPARE_CALL}` returned {shorten(comparison.answer.returned)}; look at the contract's return type.")
    names = [row.strategy for row in comparison.summaries]
    each_once = len(names) == len(comparison.names) and all(name in names for name in comparison.names)
    expect(each_once, f"{comparison.title}, you returned summaries of {shorten(names, 120)}.")
    return comparison.summaries


def _fitted_scores(comparison: Comparison, row: Summary) -> list[float]:
    """Return what ``fit`` returned for a summary's strategy; block the check when its scores are others."""
    _expect_runs(comparison)
    scores = [run.score for run in comparison.of(row.strategy)]
    if not scores or not same_numbers(_sorted(row.scores), sorted(scores)):
        raise Waits(SCORES)
    return scores


def _sorted(values: Any) -> list[Any]:
    numbers = isinstance(values, list) and all(is_number(value) for value in values)
    return sorted(values) if numbers else []


def _possible(seen: Seen) -> list[PairedCall]:
    return [pair for pair in seen.pairs if pair.possible]


def _gain(pair: PairedCall) -> tuple[float, float]:
    """Return gain and standard error; fail the check when anything else came back."""
    expect_returned(pair.answer, GAIN_CALL)
    returned = pair.answer.returned
    if isinstance(returned, list) and any(value in ("nan", "inf", "-inf") for value in returned):
        fail(f"Of {pair.title}, you returned ({', '.join(map(_number, returned))}). What was divided by what?")
    if pair.gain is None:
        fail(f"`{GAIN_CALL}` returned {shorten(returned)}; look at the return type in the contract.")
    return pair.gain


def _asked_about(pair: PairedCall) -> str:
    if len(pair.first) == 1:
        return "Can a single seed scatter, and what still can?"
    if len(pair.first[0]) == 1:
        return "Can a single example scatter, and what still can?"
    return "Other seeds, other examples: what would each of them change?"


def _scores(row: Summary) -> str:
    return f"({', '.join(map(_number, row.scores))})" if isinstance(row.scores, list) else shorten(row.scores)


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6f}"
    return value if value in ("nan", "inf", "-inf") else shorten(value).strip("`")


def _expect_right_choice(seen: Seen, rows: Sequence[Summary]) -> None:
    """Fail unless the real runs are what training gives, and lead to the known answer; the summaries must tell them.

    The labels of the hidden test never enter a sandbox. What every trained model predicted for it came back, so
    outcomes that were made up, or that no training gives, do not agree with it. Where those labels are not, the
    validation set takes its place: then the outcomes of a run have to be what its predictions give.
    """
    real = seen.real
    for row in rows:
        _expect_told(real, row)
    answered = dict(zip(_pairs(real), seen.answered, strict=True))
    for run, right in zip(real.runs, answered.values(), strict=True):
        _expect_plausible(seen, run, right)
    told = dict(zip(_pairs(real), (outcomes(run.correct) for run in real.runs), strict=True))
    chosen, unseen = (choice(_rated(real, found)) for found in (told, answered))
    borne_out = chosen == unseen == known_answer(seen.task["name"])
    where = f"{real.title} ({seen.task['about']}), the rule chooses `{chosen}` from your summaries"
    expect(borne_out, f"{where}, and that is not borne out by what the same models answer for unseen inputs.")


def _pairs(comparison: Comparison) -> list[tuple[str, int]]:
    return [(run.build.strategy, run.seed) for run in comparison.runs]


def _rated(comparison: Comparison, found: Mapping[tuple[str, int], list[bool]]) -> list[Rated]:
    """Return the strategies as the rule takes them, their outcomes paired by seed."""
    return [
        Rated(
            strategy=name,
            trainable=comparison.of(name)[0].build.trainable,
            correct=[found[name, seed] for seed in comparison.seeds],
        )
        for name in comparison.names
    ]


def _expect_plausible(seen: Seen, run: StrategyRun, right: Sequence[bool]) -> None:
    where = f"{seen.real.title}, the model of `{run.build.strategy}` with seed {run.seed}"
    if not seen.asks_unseen:
        told = f"{where} is said to be right about other validation examples than its predictions are."
        expect(run.correct == marks(right), told)
        return
    accuracy, bound = fmean(right), farthest_apart(run.score, len(seen.validation), len(right))
    told = f"{where} is said to score {run.score:.3f}, and is right for {accuracy:.3f} of the unseen inputs."
    expect(abs(run.score - accuracy) <= bound, told)


def _expect_told(comparison: Comparison, row: Summary) -> None:
    """Block the check when a summary does not tell what its runs were."""
    scores = comparison.scores_of(row.strategy)
    right = {
        "trainable": comparison.of(row.strategy)[0].build.trainable,
        "mean": fmean(scores),
        "std": rule.std(scores),
        "n": len(scores),
        "worst_recall": 1.0,
        "worst_recall_error": 0.0,
    }
    figures = all(same_number(getattr(row, name), value) for name, value in right.items())
    if not figures or not same_numbers(row.scores, scores) or row.correct != comparison.correct_of(row.strategy):
        raise Waits(NUMBERS)
