"""The mutation test itself, on the two quickest exercises; ``python -m tests.mutation`` runs it on all."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grader import course
from grader.isolate import Sandbox
from grader.places import SOLUTIONS

pytest.importorskip("cosmic_ray", reason="the extra `mutation` is not installed")
from tests.mutation.__main__ import ENOUGH, score
from tests.mutation.mutants import mutants

EQUIVALENT = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text("utf-8"))


def test_a_mutant_differs_in_what_python_runs_and_comes_once() -> None:
    made = [mutant.source for mutant in mutants('def f(a: int | None) -> bool:\n    """Not 1."""\n    return a > 1\n')]
    assert made
    assert len(set(made)) == len(made)
    assert all("a: int | None" in source and '"""Not 1."""' in source for source in made)


@pytest.mark.parametrize("slug", EQUIVALENT)
def test_every_equivalent_mutant_is_still_one(slug: str) -> None:
    changes = {mutant.change for mutant in mutants((SOLUTIONS / f"{slug}.py").read_text("utf-8"))}
    assert set(EQUIVALENT[slug]) <= changes


@pytest.mark.parametrize("slug", ["01_replace_head", "08_choose_depth"])
def test_the_checks_kill_the_mutants(sandbox: Sandbox, slug: str) -> None:
    assert score(course.exercises()[slug], sandbox, seed=1) >= ENOUGH
