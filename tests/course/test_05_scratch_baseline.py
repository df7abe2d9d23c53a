"""Exercise 05 from end to end: each check costs what it says, what is odd is described, and claims buy nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import judge, observe
from grader.places import SOLUTIONS
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["05_scratch_baseline"]
SOLUTION = (SOLUTIONS / "05_scratch_baseline.py").read_text("utf-8")
TWIN, FLOOR = EXERCISE.functions
RETURNS = "    return twin\n"
ARGMAX = "torch.bincount(train_labels).argmax()"
Graded = Callable[..., Grade]


def changed(old: str, new: str) -> str:
    assert old in SOLUTION
    return SOLUTION.replace(old, new)


def verdicts(grade: Grade, function: str) -> dict[str, Verdict]:
    return {outcome.check: outcome.verdict for outcome in grade.outcomes if outcome.function == function}


LAZY = {
    "the model": ("return model", 0),
    "nothing": ("pass", 0),
    "a number": ("return 7", 0),
    "its class": ("return type(model)", 0),
    "an error": ("raise ValueError(seed)", 0),
    "the end": ("raise SystemExit", 0),
    "a copy": ("return copy.deepcopy(model)", 4),
}


@pytest.mark.parametrize("name", LAZY)
def test_a_copy_is_no_more_than_a_copy(graded: Graded, name: str) -> None:
    body, points = LAZY[name]
    grade = graded(f"import copy\n\ndef make_scratch_twin(model, seed):\n    {body}\n")
    assert grade.earned == points


@pytest.mark.parametrize("body", ["return 0.0", "return 1.0", "return None", "return train_labels", "return '0.5'"])
def test_one_floor_for_everything_earns_nothing(graded: Graded, body: str) -> None:
    grade = graded(changed("    # Of several", f"    {body}\n    # Of several"))
    assert set(verdicts(grade, FLOOR).values()) == {Verdict.FAILED}


ODD = {
    "one key more": (
        "    return twin\n",
        "    twin.extra = nn.Linear(1, 1)\n    return twin\n",
        "in the twin and not in",
    ),
    "a wrapper": (RETURNS, "    return nn.Sequential(twin)\n", "you returned a Sequential"),
    "one class more": (
        RETURNS,
        "    head = [m for m in twin.modules() if isinstance(m, nn.Linear)][-1]\n"
        "    head.weight = nn.Parameter(torch.randn(head.out_features + 1, head.in_features))\n" + RETURNS,
        "other shapes",
    ),
    "all zeros": (
        RETURNS,
        "    [p.data.zero_() for p in twin.parameters() if p.ndim > 1]\n" + RETURNS,
        "one number fills",
    ),
    "statistics of its own": (
        RETURNS,
        "    [b.fill_(2) for b in twin.buffers() if b.is_floating_point()]\n" + RETURNS,
        "begins with 2",
    ),
    "the old numbers in another order": (
        RETURNS,
        "    pairs = zip(twin.parameters(), model.parameters())\n"
        "    [p.data.copy_(q.data.sort(0).values) for p, q in pairs if p.ndim == 1]\n" + RETURNS,
        "not what a new layer has",
    ),
    "halves the scales": (
        RETURNS,
        "    [p.data.mul_(0.5) for p in twin.parameters() if p.ndim == 1]\n" + RETURNS,
        "begins with 0.5",
    ),
    "noise on the old numbers": (
        RETURNS,
        "    luck = torch.Generator().manual_seed(seed)\n"
        "    for p, q in zip(twin.parameters(), model.parameters()):\n"
        "        p.data.copy_(q + torch.randn(q.shape, generator=luck)) if p.ndim > 1 else None\n" + RETURNS,
        "numbers made from them",
    ),
    "the old matrices in another order": (
        RETURNS,
        "    luck = torch.Generator().manual_seed(seed)\n"
        "    for p, q in zip(twin.parameters(), model.parameters()):\n"
        "        order = torch.randperm(q.numel(), generator=luck)\n"
        "        p.data.copy_(q.flatten()[order].view_as(q)) if p.ndim > 1 else None\n" + RETURNS,
        "numbers made from them",
    ),
    "keeps the biases": (
        RETURNS,
        "    for (name, p), q in zip(twin.named_parameters(), model.parameters()):\n"
        "        p.data.copy_(q) if name.split('.')[-2:] in (['fc', 'bias'], ['classifier', 'bias']) else None\n"
        + RETURNS,
        "`fc.bias`",
    ),
    "no seed where it is 0": (
        "        torch.manual_seed(seed)",
        "        seed and torch.manual_seed(seed)",
        "seed 0 differ",
    ),
    "another dtype": (RETURNS, "    return twin.double()\n", "float64 instead of float32"),
    "half precision": (RETURNS, "    return twin.half()\n", "float16 instead of float32"),
    "frees the original too": ("copy.deepcopy(model).", "copy.deepcopy(model.requires_grad_()).", "another flag"),
    "shares the head": (
        RETURNS,
        "    *_, name = dict(model.named_children())\n    setattr(twin, name, getattr(model, name))\n" + RETURNS,
        "moved when the twin's",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_an_unknown_mistake_is_described_and_not_named(graded: Graded, name: str) -> None:
    old, new, said = ODD[name]
    grade = graded(changed(old, new))
    assert grade.earned < grade.possible
    assert grade.diagnoses == ()
    assert said in " ".join(outcome.message for outcome in grade.outcomes)


FLOORS = {
    "the largest label of a tie": (
        "torch.bincount(train_labels).flip(0).argmax().neg() + train_labels.max()",
        "Which class",
    ),
    "the rarest class": ("train_labels.unique(return_counts=True)[1].argmin()", "Which labels may a trivial"),
    "the first label": ("train_labels[0]", "Which labels may a trivial"),
}


@pytest.mark.parametrize("name", FLOORS)
def test_another_answer_than_the_majority_is_described_and_not_named(graded: Graded, name: str) -> None:
    answer, said = FLOORS[name]
    grade = graded(changed(ARGMAX, answer))
    assert grade.earned < grade.possible
    assert grade.diagnoses == ()
    assert said in " ".join(outcome.message for outcome in grade.outcomes)


def test_each_function_is_judged_by_itself(graded: Graded) -> None:
    endless = graded(changed("    # Of several", "    while True:\n        pass\n    # Of several"))
    assert set(verdicts(endless, TWIN).values()) == {Verdict.PASSED}
    assert set(verdicts(endless, FLOOR).values()) == {Verdict.BLOCKED}


@pytest.mark.parametrize(
    "trick",
    [
        "torch.rand = lambda *size: torch.zeros(*size)",
        "torch.manual_seed(seed); torch.manual_seed = lambda *_: None",
        "torch.set_rng_state = torch.manual_seed",
    ],
)
def test_the_generator_cannot_be_talked_round(graded: Graded, trick: str) -> None:
    grade = graded(changed("    with torch.random.fork_rng(devices=[]):", f"    {trick}\n    if True:"))
    assert verdicts(grade, TWIN)["a-seed-makes-its-twin-and-no-other-luck"] is Verdict.FAILED


def test_a_generator_that_is_only_seeded_again_stands_elsewhere(graded: Graded) -> None:
    source = changed("    with torch.random.fork_rng(devices=[]):", "    before = torch.initial_seed()\n    if True:")
    grade = graded(source.replace(RETURNS, f"    torch.manual_seed(before)\n{RETURNS}"))
    assert [diagnosis.misconception for diagnosis in grade.diagnoses] == ["scratch-moves-global-rng"]
    assert grade.earned == grade.possible - 1


@pytest.mark.parametrize("setting", ["torch.set_default_dtype(torch.float64)", "torch.set_grad_enabled(False)"])
def test_what_a_file_sets_for_all_of_torch_changes_nothing(graded: Graded, setting: str) -> None:
    grade = graded(changed("import torch\n", f"import torch\n{setting}\n"))
    assert grade.earned == grade.possible


def test_one_luck_in_several_sizes_is_one_luck(graded: Graded) -> None:
    source = changed("torch.manual_seed(seed)", "torch.manual_seed(7)")
    scaled = "    for p in twin.parameters():\n        p.data.mul_(1 + seed % 1000) if p.ndim > 1 else None\n"
    grade = graded(source.replace(RETURNS, scaled + RETURNS))
    assert grade.earned == grade.possible - 1
    assert "numbers made from each other's" in " ".join(outcome.message for outcome in grade.outcomes)


ARCHITECTURES = {"fc": 8, "config": 8, "cls_token": 8}


@pytest.mark.parametrize("attribute", ARCHITECTURES)
def test_a_crash_on_one_architecture_costs_its_own_point(graded: Graded, attribute: str) -> None:
    alone = graded(changed("    # A copy", f"    model.{attribute}\n    # A copy"))
    assert alone.earned == ARCHITECTURES[attribute]
    without = graded(changed("    # A copy", f"    assert not hasattr(model, {attribute!r})\n    # A copy"))
    assert without.earned == without.possible - 1


def test_a_token_may_start_at_zero(graded: Graded) -> None:
    grade = graded(changed("nn.init.normal_(parameter, std=0.02)", "nn.init.zeros_(parameter)"))
    assert grade.earned == grade.possible


SEARCH = """
import gc
import sys


def found():
    frame, places = sys._getframe(), []
    while frame is not None:
        places += [*frame.f_locals.values(), *(getattr(value, "plan", None) for value in frame.f_locals.values())]
        frame = frame.f_back
    return [each for each in (*places, *gc.get_objects()) if isinstance(each, dict) and "spec" in each]


def make_scratch_twin(model, seed):
    raise ValueError(f"{len(found())} descriptions of a model")
"""


def test_what_a_model_is_built_from_is_nowhere_to_be_found(graded: Graded) -> None:
    told = {outcome.message for outcome in graded(SEARCH).outcomes if outcome.function == TWIN}
    assert all("ValueError: 0 descriptions" in message for message in told), told


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1])
def test_the_trusted_side_knows_what_torch_draws(seed: int) -> None:
    facts = course.part(EXERCISE, "seen")
    assert np.array_equal(facts.numbers(seed, 3), torch.random.manual_seed(seed) and torch.rand(7)[3:].numpy())


@pytest.mark.parametrize("fact", [None, 7, {}, [], {"same": 1}, {"same": False, "akin": True, "shapes": {"fc": "x"}}])
def test_malformed_facts_are_never_a_fault_of_ours(sandbox: Sandbox, tmp_path: Path, fact: object) -> None:
    path = tmp_path / "05_scratch_baseline.py"
    path.write_text(SOLUTION, "utf-8")
    submission = discover(path, learner="learner-01")
    evidence = observe(submission, EXERCISE, sandbox, 1)
    forged = msgspec.structs.replace(evidence, facts=dict.fromkeys(evidence.facts, fact))
    assert judge(submission, EXERCISE, forged).earned == 0
    emptied = msgspec.structs.replace(evidence, arrays={})
    assert judge(submission, EXERCISE, emptied).earned == 2


def test_a_floor_beyond_every_float_is_wrong_and_nothing_worse(graded: Graded) -> None:
    grade = graded(f"{SOLUTION}\n\ndef {FLOOR}(train_labels, val_labels):\n    return 10**400\n")
    assert {outcome.verdict for outcome in grade.outcomes if outcome.function == FLOOR} == {Verdict.FAILED}
