"""What holds for every exercise: sound solutions pass, the stub helps, every specimen gets its own name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from grader import course
from grader.judging.diagnose import stories
from grader.places import EXERCISES, SOLUTIONS, SPECIMENS
from grader.records import Exercise, Grade
from grader.selfcheck import specimen_of

Graded = Callable[..., Grade]
ALL = list(course.exercises().values())
OTHERS = Path(__file__).parent.parent / "solutions"
SOUND = [
    (each.slug, path)
    for each in ALL
    for path in (SOLUTIONS / f"{each.slug}{each.suffix}", *sorted(OTHERS.glob(f"{each.number}_*{each.suffix}")))
]
STORIES = [(each.slug, name) for each in ALL for name in each.misconceptions]
LONG = {slug for slug, each in course.exercises().items() if each.limits.seconds > 30}
"""Trains for seconds; ``grade selfcheck`` asks its solutions on more seeds."""
ALONE = {"07_confusion_analysis", "08_choose_depth"}
"""Exercises in which no second story ever fits a specimen."""


@pytest.mark.parametrize(
    ("slug", "path", "seed"),
    [(slug, path, seed) for slug, path in SOUND for seed in (1, 2, 3) if seed == 1 or slug not in LONG],
    ids=lambda value: f"{value.parent.name}-{value.stem}" if isinstance(value, Path) else None,
)
def test_a_sound_solution_earns_everything_on_every_seed(graded: Graded, slug: str, path: Path, seed: int) -> None:
    grade = graded(path.read_text("utf-8"), seed, slug)
    points = course.exercises()[slug].points
    assert (grade.earned, grade.possible, grade.diagnoses) == (points, points, ()), grade.outcomes


@pytest.mark.parametrize("slug", sorted(each.slug for each in ALL if not each.is_note))
def test_global_switches_of_torch_cost_nothing(graded: Graded, slug: str) -> None:
    source = (SOLUTIONS / f"{slug}.py").read_text("utf-8")
    switched = "import torch\n\ntorch.set_grad_enabled(False)\ntorch.set_default_dtype(torch.float64)\n"
    grade = graded(f"{source}\n\n{switched}", slug=slug)
    assert grade.earned == grade.possible, grade.outcomes


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.slug)
def test_there_is_a_second_solution_in_another_style(each: Exercise) -> None:
    assert sum(slug == each.slug for slug, _ in SOUND) >= 2


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.slug)
def test_the_stub_earns_nothing_and_says_what_to_do_first(graded: Graded, each: Exercise) -> None:
    grade = graded((EXERCISES / f"{each.slug}{each.suffix}").read_text("utf-8"), slug=each.slug)
    first = each.functions[0]
    assert grade.earned == 0
    assert grade.diagnoses == ()
    assert grade.next_step.startswith(f"Start with `{first}`: `{first}` is still to be written (line ")


@pytest.mark.parametrize(("slug", "name"), STORIES, ids=[f"{slug[:2]}-{name}" for slug, name in STORIES])
def test_a_specimen_is_named_after_its_misconception(
    graded: Graded, snapshot: SnapshotAssertion, slug: str, name: str
) -> None:
    specimen = specimen_of(course.exercises()[slug], name)
    grade = graded(specimen.read_text("utf-8"), slug=slug)
    assert [diagnosis.misconception for diagnosis in grade.diagnoses] == [name]
    if slug in ALONE:
        assert grade.diagnoses[0].also_seen == ()
    assert grade.earned < grade.possible
    told = what_the_learner_reads(grade)
    assert told == snapshot, (
        f"if you meant it: pytest tests/course/{Path(__file__).name} -k {slug[:2]} --snapshot-update, and read it"
    )


def what_the_learner_reads(grade: Grade) -> str:
    """The report's sentences; numbers with a decimal point differ a little from machine to machine.

    So do torch's own words from version to version: since 2.15 it begins some with the name of an operator.
    """
    lines = [f"{grade.earned} of {grade.possible}. {grade.next_step}"]
    lines += [f"- {each.title}\n  {each.verdict.value}: {each.message}" for each in grade.outcomes if each.message]
    lines += [f"= {each.title}\n  {each.seen}\n  {each.question}" for each in grade.diagnoses]
    told = re.sub(r"(Error: )\w+: (?=mat1 and mat2 )", r"\1", "\n".join(lines))
    return re.sub(r"\d+\.\d+(e[+-]?\d+)?", "#.#", told)


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.slug)
def test_every_specimen_and_every_page_has_its_counterpart(each: Exercise) -> None:
    names = {name.replace("-", "_") for name in each.misconceptions}
    assert {path.stem for path in (SPECIMENS / each.slug).glob(f"*{each.suffix}")} == names
    assert [story.page.misconception for story in stories(each)] == list(each.misconceptions)
