"""Make up a cohort: right, wrong, crashing and copied submissions, some of them notebooks, and some that hang."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from grader import course
from grader.places import SOLUTIONS, SPECIMENS
from grader.records import Exercise

CRASHES = ("raise RuntimeError('not today')", "import os; os._exit(3)", "def f(:", "import no_such_module")
RECIPE = {"right": 25, "wrong": 45, "crashing": 10, "copied": 10, "notebook": 10}
"""Of a hundred submissions, how many are of each kind; ``copied`` ones equal an earlier one."""


def make(folder: Path, count: int, seed: int, slugs: list[str]) -> dict[str, int]:
    """Write ``count`` submissions that come to an end, one per learner and exercise; return how many of each kind."""
    draw = random.Random(seed)
    kinds = draw.choices(list(RECIPE), list(RECIPE.values()), k=count)
    made: dict[str, list[str]] = {slug: [] for slug in slugs}
    for number, kind in enumerate(kinds):
        slug = slugs[number % len(slugs)]
        learner = folder / f"learner-{number // len(slugs) + 1:04}"
        source = _source(kind, course.exercises()[slug], made[slug], draw, number)
        made[slug].append(source)
        _write(learner, slug, source, as_notebook=kind == "notebook")
    return {kind: kinds.count(kind) for kind in RECIPE}


def make_hanging(folder: Path, count: int, slugs: list[str]) -> None:
    """Write submissions that never end, in their first function; every other one sleeps instead of working."""
    for number in range(count):
        exercise = course.exercises()[slugs[number % len(slugs)]]
        loop = "pass" if number % 2 else "__import__('time').sleep(1)"
        source = f"def {exercise.functions[0]}(*_, **__):  # {number}\n    while True:\n        {loop}\n"
        _write(folder / f"learner-{number + 1:04}", exercise.slug, source, as_notebook=False)


def _source(kind: str, exercise: Exercise, made: list[str], draw: random.Random, number: int) -> str:
    own = f"# submission {number}\n"
    if kind == "copied" and made:
        return draw.choice(made)
    if kind == "crashing":
        return own + draw.choice(CRASHES) + "\n"
    if kind == "right":
        return own + (SOLUTIONS / f"{exercise.slug}.py").read_text("utf-8")
    return own + draw.choice(sorted((SPECIMENS / exercise.slug).glob("*.py"))).read_text("utf-8")


def _write(learner: Path, slug: str, source: str, *, as_notebook: bool) -> None:
    learner.mkdir(parents=True, exist_ok=True)
    if not as_notebook:
        (learner / f"{slug}.py").write_text(source, "utf-8")
        return
    cells = [
        {"cell_type": "code", "metadata": {}, "source": cell, "outputs": [], "execution_count": None}
        for cell in _cells(source)
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (learner / f"{slug}.ipynb").write_text(json.dumps(notebook), "utf-8")


def _cells(source: str) -> Iterator[str]:
    """Cut a source before every function."""
    first, *functions = source.split("\ndef ")
    yield first
    yield from (f"def {function}" for function in functions)
