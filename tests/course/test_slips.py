"""Every slip is recovered from its own answers, and none explains what another one does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from grader import course
from grader.authoring.slips import Model, Question, fitting, same, solution
from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import observe
from grader.places import SOLUTIONS
from grader.wire.answer import Answer, Raised

MODELED = {slug: each for slug, each in course.exercises().items() if course.has(each, "slips")}
FUNCTIONS = [(slug, function) for slug, each in MODELED.items() for function in course.part(each, "slips").MODELS]
SEEDS = range(3, 8)
TRAINS = {"06_compare_strategies": ("real_comparison",)}
"""Parts that train for a long time, and of which no slip is asked."""


@pytest.fixture(scope="module")
def asked(sandbox: Sandbox) -> dict[tuple[str, str, int], tuple[Model, list[Question]]]:
    """Return the questions of every function, with the solution's answers."""
    found = {}
    for slug, function in FUNCTIONS:
        exercise = MODELED[slug]
        part = course.part(exercise, "slips")
        parts = tuple(name for name in exercise.parts if name not in TRAINS.get(slug, ()))
        exercise = msgspec.structs.replace(exercise, parts=parts)
        for seed in SEEDS:
            evidence = observe(discover(SOLUTIONS / exercise.filename, learner="learner-01"), exercise, sandbox, seed)
            seen = course.part(exercise, "seen").read(evidence)
            found[slug, function, seed] = part.MODELS[function], part.questions(seen, function)
    return found


def answered(question: Question, made: Any) -> Question:
    """Return the question with a model's answer."""
    try:
        value = question.ask(made)
    except Exception as error:  # noqa: BLE001  whatever the slip does
        kinds = tuple(kind.__name__ for kind in type(error).mro())
        return msgspec.structs.replace(question, answer=Answer(raised=Raised(type=kinds[0], kinds=kinds)), value=None)
    told = value.tolist() if hasattr(value, "tolist") else value
    return msgspec.structs.replace(question, answer=Answer(returned=told), value=value)


def pages_of(model: Model, questions: Sequence[Question]) -> set[str]:
    return {slip.page for slip, _ in fitting(model, questions)}


@pytest.mark.parametrize(("slug", "function"), FUNCTIONS)
def test_the_reference_answers_as_the_solution_does(asked: Any, slug: str, function: str) -> None:
    for seed in SEEDS:
        model, questions = asked[slug, function, seed]
        assert [q.about for q in questions if not same_answer(q, solution(model.reference))] == []
        assert list(fitting(model, questions)) == []


def same_answer(question: Question, made: Any) -> bool:
    other = answered(question, made)
    if question.answer.raised:
        return other.answer.raised is not None and question.answer.raises(other.answer.raised.type)
    return same(other.value, question.answer.returned if question.value is None else question.value)


@pytest.mark.parametrize(("slug", "function"), FUNCTIONS)
def test_every_slip_is_told_by_its_own_answers_and_no_other_page_fits(asked: Any, slug: str, function: str) -> None:
    strange = {}
    for seed in SEEDS:
        model, questions = asked[slug, function, seed]
        for slip in model.slips:
            found = pages_of(model, [answered(each, solution(model.reference, slip)) for each in questions])
            if found != {slip.page}:
                strange[slip.page, slip.says, seed] = found
    assert strange == {}


@pytest.mark.parametrize(("slug", "function"), FUNCTIONS)
def test_without_its_own_slip_no_foreign_page_is_named(asked: Any, slug: str, function: str) -> None:
    foreign = {}
    model, questions = asked[slug, function, SEEDS[0]]
    for slip in model.slips:
        others = Model(model.reference, tuple(each for each in model.slips if each is not slip))
        found = pages_of(others, [answered(each, solution(model.reference, slip)) for each in questions])
        if found - {slip.page}:
            foreign[slip.page, slip.says] = found
    assert foreign == {}
