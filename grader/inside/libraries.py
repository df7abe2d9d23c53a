"""What the doctor asks a worker: to import the libraries of the course behind these walls.

A probe like an exercise's, but for nobody's code: each library is imported as a learner's file would import it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from grader.inside.observe import Submitted, describe
from grader.inside.pair import operators_lent
from grader.inside.wire import Fact
from grader.wire.answer import Answer
from grader.wire.job import Job

LIBRARIES = ("numpy", "torch", "torchvision", "transformers")


def prepare(job: Job) -> str:
    """Return the name that what is raised is told with."""
    return job.filename


def libraries(_learner: Submitted, filename: str) -> Iterator[Fact]:
    """Yield a fact for every library as soon as it is imported: the next one may end the process."""
    for name in LIBRARIES:
        yield Fact(name, _imported(name, filename))
    yield Fact("operators lent", operators_lent())


def _imported(name: str, filename: str) -> Answer:
    try:
        return Answer(returned=str(importlib.import_module(name).__version__))
    except BaseException as error:  # noqa: BLE001  whatever it is, the doctor tells it
        return Answer(raised=describe(error, filename))
