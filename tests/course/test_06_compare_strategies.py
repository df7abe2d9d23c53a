"""Exercise 06 from end to end: what was seen is judged run by run, and outcomes that were made up are worth nothing."""

from __future__ import annotations

import copy
import itertools
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch

from grader import course, fixtures
from grader.authoring import UNREADABLE
from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import judge, observe
from grader.places import SOLUTIONS, SPECIMENS
from grader.records import Ending, Evidence, Grade, Verdict

EXERCISE = course.exercises()["06_compare_strategies"]
TOYS = msgspec.structs.replace(EXERCISE, parts=EXERCISE.functions)
"""The exercise without the comparison in which all is real."""
FIRST = (SOLUTIONS / "06_compare_strategies.py").read_text("utf-8")
BODY = FIRST[FIRST.index("    summaries = []\n") : FIRST.index("def paired_gain")]
BUILT = "            torch.manual_seed(seed)  # the same first weights for every strategy\n"
FITTED = "            torch.manual_seed(seed)  # the same batches, however many numbers building used up\n"
APPENDED = "correct.append(tuple(fit(model, seed)))"
REAL = "a-real-comparison-leads-to-the-right-choice"
Played = Callable[..., Grade]


def changed(*pairs: tuple[str, str]) -> str:
    source = FIRST
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    return source


def seen_of(source: str, sandbox: Sandbox, folder: Path, exercise: Any = TOYS, seed: int = 20_260) -> Evidence:
    path = folder / "06_compare_strategies.py"
    path.write_text(source, "utf-8")
    return observe(discover(path, learner="learner-01"), exercise, sandbox, seed)


def graded_as(evidence: Evidence, folder: Path) -> Grade:
    return judge(discover(folder / "06_compare_strategies.py", learner="learner-01"), EXERCISE, evidence)


@pytest.fixture
def played(sandbox: Sandbox, tmp_path: Path) -> Played:
    """Grade a source by its comparisons of toys alone; the real one was never asked for, and is blocked."""
    return lambda source: graded_as(seen_of(source, sandbox, tmp_path), tmp_path)


@pytest.fixture
def hurried(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    """Grade a source with all comparisons, where a real run has two steps: too few to learn, enough to lie about."""
    rows = {name: {**row, "steps": 2} for name, row in fixtures.scenarios().items()}
    monkeypatch.setattr(fixtures, "scenarios", lambda: rows)
    seed = next(FRESH)
    return lambda source: graded_as(seen_of(source, sandbox, tmp_path, EXERCISE, seed), tmp_path)


FRESH = itertools.count(7_000_000)
"""Seeds whose plans nobody has drawn before."""


def verdicts(grade: Grade) -> dict[str, Verdict]:
    return {outcome.check: outcome.verdict for outcome in grade.outcomes}


def said(grade: Grade) -> str:
    return " ".join(outcome.message for outcome in grade.outcomes)


def test_each_function_is_judged_by_itself(played: Played) -> None:
    grade = played(changed(("    table = [", "    raise RuntimeError\n    table = [")))
    assert {o.function for o in grade.outcomes if o.verdict is Verdict.FAILED} == {"paired_gain"}
    assert grade.earned == 8


def test_the_runs_count_when_the_summaries_do_not_come(played: Played) -> None:
    grade = played(
        changed(("        summaries.append(\n", "        summaries.append(scores.wrong) or summaries.append(\n"))
    )
    assert "raised AttributeError" in said(grade)
    assert "you had `" in said(grade)


ODD = {
    "a seed that is the same for every run": ([(BUILT, BUILT.replace("(seed)", "(0)"))], "than `torch.manual_seed("),
    "the next seed for training": ([(FITTED, FITTED.replace("(seed)", "(seed + 1)"))], "was fitted with other random"),
    "scores in ascending order": ([("tuple(scores)", "tuple(sorted(scores))")], "What did `fit` return, for which"),
    "seeds in ascending order": ([("in seeds:", "in sorted(seeds):")], "What did `fit` return, for which seed?"),
    "the best strategy first": (
        [("    return summaries\n", "    return sorted(summaries, key=lambda row: -row.mean)\n")],
        "in this order",
    ),
    "a list of seeds used up": (
        [
            ("    summaries = []\n", "    summaries, given = [], list(seeds)\n"),
            ("        for seed in seeds:", "        for seed in given:"),
            ("    return summaries\n", "    isinstance(seeds, list) and seeds.clear()\n    return summaries\n"),
        ],
        "with other contents than before",
    ),
    "a spread of one score that is no number": ([("else 0.0", "else float('nan')")], "standard deviation is nan"),
    "a dict for a summary": ([("StrategySummary(\n", "dict(\n")], "look at the contract's return type"),
    "summaries by name": (
        [("    return summaries\n", "    return {row.strategy: row for row in summaries}\n")],
        "returned an object of type dict",
    ),
    "tensors counted, not scalars": ([("p.numel() for", "1 for")], "require grad; you counted"),
    "a worst recall made of scores": (
        [("scores=tuple(scores),", "scores=tuple(scores),\n                worst_recall=min(scores),")],
        "Which recalls did you see?",
    ),
    "every model fitted twice": (
        [(APPENDED, f"fit(model, seed)\n            {APPENDED}")],
        "fitted with the seeds",
    ),
    "copies of one fresh model": (
        [
            (
                "        correct = []\n",
                "        torch.manual_seed(seeds[0])\n        template, correct = build(strategy), []\n",
            ),
            (BUILT + "            model = build(strategy)\n", "            model = copy.deepcopy(template)\n"),
            ("import math\n", "import copy\nimport math\n"),
        ],
        "`fit` got one model of",
    ),
    "no seed for fit": ([("tuple(fit(model, seed))", "tuple(fit(model, None))")], "fitted with the seeds None, None"),
    "a strategy of one's own": ([("model = build(strategy)", "model = build('best')")], "there is no strategy 'best'"),
    "a model of one's own": ([("model = build(strategy)", "model = nn.Linear(1, 1)")], "a model that build has made"),
    "another kind of refusal": (
        [("    table = [", "    if a.n != b.n:\n        raise KeyError\n    table = [")],
        "instead of ValueError",
    ),
    "a gain without its error": (
        [("    return mean(seeds), math", "    return mean(seeds)\n    math")],
        "look at the return type in the contract",
    ),
    "a gain that is no number": ([("    return mean(seeds), ", "    return float('nan'), ")], "divided by what?"),
    "the variance of the mean": (
        [("/ math.sqrt(len(values))", "** 2 / len(values)")],
        "Other seeds, other examples: what would each of them change?",
    ),
    "a spread of the differences that is divided by n": (
        [
            ("    return spread(values) /", "    return pstdev(values) /"),
            ("import mean, stdev", "import mean, pstdev, stdev"),
        ],
        "Other seeds, other examples: what would each of them change?",
    ),
    "a single seed without an error": (
        [
            (
                "    return mean(seeds), ",
                "    if len(seeds) == 1:\n        return seeds[0], 0.0\n    return mean(seeds), ",
            )
        ],
        "Can a single seed scatter, and what still can?",
    ),
    "a single example without an error": (
        [
            (
                "    return mean(seeds), ",
                "    if len(examples) == 1:\n        return examples[0], 0.0\n    return mean(seeds), ",
            )
        ],
        "Can a single example scatter, and what still can?",
    ),
    "counts for scores": ([("sum(right) / len(right)", "sum(right)")], "What did `fit` return, for which seed?"),
    "no outcomes": ([("correct=tuple(correct),", "")], "` has 0 rows."),
    "outcomes in ascending order": ([("correct=tuple(correct)", "correct=tuple(sorted(correct))")], "` says of seed "),
    "the outcomes of the last seed": ([("correct=tuple(correct)", "correct=correct[-1]")], "` has "),
    "outcomes by example": ([("correct=tuple(correct)", "correct=tuple(zip(*correct))")], "` has "),
    "outcomes by seed": ([("correct=tuple(correct)", "correct=dict(zip(seeds, correct))")], "` is of type dict."),
    "scores for outcomes": ([("correct=tuple(correct)", "correct=tuple([s] for s in scores)")], "` says of seed "),
    "refusing every pair": (
        [("    table = [", "    raise ValueError\n    table = [")],
        "raised ValueError",
    ),
}


def test_a_model_may_be_built_to_look_at_it(played: Played) -> None:
    look = "    sizes = [sum(p.numel() for p in build(each).parameters()) for each in strategies]\n    summaries = []\n"
    assert played(changed(("    summaries = []\n", look))).earned == 11


NAMED = {
    "a spread of the differences that is divided by n": "gain-population-deviation",
    "a single seed without an error": "gain-single-value",
}
"""Mistakes that an error model explains; of the others it is said what was seen."""


@pytest.mark.parametrize("odd", ODD)
def test_a_mistake_of_no_specimen_is_described_and_named_where_a_slip_explains_it(played: Played, odd: str) -> None:
    pairs, told = ODD[odd]
    grade = played(changed(*pairs))
    assert grade.earned < 11
    assert [diagnosis.misconception for diagnosis in grade.diagnoses] == ([NAMED[odd]] if odd in NAMED else [])
    assert told in said(grade)


IDLE = {
    "nothing": "    return []\n",
    "constants": (
        "    return [StrategySummary(s, 5, 0.5, 0.1, len(seeds), tuple(0.5 for _ in seeds)) for s in strategies]\n"
    ),
    "models that are never fitted": (
        "    models = [build(s) for s in strategies for _ in seeds]\n"
        "    return [StrategySummary(s, 5, 0.5, 0.1, len(seeds), (0.5,) * len(seeds)) for s in strategies]\n"
    ),
}


@pytest.mark.parametrize("idle", IDLE)
def test_who_runs_nothing_earns_nothing(played: Played, idle: str) -> None:
    grade = played(changed((BODY, IDLE[idle] + "\n\n")))
    assert grade.earned == 3
    assert Verdict.PASSED not in {o.verdict for o in grade.outcomes if o.function == "compare_strategies"}


def test_a_class_that_is_tampered_with_changes_nothing(played: Played) -> None:
    tampering = (
        "StrategySummary.__eq__ = lambda *_: True\nStrategySummary.mean = property(lambda self: 1.0, lambda *_: None)\n"
    )
    honest, tampered = played(FIRST), played(FIRST.replace("\n\ndef compare", f"\n\n{tampering}\n\ndef compare", 1))
    assert honest.earned == 11
    assert tampered.earned <= honest.earned


def test_a_subclass_is_no_summary(played: Played) -> None:
    subclass = "class Mine(StrategySummary):\n    pass\n"
    source = changed(("            StrategySummary(\n", "            Mine(\n")).replace(
        "\n\ndef compare", f"\n\n{subclass}\n\ndef compare", 1
    )
    assert "look at the contract's return type" in said(played(source))


LIES = {
    "scores of its own": (
        "    found = honest(build, fit, strategies, seeds)\n"
        "    luck = {'scratch': 0.9, 'frozen': 0.6, 'partial_unfreeze': 0.7, 'full_finetune': 0.8}\n"
        "    if sorted(strategies) != sorted(luck) or len(strategies) > 4:\n        return found\n"
        "    return [dataclasses.replace(s, mean=luck[s.strategy], scores=(luck[s.strategy],) * s.n) for s in found]\n"
    ),
    "a log of its own": (
        "    found = honest(build, fit, strategies, seeds)\n"
        "    if 'depth_2' in strategies or 'depth_3' in strategies or len(strategies) < 4:\n        return found\n"
        "    runs = fit.__self__.runs\n    right = (True,) * len(runs[0].correct)\n"
        "    runs[:] = [msgspec.structs.replace(run, correct='1' * len(right)) for run in runs]\n"
        "    best = {'mean': 1.0, 'std': 0.0, 'scores': (1.0,) * len(seeds), 'correct': (right,) * len(seeds)}\n"
        "    return [dataclasses.replace(s, **best) for s in found]\n"
    ),
    "a log without a run": (
        "    if len(strategies) != 4:\n        return honest(build, fit, strategies, seeds)\n"
        "    log, wire = fit.__self__.runs, fit.__func__.__globals__['wire']\n"
        "    Build, StrategyRun = wire.Build, wire.StrategyRun\n"
        "    size = len(fit.__self__._world._scenario.validation[1])\n"
        "    for name in strategies:\n        for seed in seeds:\n            torch.manual_seed(seed)\n"
        "            draws = tuple(torch.randint(1 << 24, (2,)).tolist())\n"
        "            built = Build(strategy=name, draws=draws, trainable=9, scalars=9)\n"
        "            about = dict(build=built, serial=len(log), trained=0, seed=seed, draws=draws)\n"
        "            log.append(StrategyRun(**about, correct='1' * size))\n"
        "    told = (1.0, 0.0, len(seeds), (1.0,) * len(seeds), ((True,) * size,) * len(seeds))\n"
        "    return [StrategySummary(s, 9, *told) for s in strategies]\n"
    ),
}
TOLD = {
    "scores of its own": "This follows from your `scores`",
    "a log of its own": "is said to score 1.000, and is right for",
    "a log without a run": UNREADABLE,
}


@pytest.mark.parametrize("lie", LIES)
def test_outcomes_that_no_training_gave_are_worth_nothing(hurried: Played, lie: str) -> None:
    lying = "\n\ndef honest(" + FIRST[FIRST.index("def compare_strategies(") + len("def compare_strategies(") :]
    start = lying.index("def paired_gain")
    rest = f"def compare_strategies(build, fit, strategies, seeds):\n{LIES[lie]}\n\n{lying[start:]}"
    head = FIRST[: FIRST.index("def compare_strategies(")].replace(
        "import math\n", "import dataclasses\nimport math\nimport msgspec\n"
    )
    grade = hurried(head + lying[:start] + rest)
    assert verdicts(grade)[REAL] is not Verdict.PASSED
    assert TOLD[lie] in said(grade)
    assert grade.earned == 11


@pytest.fixture(scope="module")
def real_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real")


@pytest.fixture(scope="module")
def real_run(sandbox: Sandbox, real_folder: Path) -> Evidence:
    """The evidence of an honest run, real training included."""
    evidence = seen_of(FIRST, sandbox, real_folder, EXERCISE)
    assert graded_as(evidence, real_folder).full_marks
    return evidence


def swap_names(facts: dict[str, Any], _: dict[str, Any]) -> None:
    """Give every strategy the figures of another one, in the summaries and in the record of the runs."""
    builds = [row["build"] for row in facts["runs"]]
    names = [row["strategy"] for row in facts["answer"]["returned"]]
    other = dict(zip(names, names[1:] + names[:1], strict=True))
    for row in builds + facts["answer"]["returned"]:
        row["strategy"] = other[row["strategy"]]


def swap_names_and_sizes(facts: dict[str, Any], arrays: dict[str, Any]) -> None:
    """Have every strategy keep its size as well, so that only what was learnt is another's."""
    rows = [run["build"] for run in facts["runs"]] + facts["answer"]["returned"]
    sizes = {row["strategy"]: row["trainable"] for row in rows}
    swap_names(facts, arrays)
    for row in rows:
        row["trainable"] = sizes[row["strategy"]]


def swap_means(facts: dict[str, Any], _: dict[str, Any]) -> None:
    rows = facts["answer"]["returned"]
    means = [row["mean"] for row in rows]
    for row, mean in zip(rows, means[1:] + means[:1], strict=True):
        row["mean"] = mean


def same_costs(facts: dict[str, Any], _: dict[str, Any]) -> None:
    for row in facts["answer"]["returned"]:
        row["trainable"] = 99


def swap_predictions(_: dict[str, Any], arrays: dict[str, Any]) -> None:
    arrays["real/predictions"] = arrays["real/predictions"][::-1]


def no_predictions(_: dict[str, Any], arrays: dict[str, Any]) -> None:
    arrays["real/predictions"] = arrays["real/predictions"][:, :1]


def other_outcomes(facts: dict[str, Any], _: dict[str, Any]) -> None:
    """Have a summary tell another order of examples than the run has."""
    row = facts["answer"]["returned"][0]
    row["correct"] = [marks[::-1] for marks in row["correct"]]


def fewer_examples(facts: dict[str, Any], _: dict[str, Any]) -> None:
    facts["runs"][0]["correct"] = facts["runs"][0]["correct"][1:]


def no_outcomes(facts: dict[str, Any], _: dict[str, Any]) -> None:
    facts["runs"][0]["correct"] = "?" * len(facts["runs"][0]["correct"])


def add_a_run_of_nobody(facts: dict[str, Any], _: dict[str, Any]) -> None:
    run = copy.deepcopy(facts["runs"][0])
    facts["runs"].append({**run, "seed": [], "serial": 99, "build": {**run["build"], "strategy": "nobody"}})


def cheaper_than_it_is(facts: dict[str, Any], _: dict[str, Any]) -> None:
    """Have a run, and its summary, count fewer scalars than its strategy trains."""
    for row in [run["build"] for run in facts["runs"]] + facts["answer"]["returned"]:
        if row["strategy"] == "full_finetune":
            row["trainable"] = 1


DOCTORED = {
    add_a_run_of_nobody: (Verdict.BLOCKED, ""),
    cheaper_than_it_is: (Verdict.BLOCKED, UNREADABLE),
    swap_names: (Verdict.BLOCKED, UNREADABLE),
    swap_names_and_sizes: (Verdict.FAILED, "that is not borne out by what the same models answer"),
    swap_means: (Verdict.BLOCKED, "This follows from the numbers in your summaries"),
    same_costs: (Verdict.BLOCKED, "This follows from the numbers in your summaries"),
    swap_predictions: (Verdict.FAILED, "is right for"),
    other_outcomes: (Verdict.BLOCKED, "This follows from the numbers in your summaries"),
    fewer_examples: (Verdict.BLOCKED, UNREADABLE),
    no_outcomes: (Verdict.BLOCKED, UNREADABLE),
    no_predictions: (Verdict.BLOCKED, UNREADABLE),
}


@pytest.mark.parametrize("doctor", DOCTORED, ids=lambda doctor: doctor.__name__)
def test_a_doctored_real_run_is_found_out(
    real_run: Evidence, real_folder: Path, doctor: Callable[[dict[str, Any], dict[str, Any]], None]
) -> None:
    facts, arrays = copy.deepcopy(dict(real_run.facts)), dict(real_run.arrays)
    doctor(facts["real"], arrays)
    grade = graded_as(msgspec.structs.replace(real_run, facts=facts, arrays=arrays), real_folder)
    verdict, told = DOCTORED[doctor]
    assert verdicts(grade)[REAL] is verdict
    assert told in said(grade)


@pytest.mark.parametrize("wrong", [0, 1])
def test_without_a_hidden_test_outcomes_have_to_be_what_the_predictions_give(
    real_run: Evidence, real_folder: Path, wrong: int
) -> None:
    plan, runs = copy.deepcopy(dict(real_run.plan)), real_run.facts["real"]["runs"]
    plan["real"]["predicted"] = "validation"
    labels = course.part(EXERCISE, "truth").labels(plan["real"]["scenario"]["name"], "validation")
    right = np.array([[mark == "1" for mark in run["correct"]] for run in runs])
    right[-1, :wrong] ^= True
    arrays = {"real/predictions": np.where(right, labels, labels + 1).astype(np.uint8)}
    grade = graded_as(msgspec.structs.replace(real_run, plan=plan, arrays=arrays), real_folder)
    assert grade.full_marks is not bool(wrong)
    assert ("about other validation examples than its predictions are" in said(grade)) is bool(wrong)


def test_nothing_real_is_trained_where_the_toys_went_wrong(sandbox: Sandbox, tmp_path: Path) -> None:
    evidence = seen_of(changed((FITTED, "")), sandbox, tmp_path, EXERCISE)
    assert "real" not in evidence.facts
    grade = graded_as(evidence, tmp_path)
    assert verdicts(grade)[REAL] is Verdict.BLOCKED
    assert "This follows from the runs that were made" in said(grade)


def test_an_endless_loop_in_one_function_leaves_the_other_judged(sandbox: Sandbox, tmp_path: Path) -> None:
    quick = msgspec.structs.replace(TOYS, limits=msgspec.structs.replace(EXERCISE.limits, seconds=3.0))
    source = changed(("    table = [", "    while len(a.scores) > 0: pass\n    table = ["))
    evidence = seen_of(source, sandbox, tmp_path, quick)
    assert evidence.ending is Ending.TIMED_OUT
    seen = {
        f: {o.verdict for o in graded_as(evidence, tmp_path).outcomes if o.function == f} for f in EXERCISE.functions
    }
    assert seen["paired_gain"] == {Verdict.BLOCKED}
    assert Verdict.FAILED not in seen["compare_strategies"]


def test_an_end_in_one_function_costs_nothing_of_the_other(sandbox: Sandbox, tmp_path: Path) -> None:
    source = changed(("    table = [", "    __import__('os')._exit(3)\n    table = ["))
    grade = graded_as(seen_of(source, sandbox, tmp_path, EXERCISE), tmp_path)
    assert verdicts(grade)[REAL] is Verdict.PASSED
    assert grade.earned == grade.possible - 3


@pytest.mark.parametrize("kept", ["several", "few"])
@pytest.mark.parametrize("name", ["compare_best_seed_not_mean", "compare_population_std", "compare_se_called_std"])
def test_a_mistake_in_a_summary_needs_one_comparison_only(
    sandbox: Sandbox, tmp_path: Path, name: str, kept: str
) -> None:
    evidence = seen_of((SPECIMENS / EXERCISE.slug / f"{name}.py").read_text("utf-8"), sandbox, tmp_path)
    facts = copy.deepcopy(dict(evidence.facts))
    for fact, value in facts.items():
        if fact.startswith("comparison/") and fact != f"comparison/{kept}":
            value["answer"]["returned"] = []
    graded = graded_as(msgspec.structs.replace(evidence, facts=facts), tmp_path)
    assert name.replace("_", "-") in {each.misconception for each in graded.diagnoses}


def test_a_loop_that_never_stops_fitting_is_told_so(played: Played) -> None:
    grade = played(changed((APPENDED, "\n            while True:\n                fit(model, seed)")))
    assert "200 runs are far more than this comparison has pairs" in said(grade)
    assert grade.earned == 3


@pytest.mark.parametrize(
    "fact", [None, 7, [], {}, {"answer": 3, "runs": 5}, {"answer": {}, "runs": [], "strategies": [], "seeds": []}]
)
def test_malformed_facts_are_never_a_fault_of_ours(sandbox: Sandbox, tmp_path: Path, fact: object) -> None:
    evidence = seen_of(FIRST, sandbox, tmp_path)
    hostile = msgspec.structs.replace(
        evidence, facts=dict.fromkeys([*evidence.facts, "real"], fact), arrays={"real/predictions": np.zeros((3, 3))}
    )
    assert graded_as(hostile, tmp_path).earned == 0


ODD_BUILD = {"strategy": "frozen", "draws": [], "trainable": 1, "scalars": 1}
ODD_RUN = {"build": ODD_BUILD, "serial": 0, "trained": 0, "seed": [], "draws": [], "correct": "1"}


@pytest.mark.parametrize("field", ["runs", "answer", "strategies", "seeds"])
@pytest.mark.parametrize("value", [None, [], [ODD_RUN], [{**ODD_RUN, "build": {}}], "x"])
def test_a_fact_that_is_damaged_in_one_place_is_never_a_fault_of_ours(
    sandbox: Sandbox, tmp_path: Path, field: str, value: object
) -> None:
    evidence = seen_of(FIRST, sandbox, tmp_path)
    facts = copy.deepcopy(dict(evidence.facts))
    facts["comparison/several"][field] = value
    assert graded_as(msgspec.structs.replace(evidence, facts=facts), tmp_path).earned < 11


@pytest.mark.parametrize("seed", [0, 1, 7, 997, 2**31 - 1])
def test_the_course_knows_torchs_random_numbers_without_torch(seed: int) -> None:
    torch.manual_seed(seed)
    assert course.part(EXERCISE, "truth").first_draws(seed) == tuple(torch.randint(1 << 24, (2,)).tolist())


@pytest.mark.parametrize("seed", range(30))
def test_every_draw_is_fair(seed: int) -> None:
    plan, _ = course.draw(EXERCISE, seed)
    for case in plan["comparisons"]:
        names, seeds = [row["name"] for row in case["strategies"]], case["seeds"]
        sizes = [sum(map(np.prod, row["live"] + row["still"])) for row in case["strategies"]]
        assert len(set(sizes)) == len(sizes)
        assert len(set(seeds)) == len(seeds)
        if len(seeds) > 1:
            assert "frozen" in names
            assert seeds not in (sorted(seeds), sorted(seeds, reverse=True))
            assert names not in (sorted(names), sorted(names, reverse=True))
        for row in case["strategies"]:
            first = [course.part(EXERCISE, "truth").first_draws(each)[0] for each in seeds]
            right = [course.part(EXERCISE, "wire").right_about(row, case["luck"], each, each) for each in first]
            assert len(set(map(sum, right))) == len(seeds)
    shapes = {
        pair["_name"]: tuple({len(row) for row in pair[side]["correct"]} for side in "ab") for pair in plan["pairs"]
    }
    seeds_of = {pair["_name"]: tuple(len(pair[side]["correct"]) for side in "ab") for pair in plan["pairs"]}
    assert {name for name, (a, b) in seeds_of.items() if a != b} == {
        "fewer-seeds-first",
        "fewer-seeds-second",
        "single-seed-first",
        "turned",
    }
    assert {name for name, (a, b) in shapes.items() if a != b} == {
        "fewer-examples-first",
        "fewer-examples-second",
        "single-example-first",
        "turned",
    }
    assert len(set(plan["real"]["seeds"])) == 2


def test_the_real_tasks_have_four_different_answers_and_no_doubt() -> None:
    rows = {
        row["scenario"]: row for row in tomllib.loads(fixtures.verified("answers").file.read_text("utf-8"))["answer"]
    }
    chosen = [rows[name] for name in course.part(EXERCISE, "plan").REAL]
    assert len({row["strategy"] for row in chosen}) == 4
    assert all(row["probability"] == row["hidden_test_probability"] == 1.0 for row in chosen)
    assert set(EXERCISE.fixtures) == {f"scenario-{row['scenario']}" for row in chosen} | {
        "vision-backbone",
        "text-backbone",
    }
