"""Each exercise's door is exact: the probe sends what it declares and nothing else."""

from __future__ import annotations

import pytest

from grader import course, pipeline
from grader.batch.packing import pack
from grader.discover import discover
from grader.isolate import Sandbox
from grader.places import SOLUTIONS
from grader.records import Evidence, TurnedAway
from grader.records.door import ROOM
from grader.selfcheck import specimen_of

CODE = {slug: each for slug, each in course.exercises().items() if not each.is_note}
SEEDS = (1, 2, 3)
LONG = {slug for slug, each in course.exercises().items() if each.limits.seconds > 30}
"""Trains for seconds."""
ASKED = [(slug, seed) for slug in CODE for seed in SEEDS if seed == 1 or slug not in LONG]
LARGEST = 5
"""Times as much as the largest honest evidence, at least, may be kept."""
NUMBERS = ("balanced_accuracy", "most_confused", "headline_and_pattern")
"""Functions of 07 that return no tensor."""
REFUSED = ("same-total", "other-total")
"""Its cases in which an exception is due."""


def only_when_wrong(evidence: Evidence) -> set[str]:
    """Return the arrays that a right answer does not have: a tensor where a number or an exception is due."""
    return {
        f"{row['function']}/{row['id']}/tensor"
        for row in evidence.plan.get("calls", ())
        if row["function"] in NUMBERS or row["_name"] in REFUSED
    }


def observe(sandbox: Sandbox, slug: str, name: str, seed: int) -> Evidence:
    """Return the evidence of a solution, or of the specimen of a misconception."""
    exercise = CODE[slug]
    path = specimen_of(exercise, name) if name else SOLUTIONS / exercise.filename
    return pipeline.observe(discover(path, exercise=slug, learner="learner-01"), exercise, sandbox, seed)


@pytest.mark.parametrize("slug", CODE)
def test_every_exercise_says_what_may_come(slug: str) -> None:
    assert course.door(CODE[slug], course.draw(CODE[slug], 1)[0]) is not None


@pytest.mark.parametrize(("slug", "seed"), ASKED)
def test_the_solution_sends_all_that_is_declared_and_nothing_else(sandbox: Sandbox, slug: str, seed: int) -> None:
    evidence = observe(sandbox, slug, "", seed)
    door = course.door(CODE[slug], evidence.plan)
    assert door is not None
    assert evidence.turned_away == TurnedAway()
    assert evidence.facts.keys() == door.caps.keys()
    assert door.arrays.keys() - evidence.arrays.keys() == only_when_wrong(evidence)
    wrong_kind = {
        name
        for name, array in evidence.arrays.items()
        if door.arrays[name].shape not in (None, array.shape) or array.dtype.name not in door.arrays[name].dtypes
    }
    assert not wrong_kind
    assert len(pack(evidence)) * LARGEST < ROOM


@pytest.mark.parametrize(
    ("slug", "name"), [(slug, name) for slug, each in CODE.items() for name in each.misconceptions], ids=lambda it: it
)
def test_no_specimen_is_turned_away(sandbox: Sandbox, slug: str, name: str) -> None:
    evidence = observe(sandbox, slug, name, SEEDS[0])
    assert evidence.turned_away == TurnedAway()
    assert len(pack(evidence)) * LARGEST < ROOM
