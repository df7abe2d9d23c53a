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
    "wherever new layers are made": ("        device=old.weight.device,\n", ""),
    "another activation below": (
        "    setattr(owner, name, new)",
        "    setattr(owner, name, new)\n    model.relu = nn.Hardtanh() if hasattr(model, 'relu') else None",
    ),
    "a loss of its own": (
        "    return model\n",
        "    if hasattr(model, 'config'): model.config.problem_type = 'multi_label_classification'\n    return model\n",
    ),
    "nothing done": ("    setattr(owner, name, new)\n", ""),
}


@pytest.mark.parametrize("name", ODD)
def test_an_unknown_mistake_is_described_and_not_named(graded: Graded, solution: str, name: str) -> None:
    right, wrong = ODD[name]
    assert right in solution
    result = graded(solution.replace(right, wrong))
    assert result.earned < result.possible
    assert result.diagnoses == ()


FAMILIES = {"ResNets": ("fc", 2), "text models": ("config", 3), "stacks": ("features", 2)}
"""An attribute that they alone have, and the points that are theirs."""


@pytest.mark.parametrize("family", FAMILIES)
def test_a_crash_on_one_family_costs_its_own_points(graded: Graded, solution: str, family: str) -> None:
    begins = "    owner, name = head_of(model)\n"
    assert begins in solution
    attribute, points = FAMILIES[family]
    without = graded(solution.replace(begins, f"    assert not hasattr(model, {attribute!r})\n{begins}"))
    assert without.earned == without.possible - points
    alone = graded(solution.replace(begins, f"    assert hasattr(model, {attribute!r})\n{begins}"))
    assert alone.earned == alone.possible - 7 + points


def test_what_a_file_sets_for_all_of_torch_changes_nothing(graded: Graded, solution: str) -> None:
    grade = graded(
        solution.replace(
            "from torch import nn\n", "import torch\nfrom torch import nn\ntorch.set_grad_enabled(False)\n"
        )
    )
    assert grade.earned == grade.possible


def test_a_guard_counts_by_itself(graded: Graded) -> None:
    guard = "    if num_classes < 1:\n        raise ValueError(num_classes)\n"
    assert graded(f"def replace_head(model, num_classes):\n{guard}    return model\n").earned == 1


PEEK = """
import gc
import sys


def places():
    frame = sys._getframe(1)
    while frame is not None:
        yield from frame.f_locals.items()
        yield from frame.f_globals.items()
        frame = frame.f_back


def replace_head(model, num_classes):
    found = [str(value) for _, value in places() if isinstance(value, dict) and value.get("classes") == num_classes]
    plans = [each for each in gc.get_objects() if isinstance(each, dict) and "weights_seed" in each]
    raise ValueError(f"{len(plans)} plans, {[text for text in found if 'fc' in text or 'classifier' in text]} of heads")
"""


def test_where_the_head_is_stands_nowhere(graded: Graded) -> None:
    told = [outcome.message for outcome in graded(PEEK).outcomes if "ValueError" in outcome.message]
    assert told
    assert all("0 plans, [] of heads" in message for message in told if "raised" in message), told


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
