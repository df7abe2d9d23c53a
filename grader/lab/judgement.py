"""Apply the course's rule to a comparison; pure functions of the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.adaptation import Comparison, Currency, Strategy, matrices, rule
from grader.adaptation.gate import Gated
from grader.records import Record

from .changes import ConfusionCell, Delta, cell_of, deltas

_LEAST: Mapping[Currency, str] = {
    "scalars": "trains the least",
    "seconds": "trains the fastest",
    "bytes": "leaves the least to keep",
}


class Gain(Record, frozen=True, kw_only=True):
    """What one strategy scores above another, paired by seed and example."""

    over: str
    mean: float
    error: float
    """Standard error of the mean, over seeds and examples; with one seed, over examples alone."""


class Worth(Record, frozen=True, kw_only=True):
    """What a strategy buys."""

    strategy: str
    over_scratch: Gain | None
    """None for scratch itself."""
    over_cheaper: Gain | None
    """Over the strategy that costs the next less; None where there is none."""
    cost: float | None
    """What a percentage point gained over the cheaper one costs in addition, in the comparison's currency; None where
    nothing was gained."""


class Undecided(Record, frozen=True, kw_only=True):
    """A strategy that fails the gate for no class, and of which one recall lies within a standard error of it."""

    strategy: str
    class_name: str
    """Of the classes that leave it open, the one that it finds least often."""
    recall: float
    error: float
    settled_by: str
    """What would tell it from the gate: one sentence."""


class Decision(Record, frozen=True, kw_only=True):
    """The cheapest acceptable strategy and why."""

    strategy: str | None
    """None when the gate turns every strategy away."""
    by_headline: str
    """What the rule says without the gate."""
    best: str | None
    """The highest mean of those that the gate does not turn away."""
    tied: tuple[str, ...]
    """Others that cannot be told from the best."""
    dropped: tuple[str, ...]
    """Strategies that the gate turns away."""
    undecided: tuple[Undecided, ...]
    """Strategies that are not told from the gate; they stay in."""
    why: str
    """One to three sentences."""

    def is_undecided(self, strategy: str | None) -> bool:
        """Whether a strategy is not told from the gate."""
        return any(each.strategy == strategy for each in self.undecided)


def gain(comparison: Comparison, strategy: Strategy, over: Strategy) -> Gain:
    """Pair the outcomes by seed and example."""
    mean, error = comparison.gain(over, strategy)
    return Gain(over=over.strategy, mean=mean, error=error)


def worth(comparison: Comparison) -> tuple[Worth, ...]:
    """Say of each strategy what it buys over scratch and over the next cheaper one."""
    return tuple(_worth(comparison, strategy) for strategy in comparison.strategies)


def _worth(comparison: Comparison, strategy: Strategy) -> Worth:
    scratch, below = comparison.strategy("scratch"), cheaper(comparison, strategy)
    over = gain(comparison, strategy, below) if below else None
    cost = None
    if below and over and over.mean > 0:
        cost = (comparison.price(strategy) - comparison.price(below)) / (100 * over.mean)
    return Worth(
        strategy=strategy.strategy,
        over_scratch=None if strategy is scratch else gain(comparison, strategy, scratch),
        over_cheaper=over,
        cost=cost,
    )


def cheaper(comparison: Comparison, strategy: Strategy) -> Strategy | None:
    """Return the costliest strategy that costs less; None for the cheapest."""
    price = comparison.price
    return max((row for row in comparison.strategies if price(row) < price(strategy)), key=price, default=None)


def choose(comparison: Comparison) -> Decision:
    """Apply the course's rule: the gate, the best, the cheapest of those that cannot be told from it."""
    rows, gain = comparison.strategies, comparison.gain
    kept = comparison.admitted
    by_headline = rule.pick(rows, gain, comparison.price).strategy
    dropped = [row for row in rows if row not in kept]
    best = rule.best(kept, comparison.price) if kept else None
    tied = [row for row in rule.not_told_from(best, kept, gain) if row is not best] if best else []
    chosen = comparison.choice
    said = [_chosen(comparison, chosen, best, tied, kept)] if chosen and best else [_NOBODY]
    return Decision(
        strategy=chosen.strategy if chosen else None,
        by_headline=by_headline,
        best=best.strategy if best else None,
        tied=tuple(row.strategy for row in tied),
        dropped=tuple(row.strategy for row in dropped),
        undecided=tuple(
            _undecided(comparison, row, found)
            for row, found in ((row, comparison.gate(row)) for row in kept)
            if found.verdict == "undecided"
        ),
        why=" ".join([*_turned_away(comparison, dropped), *said]),
    )


_NOBODY = "That is all of them, so none is acceptable."


def _turned_away(comparison: Comparison, dropped: Sequence[Strategy]) -> list[str]:
    """Say whom the gate turns away; nothing where it is nobody."""
    found = [f"{row.strategy} ({deciding_text(comparison, comparison.gate(row))})" for row in dropped]
    gate = f"The gate (every class found at least {comparison.min_recall:.0%} of the time)"
    return [f"{gate} turns away {_listed(found)}."] if found else []


def _chosen(
    comparison: Comparison, chosen: Strategy, best: Strategy, tied: Sequence[Strategy], kept: Sequence[Strategy]
) -> str:
    """Say in one or two sentences why the choice is the choice."""
    if len(kept) == 1:
        return f"Only {chosen.strategy} is left, with a mean of {chosen.mean:.3f}."
    others = "Of the others, " if len(kept) < len(comparison.strategies) else ""
    top = f"{others}{best.strategy} has the best mean, {best.mean:.3f}"
    if not tied:
        return f"{top}, and every other falls short of it by more than one standard error, so {chosen.strategy} it is."
    short = [f"{row.strategy} ({_shortfall(comparison, row, best)})" for row in tied]
    return f"{top}; {_listed(short)} cannot be told from it. {_cheapest(comparison, chosen, [best, *tied])}"


def _cheapest(comparison: Comparison, chosen: Strategy, rows: Sequence[Strategy]) -> str:
    """Say why the choice is the cheapest of rows, or which mean decides where others cost the same."""
    least = _LEAST[comparison.cost]
    same = [row.strategy for row in rows if row is not chosen and comparison.price(row) == comparison.price(chosen)]
    if not same:
        return f"Of these, {chosen.strategy} {least}."
    is_higher = all(chosen.mean > comparison.strategy(name).mean + rule.ROUNDING for name in same)
    why = "has the higher mean" if is_higher else "is not surpassed and comes first"
    return f"Of these, {_listed([chosen.strategy, *same])} cost the least, one like the other; {chosen.strategy} {why}."


def _shortfall(comparison: Comparison, row: Strategy, best: Strategy) -> str:
    mean, error = comparison.gain(row, best)
    return f"short by {mean:.3f} ± {error:.3f} se"


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def deciding_text(comparison: Comparison, found: Gated) -> str:
    """Write the recall on which the gate's answer rests."""
    return f"recall of {comparison.classes[found.true]} {found.recall.mean:.3f} ± {found.recall.error:.3f} se"


def _undecided(comparison: Comparison, row: Strategy, found: Gated) -> Undecided:
    """Name the class that leaves the gate's answer open, and what would close it."""
    return Undecided(
        strategy=row.strategy,
        class_name=comparison.classes[found.true],
        recall=found.recall.mean,
        error=found.recall.error,
        settled_by=comparison.settled_by(found),
    )


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
    return max(deltas(comparison), key=lambda delta: delta.pattern - abs(delta.headline))
