"""Exercise 08 from end to end: sound solutions pass, every specimen gets its own name, one bug costs once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grader import course
from grader.adaptation import rule
from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import judge, observe
from grader.places import SOLUTIONS
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["08_choose_depth"]
FIRST = (SOLUTIONS / "08_choose_depth.py").read_text("utf-8")
SECOND = (Path(__file__).parent.parent / "solutions" / "08_choose_depth.py").read_text("utf-8")
Graded = Callable[..., Grade]


def changed(*pairs: tuple[str, str]) -> str:
    text = FIRST
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def test_each_function_is_judged_by_itself(graded: Graded) -> None:
    grade = graded(changed(("    below = max(", "    raise RuntimeError\n    below = max(")))
    assert {o.function for o in grade.outcomes if o.verdict is not Verdict.PASSED} == {"next_smaller_depth"}


LEAD = "shortfall <= error + ROUNDING"
ONE_ERROR = "    good_enough = []\n    gain = (lambda each, noise: lambda a, b: (each(a, b)[0], noise))(gain, {})\n"
"""One error for all strategies, where each has its own."""
ODD = {
    "a gate that shuts out who just fulfils it": ([(">= min_recall", "> min_recall")], "Is nothing cheaper as good as"),
    "a gate that nobody asked for": ([(">= min_recall", ">= 0.5")], "Is nothing cheaper as good as"),
    "a gate two errors wide": ([("+ summary.worst", "+ 2 * summary.worst")], "0.45 ± 0.03 (se), and 0.5 was asked for"),
    "no allowance for rounding": ([(" + ROUNDING", "")], "Is nothing cheaper as good as"),
    "less than the error": ([(LEAD, "shortfall < error")], "raised ValueError: min() arg is an empty sequence"),
    "a generous allowance": ([("ROUNDING = 1e-12", "ROUNDING = 1e-3")], "Is that within the noise?"),
    "half an error": ([(LEAD, "shortfall <= error / 2")], "Is nothing cheaper as good as"),
    "two errors": ([(LEAD, "shortfall <= 2 * error")], "Is that within the noise?"),
    "the error over the runs once more": (
        [(LEAD, "shortfall <= error / best.n**0.5")],
        "Is nothing cheaper as good as",
    ),
    "the error of the cheapest's gain for all": (
        [("    good_enough = []\n", ONE_ERROR.format("gain(min(kept, key=lambda s: s.trainable), best)[1]"))],
        "Is that within the noise?",
    ),
    "the largest error for all": (
        [("    good_enough = []\n", ONE_ERROR.format("max(gain(summary, best)[1] for summary in kept)"))],
        "Is that within the noise?",
    ),
    "one step after the other": (
        [
            ("for summary in kept:", "for summary in sorted(kept, key=lambda s: -s.mean):"),
            (
                "        shortfall, error",
                "        last = good_enough[-1] if good_enough else best\n        shortfall, error",
            ),
            ("gain(summary, best)", "gain(summary, last)"),
        ],
        "Is that within the noise?",
    ),
    "an end at the first that is told": (
        [
            ("for summary in kept:", "for summary in sorted(kept, key=lambda s: -s.mean):"),
            ("append(summary)\n", "append(summary)\n        else:\n            break\n"),
        ],
        "Is nothing cheaper as good as",
    ),
    "the dearer of equal means for the best": (
        [("(-summary.mean, summary.trainable)", "(-summary.mean, -summary.trainable)")],
        "Is that within the noise?",
    ),
    "a single lucky run for the best": ([("(-summary.mean,", "(-max(summary.scores),")], "Is that within the noise?"),
    "names for summaries": (
        [("gain(summary, best)", "gain(summary.strategy, best.strategy)")],
        "object has no attribute 'strategy'",
    ),
    "cost for each point of the mean": (
        [("(summary.trainable, -summary.mean)", "summary.trainable / summary.mean")],
        "Is nothing cheaper as good as",
    ),
    "the lower mean on equal cost": ([(", -summary.mean)", ", summary.mean)")], "Which of the two is better?"),
    "names in alphabetical order": (
        [(", -summary.mean)", ", -summary.mean, summary.strategy)")],
        "Which of the two comes first",
    ),
    "another kind of refusal": ([('raise ValueError(f"no', 'raise KeyError(f"no')], "instead of ValueError"),
    "the summary itself": ([(")).strategy", "))")], "an object of type StrategySummary"),
    "refusing every table": ([("if not kept:", "if True:")], "raised ValueError"),
    "half a depth": ([("(below + chosen) // 2", "(below + chosen) / 2")], "look at the return type"),
    "the depth just below": ([("(below + chosen) // 2", "chosen - 1")], "Which depth lies halfway"),
    "nothing counted as depth 0": ([("default=None", "default=0")], "Nothing below the chosen depth was tested"),
    "refusing every depth": ([("if chosen not in tested:", "if True:")], "raised ValueError"),
}


NAMED = {
    "a gate that shuts out who just fulfils it": "choice-gate-misread",
    "a gate that nobody asked for": "choice-gate-misread",
    "a gate two errors wide": "choice-gate-misread",
    "no allowance for rounding": "choice-edge-strict",
    "less than the error": "choice-edge-strict",
    "a generous allowance": "choice-edge-strict",
    "half an error": "choice-margin-of-its-own",
    "two errors": "choice-margin-of-its-own",
    "the error over the runs once more": "choice-margin-of-its-own",
    "the error of the cheapest's gain for all": "choice-margin-of-its-own",
    "the largest error for all": "choice-margin-of-its-own",
    "the dearer of equal means for the best": "choice-other-order",
    "a single lucky run for the best": "choice-other-best",
    "cost for each point of the mean": "choice-other-order",
    "the lower mean on equal cost": "choice-other-order",
    "names in alphabetical order": "choice-other-order",
    "another kind of refusal": "choice-when-nothing-passes",
    "half a depth": "next-experiment-not-halfway",
    "the depth just below": "next-experiment-not-halfway",
    "nothing counted as depth 0": "next-experiment-from-zero",
}
"""Mistakes that an error model explains; of the others it is said what was seen."""


@pytest.mark.parametrize("odd", ODD)
def test_a_mistake_of_no_specimen_is_described_and_named_where_a_slip_explains_it(graded: Graded, odd: str) -> None:
    pairs, said = ODD[odd]
    grade = graded(changed(*pairs))
    assert grade.earned < grade.possible
    assert [diagnosis.misconception for diagnosis in grade.diagnoses] == ([NAMED[odd]] if odd in NAMED else [])
    assert said in " ".join(outcome.message for outcome in grade.outcomes)


@pytest.mark.parametrize("name", ["scratch", "frozen", "partial_unfreeze", "full_finetune"])
def test_one_name_for_every_table_earns_nothing(graded: Graded, name: str) -> None:
    grade = graded(changed(("    kept = [", f"    return {name!r}\n    kept = [")))
    assert {o.verdict for o in grade.outcomes if o.function == "choose_cheapest"} == {Verdict.FAILED}


@pytest.mark.parametrize(
    "fact",
    [
        None,
        7,
        {},
        [],
        [3],
        {"raised": 1},
        {"returned": {"a": [None]}},
        {"answer": {"raised": 1}},
        {"answer": {"returned": {"a": [None]}}, "gains": [["a", "b"]]},
        {"answer": {"returned": "frozen"}, "gains": [["a"]]},
    ],
)
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


@pytest.mark.parametrize("seed", range(20))
def test_the_error_of_a_gain_is_the_same_both_ways(seed: int) -> None:
    for case in course.draw(EXERCISE, seed)[0]["choices"]:
        errors = case["errors"]
        assert len(errors) == len(case["rows"])
        assert all(errors[i][i] == 0.0 for i in range(len(errors)))
        assert all(row[j] == errors[j][i] for i, row in enumerate(errors) for j in range(len(errors)))


def test_gains_that_were_asked_for_are_told_by_the_pair(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "08_choose_depth.py"
    path.write_text(FIRST, "utf-8")
    seen = course.part(EXERCISE, "seen").read(observe(discover(path, learner="learner-01"), EXERCISE, sandbox, 5))
    for choice in seen.choices("partial-suffices"):
        best = rule.best(choice.rows).strategy
        assert set(choice.gains) == {(row.strategy, best) for row in choice.rows}
