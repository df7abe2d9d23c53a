"""Evidence that was changed in its form, not at random bytes: it is judged without a fault, and nobody gains by it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent.parent))  # benchmarks are no part of the package

from benchmarks.fuzzing import mutate
from benchmarks.fuzzing.cases import ROLES, Case, stream
from benchmarks.fuzzing.judge import fuzz, gained, judged
from grader import course
from grader.inside.wire import Fact
from grader.isolate import Sandbox
from grader.isolate.reading import NESTING_CAP, Reader
from grader.records import Exercise

SEED = 20_261
MUTATIONS = int(os.environ.get("GRADE_FUZZ", "240"))
"""Of each exercise; ``benchmarks/fuzz_evidence.py`` does ten thousand."""
ALL = list(course.exercises().values())


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.slug)
def test_mutated_evidence_is_judged_and_brings_nobody_a_point(each: Exercise, sandbox: Sandbox) -> None:
    for role in ROLES:
        findings, ends = fuzz(Case.of(each, role, SEED, sandbox), SEED, MUTATIONS // len(ROLES))
        assert not findings, "\n".join(map(str, findings))
        assert ends["read"] > MUTATIONS // len(ROLES) // 3, ends


@pytest.fixture(scope="module")
def case(sandbox: Sandbox) -> Case:
    return Case.of(course.exercises()["08_choose_depth"], "solution", SEED, sandbox)


def test_a_mutation_can_be_made_again_from_its_numbers(case: Case) -> None:
    assert str(case.mutated(1, 2)) == str(case.mutated(1, 2))
    assert str(case.mutated(1, 2)) != str(case.mutated(1, 3))


def test_a_check_that_breaks_is_found_though_others_are_judged_with_it(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = course.part(case.exercise, "checks")
    name = next(name for name in vars(checks) if name.startswith("test_"))
    whole = vars(checks)[name]

    def broken(seen: Any) -> None:
        if "choice/odd" in seen._evidence.facts:
            raise ZeroDivisionError
        whole(seen)

    vars(broken).update(vars(whole))
    monkeypatch.setattr(checks, name, broken)
    odd = case.evidence.__class__(
        **{field: getattr(case.evidence, field) for field in case.evidence.__struct_fields__ if field != "facts"},
        facts={**case.evidence.facts, "choice/odd": 1},
    )
    plain = case.submission, case.evidence
    found = judged(case, [(0, plain), (1, plain), (2, (case.submission, odd)), (3, plain)])
    assert [index for index, _ in found] == [2]
    assert "ZeroDivisionError" in found[0][1]


def test_a_gain_is_what_the_role_cannot_have(exercise: Exercise) -> None:
    assert not gained(exercise, "solution", 15)
    assert "earned 16" in gained(exercise, "solution", 16)
    assert "earned 15" in gained(exercise, "specimen", 15)
    assert "earned 1" in gained(exercise, "stub", 1)


@pytest.mark.parametrize("seed", range(20))
def test_a_mutated_tree_leaves_the_tree_as_it_was(seed: int) -> None:
    tree = {"a": [1, {"b": None}], "c": "x"}
    mutate.mutate_tree(tree, mutate.Rng(seed))
    assert tree == {"a": [1, {"b": None}], "c": "x"}


def test_whole_numbers_beyond_every_float_come_as_texts() -> None:
    largest, giant = int(sys.float_info.max), 10**309
    reader = Reader()
    reader.feed(stream([Fact("a", [largest, giant, {"b": -giant}, 10**300, "9" * 400])]))
    assert reader.facts["a"] == [largest, str(giant), {"b": str(-giant)}, 10**300, "9" * 400]


def test_numbers_that_cannot_be_added_up_bring_no_warning(sandbox: Sandbox) -> None:
    case = Case.of(course.exercises()["02_freeze_backbone"], "solution", SEED, sandbox)
    extremes = [np.inf, -np.inf, np.nan, np.finfo(np.float32).max, np.finfo(np.float32).min]
    for name, array in case.evidence.arrays.items():
        if array.dtype.kind == "f":
            array.flat[:] = np.resize(extremes, array.size)
            assert array.size, name
    assert judged(case, [(0, (case.submission, case.evidence))]) == []


def test_the_nesting_of_mutations_reaches_the_cap() -> None:
    heights = {len(str(mutate.odd_value(mutate.Rng(seed)))) for seed in range(500)}
    assert max(heights) > NESTING_CAP
