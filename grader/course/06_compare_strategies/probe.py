"""Goes into the sandbox: has the learner's functions compare toys, then real strategies, and writes down every run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn

from grader.inside import scenarios, strategies, switches
from grader.inside.observe import Submitted, as_answer, numbers, plain
from grader.inside.summary import StrategySummary
from grader.inside.wire import Fact
from grader.wire.draws import DRAWS, SCALE
from grader.wire.job import Job
from grader.wire.names import STRATEGIES

from . import wire
from .wire import COMPARE, GAIN, RUNS_CAP

Draws = tuple[int, ...]


class World(Protocol):
    """Models of one kind, and how they are trained."""

    def build(self, strategy: str) -> nn.Module:
        """Make a strategy's model from the random numbers that come next."""

    def fit(self, model: nn.Module, strategy: str, seen: tuple[Draws, Draws]) -> list[bool]:
        """Train a model in place and return which validation examples it is right about.

        ``seen`` are the random numbers before building and before this.
        """


class Bench:
    """What the learner's function gets as ``build`` and ``fit``: it keeps a record of every call."""

    def __init__(self, world: World) -> None:
        self.builds: list[wire.Build] = []
        self.runs: list[wire.StrategyRun] = []
        self._world = world

    def build(self, strategy: str) -> nn.Module:
        """Build a strategy's model, which knows from now on which one it is."""
        _expect_few(self.builds)
        draws = _next_draws()
        with switches.own():
            model = self._world.build(strategy)
        vars(model).update(serial=len(self.builds), trained=0)
        sizes = [(parameter.numel(), parameter.requires_grad) for parameter in model.parameters()]
        trainable, scalars = sum(size for size, learns in sizes if learns), sum(size for size, _ in sizes)
        self.builds.append(wire.Build(strategy=strategy, draws=draws, trainable=trainable, scalars=scalars))
        return model

    def fit(self, model: nn.Module, seed: int) -> list[bool]:
        """Train a model and return which validation examples it is right about.

        TypeError for a model that ``build`` has not made.
        """
        _expect_few(self.runs)
        serial, trained = (getattr(model, name, None) for name in ("serial", "trained"))
        if not isinstance(serial, int) or not isinstance(trained, int) or serial >= len(self.builds):
            raise TypeError("fit takes a model that build has made")
        draws, build = _next_draws(), self.builds[serial]
        vars(model).update(trained=trained + 1)
        with switches.own():
            correct = self._world.fit(model, build.strategy, (build.draws, draws))
        marks = wire.marks(correct)
        answer = as_answer(seed)
        told = answer.returned if answer.has_returned else None
        self.runs.append(
            wire.StrategyRun(build=build, serial=serial, trained=trained, seed=told, draws=draws, correct=marks)
        )
        return correct

    def orderly(self, names: Sequence[str], seeds: Sequence[int]) -> bool:
        """Whether every pair was run once, with a model of its own and with the same luck before and after."""
        pairs = [(run.build.strategy, run.seed) for run in self.runs]
        own = all(run.build.draws == run.draws and not run.trained for run in self.runs)
        return own and len(pairs) == len(names) * len(seeds) == sum((n, s) in pairs for n in names for s in seeds)


def _expect_few(calls: Sequence[Any]) -> None:
    if len(calls) >= RUNS_CAP:
        raise RuntimeError(f"{RUNS_CAP} runs are far more than this comparison has pairs")


def _next_draws() -> Draws:
    """Return the random numbers that come next, and leave them to come."""
    state = torch.get_rng_state()
    draws = torch.randint(SCALE, (DRAWS,)).tolist()
    torch.set_rng_state(state)
    return tuple(draws)


class Toy(nn.Module):
    """Random numbers, some of which can learn."""

    def __init__(self, row: dict[str, Any]) -> None:
        super().__init__()
        self.live = nn.ParameterList([nn.Parameter(torch.rand(shape)) for shape in row["live"]])
        self.still = nn.ParameterList([nn.Parameter(torch.rand(shape), requires_grad=False) for shape in row["still"]])
        self.register_buffer("statistics", torch.zeros(7))


class Toys:
    """A world in which a run takes no time, and its outcomes show what they were made of."""

    def __init__(self, case: dict[str, Any]) -> None:
        self._rows = {row["name"]: row for row in case["strategies"]}
        self._luck = case["luck"]

    def build(self, strategy: str) -> Toy:
        """Make a toy; how many random numbers it takes depends on the strategy. ValueError for an unknown one."""
        if strategy not in self._rows:
            raise ValueError(f"there is no strategy {strategy!r}")
        return Toy(self._rows[strategy])

    def fit(self, model: nn.Module, strategy: str, seen: tuple[Draws, Draws]) -> list[bool]:
        """Return what quality and luck come to; the strategy decides how much that of its first weights matters."""
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.data += torch.rand(parameter.shape)
        built, fitted = (draws[0] for draws in seen)
        return wire.right_about(self._rows[strategy], self._luck, built, fitted)


class Problem:
    """The real world: pretrained models, a target task, and predictions for inputs whose labels are not in here."""

    def __init__(self, scenario: strategies.Scenario, predicted: str) -> None:
        self.predictions: list[np.ndarray[Any, Any]] = []
        self._scenario = scenario
        self._asks_unseen = predicted == "test"

    def build(self, strategy: str) -> nn.Module:
        """Make a strategy's model with its trainable parameters marked; ValueError for an unknown strategy."""
        if strategy not in STRATEGIES:
            raise ValueError(f"there is no strategy {strategy!r}")
        return strategies.build(self._scenario, strategy)

    def fit(self, model: nn.Module, strategy: str, _seen: tuple[Draws, Draws]) -> list[bool]:
        """Train a model and return which validation examples it is right about."""
        strategies.fit(model, self._scenario, strategy)
        inputs, labels = self._scenario.validation
        known = strategies.predict(model, inputs)
        asked = strategies.predict(model, self._scenario.test_inputs) if self._asks_unseen else known
        self.predictions.append(asked.numpy().astype(np.uint8))
        return [bool(right) for right in known == labels]


class Stage:
    """The plan, and the real task, read before the learner's code is imported."""

    def __init__(self, job: Job) -> None:
        self.plan: dict[str, Any] = dict(job.plan)
        self.orderly: list[bool] = []
        """Whether the runs of each comparison of toys were what the contract asks for."""
        self.scenario = scenarios.load(self.plan["real"]["scenario"], job.fixtures)


def prepare(job: Job) -> Stage:
    """Read the real task."""
    return Stage(job)


def compare_strategies(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Have toys compared."""
    for case in stage.plan["comparisons"]:
        names, bench = [row["name"] for row in case["strategies"]], Bench(Toys(case))
        given = {"list": list, "tuple": tuple}[case["kind"]]
        yield Fact(wire.comparison(case), _compare(learner, bench, given(names), given(case["seeds"])))
        stage.orderly.append(bench.orderly(names, case["seeds"]))


def paired_gain(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for the gain of every pair of summaries."""
    for pair in stage.plan["pairs"]:
        a, b = (_given(pair[side]) for side in ("a", "b"))
        yield Fact(wire.pair(pair), learner.ask(GAIN, a, b, read=lambda gain: numbers(gain, 1)))


def _given(row: dict[str, Any]) -> StrategySummary:
    correct = tuple(tuple(wire.outcomes(text)) for text in row["correct"])
    return StrategySummary(**{**row, "scores": tuple(row["scores"]), "correct": correct})


def real_comparison(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Have the four strategies compared on a real task; with disorderly runs, that would be a waste of time."""
    real = stage.plan["real"]
    task = Problem(stage.scenario, real["predicted"])
    if len(stage.orderly) == len(stage.plan["comparisons"]) and all(stage.orderly):
        value = _compare(learner, Bench(task), list(real["strategies"]), list(real["seeds"]))
        predictions = {wire.PREDICTIONS: np.stack(task.predictions)} if task.predictions else {}
        yield Fact(wire.REAL, value, predictions)


def _compare(learner: Submitted, bench: Bench, names: Any, seeds: Any) -> wire.Compared:
    answer = learner.ask(COMPARE, bench.build, bench.fit, names, seeds, read=_summaries)
    strategies, seeds = tuple(plain(names)), tuple(plain(seeds))
    return wire.Compared(answer=answer, runs=tuple(bench.runs), strategies=strategies, seeds=seeds)


def _summaries(returned: Any) -> Any:
    """Return a list of summaries as rows; anything else as it is."""
    if not isinstance(returned, list | tuple):
        return returned
    return [_row(item) for item in returned]


def _row(item: Any) -> dict[str, Any] | str:
    """Return a summary's fields, or the name of another type."""
    if type(item) is not StrategySummary:
        return type(item).__name__
    return {name: _marks(value) if name == "correct" else numbers(value, 1) for name, value in vars(item).items()}


def _marks(correct: Any) -> list[str] | str:
    """Return outcomes as marks, seed by seed; of anything else the name of its type, in the place where it stands."""
    rows = _listed(correct)
    if not isinstance(rows, list | tuple):
        return type(rows).__name__
    return [_row_of_marks(_listed(row)) for row in rows]


def _row_of_marks(row: Any) -> str:
    cells = [_listed(cell) for cell in row] if isinstance(row, list | tuple) else [row]
    fits = all(type(cell) in (bool, int) and cell in (0, 1) for cell in cells)
    return wire.marks(map(bool, cells)) if fits else type(row).__name__


def _listed(value: Any) -> Any:
    """Return an array of any shape as nested lists, one without dimensions as a number; anything else as it is."""
    return value.tolist() if isinstance(value, torch.Tensor | np.ndarray | np.generic) else value
