"""Exercise 02 from end to end: popular ways to freeze get the name they deserve, and no claim replaces a frozen run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import msgspec
import pytest

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import grade as grade_with
from grader.pipeline import judge, observe
from grader.places import SOLUTIONS, SPECIMENS
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["02_freeze_backbone"]
SOLUTION = (SOLUTIONS / "02_freeze_backbone.py").read_text("utf-8")
SNAPSHOT, FREEZE, TRAIN, CHANGED = EXERCISE.functions
FLAG = "        parameter.requires_grad = in_head(name, head_names)\n"
CONDITION = "        if parameters and not any(parameter.requires_grad for parameter in parameters):\n"
CLONES = "{name: tensor.clone() for name, tensor in model.state_dict().items()}"
EQUAL = "not torch.equal(before[name], after[name])"
SIGNATURES = {
    SNAPSHOT: "model",
    FREEZE: "model, head_names",
    TRAIN: "model",
    CHANGED: "before, model",
}
Graded = Callable[..., Grade]


def changed(old: str, new: str) -> str:
    assert old in SOLUTION
    return SOLUTION.replace(old, new)


def with_bodies(**bodies: str) -> str:
    """Return the solution with some functions written over."""
    functions = (f"def {name}({SIGNATURES[name]}):\n{indent(body, '    ')}" for name, body in bodies.items())
    return "\n\n".join([SOLUTION, *functions])


def lost(grade: Grade) -> set[str]:
    return {outcome.function for outcome in grade.outcomes if outcome.verdict is not Verdict.PASSED}


def named(grade: Grade) -> list[str]:
    return [diagnosis.misconception for diagnosis in grade.diagnoses]


def messages(grade: Grade) -> str:
    return " ".join(outcome.message for outcome in grade.outcomes)


POPULAR = {
    "the transfer tutorial": """
def freeze_backbone(model, head_names):
    for param in model.parameters():
        param.requires_grad = False
    for name in head_names:
        getattr(model, name).requires_grad_(True)
    return model

def train_mode(model):
    return model.train()

# bn-running-stats-drift""",
    "a test of names as in tutorials": """
def freeze_backbone(model, head_names):
    for name, param in model.named_parameters():
        param.requires_grad = any(head in name for head in head_names)
    return model

# freeze-substring-match""",
    "eval of the backbone, and training as ever": """
def freeze_backbone(model, head_names):
    for name, param in model.named_parameters():
        param.requires_grad = in_head(name, head_names)
    for name, child in model.named_children():
        child.train(name in head_names)
    return model

def train_mode(model):
    return model.train()

# bn-stats-drift-after-eval-once""",
    "every child but the head in inference mode": """
def train_mode(model):
    model.train()
    for name, child in model.named_children():
        child.train(name in ("fc", "classifier"))
    return model

# trainmode-ignores-flags""",
    "modules frozen as in Lightning": """
def freeze_backbone(model, head_names):
    for prefix, module in model.named_modules():
        for local, param in module.named_parameters(recurse=False):
            param.requires_grad = in_head(f"{prefix}.{local}" if prefix else local, head_names)
        if isinstance(module, nn.BatchNorm2d):
            module.track_running_stats = False
    return model

def train_mode(model):
    return model.train()

# bn-untracked-still-batch-stats""",
    "BnFreeze as in fastai": """
def train_mode(model):
    model.train()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d) and not module.weight.requires_grad:
            module.eval()
    return model

# dropout-active-in-frozen-backbone""",
    "only what holds something that learns": """
def train_mode(model):
    model.eval()
    for module in model.modules():
        module.training = any(param.requires_grad for param in module.parameters())
    return model

# dropout-off-in-live-part""",
    "a frozen model is evaluated": """
def train_mode(model):
    return model.eval()

# trainmode-everything-eval""",
    "no gradients anywhere": """
def freeze_backbone(model, head_names):
    torch.set_grad_enabled(False)
    for name, param in model.named_parameters():
        param.requires_grad = in_head(name, head_names)
    return model

# no-grad-reaches-head""",
    "frozen layers of detection libraries": """
from torchvision.ops.misc import FrozenBatchNorm2d

def freeze_backbone(model, head_names):
    for module in list(model.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.BatchNorm2d):
                setattr(module, name, FrozenBatchNorm2d(child.num_features))
    for name, param in model.named_parameters():
        param.requires_grad = in_head(name, head_names)
    return model

# freeze-norm-layers-replaced""",
    "close is equal": """
def changed_entries(before, model):
    after = model.state_dict()
    both = before.keys() & after.keys()
    alike = {n for n in both if before[n].shape == after[n].shape and torch.allclose(before[n], after[n])}
    return sorted((before.keys() | after.keys()) - alike)

# audit-tolerance-hides-drift""",
}
"""Other people's ways; the last line is the name that it deserves."""


@pytest.mark.parametrize("way", POPULAR)
def test_a_popular_way_gets_the_name_it_deserves(graded: Graded, way: str) -> None:
    source, _, name = POPULAR[way].rpartition("# ")
    grade = graded(SOLUTION + source)
    assert named(grade) == [name]
    assert grade.earned < grade.possible


ODD = {
    "flags by parity": (FLAG, "        parameter.requires_grad = len(name) % 2 == 0\n", "can learn afterwards"),
    "flags and values": (FLAG, FLAG + "        parameter.data = parameter.data + 1\n", "not what a step"),
    "new parameters": (
        FLAG,
        FLAG + "    for module in model.modules():\n        for local, p in list(module._parameters.items()):\n"
        "            if p is not None:\n"
        "                setattr(module, local, nn.Parameter(p.detach().clone(), requires_grad=p.requires_grad))\n",
        "not the same parameter as before",
    ),
    "a list of names": (FLAG, FLAG + "    return list(head_names)\n", "you returned a list"),
    "a wrapped model": (FLAG, FLAG + "    return nn.Sequential(model)\n", "you returned a Sequential"),
    "all stages sleep, the stem does not": (
        CONDITION,
        "        if isinstance(module, nn.Sequential) and not any(p.requires_grad for p in parameters):\n",
        "`bn1.num_batches_tracked`, `bn1.running_mean` and `bn1.running_var` are not as before",
    ),
    "one frozen parameter is enough": (
        CONDITION,
        "        if not all(parameter.requires_grad for parameter in parameters):\n",
        "In which mode does a layer count?",
    ),
    "two names known by heart": (
        'name.startswith(f"{head}.")',
        'name.startswith(("fc.", "classifier."))',
        "of the head",
    ),
    "an error at the sight of dropout": (
        "    model.train()\n",
        "    model.train()\n    if any(isinstance(m, nn.Dropout) for m in model.modules()):\n        raise KeyError\n",
        "raised KeyError",
    ),
    "half precision": ("tensor.clone()", "tensor.half()", "with other values"),
    "numbers in a list": ("tensor.clone()", "tensor.tolist()", "something else than a tensor"),
    "other names": (CLONES, CLONES.replace("{name:", "{'model.' + name:"), "not in your snapshot"),
    "a list of tensors": (CLONES, "list(model.parameters())", "an object of type list"),
    "not sorted": ("return sorted(", "return sorted(reverse=True, iterable=", "raised TypeError"),
    "sorted backwards": (
        "(before.keys() ^ after.keys()))",
        "(before.keys() ^ after.keys()), reverse=True)",
        "but not sorted",
    ),
    "a dict of differences": ("return sorted(", "return dict.fromkeys(", "look at the return type"),
    "everything named": (EQUAL, "True", "where nothing differs"),
    "nothing named": ("    return sorted(", "    return []\n    return sorted(", "left out"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_unknown_mistake_is_described_and_not_named(graded: Graded, name: str) -> None:
    old, new, said = ODD[name]
    grade = graded(changed(old, new))
    assert grade.earned < grade.possible
    assert named(grade) == []
    assert said in messages(grade)


LAZY = {
    "nothing at all": ("pass", "pass", "pass", "pass"),
    "what came in": ("return model", "return model", "return model", "return before"),
    "empty answers": ("return {}", "return model", "return None", "return []"),
    "always an error": ("raise ValueError", "raise ValueError", "raise ValueError", "raise ValueError"),
    "the end": ("raise SystemExit", "raise SystemExit", "raise SystemExit", "raise SystemExit"),
}


@pytest.mark.parametrize("bodies", LAZY.values(), ids=LAZY)
def test_doing_nothing_earns_nothing_and_has_no_name(graded: Graded, bodies: tuple[str, ...]) -> None:
    grade = graded(with_bodies(**dict(zip(EXERCISE.functions, bodies, strict=True))))
    assert grade.earned == 0
    assert named(grade) == []


def test_freezing_wrongly_does_not_cost_the_points_of_training_mode(graded: Graded) -> None:
    grade = graded(with_bodies(freeze_backbone="return model.requires_grad_(False)"))
    verdicts = [outcome.verdict for outcome in grade.outcomes if outcome.function == TRAIN]
    assert verdicts == [Verdict.PASSED] * 4 + [Verdict.BLOCKED] * 2
    assert named(grade) == ["freeze-head-too"]


def test_training_wrongly_does_not_cost_the_points_of_freezing(graded: Graded) -> None:
    assert lost(graded(with_bodies(train_mode="raise RuntimeError"))) == {TRAIN}


def test_drift_is_told_apart_from_a_leak_in_the_same_file(graded: Graded) -> None:
    leak = FLAG.replace("in_head(name, head_names)", "any(head in name for head in head_names)")
    grade = graded(with_bodies(train_mode="return model.train()").replace(FLAG, leak))
    assert named(grade) == ["freeze-substring-match", "bn-running-stats-drift"]
    assert "After" in messages(grade)


def test_a_comparison_with_ones_own_wrong_snapshot_waits(graded: Graded) -> None:
    source = with_bodies(snapshot="return {n: p.detach().clone() for n, p in model.named_parameters()}")
    grade = graded(source.replace("    after = model.state_dict()\n", "    after = snapshot(model)\n"))
    assert {o.verdict for o in grade.outcomes if o.function == CHANGED} == {Verdict.BLOCKED}
    assert named(grade) == ["snapshot-skips-buffers"]


@pytest.mark.parametrize("function", [SNAPSHOT, TRAIN])
def test_an_endless_loop_costs_its_function(sandbox: Sandbox, tmp_path: Path, function: str) -> None:
    path = tmp_path / "02_freeze_backbone.py"
    path.write_text(with_bodies(**{function: "while True:\n    pass"}), "utf-8")
    short = msgspec.structs.replace(EXERCISE, limits=msgspec.structs.replace(EXERCISE.limits, seconds=6))
    submission = discover(path, learner="learner-01")
    evidence = observe(submission, short, sandbox, 1)
    assert lost(judge(submission, short, evidence)) == {function}


TRICKS = {
    "nothing moves, say the digests": "observe.digests = probe.digests = lambda state, names: "
    "__import__('numpy').zeros(len(names), 'uint64')",
    "nothing moves, says the step": "probe.shake = lambda model, names, decay: "
    "observe.digests(model.state_dict(), names)",
    "the first state for ever": "first = {}\nhonest = probe.digests\n"
    "probe.digests = lambda state, names: first.setdefault(len(names), honest(state, names))",
    "no batch is counted": "probe._counters = lambda entries, names: "
    "__import__('numpy').zeros(sum(n.endswith('tracked') for n in names), 'int64')",
    "training is skipped": "probe._train = lambda *args: iter(())",
    "optimizers do nothing": "torch.optim.SGD.step = lambda self: None",
    "the head alone is trained": "probe.logits = lambda model, inputs: torch.zeros(len(inputs), 5, requires_grad=True)",
}
FIND_PROBE = (
    "import sys\nimport torch\nfrom torch import nn\nimport grader.inside.observe as observe\nframe = sys._getframe()\n"
    "while 'probe' not in frame.f_locals:\n    frame = frame.f_back\nprobe = frame.f_locals['probe']\n"
)


@pytest.mark.parametrize("trick", TRICKS)
def test_talking_the_harness_round_proves_no_frozen_run(graded: Graded, trick: str) -> None:
    tampering = f"{FIND_PROBE}{TRICKS[trick]}\n"
    idle = with_bodies(freeze_backbone="return model", train_mode="return model")
    grade = graded(tampering + idle)
    assert not {FREEZE, TRAIN} & {outcome.function for outcome in grade.outcomes if outcome.verdict is Verdict.PASSED}


FACTS = [None, 7, {}, [], [3], {"raised": 1}, {"answer": 1, "same": "yes"}, {"modes": 3}, {"names": 1}]


def test_malformed_facts_are_never_a_fault_of_ours(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "02_freeze_backbone.py"
    path.write_text(SOLUTION, "utf-8")
    submission = discover(path, learner="learner-01")
    evidence = observe(submission, EXERCISE, sandbox, 1)
    for fact in FACTS:
        forged = msgspec.structs.replace(evidence, facts=dict.fromkeys(evidence.facts, fact))
        assert judge(submission, EXERCISE, forged).earned == 0
    assert lost(judge(submission, EXERCISE, msgspec.structs.replace(evidence, arrays={}))) == {SNAPSHOT, FREEZE, TRAIN}


def test_one_figure_per_run_and_one_of_the_statistics(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "02_freeze_backbone.py"
    path.write_bytes((SPECIMENS / EXERCISE.slug / "bn_running_stats_drift.py").read_bytes())
    vision, text, statistics = grade_with(discover(path, learner="learner-01"), sandbox, 1).figures
    assert [row for row, (share,) in zip(vision.rows, vision.seen, strict=True) if share] == list(vision.rows)
    assert [row for row, (share,) in zip(text.rows, text.seen, strict=True) if share] == ["head"]
    assert statistics.columns[0] == "0"
    assert statistics.seen[0] == (1,) * len(statistics.columns)
    assert statistics.expected[0] == (False,) * (len(statistics.columns) - 1) + (True,)


def test_a_head_without_outputs_is_the_learners_fault_and_not_ours(graded: Graded) -> None:
    name = "    name = 'classifier' if hasattr(model, 'classifier') else 'fc'\n"
    empty = "    setattr(model, name, nn.Linear(getattr(model, name).in_features, 0))\n"
    grade = graded(changed(FLAG, FLAG + name + empty))
    assert grade.earned < EXERCISE.points // 2
    assert {outcome.verdict for outcome in grade.outcomes if outcome.function == FREEZE} == {Verdict.FAILED}


def test_a_train_mode_that_returns_nothing_is_told(graded: Graded) -> None:
    start = SOLUTION.index("def train_mode")
    grade = graded(SOLUTION[:start] + SOLUTION[start:].replace("    return model\n", "", 1))
    (failed,) = (outcome for outcome in grade.outcomes if outcome.verdict is Verdict.FAILED)
    assert "returned NoneType, not the model that it was given" in failed.message


def test_a_head_below_another_name_is_found_by_its_whole_name(graded: Graded) -> None:
    first = "any(name.split('.')[0] == head for head in head_names)"
    grade = graded(changed('any(name == head or name.startswith(f"{head}.") for head in head_names)', first))
    assert "whole-names-decide-and-no-parameter-is-passed-over" in {
        o.check for o in grade.outcomes if o.verdict is Verdict.FAILED
    }
