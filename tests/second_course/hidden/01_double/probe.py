"""Goes into the sandbox: has numbers doubled."""

from __future__ import annotations

from collections.abc import Iterator

from grader.inside.observe import Submitted
from grader.inside.wire import Fact
from grader.wire.job import Job

from . import wire


def prepare(job: Job) -> list[int]:
    """Return the numbers."""
    return list(job.plan["numbers"])


def double(learner: Submitted, numbers: list[int]) -> Iterator[Fact]:
    """Ask for each."""
    for number in numbers:
        yield Fact(wire.number(number), learner.ask(wire.DOUBLE, number))
