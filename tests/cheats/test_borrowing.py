"""No function of ours that a submission can reach in the worker answers one of its questions."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from grader import course
from grader.isolate import Sandbox, open_sandbox
from grader.pipeline import judge_all, observe
from grader.places import EXERCISES
from grader.records import Evidence, Exercise, Submission, Verdict

BORROWING = (Path(__file__).parent / "exhibits" / "borrowing.py").read_text("utf-8")
CONSTANTS = 12
"""Answers that look at nothing: those of ``borrowing.py``, the question itself, and a ValueError."""
SEED = 4711
SECONDS = 120.0
"""For trying all callables in one worker."""
TRAINS = {"06_compare_strategies": ("real_comparison",)}
"""Parts that train for a long time."""
CODE = [each for each in course.exercises().values() if not each.is_note]
Choice = tuple[int, str, str]


@pytest.fixture(scope="module")
def everything() -> Iterator[Sandbox]:
    """One sandbox for all exercises, as a batch has it: whatever one of them imports is there for all."""
    with open_sandbox(list(course.exercises().values()), warm=True) as opened:
        if opened.wall().level != "A":
            pytest.skip("hundreds of callables are only put in where a worker is a fork")
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("exercise", CODE, ids=lambda each: each.slug)
def test_no_helper_earns_more_than_a_constant(everything: Sandbox, exercise: Exercise) -> None:
    asked = patient(exercise)
    constants = earned(asked, everything, [(number, "constant", "") for number in range(CONSTANTS)])
    free = {name: max(points[name] for _, points in constants) for name in exercise.functions}
    choices = tried(asked, everything)
    more = [
        f"{name} {how}, {use}: {dict(points)}"
        for (_, how, use), (name, points) in zip(choices, earned(asked, everything, choices), strict=True)
        if any(points[each] > free[each] for each in free)
    ]
    assert len(choices) > CONSTANTS
    assert more == [], f"a constant earns {free}"


def patient(exercise: Exercise) -> Exercise:
    """Return the exercise without what trains for long, with time to try everything."""
    left = TRAINS.get(exercise.slug, ())
    limits = msgspec.structs.replace(exercise.limits, seconds=SECONDS)
    return msgspec.structs.replace(exercise, parts=tuple(p for p in exercise.parts if p not in left), limits=limits)


def tried(exercise: Exercise, sandbox: Sandbox) -> list[Choice]:
    """Return how every callable can be put in, as far as it comes to an end."""
    _, evidence = seen(exercise, sandbox, None)
    rows = [line.split("\t")[1:] for line in evidence.console.splitlines() if line.startswith("BORROW\t")]
    assert evidence.console.startswith("REACHED"), evidence.crash or "more was printed than is kept"
    assert not evidence.interruptions
    return [(int(number), how, use) for number, how, use in rows]


def earned(exercise: Exercise, sandbox: Sandbox, choices: Sequence[Choice]) -> list[tuple[str, Counter[str]]]:
    """Return the name of each choice and what it earns, in points by function."""
    all_seen = [seen(exercise, sandbox, choice) for choice in choices]
    found = []
    for (_, evidence), grade in zip(all_seen, judge_all(exercise, all_seen), strict=True):
        points: Counter[str] = Counter()
        for each in grade.outcomes:
            points[each.function] += each.points * (each.verdict is Verdict.PASSED)
        found.append((evidence.console.partition("\n")[0].partition("\t")[2], points))
    return found


def seen(exercise: Exercise, sandbox: Sandbox, choice: Choice | None) -> tuple[Submission, Evidence]:
    """Return a submission that answers everything with one choice, or tries everything, and what was seen of it."""
    source = BORROWING.replace("FUNCTIONS = {}", f"FUNCTIONS = {parameters(exercise)!r}", 1)
    source = source.replace("CHOICE = None", f"CHOICE = {choice!r}", 1)
    handed_in = Submission(
        learner="learner-01",
        exercise=exercise.slug,
        path=exercise.filename,
        source=source.encode(),
        sha256=hashlib.sha256(source.encode()).hexdigest(),
    )
    return handed_in, observe(handed_in, exercise, sandbox, SEED)


def parameters(exercise: Exercise) -> dict[str, list[str]]:
    """Return the learner's functions and the names of what each takes, as the stub has them."""
    tree = ast.parse((EXERCISES / exercise.filename).read_text("utf-8"))
    written = {node.name: node.args for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {name: [each.arg for each in written[name].args] for name in exercise.functions}
