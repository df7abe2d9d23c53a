"""Exercise 07 from end to end: sound solutions pass, every specimen gets its own name, one bug costs once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import judge, observe
from grader.places import SOLUTIONS
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["07_confusion_analysis"]
FIRST = (SOLUTIONS / "07_confusion_analysis.py").read_text("utf-8")
SECOND = (Path(__file__).parent.parent / "solutions" / "07_confusion_analysis.py").read_text("utf-8")
Graded = Callable[..., Grade]


def changed(old: str, new: str) -> str:
    assert old in FIRST
    return FIRST.replace(old, new)


def verdicts(grade: Grade) -> dict[str, set[Verdict]]:
    return {f: {o.verdict for o in grade.outcomes if o.function == f} for f in EXERCISE.functions}


def test_what_follows_from_a_wrong_row_normalise_is_blocked_not_failed(graded: Graded) -> None:
    grade = graded(changed("cm.double() / support.clamp(min=1)", "cm.double().softmax(dim=1)"))
    seen = verdicts(grade)
    assert seen["row_normalise"] == {Verdict.FAILED}
    assert seen["balanced_accuracy"] == {Verdict.BLOCKED}
    assert Verdict.FAILED not in seen["confusion_delta"]
    assert grade.diagnoses == ()


def test_an_error_inside_row_normalise_is_its_own(graded: Graded) -> None:
    seen = verdicts(graded(changed("cm.double() / support.clamp(min=1)", "cm.double() / support.wrong")))
    assert seen["row_normalise"] == {Verdict.FAILED}
    assert seen["balanced_accuracy"] == seen["confusion_delta"] == {Verdict.BLOCKED}


ODD = {
    "a cell counted once however often it occurs": (
        "    return torch.bincount(cells, minlength=num_classes**2).reshape(num_classes, num_classes)",
        "    cm = torch.zeros(num_classes**2, dtype=int)\n    cm[cells] = 1\n    return cm.reshape(num_classes, -1)",
        "you have 1, where",
    ),
    "a list": ("num_classes, num_classes)\n\n", "num_classes, num_classes).tolist()\n\n", "asks for a tensor"),
    "counts as floats": ("(num_classes, num_classes)\n", "(num_classes, num_classes).float()\n", "dtype float32"),
    "a matrix beyond all bounds": (
        "    cells = y_true * num_classes + y_pred\n",
        "    return torch.zeros(9000, 9000, dtype=torch.int8)\n",
        "shape 9000 x 9000",
    ),
    "complex numbers": ("cm.double() /", "cm.to(torch.complex128) /", "no matrix of counts or shares"),
    "a row spread evenly": (
        "    return cm.double() / support.clamp(min=1)",
        "    return torch.where(support > 0, cm.double() / support, 1 / len(cm))",
        "What is an empty row divided by?",
    ),
    "infinity": ("    return recalls[", "    return float('inf') + recalls[", "you returned inf"),
    "pairs as a tensor": (
        "    return sorted(cells, key=lambda cell: -cell[2])[:k]",
        "    return torch.tensor(sorted(cells, key=lambda cell: -cell[2])[:k])",
        "returned a tensor; look at the return type",
    ),
    "a matrix that was changed": (
        "    cells = [\n",
        "    cm.fill_diagonal_(0)\n    cells = [\n",
        "`cm` held other numbers than before",
    ),
    "refusing every pair": ("if not torch.equal(", "if True or not torch.equal(", "raised ValueError"),
    "another kind of refusal": ("raise ValueError(", "raise KeyError(", "instead of ValueError"),
    "the diagonal among the moved errors": (" - change.diagonal().abs().sum().item()", "", "the contract calls"),
}


NAMED = {
    "a cell counted once however often it occurs": "cm-pairs-lost",
    "a row spread evenly": "cm-empty-row-filled",
    "refusing every pair": "delta-refuses-otherwise",
    "another kind of refusal": "delta-refuses-otherwise",
    "the diagonal among the moved errors": "pattern-with-diagonal",
}
"""Mistakes that an error model explains; of the others it is said what was seen."""


@pytest.mark.parametrize("odd", ODD)
def test_a_mistake_of_no_specimen_is_described_and_named_where_a_slip_explains_it(graded: Graded, odd: str) -> None:
    old, new, said = ODD[odd]
    grade = graded(changed(old, new))
    assert grade.earned < grade.possible
    assert [diagnosis.misconception for diagnosis in grade.diagnoses] == ([NAMED[odd]] if odd in NAMED else [])
    assert said in " ".join(outcome.message for outcome in grade.outcomes)


def test_numbers_may_come_as_scalars_of_torch_or_numpy(graded: Graded) -> None:
    source = changed("return headline / examples, moved", "return torch.tensor(headline / examples), moved")
    source = source.replace(".mean().item()", ".mean().numpy()[()]")
    assert graded(source).full_marks


def test_an_endless_loop_in_one_function_costs_that_function(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "07_confusion_analysis.py"
    path.write_text(changed("    support = cm.sum(dim=1, keepdim=True)\n", "    while len(cm) > 0: pass\n"), "utf-8")
    quick = msgspec.structs.replace(EXERCISE, limits=msgspec.structs.replace(EXERCISE.limits, seconds=1.0))
    submission = discover(path, learner="learner-01")
    seen = verdicts(judge(submission, quick, observe(submission, quick, sandbox, 5)))
    assert seen["confusion_matrix"] == {Verdict.PASSED}
    assert seen["row_normalise"] == {Verdict.BLOCKED}


@pytest.mark.parametrize("fact", [None, 7, [], {"answer": 3}, {"answer": {}, "dtype": "int64", "shape": [-1]}])
def test_malformed_facts_are_never_a_fault_of_ours(sandbox: Sandbox, tmp_path: Path, fact: object) -> None:
    path = tmp_path / "07_confusion_analysis.py"
    path.write_text(FIRST, "utf-8")
    submission = discover(path, learner="learner-01")
    evidence = observe(submission, EXERCISE, sandbox, 5)
    hostile = msgspec.structs.replace(
        evidence,
        facts=dict.fromkeys(evidence.facts, fact),
        arrays={name: np.full((2, 3), np.nan) for name in evidence.arrays},
    )
    assert judge(submission, EXERCISE, hostile).earned == 0


@pytest.mark.parametrize("seed", range(40))
def test_every_draw_is_fair(seed: int) -> None:
    calls = course.draw(EXERCISE, seed)[0]["calls"]
    inputs = {(call["function"], call["_name"]): [np.array(given) for given in call["inputs"]] for call in calls}
    for name in ("better", "worse", "same-headline"):
        before, after = inputs["headline_and_pattern", name]
        assert np.array_equal(before.sum(1), after.sum(1))
        assert after.min() >= 0
        assert np.sign(np.trace(after - before)) == {"better": 1, "worse": -1, "same-headline": 0}[name]
    for name in ("same-total", "other-total"):
        before, after = inputs["confusion_delta", name]
        assert (before.sum() == after.sum()) == (name == "same-total")
        assert not np.array_equal(before.sum(1), after.sum(1))
    true, predicted = inputs["confusion_matrix", "last-absent"]
    (classes,) = next(call["numbers"] for call in calls if call["_name"] == "last-absent")
    assert max(true.max(), predicted.max()) < classes - 1


def test_a_class_of_which_nothing_is_found_counts_in_the_balanced_accuracy(graded: Graded) -> None:
    grade = graded(changed("recalls[cm.sum(dim=1) > 0].mean()", "recalls[recalls > 0].mean()"))
    assert {each.function for each in grade.outcomes if each.verdict is Verdict.FAILED} == {"balanced_accuracy"}


@pytest.mark.parametrize("seed", range(5))
def test_more_cells_than_there_are_may_be_asked_for(graded: Graded, seed: int) -> None:
    start, end = FIRST.index("    cells = [\n        (true"), FIRST.index("def confusion_delta")
    topk = (
        "    counts, places = (cm - torch.diag(cm.diagonal())).flatten().sort(descending=True, stable=True)\n"
        "    counts, places = torch.topk(counts, k).values, places[:k]\n"
        "    found = zip(counts.tolist(), places.tolist())\n"
        "    return [(p // len(cm), p % len(cm), c) for c, p in found if c > 0]\n\n\n"
    )
    grade = graded(FIRST[:start] + topk + FIRST[end:], seed)
    assert grade.earned == grade.possible - 1
