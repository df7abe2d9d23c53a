"""Exercise 04 from end to end: sound solutions pass, every specimen gets its own name, what is odd gets none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader import course
from grader.places import SOLUTIONS, SPECIMENS
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["04_parameter_groups"]
SOUND = sorted((Path(__file__).parent.parent / "solutions").glob("04_*.py"))
SEED = 20_260
Graded = Callable[..., Grade]
SIGNATURE = "def build_param_groups(model, head_names, *, head_lr, backbone_lr, weight_decay):\n"


@pytest.fixture(scope="module")
def solution() -> str:
    return (SOLUTIONS / "04_parameter_groups.py").read_text("utf-8")


def test_groups_that_are_refused_cost_one_check_and_the_others_wait(graded: Graded) -> None:
    specimen = (SPECIMENS / EXERCISE.slug / "groups_duplicate_param.py").read_text("utf-8")
    mine = [outcome for outcome in graded(specimen).outcomes if outcome.function == "build_param_groups"]
    assert [outcome.verdict for outcome in mine] == [Verdict.FAILED] + [Verdict.BLOCKED] * 8


ODD = {
    "a rate of its own for every tensor": (
        "lr = head_lr if in_head(name, head_names) else backbone_lr",
        "lr = head_lr / (len(members) + 1)",
    ),
    "half the decay for everybody": ("weight_decay if parameter.ndim > 1", "weight_decay / 2 if parameter.ndim > 1"),
    "decay by parity": ("if parameter.ndim > 1", "if len(name) % 2"),
    "kernels only": ("if parameter.ndim > 1", "if parameter.ndim > 2"),
    "gradient ascent": ('{"params": params,', '{"maximize": True, "params": params,'),
    "factor squared": ('group["lr"] = factor *', 'group["lr"] = factor * factor *'),
    "rounded": ('group["lr"] = factor * ', 'group["lr"] = 0.01 + factor * '),
    "base forgotten": ('factor * group.setdefault("initial_lr", group["lr"])', "factor"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_unknown_mistake_is_described_and_not_named(graded: Graded, solution: str, name: str) -> None:
    right, wrong = ODD[name]
    assert right in solution
    result = graded(solution.replace(right, wrong))
    named = {diagnosis.misconception for diagnosis in result.diagnoses}
    assert result.earned < result.possible
    assert named <= ({"schedule-flattens-groups"} if name == "base forgotten" else set())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    return None\n", "an object of type NoneType"),
        ("    return list(model.parameters())\n", "list holding a Parameter"),
        ("    return [{'lr': head_lr}]\n", "dict without the key `params`"),
        ("    return []\n", "empty parameter list"),
        ("    return [{'params': set(model.parameters()), 'lr': head_lr}]\n", "refused your groups: TypeError"),
        ("    raise KeyError(head_names)\n", "raised KeyError"),
    ],
)
def test_answers_that_are_no_groups_are_described(graded: Graded, body: str, said: str) -> None:
    outcome = graded(SIGNATURE + body).outcomes[0]
    assert outcome.verdict is Verdict.FAILED
    assert said in outcome.message


def test_two_mistakes_in_one_function_are_both_seen(graded: Graded, solution: str) -> None:
    twice = solution.replace("head_lr if in_head(name, head_names) else backbone_lr", "backbone_lr").replace(
        "weight_decay if parameter.ndim > 1 else 0.0", "weight_decay"
    )
    (diagnosis,) = graded(twice).diagnoses
    assert (diagnosis.misconception, diagnosis.also_seen) == ("groups-single-lr", ("groups-decay-on-everything",))
