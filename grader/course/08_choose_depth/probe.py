"""Goes into the sandbox: hands summaries and depths to the learner's functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grader.inside.observe import Submitted
from grader.inside.summary import StrategySummary
from grader.inside.wire import Fact
from grader.wire.answer import Answer
from grader.wire.job import Job

from . import wire


def prepare(job: Job) -> dict[str, Any]:
    """Return the plan."""
    return dict(job.plan)


def choose_cheapest(learner: Submitted, plan: dict[str, Any]) -> Iterator[Fact]:
    """Ask which strategy to take, for every table and every order of it."""
    for case in plan["choices"]:
        rows = [StrategySummary(**{**row, "scores": tuple(row["scores"])}) for row in case["rows"]]
        answers = [_ask(learner, [rows[place] for place in order], case["min_recall"]) for order in case["orders"]]
        yield Fact(wire.choice(case["id"]), answers)


def next_smaller_depth(learner: Submitted, plan: dict[str, Any]) -> Iterator[Fact]:
    """Ask which depth to try next."""
    for index, case in enumerate(plan["depths"]):
        yield Fact(wire.depth(index), learner.ask(wire.NEXT, list(case["tested"]), case["chosen"]))


def _ask(learner: Submitted, rows: list[StrategySummary], min_recall: float | None) -> Answer:
    """Ask with the gate where one is planned, and leave it to its default where none is."""
    gate = {} if min_recall is None else {"min_recall": min_recall}
    return learner.ask(wire.CHOOSE, rows, **gate)
