"""Exercise 04 from end to end: sound solutions pass, every specimen gets its own name, what is odd gets none."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import judge, observe
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


def test_groups_that_are_refused_are_judged_with_every_tensor_where_it_stands_first(graded: Graded) -> None:
    specimen = (SPECIMENS / EXERCISE.slug / "groups_duplicate_param.py").read_text("utf-8")
    passed = {outcome.check for outcome in graded(specimen).outcomes if outcome.verdict is Verdict.PASSED}
    assert {"biases-and-normalisation-do-not-decay", "no-group-is-empty"} <= passed
    assert "sgd-and-adamw-accept-the-groups" not in passed


def test_a_rate_that_a_scheduler_left_is_the_first_one(graded: Graded, solution: str) -> None:
    right = 'group.setdefault("initial_lr", group["lr"])'
    assert right in solution
    mine = 'group.setdefault("base", group["lr"])'
    grade = graded(
        solution.replace(right, f'{mine}; group["initial_lr"] = group["base"]').replace(
            f"factor * {right}", f"factor * {mine}"
        )
    )
    (failed,) = (outcome for outcome in grade.outcomes if outcome.verdict is Verdict.FAILED)
    assert "in whose groups a scheduler had left an `initial_lr`" in failed.message


def test_more_groups_than_there_are_fail_a_check_and_are_no_fault_of_ours(
    sandbox: Sandbox, tmp_path: Path, solution: str
) -> None:
    path = tmp_path / EXERCISE.filename
    path.write_text(solution, "utf-8")
    submission = discover(path, learner="learner-01")
    evidence = observe(submission, EXERCISE, sandbox, SEED)
    facts = copy.deepcopy(dict(evidence.facts))
    for name, fact in facts.items():
        if name.startswith("scaled/"):
            for shown in fact["shown"]:
                shown.extend([{"members": [], "says": {}}] * 9)
    grade = judge(submission, EXERCISE, msgspec.structs.replace(evidence, facts=facts))
    assert {each.check for each in grade.outcomes if each.verdict is Verdict.FAILED} >= {"order-and-other-keys-stay"}


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
