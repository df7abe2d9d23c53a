"""Frozen records of a comparison. Contradictory values are refused when a record is made, and so when it is read."""

from __future__ import annotations

import math
import operator
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from grader.records import Record
from grader.wire import names
from grader.wire.names import STRATEGIES, Modality, StrategyName

from . import rule

SCHEMA = "transfer-grader/adaptation/v2"
"""Version of the JSON; it changes when a field changes meaning."""
Whose = Literal["yours", "reference"]
Matrix = tuple[tuple[int, ...], ...]
"""Counts ``[classes][classes]``, row = truth."""
FROZEN_AS_DECLARED = "frozen as declared"
"""The verdict of a freeze audit that proves a frozen run."""
Share = Annotated[float, Meta(ge=0, le=1)]
"""A share, or how far shares scatter; a file with any other number is refused before anything is computed of it."""
Currency = Literal["scalars", "seconds", "bytes"]
"""What costs are counted in: scalars that learn, training of one run, or what is to be kept for each task."""
LETTERS = names.LETTERS
BYTES_OF_A_SCALAR = 4
_ROUNDING = 1e-9


def outcomes(truth: str, predicted: Sequence[str]) -> rule.Outcomes:
    """Return whether each run was right about each example, ``[seeds][examples]``, from letters for their classes."""
    return tuple(tuple(map(operator.eq, said, truth)) for said in predicted)


def confusion(truth: str, predicted: Sequence[str], classes: int) -> Matrix:
    """Return how often each class was taken for each, ``[classes][classes]``, row = truth, all runs together."""
    counted = Counter(pair for said in predicted for pair in zip(truth, said, strict=True))
    return tuple(tuple(counted[true, said] for said in LETTERS[:classes]) for true in LETTERS[:classes])


def recalls(truth: str, outcomes: rule.Outcomes) -> dict[str, rule.Estimate]:
    """Return the recall of every class that has examples, by its letter."""
    return {
        letter: rule.estimate(
            [[right for right, its in zip(row, truth, strict=True) if its == letter] for row in outcomes]
        )
        for letter in sorted(set(truth))
    }


def worst_class(found: Mapping[str, rule.Estimate]) -> str:
    """Return the letter of the smallest of the recalls; of equals the least certain."""
    return min(found, key=lambda letter: (found[letter].mean, -found[letter].error))


def worst_recall(truth: str, outcomes: rule.Outcomes) -> rule.Estimate:
    """Return the smallest recall of the classes that have examples; of equals the least certain."""
    found = recalls(truth, outcomes)
    return found[worst_class(found)]


class LearningRates(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Peak learning rates of a run, per group."""

    head: float
    backbone: float
    """0.0 where no block of the backbone learns."""


class Strategy(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One strategy over all seeds. It has every attribute of a ``StrategySummary``."""

    strategy: StrategyName
    depth: int
    """Number of last blocks that learn: 0 is the head alone, all of them is everything."""
    trainable: int
    """Number of scalars that learn."""
    scores: tuple[Share, ...]
    """Validation accuracies, one per seed, in the order of the comparison's seeds."""
    mean: Share
    std: Share
    """Standard deviation with n - 1; 0.0 for one seed."""
    n: int
    predicted: tuple[str, ...]
    """What each run said of the validation set: a letter of ``LETTERS`` for each example."""
    worst_recall: Share
    """The smallest recall of a class, all seeds together."""
    worst_recall_error: Share
    """Its standard error, over seeds and examples."""
    seconds: float
    """Training alone, mean over the seeds."""
    moved_buffers: int = 0
    """Bytes of the buffers that training moves, such as the statistics of batch normalisation."""
    confusion: Matrix
    """Of the validation set, summed over the seeds."""
    learning_rates: LearningRates

    @property
    def stored_bytes(self) -> int:
        """What has to be kept for each new task: the scalars that learned, 4 bytes each, and buffers that moved."""
        return BYTES_OF_A_SCALAR * self.trainable + self.moved_buffers

    def __post_init__(self) -> None:
        """Refuse figures that contradict each other."""
        if not self.n == len(self.scores) == len(self.predicted) or not self.scores:
            told = f"{len(self.scores)} scores and predictions of {len(self.predicted)} runs"
            raise ValueError(f"{self.strategy}: n is {self.n} and there are {told}")
        if not self.confusion or any(len(row) != len(self.confusion) or sum(row) <= 0 for row in self.confusion):
            raise ValueError(f"{self.strategy}: the confusion matrix is not square, or a class has no examples")
        recalls = [row[true] / sum(row) for true, row in enumerate(self.confusion)]
        found = {
            "mean": statistics.fmean(self.scores),
            "std": rule.std(self.scores),
            "worst_recall": min(recalls),
        }
        for name, value in found.items():
            if not math.isclose(getattr(self, name), value, abs_tol=_ROUNDING):
                raise ValueError(f"{self.strategy}: {name} is {getattr(self, name)}, its own figures make it {value}")
        right = sum(row[true] for true, row in enumerate(self.confusion)) / sum(map(sum, self.confusion))
        if not math.isclose(self.mean, right, abs_tol=_ROUNDING):
            raise ValueError(f"{self.strategy}: the mean is {self.mean}, the confusion matrix makes it {right}")


PRICES: Mapping[Currency, Callable[[Strategy], float]] = {
    "scalars": rule.trainable,
    "seconds": lambda row: row.seconds,
    "bytes": lambda row: row.stored_bytes,
}


class Depth(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one depth of a pretrained backbone costs, and what it brought where it was tried."""

    depth: int
    trainable: int
    scores: tuple[Share, ...]
    """Validation accuracies, one per seed; empty where this depth was not trained."""


class ConfusionCell(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One cell of the confusion matrix under two strategies; counts are summed over the seeds."""

    true: int
    predicted: int
    before: int
    after: int


class Delta(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes from one strategy to another."""

    before: StrategyName
    after: StrategyName
    headline: float
    """Accuracy, after - before."""
    pattern: float
    """Share of the examples whose error appeared, vanished or moved."""
    cell: ConfusionCell
    """The pair of different classes whose count changed most."""


class Audit(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the freeze audit found in one frozen run."""

    seed: int
    verdict: str
    """``frozen as declared``, ``NOT frozen`` or ``not proven``."""
    findings: tuple[str, ...]


class Function(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose code took one step of the runs."""

    name: str
    exercise: str
    whose: Whose
    why: str
    """One sentence."""


class RunOrigin(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is needed to repeat the runs."""

    created: datetime
    grader: str
    course: str
    versions: Mapping[str, str]
    fixtures: Mapping[str, str]
    """Name to sha256."""


class Comparison(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The four strategies on one scenario: the same budget, the same seeds, the same validation set."""

    modality: Modality
    scenario: str
    about: str
    classes: tuple[str, ...]
    examples: int
    """Size of the validation set."""
    truth: str
    """Its classes: a letter of ``LETTERS`` for each example."""
    steps: int
    batch: int
    warmup: Share
    """Share of the steps in which every rate rises to its peak; a cosine takes it to zero in the rest."""
    seeds: tuple[int, ...]
    min_recall: Share
    """The gate: a strategy that finds some class less often than this, and is told from it, is not admitted."""
    cost: Currency = "scalars"
    """What ``cheapest`` means in the choice."""
    blocks: tuple[str, ...]
    """The backbone's blocks, input side first."""
    strategies: tuple[Strategy, ...]
    """In the order of ``STRATEGIES``."""
    depths: tuple[Depth, ...]
    """From the head alone to everything, each depth once."""
    deltas: tuple[Delta, ...]
    audits: tuple[Audit, ...]
    """One per frozen run."""
    functions: tuple[Function, ...]
    provenance: RunOrigin

    def __post_init__(self) -> None:
        """Refuse a comparison whose parts do not belong together."""
        if tuple(row.strategy for row in self.strategies) != STRATEGIES:
            raise ValueError(f"the strategies must be {', '.join(STRATEGIES)}, in this order")
        if [row.depth for row in self.depths] != list(range(len(self.blocks) + 1)):
            raise ValueError(f"the depths must be 0 to {len(self.blocks)}, in this order")
        known = set(LETTERS[: len(self.classes)])
        if len(self.truth) != self.examples or not set(self.truth) <= known:
            raise ValueError(f"the truth is not {self.examples} letters for {len(self.classes)} classes")
        for row in self.strategies:
            if not set().union(*row.predicted) <= known:
                raise ValueError(f"{row.strategy}: the predictions name more than {len(self.classes)} classes")
            self._expect_consistent(row)

    def _expect_consistent(self, row: Strategy) -> None:
        """Raise ValueError where a strategy's figures are not what its predictions make them."""
        if row.n != len(self.seeds) or any(len(said) != self.examples for said in row.predicted):
            raise ValueError(f"{row.strategy}: scores or predictions do not fit the seeds and the validation set")
        if row.confusion != confusion(self.truth, row.predicted, len(self.classes)):
            raise ValueError(f"{row.strategy}: the confusion matrix is not that of its predictions")
        outcomes = self.outcomes(row)
        scores = [sum(right) / self.examples for right in outcomes]
        worst = worst_recall(self.truth, outcomes)
        found = {"scores": scores, "worst_recall_error": [worst.error]}
        for name, values in found.items():
            told = row.scores if name == "scores" else (row.worst_recall_error,)
            if not all(math.isclose(one, other, abs_tol=_ROUNDING) for one, other in zip(told, values, strict=True)):
                raise ValueError(f"{row.strategy}: {name} is {told}, its predictions make it {values}")

    def outcomes(self, row: Strategy) -> rule.Outcomes:
        """Return whether each run was right about each validation example, ``[seeds][examples]``."""
        return outcomes(self.truth, row.predicted)

    def gain(self, first: Strategy, second: Strategy) -> tuple[float, float]:
        """Return the mean of what the second scores above the first, and its standard error."""
        found = rule.paired_gain(self.outcomes(first), self.outcomes(second))
        return found.mean, found.error

    def price(self, row: Strategy) -> float:
        """Return what a strategy costs, in the comparison's currency; it is what the rule takes as ``cost``."""
        return PRICES[self.cost](row)

    def strategy(self, name: str) -> Strategy:
        """Return one strategy's row; raise KeyError for a name that is none of the four."""
        return {row.strategy: row for row in self.strategies}[name]  # type: ignore[index]

    @property
    def tested(self) -> tuple[int, ...]:
        """The depths that were trained."""
        return tuple(row.depth for row in self.depths if row.scores)

    @property
    def frozen_as_declared(self) -> bool:
        """Whether every frozen run was proved to be frozen."""
        return bool(self.audits) and all(audit.verdict == FROZEN_AS_DECLARED for audit in self.audits)


class Adaptation(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole evidence: one comparison per modality."""

    schema: str = SCHEMA
    comparisons: tuple[Comparison, ...]

    def __post_init__(self) -> None:
        """Refuse two comparisons of one modality."""
        modalities = [comparison.modality for comparison in self.comparisons]
        if len(set(modalities)) != len(modalities):
            raise ValueError("each modality may be there once")

    def of(self, modality: str) -> Comparison | None:
        """Return the comparison of a modality, if it was made."""
        return next((each for each in self.comparisons if each.modality == modality), None)
