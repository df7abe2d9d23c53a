"""Exercise 03 from end to end: sound solutions pass, every specimen gets its own name, one bug costs once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader import course
from grader.places import EXERCISES, SPECIMENS
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["03_partial_unfreeze"]
SECOND = Path(__file__).parent.parent / "solutions" / "03_partial_unfreeze.py"
Graded = Callable[..., Grade]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_solutions_earn_everything_on_every_seed(graded: Graded, solution: str, seed: int) -> None:
    for source in (solution, SECOND.read_text("utf-8")):
        grade = graded(source, seed)
        assert (grade.earned, grade.possible, grade.diagnoses) == (15, 15, ()), grade.outcomes


def test_the_stub_earns_nothing_and_says_what_to_do_first(graded: Graded) -> None:
    grade = graded((EXERCISES / "03_partial_unfreeze.py").read_text("utf-8"))
    assert grade.earned == 0
    assert grade.diagnoses == ()
    assert grade.next_step.startswith("Start with `backbone_blocks`: `backbone_blocks` is still to be written (line ")


@pytest.mark.parametrize("name", EXERCISE.misconceptions)
def test_a_specimen_is_named_after_its_misconception(graded: Graded, name: str) -> None:
    specimen = SPECIMENS / EXERCISE.slug / f"{name.replace('-', '_')}.py"
    grade = graded(specimen.read_text("utf-8"))
    assert [diagnosis.misconception for diagnosis in grade.diagnoses] == [name]
    assert grade.earned < grade.possible


def test_every_specimen_and_every_page_has_its_counterpart() -> None:
    files = {path.stem for path in (SPECIMENS / EXERCISE.slug).glob("*.py")}
    assert files == {name.replace("-", "_") for name in EXERCISE.misconceptions}


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
