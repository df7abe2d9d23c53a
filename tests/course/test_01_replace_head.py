"""Exercise 01 from end to end: sound solutions pass, every specimen gets its own name, what is odd gets none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader import course
from grader.places import SOLUTIONS
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["01_replace_head"]
SECOND = Path(__file__).parent.parent / "solutions" / "01_replace_head.py"
SEED = 20_260
Graded = Callable[..., Grade]


@pytest.fixture(scope="module")
def solution() -> str:
    return (SOLUTIONS / "01_replace_head.py").read_text("utf-8")


ODD = {
    "transposed": (
        "    setattr(owner, name, new)",
        "    new.weight.data = new.weight.data.T\n    setattr(owner, name, new)",
    ),
    "always a bias": ("bias=old.bias is not None", "bias=True"),
    "always float32": ("        dtype=old.weight.dtype,\n", ""),
    "one class more": ("        num_classes,\n", "        num_classes + 1,\n"),
    "first of the stack": ("linears[-1]", "linears[0]"),
    "last of the stack": ("linears[-1]", "list(model.classifier._modules)[-1]"),
    "old rows shuffled": (
        "    setattr(owner, name, new)",
        "    new.weight.data[:3] = old.weight.data[:3].flip(0)\n    setattr(owner, name, new)",
    ),
    "half precision": ("    setattr(owner, name, new)", "    setattr(owner, name, new.half())"),
    "old rows halved": (
        "    setattr(owner, name, new)",
        "    new.weight.data[:3] = old.weight.data[:3] / 2\n    setattr(owner, name, new)",
    ),
    "not a number": (
        "    setattr(owner, name, new)",
        "    nn.init.constant_(new.weight, float('nan'))\n    setattr(owner, name, new)",
    ),
    "a scalar for a weight": (
        "    setattr(owner, name, new)",
        "    new.weight.data = new.weight.data.sum()\n    setattr(owner, name, new)",
    ),
    "another error": ("raise ValueError", "raise TypeError"),
    "nothing done": ("    setattr(owner, name, new)\n", ""),
}


@pytest.mark.parametrize("name", ODD)
def test_an_unknown_mistake_is_described_and_not_named(graded: Graded, solution: str, name: str) -> None:
    right, wrong = ODD[name]
    assert right in solution
    result = graded(solution.replace(right, wrong))
    assert result.earned < result.possible
    assert result.diagnoses == ()


CLAIMS = {
    "True": "True",
    "10**400": f"1{'0' * 400}",
    "type('Own', (int,), {})(7)": "7",
    "'many'": "None",
    "num_classes / 1": "None",
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_number_of_labels_may_be_anything(graded: Graded, solution: str, claim: str) -> None:
    right = "model.config.num_labels = model.num_labels = num_classes"
    assert right in solution
    grade = graded(solution.replace(right, f"model.config.num_labels, model.num_labels = num_classes, {claim}"))
    (outcome,) = (each for each in grade.outcomes if each.verdict is Verdict.FAILED)
    assert f"`model.num_labels` is {CLAIMS[claim]} afterwards." in outcome.message


@pytest.mark.parametrize("body", ["return 7", "return model", "raise ValueError(num_classes)", "return type(model)"])
def test_doing_nothing_earns_nothing(graded: Graded, body: str) -> None:
    assert graded(f"def replace_head(model, num_classes):\n    {body}\n").earned == 0


def test_one_family_alone_earns_what_belongs_to_it(graded: Graded, solution: str) -> None:
    only = 'def head_of(model: nn.Module) -> tuple[nn.Module, str]:\n    return model, "fc"\n\n\ndef unused('
    grade = graded(solution.replace("def head_of(", only))
    lost = {outcome.check for outcome in grade.outcomes if outcome.verdict is not Verdict.PASSED}
    assert lost == {each.check for each in grade.outcomes if "Text models" in each.title or "Sequential" in each.title}
    assert 0.4 < grade.earned / grade.possible < 0.7


def test_a_stack_that_is_missing_costs_its_own_point(graded: Graded, solution: str) -> None:
    assert graded(solution.replace("isinstance(model.classifier, nn.Sequential)", "False")).earned == 11


def test_the_device_is_asked_for(graded: Graded, solution: str) -> None:
    grade = graded(solution.replace("        device=old.weight.device,\n", ""))
    (failed,) = (outcome for outcome in grade.outcomes if outcome.verdict is Verdict.FAILED)
    assert "On a ResNet on the device meta, the new head is on `'cpu'`." in failed.message
