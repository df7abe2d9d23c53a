"""Goes into the sandbox: hands summaries, their gains and depths to the learner's functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from grader.inside.observe import Submitted
from grader.inside.summary import StrategySummary
from grader.inside.wire import Fact
from grader.wire.job import Job

from . import wire

Gain = Callable[[StrategySummary, StrategySummary], tuple[float, float]]


def prepare(job: Job) -> dict[str, Any]:
    """Return the plan."""
    return dict(job.plan)


def choose_cheapest(learner: Submitted, plan: dict[str, Any]) -> Iterator[Fact]:
    """Ask which strategy to take, for every table and every order of it."""
    for index, case in enumerate(plan["choices"]):
        yield Fact(wire.choice(index), [_ask(learner, case, order) for order in case["orders"]])


def next_smaller_depth(learner: Submitted, plan: dict[str, Any]) -> Iterator[Fact]:
    """Ask which depth to try next."""
    for index, case in enumerate(plan["depths"]):
        yield Fact(wire.depth(index), learner.ask(wire.NEXT, list(case["tested"]), case["chosen"]))


def _ask(learner: Submitted, case: Mapping[str, Any], order: Sequence[int]) -> wire.Chosen:
    """Ask with the gate where one is planned, and leave it to its default where none is."""
    rows = [StrategySummary(**{**row, "scores": tuple(row["scores"])}) for row in case["rows"]]
    gate = {} if case["min_recall"] is None else {"min_recall": case["min_recall"]}
    asked: dict[tuple[str, str], None] = {}
    answer = learner.ask(wire.CHOOSE, [rows[place] for place in order], _gain(case, asked), **gate)
    return wire.Chosen(answer=answer, gains=tuple(asked))


def _gain(case: Mapping[str, Any], asked: dict[tuple[str, str], None]) -> Gain:
    """Return the function that knows every gain of a table, and keeps in ``asked`` which pairs it was asked for."""
    rows, errors = case["rows"], case["errors"]
    places = {row["strategy"]: place for place, row in enumerate(rows)}

    def place_of(summary: StrategySummary) -> int:
        if summary.strategy not in places:
            raise KeyError(f"none of the summaries is called {summary.strategy!r}")
        return places[summary.strategy]

    def gain(a: StrategySummary, b: StrategySummary) -> tuple[float, float]:
        first, second = place_of(a), place_of(b)
        asked[rows[first]["strategy"], rows[second]["strategy"]] = None
        return rows[second]["mean"] - rows[first]["mean"], errors[first][second]

    return gain
