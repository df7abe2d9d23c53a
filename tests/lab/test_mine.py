"""A learner's own functions in the runs: graded first, in the sandbox throughout."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader import course
from grader.isolate import Attempt, Question, Sandbox
from grader.lab import here, mine, runs
from grader.lab.mine import Mine
from grader.lab.runs import RunFailed, WantedRun
from grader.places import EXERCISES, SOLUTIONS

SHORT = ("vision-rare",)
ROWS = [{**runs.chosen(None, name)[0], "steps": 2} for name in SHORT]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One finished exercise and a stub."""
    shutil.copy(SOLUTIONS / "04_parameter_groups.py", tmp_path / "04_parameter_groups.py")
    shutil.copy(EXERCISES / "05_scratch_baseline.py", tmp_path / "05_scratch_baseline.py")
    return tmp_path


def test_what_has_full_marks_is_used_and_the_rest_is_the_references(folder: Path, sandbox: Sandbox) -> None:
    heard: list[str] = []
    judged = mine.judged(folder, sandbox, heard.append)
    assert judged.sources == {"04_parameter_groups": (folder / "04_parameter_groups.py").read_bytes()}
    assert heard == ["04_parameter_groups.py", "05_scratch_baseline.py"]
    assert {function.name: function.whose for function in judged.functions} == {
        "freeze_backbone": "reference",
        "train_mode": "reference",
        "partial_unfreeze": "reference",
        "build_param_groups": "yours",
        "scale_lrs": "yours",
        "make_scratch_twin": "reference",
    }
    why = {function.name: function.why for function in judged.functions}
    assert why["train_mode"] == "There is no 02_freeze_backbone.py among your files."
    assert why["scale_lrs"] == "Your 04_parameter_groups.py has 12 of 12 points."
    assert why["make_scratch_twin"] == "Your 05_scratch_baseline.py has 0 of 10 points."


def test_only_what_learners_fill_in_can_take_a_step() -> None:
    exercise = course.exercises()["05_scratch_baseline"]
    with pytest.raises(ValueError, match="in_runs names train_mode, which is not among the functions"):
        msgspec.structs.replace(exercise, in_runs=("make_scratch_twin", "train_mode"))


def finished(**sources: str) -> Mine:
    encoded = {slug: source.encode() for slug, source in sources.items()}
    return Mine(sources=encoded, functions=())


def order(strategy: Any, seed: int = 0) -> WantedRun:
    return WantedRun(scenario="vision-rare", strategy=strategy, depth=1, seed=seed)


def test_a_run_in_the_sandbox_is_the_run_here_where_the_code_means_the_same(sandbox: Sandbox) -> None:
    names = ("03_partial_unfreeze", "04_parameter_groups")
    mine_in_full = finished(**{name: (SOLUTIONS / f"{name}.py").read_text("utf-8") for name in names})
    there, own = mine.runner(ROWS, mine_in_full, sandbox), here.runner(ROWS)
    for strategy in ("frozen", "partial_unfreeze"):
        seen, expected = there(order(strategy)), own(order(strategy))
        assert msgspec.structs.replace(seen, seconds=0) == msgspec.structs.replace(expected, seconds=0)


def test_the_learners_code_is_really_what_runs(sandbox: Sandbox) -> None:
    greedy = "def partial_unfreeze(model, depth):\n    for p in model.parameters():\n        p.requires_grad = True\n"
    run = mine.runner(ROWS, finished(**{"03_partial_unfreeze": greedy}), sandbox)
    assert run(order("partial_unfreeze")).trainable == 78_002
    assert run(order("frozen")).trainable == 650


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def partial_unfreeze(model, depth):\n    raise KeyError('layer5')\n", "KeyError: 'layer5'"),
        ("def partial_unfreeze(model, depth):\n    import os\n    os._exit(3)\n", "exited exit status 3"),
        ("import nothing_of_that_name\n", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        (
            "def unfreeze(model, depth): ...\n",
            "AttributeError: module 'submission' has no attribute 'partial_unfreeze'",
        ),
    ],
    ids=["raises", "exits", "import", "gone"],
)
def test_a_run_that_breaks_is_told_in_a_sentence(sandbox: Sandbox, source: str, why: str) -> None:
    run = mine.runner(ROWS, finished(**{"03_partial_unfreeze": source}), sandbox)
    with pytest.raises(RunFailed) as told:
        run(order("partial_unfreeze"))
    said = f"With your functions, partial_unfreeze on vision-rare did not come to its end: {why}."
    assert str(told.value) == said


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"predicted": "0" * 479}, "what came back does not name a class for each validation example"),
        ({"predicted": "0" * 481}, "what came back does not name a class for each validation example"),
        ({"predicted": "0" * 479 + "a"}, "what came back does not name a class for each validation example"),
        ({"predicted": "0" * 479 + "é"}, "what came back does not name a class for each validation example"),
        ({"predicted": 480}, "what came back does not describe a run"),
        ({"confusion": [[480]]}, "what came back does not describe a run"),
        ({"trainable": -1}, "what came back does not describe a run"),
        ({"moved_buffers": -1}, "what came back does not describe a run"),
        ({"seconds": float("nan")}, "what came back does not describe a run"),
        ({"seconds": float("inf")}, "what came back does not describe a run"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_run_on_this_validation_set_is_refused(sandbox: Sandbox, said: dict[str, Any], why: str) -> None:
    """A worker says what the learner's code makes it say."""
    told = {"trainable": 1, "seconds": 0.1, "moved_buffers": 0, "predicted": "0" * 480, "audit": None} | said
    if "confusion" in said:
        del told["predicted"]

    class Liar:
        def attempt(self, task: Question) -> Attempt:
            return msgspec.structs.replace(sandbox.attempt(task), facts={"run": told})

    run = mine.runner(ROWS, finished(), Liar())  # type: ignore[arg-type]
    with pytest.raises(RunFailed, match=f"scratch on vision-rare did not come to its end: {why}"):
        run(order("scratch"))
