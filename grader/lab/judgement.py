"""Apply the course's rule to a comparison; pure functions of the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from grader.adaptation import Comparison, ConfusionCell, Delta, Strategy, matrices, rule
from grader.records import Record

from .summary import cell_of


class Gain(Record, frozen=True, kw_only=True):
    """What one strategy scores above another, paired by seed."""

    over: str
    mean: float
    error: float
    """Standard error of the mean of the paired differences; 0.0 for one seed."""


class Worth(Record, frozen=True, kw_only=True):
    """What a strategy buys."""

    strategy: str
    over_scratch: Gain | None
    """None for scratch itself."""
    over_cheaper: Gain | None
    """Over the strategy with the next fewer trainable scalars; None where there is none."""
    cost: int | None
    """Additional trainable scalars per percentage point gained over the cheaper one; None where nothing was gained."""


class Decision(Record, frozen=True, kw_only=True):
    """The cheapest acceptable strategy and why."""

    strategy: str | None
    """None when no strategy passes the gate."""
    by_headline: str
    """What the rule says without the gate."""
    bar: float | None
    """Best admitted mean less its standard error."""
    dropped: tuple[str, ...]
    """Strategies that the gate did not admit."""
    why: str
    """One or two sentences."""


def gain(strategy: Strategy, over: Strategy) -> Gain:
    """Pair the scores by seed."""
    mean, error = rule.paired_gain(strategy.scores, over.scores)
    return Gain(over=over.strategy, mean=mean, error=error)


def worth(comparison: Comparison) -> tuple[Worth, ...]:
    """Say of each strategy what it buys over scratch and over the next cheaper one."""
    return tuple(_worth(comparison, strategy) for strategy in comparison.strategies)


def _worth(comparison: Comparison, strategy: Strategy) -> Worth:
    scratch, below = comparison.strategy("scratch"), cheaper(comparison, strategy)
    over = gain(strategy, below) if below else None
    cost = None
    if below and over and over.mean > 0:
        cost = round((strategy.trainable - below.trainable) / (100 * over.mean))
    return Worth(
        strategy=strategy.strategy,
        over_scratch=None if strategy is scratch else gain(strategy, scratch),
        over_cheaper=over,
        cost=cost,
    )


def cheaper(comparison: Comparison, strategy: Strategy) -> Strategy | None:
    """Return the costliest strategy that costs less; None for the cheapest."""
    below = [other for other in comparison.strategies if other.trainable < strategy.trainable]
    return max(below, key=lambda other: other.trainable, default=None)


def choose(comparison: Comparison) -> Decision:
    """Apply the course's rule: the gate, the bar one standard error below the best, the cheapest above it."""
    rows = comparison.strategies
    kept = rule.admitted(rows, comparison.min_recall)
    chosen = rule.choose(rows, comparison.min_recall)
    return Decision(
        strategy=chosen.strategy if chosen else None,
        by_headline=rule.pick(rows).strategy,
        bar=rule.bar(kept) if kept else None,
        dropped=tuple(row.strategy for row in rows if row not in kept),
        why=_why(comparison, chosen, kept) if chosen else _NOBODY.format(comparison.min_recall),
    )


_NOBODY = "No strategy finds every class at least {:.0%} of the time, so none is acceptable."


def _why(comparison: Comparison, chosen: Strategy, kept: Sequence[Strategy]) -> str:
    found = [f"{row.strategy} {row.worst_recall:.2f}" for row in comparison.strategies if row not in kept]
    asked = f"The gate (every class found at least {comparison.min_recall:.0%} of the time) turns away"
    gate = f"{asked} {', '.join(found)}. " if found else ""
    best, bar = rule.best(kept), rule.bar(kept)
    top = f"{best.strategy} has the best mean, {best.mean:.3f}, and one standard error below it is {bar:.3f}"
    if chosen is best:
        return f"{gate}{top}: nothing cheaper reaches that, so {chosen.strategy} it is."
    return f"{gate}{top}: {chosen.strategy} reaches that with {chosen.mean:.3f} and trains the least."


class Useful(Record, frozen=True, kw_only=True):
    """An error pattern that changed, and what the change cost elsewhere."""

    before: str
    after: str
    fell: ConfusionCell
    """The confusion of two classes that fell most."""
    rose: ConfusionCell
    """The one that rose most, if any did."""


def useful(comparison: Comparison) -> Useful:
    """Look at the errors of the chosen strategy beside those of the next cheaper one, or of scratch."""
    choice = choose(comparison)
    after = comparison.strategy(choice.strategy or choice.by_headline)
    before = cheaper(comparison, after) or comparison.strategy("scratch")
    change = matrices.moved(before.confusion, after.confusion)
    by_change = sorted(matrices.confusions(len(change)), key=lambda cell: int(change[cell]))
    return Useful(
        before=before.strategy,
        after=after.strategy,
        fell=cell_of(before, after, *by_change[0]),
        rose=cell_of(before, after, *by_change[-1]),
    )


def hidden_by_headline(comparison: Comparison) -> Delta:
    """Return the pair of strategies whose errors moved most beyond what the headline shows."""
    return max(comparison.deltas, key=lambda delta: delta.pattern - abs(delta.headline))
