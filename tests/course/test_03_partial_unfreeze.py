"""Exercise 03 from end to end: sound solutions pass, every specimen gets its own name, one bug costs once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import course
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["03_partial_unfreeze"]
SECOND = Path(__file__).parent.parent / "solutions" / "03_partial_unfreeze.py"
Graded = Callable[..., Grade]


LOOP = """
    counts, flags = [], [parameter.requires_grad for parameter in model.parameters()]
    for depth in range(len(backbone_blocks(model)) + 1):
        partial_unfreeze(model, depth)
        counts.append(sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad))
    for parameter, flag in zip(model.parameters(), flags):
        parameter.requires_grad = flag
    return counts
"""


@pytest.fixture
def changed(solution: str) -> Callable[..., str]:
    """Return the solution with some of its lines replaced; each has to be there."""

    def change(*lines: tuple[str, str]) -> str:
        text = solution
        for old, new in lines:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        return text

    return change


def passed(grade: Grade) -> Counter[str]:
    """Points by function."""
    return Counter({outcome.function: 0 for outcome in grade.outcomes}) + Counter(
        outcome.function for outcome in grade.outcomes if outcome.verdict is Verdict.PASSED
    )


POOLER = '    blocks[-1] += ("bert.pooler.",)\n'
ROW = "    return [[name for name in names if name.startswith(block)] for block in block_prefixes(model)]"
WRONG_BLOCKS = {
    "a pooler of its own": (POOLER, '    blocks.append(("bert.pooler.",))\n', 3),
    "no pooler": (POOLER, "    pass\n", 4),
    "no embeddings": ('[("bert.embeddings.",), *(', "[*(", 3),
    "no stem": ('[("conv1.", "bn1."), ', "[", 4),
    "layers by text": ("for index in range(layers))", "for index in sorted(range(layers), key=str))", 3),
}


@pytest.mark.parametrize("loops", [False, True], ids=["adds up", "counts in a loop"])
@pytest.mark.parametrize("wrong", WRONG_BLOCKS.values(), ids=WRONG_BLOCKS)
def test_wrong_blocks_cost_their_own_points_alone(
    graded: Graded, changed: Callable[..., str], wrong: tuple[str, str, int], *, loops: bool
) -> None:
    old, new, points = wrong
    source = changed((old, new))
    if loops:
        source = source.partition("    sizes = {name: parameter")[0] + LOOP.lstrip("\n")
    for seed in (1, 2, 3):
        grade = graded(source, seed)
        assert passed(grade) == {"backbone_blocks": points, "partial_unfreeze": 7, "trainable_by_depth": 3}
        remarks = {outcome.message for outcome in grade.outcomes if outcome.verdict is Verdict.PASSED} - {""}
        assert len(remarks) == 1
        assert "your earlier functions" in remarks.pop()


@pytest.mark.parametrize("wrong", ["return model.nothing", "return [('a.',), ('b.',), ('c.',), ('d.',), ('e.',)]"])
@pytest.mark.parametrize(
    ("line", "points"), [('    if hasattr(model, "bert"):\n', 7), ('    return [("conv1.", "bn1."),', 8)]
)
def test_one_kind_of_models_is_half_of_the_points(
    graded: Graded, changed: Callable[..., str], line: str, points: int, wrong: str
) -> None:
    extra = f"        {wrong}\n" if line.endswith("\n") else ""
    source = changed((line, line + extra if extra else f"    {wrong}\n{line}"))
    assert [graded(source, seed).earned for seed in (1, 2)] == [points, points]


def test_a_function_that_is_written_earns_its_points(graded: Graded, changed: Callable[..., str]) -> None:
    unwritten = "    raise NotImplementedError\n"
    source = changed(
        ("    blocks = backbone_blocks(model)\n    if not", f"{unwritten}    if not"),
        ("    sizes = {name", f"{unwritten}    sizes = {{name"),
    )
    assert passed(graded(source))["backbone_blocks"] == graded(source).earned == 5


def test_gradients_that_are_switched_off_are_no_mistake(graded: Graded, solution: str) -> None:
    source = solution.replace(
        "from torch import nn\n", "import torch\nfrom torch import nn\n\ntorch.set_grad_enabled(False)\n"
    )
    assert graded(source).full_marks


def test_another_kind_of_report_costs_the_report_alone(graded: Graded, changed: Callable[..., str]) -> None:
    listed = "[name for name, parameter in model.named_parameters() if parameter.requires_grad]"
    assert graded(changed((f"return {listed}", f"return iter({listed})"))).earned == 14


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


HEAD = "n.startswith(('fc.', 'classifier.'))"
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


def functions(bodies: tuple[str, str, str]) -> str:
    heads = ("backbone_blocks(model)", "partial_unfreeze(model, depth)", "trainable_by_depth(model)")
    return "\n\n".join(f"def {head}:\n    {body}" for head, body in zip(heads, bodies, strict=True))


@pytest.mark.parametrize("bodies", LAZY.values(), ids=LAZY)
def test_doing_nothing_earns_nothing_and_has_no_name(graded: Graded, bodies: tuple[str, str, str]) -> None:
    grade = graded(functions(bodies))
    assert grade.earned == 0
    assert [diagnosis.misconception for diagnosis in grade.diagnoses] == []


FREES_THE_HEAD = f"""for n, p in model.named_parameters(): p.requires_grad = {HEAD}
    return [n for n, p in model.named_parameters() if p.requires_grad]"""
IDLE = {
    "blocks among which every depth is alike": (
        "return [[n] for n, _ in [*model.named_parameters()][:3]] + [[]] * 60",
        FREES_THE_HEAD,
        f"return [sum(p.numel() for n, p in model.named_parameters() if {HEAD})] * 64",
    ),
    "one block, of which all is frozen": (
        "return [[n for n, _ in model.named_parameters()]]",
        "if depth < 0: raise ValueError\n    model.requires_grad_(False)\n    return []",
        "return list(range(6))",
    ),
}


@pytest.mark.parametrize("bodies", IDLE.values(), ids=IDLE)
def test_blocks_that_leave_nothing_to_do_earn_nothing(graded: Graded, bodies: tuple[str, str, str]) -> None:
    assert graded(functions(bodies)).earned == 0


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
