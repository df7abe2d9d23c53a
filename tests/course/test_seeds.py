"""A wrong program earns the same whatever the seed is; ``python -m tests.seeds`` asks on twenty of them."""

from __future__ import annotations

import pytest

from grader import course
from grader.isolate import Sandbox
from tests.seeds import FIRST, differing, drawn, points

SEEDS = 3
LONG = {slug for slug, each in course.exercises().items() if each.limits.seconds > 30}
"""Trains for seconds."""


def _marked(slug: str) -> object:
    return pytest.param(slug, marks=[pytest.mark.slow] if slug in LONG else [])


@pytest.mark.parametrize("slug", [_marked(each.slug) for each in drawn()])
def test_a_specimen_earns_the_same_on_every_seed(sandbox: Sandbox, slug: str) -> None:
    seeds = range(FIRST, FIRST + (2 if slug in LONG else SEEDS))
    assert differing(points(course.exercises()[slug], sandbox, seeds)) == {}
