"""The typed records of what was seen of exercise 06."""

from __future__ import annotations

from typing import Any

from grader.records import Record
from grader.wire.answer import Answer

from .truth import SEEDS, first_draws


class Build(Record, frozen=True, kw_only=True):
    """One call of ``build``."""

    strategy: str
    draws: tuple[int, ...]
    """The random numbers that came next."""
    trainable: int
    scalars: int
    """All numbers in the model's parameters, frozen ones too."""


class StrategyRun(Record, frozen=True, kw_only=True):
    """One call of ``fit``."""

    build: Build
    serial: int
    """Which call of ``build`` made the model."""
    trained: int
    """How often the model had been trained before."""
    seed: Any
    draws: tuple[int, ...]
    score: float
    """What ``fit`` returned."""

    @property
    def seeded_draws(self) -> tuple[int, ...]:
        """What should have come next both times; nothing for a seed that torch would not take."""
        possible = type(self.seed) is int and 0 <= self.seed < SEEDS
        return first_draws(self.seed) if possible else ()


class Summary(Record, frozen=True, kw_only=True):
    """One StrategySummary as the learner's function returned it: anything may stand in its fields."""

    strategy: Any
    trainable: Any
    mean: Any
    std: Any
    n: Any
    scores: Any
    worst_recall: Any


class Comparison(Record, frozen=True, kw_only=True):
    """One call of ``compare_strategies``."""

    about: str
    """What is compared, to begin a sentence with."""
    names: tuple[str, ...]
    seeds: tuple[int, ...]
    answer: Answer
    summaries: tuple[Summary, ...] | None
    """None when something else than a list of summaries came back."""
    runs: tuple[StrategyRun, ...]
    changed: tuple[str, ...]
    """Names of the arguments that were not what they had been after the call."""

    @property
    def title(self) -> str:
        """What was compared, to begin a sentence with."""
        seeds = f"the seed{'s' * (len(self.seeds) > 1)} {', '.join(map(str, self.seeds))}"
        return f"{self.about} {len(self.names)} strategies with {seeds}"

    def of(self, name: str) -> list[StrategyRun]:
        """Return the runs of a strategy, in the order in which they were made."""
        return [run for run in self.runs if run.build.strategy == name]

    def seeds_of(self, name: str) -> list[Any]:
        """Return the seeds that a strategy was fitted with."""
        return [run.seed for run in self.of(name)]

    def scores_of(self, name: str) -> list[float]:
        """Return what ``fit`` returned for a strategy, in the order of the seeds; each must have been used once."""
        found = {run.seed: run.score for run in self.of(name)}
        return [found[seed] for seed in self.seeds]

    @property
    def complete(self) -> bool:
        """Whether every strategy was fitted with every seed, once."""
        wanted = sorted(self.seeds)
        return all(is_permutation(self.seeds_of(name), wanted) for name in self.names)

    @property
    def fresh(self) -> bool:
        """Whether every run trained a model of its own."""
        return len({run.serial for run in self.runs}) == len(self.runs)

    @property
    def seeded(self) -> bool:
        """Whether every run was built and fitted from the beginning of its seed's random numbers."""
        return all(run.build.draws == run.draws == run.seeded_draws for run in self.runs)


def is_permutation(seen: list[Any], wanted: list[int]) -> bool:
    """Whether these are the wanted seeds, each as often as it was wanted."""
    return all(type(seed) is int for seed in seen) and sorted(seen) == wanted


class PairedCall(Record, frozen=True, kw_only=True):
    """One call of ``paired_gain``."""

    id: str
    first: tuple[float, ...]
    second: tuple[float, ...]
    answer: Answer
    gain: tuple[float, float] | None
    """The two numbers that came back; None when something else did."""

    @property
    def differences(self) -> list[float]:
        """Second minus first, as far as both go."""
        return [after - before for before, after in zip(self.first, self.second, strict=False)]

    @property
    def possible(self) -> bool:
        """Whether every score has a partner."""
        return len(self.first) == len(self.second)

    @property
    def title(self) -> str:
        """What was handed over, as a phrase after "Of"."""
        return f"the scores {_listed(self.first)} and {_listed(self.second)}"


def _listed(scores: tuple[float, ...]) -> str:
    return f"({', '.join(f'{score:.3f}' for score in scores)})"
