"""Exercise 03 from end to end: sound solutions pass, every specimen gets its own name, one bug costs once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader import course
from grader.places import SPECIMENS
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["03_partial_unfreeze"]
SECOND = Path(__file__).parent.parent / "solutions" / "03_partial_unfreeze.py"
Graded = Callable[..., Grade]


def test_what_follows_from_wrong_blocks_is_blocked_not_failed(graded: Graded) -> None:
    specimen = (SPECIMENS / EXERCISE.slug / "blocks_forget_pooler.py").read_text("utf-8")
    grade = graded(specimen)
    failed = {outcome.function for outcome in grade.outcomes if outcome.verdict is Verdict.FAILED}
    blocked = [outcome for outcome in grade.outcomes if outcome.verdict is Verdict.BLOCKED]
    assert failed == {"backbone_blocks"}
    assert blocked
    assert all("backbone_blocks" in outcome.message or "table itself" in outcome.message for outcome in blocked)


def test_refusing_every_depth_is_no_answer(graded: Graded, solution: str) -> None:
    refusing = solution.replace(
        "    blocks = backbone_blocks(model)\n    if not", "    raise ValueError(depth)\n    if not", 1
    )
    outcomes = {
        outcome.check: outcome.verdict
        for outcome in graded(refusing).outcomes
        if outcome.function == "partial_unfreeze"
    }
    assert Verdict.PASSED not in outcomes.values()


LAZY = {
    "empty lists": ("return []", "return []", "return []"),
    "what is there already": (
        "return [[n for n, _ in model.named_parameters()]]",
        "return [n for n, p in model.named_parameters() if p.requires_grad]",
        "return [sum(p.numel() for p in model.parameters() if p.requires_grad)]",
    ),
    "nothing at all": ("pass", "pass", "pass"),
    "always an error": ("raise ValueError", "raise ValueError", "raise ValueError"),
}


@pytest.mark.parametrize("bodies", LAZY.values(), ids=LAZY)
def test_doing_nothing_earns_nothing_and_has_no_name(graded: Graded, bodies: tuple[str, str, str]) -> None:
    heads = ("backbone_blocks(model)", "partial_unfreeze(model, depth)", "trainable_by_depth(model)")
    source = "\n\n".join(f"def {head}:\n    {body}" for head, body in zip(heads, bodies, strict=True))
    grade = graded(source)
    assert grade.earned == 0
    assert [diagnosis.misconception for diagnosis in grade.diagnoses] == []


def test_altering_weights_is_seen(graded: Graded, solution: str) -> None:
    loop = "    for name, parameter in model.named_parameters():\n"
    flag = "        parameter.requires_grad"
    altering = solution.replace(loop + flag, f"{loop}        parameter.data.add_(1)\n{flag}")
    messages = " ".join(outcome.message for outcome in graded(altering).outcomes)
    assert "changed; only flags should" in messages


def test_an_unknown_mistake_is_described_and_not_named(graded: Graded, solution: str) -> None:
    odd = solution.replace(
        "parameter.requires_grad = name not in frozen", "parameter.requires_grad = len(name) % 2 == 0"
    )
    grade = graded(odd)
    assert grade.earned < grade.possible
    assert [diagnosis.function for diagnosis in grade.diagnoses] == []
