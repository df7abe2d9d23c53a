"""Exercise 08 from end to end: sound solutions pass, every specimen gets its own name, one bug costs once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import judge, observe
from grader.places import SOLUTIONS
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["08_choose_depth"]
FIRST = (SOLUTIONS / "08_choose_depth.py").read_text("utf-8")
SECOND = (Path(__file__).parent.parent / "solutions" / "08_choose_depth.py").read_text("utf-8")
Graded = Callable[..., Grade]


def changed(old: str, new: str) -> str:
    assert old in FIRST
    return FIRST.replace(old, new)


def test_each_function_is_judged_by_itself(graded: Graded) -> None:
    grade = graded(changed("    below = max(", "    raise RuntimeError\n    below = max("))
    assert {o.function for o in grade.outcomes if o.verdict is not Verdict.PASSED} == {"next_smaller_depth"}


ODD = {
    "a gate that shuts out who just fulfils it": (">= min_recall", "> min_recall", "Is nothing cheaper within"),
    "a gate that nobody asked for": (">= min_recall", ">= 0.5", "Is nothing cheaper within"),
    "no allowance for rounding": (" - ROUNDING", "", "Is nothing cheaper within"),
    "a generous allowance": ("ROUNDING = 1e-12", "ROUNDING = 1e-3", "Is its mean of"),
    "the variance of the mean": ("best.std / math.sqrt(best.n)", "best.std**2 / best.n", "Is nothing cheaper within"),
    "two standard errors": ("best.std / math.sqrt(best.n)", "2 * best.std / math.sqrt(best.n)", "Is its mean of"),
    "cost for each point of the mean": (
        "(summary.trainable, -summary.mean)",
        "summary.trainable / summary.mean",
        "Is nothing cheaper within",
    ),
    "the lower mean on equal cost": ("-summary.mean)", "summary.mean)", "Which of the two is better?"),
    "names in alphabetical order": (
        "-summary.mean)",
        "-summary.mean, summary.strategy)",
        "Which of the two comes first",
    ),
    "another kind of refusal": ('raise ValueError(f"no', 'raise KeyError(f"no', "instead of ValueError"),
    "the summary itself": (")).strategy", "))", "an object of type StrategySummary"),
    "refusing every table": ("if not admitted:", "if True:", "raised ValueError"),
    "half a depth": ("(below + chosen) // 2", "(below + chosen) / 2", "look at the return type"),
    "the depth just below": ("(below + chosen) // 2", "chosen - 1", "Which depth lies halfway"),
    "nothing counted as depth 0": ("default=None", "default=0", "Nothing below the chosen depth was tested"),
    "refusing every depth": ("if chosen not in tested:", "if True:", "raised ValueError"),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_unknown_mistake_is_described_and_not_named(graded: Graded, odd: str) -> None:
    old, new, said = ODD[odd]
    grade = graded(changed(old, new))
    assert grade.earned < grade.possible
    assert grade.diagnoses == ()
    assert said in " ".join(outcome.message for outcome in grade.outcomes)


@pytest.mark.parametrize("name", ["scratch", "frozen", "partial_unfreeze", "full_finetune"])
def test_one_name_for_every_table_earns_nothing(graded: Graded, name: str) -> None:
    grade = graded(changed("    admitted = [", f"    return {name!r}\n    admitted = ["))
    assert {o.verdict for o in grade.outcomes if o.function == "choose_cheapest"} == {Verdict.FAILED}


@pytest.mark.parametrize("fact", [None, 7, {}, [], [3], {"raised": 1}, {"returned": {"a": [None]}}])
def test_malformed_facts_are_never_a_fault_of_ours(sandbox: Sandbox, tmp_path: Path, fact: object) -> None:
    path = tmp_path / "08_choose_depth.py"
    path.write_text(FIRST, "utf-8")
    submission = discover(path, learner="learner-01")
    evidence = observe(submission, EXERCISE, sandbox, 5)
    single = msgspec.structs.replace(evidence, facts=dict.fromkeys(evidence.facts, fact))
    lists = {name: [fact] * len(told) if isinstance(told, list) else fact for name, told in evidence.facts.items()}
    for hostile in (single, msgspec.structs.replace(evidence, facts=lists)):
        assert judge(submission, EXERCISE, hostile).earned == 0


@pytest.mark.parametrize("seed", range(20))
def test_the_scores_of_a_summary_have_its_mean_and_spread(seed: int) -> None:
    from statistics import fmean, stdev

    for case in course.draw(EXERCISE, seed)[0]["choices"]:
        for row in case["rows"]:
            assert len(row["scores"]) == row["n"]
            assert fmean(row["scores"]) == pytest.approx(row["mean"], abs=1e-13)
            assert (stdev(row["scores"]) if row["n"] > 1 else 0.0) == pytest.approx(row["std"], abs=1e-13)
