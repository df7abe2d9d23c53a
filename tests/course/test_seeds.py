"""A wrong program earns the same whatever the seed is; ``python -m tests.seeds`` asks on twenty of them."""

from __future__ import annotations

import pytest

from grader import course
from grader.isolate import Sandbox
from tests.seeds import FIRST, differing, drawn, points

SEEDS = 3
LONG = {slug for slug, each in course.exercises().items() if each.limits.seconds > 30}
"""Trains for seconds."""
WAITING = {
    "04_parameter_groups": "groups-generator-exhausted earns 4 or 6: a state of the flags is drawn, not always asked",
}
"""Exercises in which a specimen still earns more on some seeds than on others, and why; meant to be empty."""


def _marked(slug: str) -> object:
    marks = [pytest.mark.slow] if slug in LONG else []
    if slug in WAITING:
        marks.append(pytest.mark.xfail(strict=True, reason=WAITING[slug]))
    return pytest.param(slug, marks=marks)


@pytest.mark.parametrize("slug", [_marked(each.slug) for each in drawn()])
def test_a_specimen_earns_the_same_on_every_seed(sandbox: Sandbox, slug: str) -> None:
    seeds = range(FIRST, FIRST + (2 if slug in LONG else SEEDS))
    assert differing(points(course.exercises()[slug], sandbox, seeds)) == {}
