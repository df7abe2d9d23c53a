"""Frozen records of a comparison. Contradictory values are refused when a record is made, and so when it is read."""

from __future__ import annotations

import math
import operator
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from grader.records import Record
from grader.wire import names
from grader.wire.names import STRATEGIES, Modality, StrategyName

from . import rule
from .gate import Gated, gated, settled_by, worst_class

SCHEMA = "transfer-grader/adaptation/v2"
"""Version of the JSON; it changes when a field changes meaning."""
Whose = Literal["yours", "reference"]
Matrix = tuple[tuple[int, ...], ...]
"""Counts ``[classes][classes]``, row = truth."""
FROZEN_AS_DECLARED = "frozen as declared"
"""The verdict of a freeze audit that proves a frozen run."""
Share = Annotated[float, Meta(ge=0, le=1)]
"""A share, or how far shares scatter; a file with any other number is refused before anything is computed of it."""
Count = Annotated[int, Meta(ge=0, le=2**53)]
Rate = Annotated[float, Meta(ge=0, le=1e6)]
Seconds = Annotated[float, Meta(ge=0, le=1e9)]
Currency = Literal["scalars", "seconds", "bytes"]
"""What costs are counted in: scalars that learn, training of one run, or what is to be kept for each task."""
LETTERS = names.LETTERS
BYTES_OF_A_SCALAR = 4
_ROUNDING = 1e-9
_FEWEST = 2
"""Classes of which one can be taken for another."""


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


def worst_recall(truth: str, outcomes: rule.Outcomes) -> rule.Estimate:
    """Return the smallest recall of the classes that have examples; of equals the least certain."""
    found = recalls(truth, outcomes)
    return found[worst_class(found)]


def accuracies(outcomes: rule.Outcomes) -> tuple[float, ...]:
    """Return the share of right answers of each run."""
    return tuple(sum(right) / len(right) for right in outcomes)


def figures(truth: str, predicted: Sequence[str], classes: int) -> dict[str, Any]:
    """Return the fields of a ``Strategy`` that follow from what its runs predicted; ValueError for other examples."""
    right = outcomes(truth, predicted)
    scores, worst = accuracies(right), worst_recall(truth, right)
    return {
        "scores": scores,
        "mean": statistics.fmean(scores),
        "std": rule.std(scores),
        "n": len(scores),
        "predicted": tuple(predicted),
        "worst_recall": worst.mean,
        "worst_recall_error": worst.error,
        "confusion": confusion(truth, predicted, classes),
    }


def _is_alike(told: object, found: object) -> bool:
    """Whether figures are the same up to rounding."""
    match told, found:
        case tuple(), tuple():
            return len(told) == len(found) and all(map(_is_alike, told, found))
        case float(), float():
            return math.isclose(told, found, abs_tol=_ROUNDING)
        case _:
            return told == found


class LearningRates(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Peak learning rates of a run, per group."""

    head: Rate
    backbone: Rate
    """0.0 where no block of the backbone learns."""


class Strategy(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One strategy over all seeds. It has every attribute of a ``StrategySummary``."""

    strategy: StrategyName
    depth: Count
    """Number of last blocks that learn: 0 is the head alone, all of them is everything."""
    trainable: Count
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
    seconds: Seconds
    """Training alone, mean over the seeds."""
    moved_buffers: Count = 0
    """Bytes of the buffers that training moves, such as the statistics of batch normalisation."""
    confusion: Matrix
    """Of the validation set, summed over the seeds."""
    learning_rates: LearningRates

    @property
    def stored_bytes(self) -> int:
        """What has to be kept for each new task: the scalars that learned, 4 bytes each, and buffers that moved."""
        return BYTES_OF_A_SCALAR * self.trainable + self.moved_buffers

    def __post_init__(self) -> None:
        """Refuse a rate for blocks that do not learn, and none for blocks that do."""
        if (self.learning_rates.backbone > 0) != (self.depth > 0):
            rate = self.learning_rates.backbone
            raise ValueError(f"{self.strategy}: {self.depth} blocks of the backbone learn, at a rate of {rate}")


PRICES: Mapping[Currency, Callable[[Strategy], float]] = {
    "scalars": rule.trainable,
    "seconds": lambda row: row.seconds,
    "bytes": lambda row: row.stored_bytes,
}


class Depth(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one depth of a pretrained backbone costs, and what it brought where it was tried."""

    depth: Count
    trainable: Count
    scores: tuple[Share, ...]
    """Validation accuracies, one per seed; empty where this depth was not trained."""


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
    examples: Count
    """Size of the validation set."""
    truth: str
    """Its classes: a letter of ``LETTERS`` for each example."""
    steps: Count
    batch: Count
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
    audits: tuple[Audit, ...]
    """One per frozen run."""
    functions: tuple[Function, ...]
    provenance: RunOrigin

    def __post_init__(self) -> None:
        """Refuse a comparison whose parts do not belong together."""
        if tuple(row.strategy for row in self.strategies) != STRATEGIES:
            raise ValueError(f"the strategies must be {', '.join(STRATEGIES)}, in this order")
        if not self.seeds or len(set(self.seeds)) != len(self.seeds):
            raise ValueError("there is no seed, or one that stands there twice")
        if not self.steps or not self.batch:
            raise ValueError("nothing was trained: there are no steps, or no examples in one")
        if not _FEWEST <= len(self.classes) <= len(LETTERS):
            raise ValueError(f"there are {len(self.classes)} classes, not {_FEWEST} to {len(LETTERS)}")
        if len(self.truth) != self.examples or set(self.truth) != set(LETTERS[: len(self.classes)]):
            many = len(self.classes)
            raise ValueError(f"the truth is not {self.examples} letters for {many} classes, or a class has no examples")
        for row in self.strategies:
            self._expect_consistent(row)
        self._expect_depths()
        self._expect_audits()

    def _expect_consistent(self, row: Strategy) -> None:
        """Raise ValueError where a strategy's figures are not what its predictions make them."""
        if len(row.predicted) != len(self.seeds) or any(len(said) != self.examples for said in row.predicted):
            raise ValueError(f"{row.strategy}: predictions do not fit the seeds and the validation set")
        if not set().union(*row.predicted) <= set(self.truth):
            raise ValueError(f"{row.strategy}: the predictions name more than {len(self.classes)} classes")
        for name, value in figures(self.truth, row.predicted, len(self.classes)).items():
            if not _is_alike(told := getattr(row, name), value):
                raise ValueError(f"{row.strategy}: {name} is {told}, its predictions make it {value}")

    def _expect_depths(self) -> None:
        """Raise ValueError where depths, or the scores at them, are not those of the strategies."""
        scratch, frozen, partial, full = self.strategies
        blocks = len(self.blocks)
        if not (frozen.depth == 0 < partial.depth < full.depth == scratch.depth == blocks):
            told = ", ".join(f"{row.strategy} {row.depth}" for row in self.strategies)
            raise ValueError(f"of {blocks} blocks, these cannot be the depths: {told}")
        if [row.depth for row in self.depths] != list(range(blocks + 1)):
            raise ValueError(f"the depths must be 0 to {blocks}, in this order")
        known = {row.depth: row.scores for row in (frozen, partial, full)}
        for row in self.depths:
            if len(row.scores) not in (0, len(self.seeds)):
                raise ValueError(f"depth {row.depth}: there are {len(row.scores)} scores of {len(self.seeds)} seeds")
            if not all(_is_alike(round(score * self.examples) / self.examples, score) for score in row.scores):
                raise ValueError(f"depth {row.depth}: no {self.examples} examples make the scores {row.scores}")
            if not _is_alike(known.get(row.depth, row.scores), row.scores):
                raise ValueError(f"depth {row.depth}: the scores are {row.scores}, its strategy's are others")

    def _expect_audits(self) -> None:
        """Raise ValueError for an audit of a run that was not made, and for two of one run."""
        audited = [audit.seed for audit in self.audits]
        if len(set(audited)) != len(audited) or not set(audited) <= set(self.seeds):
            raise ValueError(f"the frozen runs had the seeds {self.seeds}, and audited are {audited}")

    def outcomes(self, row: Strategy) -> rule.Outcomes:
        """Return whether each run was right about each validation example, ``[seeds][examples]``."""
        return outcomes(self.truth, row.predicted)

    def gain(self, first: Strategy, second: Strategy) -> tuple[float, float]:
        """Return the mean of what the second scores above the first, and its standard error."""
        return rule.gain(self.outcomes(first), self.outcomes(second))

    def gate(self, row: Strategy) -> Gated:
        """Return what the gate makes of a strategy; it looks at every class."""
        return gated(recalls(self.truth, self.outcomes(row)), self.min_recall)

    def settled_by(self, found: Gated) -> str:
        """Say what would tell a strategy from the gate of which that is open: one sentence."""
        examples = self.truth.count(LETTERS[found.true])
        return settled_by(found.recall, self.min_recall, examples, self.classes[found.true])

    @property
    def admitted(self) -> list[Strategy]:
        """The strategies that the gate does not turn away."""
        return [row for row in self.strategies if self.gate(row).verdict != "fails"]

    @property
    def choice(self) -> Strategy | None:
        """What the course's rule chooses; None when the gate turns every strategy away."""
        kept = self.admitted
        return rule.pick(kept, self.gain, self.price) if kept else None

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
        """Whether every frozen run was audited and proved to be frozen."""
        proved = {audit.seed for audit in self.audits if audit.verdict == FROZEN_AS_DECLARED}
        return proved == set(self.seeds)


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
