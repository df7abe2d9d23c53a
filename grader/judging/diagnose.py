"""Name the misconception: the story that fits everything that was seen of a function.

A misconception is a page in ``misconceptions.md``. What shows at once, a type or an input that was changed, is
recognised by a public function of its name in ``misconceptions.py``, which returns in one sentence of facts what was
seen of it, or None. What shows in the answers has slips in ``slips.py``: the mistake is the one with which all answers
come out as the learner's did (``grader.authoring.slips``). Functions come in the order of the pages. When no story
fits, nothing is named.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from grader import course
from grader.authoring import NotReached, slips
from grader.course import pages
from grader.courses import remembered
from grader.errors import CourseFault
from grader.records import Diagnosis, Evidence, Exercise, Outcome, Page, Record, Verdict


class Story(Record, frozen=True, kw_only=True):
    """A misconception: how it is told, and how it is recognised."""

    page: Page
    recognise: Callable[[Any], str | None] | None
    """Takes what the exercise's ``seen.read`` returns; None where slips alone tell it."""


def diagnose(exercise: Exercise, evidence: Evidence, outcomes: Sequence[Outcome]) -> tuple[Diagnosis, ...]:
    """Name at most one misconception per function that failed a check, root causes first."""
    seen = course.part(exercise, "seen").read(evidence)
    failed = {outcome.function for outcome in outcomes if outcome.verdict is Verdict.FAILED}
    named = []
    for function in filter(failed.__contains__, exercise.functions):
        about = [story for story in stories(exercise) if story.page.function == function]
        fitting = [(story.page, told) for story in about if (told := _told(exercise, story, seen))]
        fitting = fitting or _explained(exercise, function, seen)
        if fitting:
            named.append(_diagnosis(fitting))
    return tuple(named)


def _explained(exercise: Exercise, function: str, seen: object) -> list[tuple[Page, str]]:
    """Return the page whose slips explain every answer of a function, with what is told of it; nothing for several."""
    if not course.has(exercise, "slips"):
        return []
    part = course.part(exercise, "slips")
    if function not in part.MODELS:
        return []
    try:
        questions = part.questions(seen, function)
    except NotReached:
        return []
    fitting: dict[str, str] = {}
    for slip, first in slips.fitting(part.MODELS[function], questions):
        fitting.setdefault(slip.page, slips.told(slip, first, len(questions)))
    if len(fitting) != 1:
        return []  # each of them could be it
    ((name, said),) = fitting.items()
    return [(page(exercise, name), said)]


def page(exercise: Exercise, name: str) -> Page:
    """Return the page of a misconception."""
    return pages.read(course.folder(exercise))[name]


@remembered()
def stories(exercise: Exercise) -> tuple[Story, ...]:
    """Return every misconception of an exercise, in the order in which they are tried.

    Raise CourseFault when a page has no function or a function no page, when their orders differ, or when a page is
    about a function that learners do not write.
    """
    told = pages.read(course.folder(exercise))
    if not told and not course.has(exercise, "misconceptions"):
        return ()
    module = course.part(exercise, "misconceptions")
    written = _written(Path(str(module.__file__)))
    functions = {name.replace("_", "-"): name for name in written}
    _expect_pairs(exercise, list(told), [name.replace("_", "-") for name in written])
    for each in told.values():
        if each.function not in exercise.functions:
            raise CourseFault(f"{exercise.slug} has no function {each.function}, which {each.misconception} is about.")
    return tuple(
        Story(page=page_, recognise=getattr(module, functions[name]) if name in functions else None)
        for name, page_ in told.items()
    )


def _written(path: Path) -> list[str]:
    """Return the public functions of a file as it is written, where two of one name are two."""
    body = ast.parse(path.read_text("utf-8")).body
    return [node.name for node in body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def _expect_pairs(exercise: Exercise, told: list[str], recognised: list[str]) -> None:
    slug, explained = exercise.slug, _with_slips(exercise)
    for name in recognised:
        if recognised.count(name) > 1:
            raise CourseFault(f"{slug}/misconceptions.py has two functions for {name}.")
    for name in (*recognised, *explained):
        if name not in told:
            raise CourseFault(f"{slug} recognises {name}, and misconceptions.md has no page of it.")
    for name in told:
        if name not in recognised and name not in explained:
            raise CourseFault(f"{slug}/misconceptions.md has a page of {name}, and nothing recognises it.")
    for here, there in zip((name for name in told if name in recognised), recognised, strict=True):
        if here != there:
            raise CourseFault(f"{slug}/misconceptions.py is in another order: {there} stands where {here} does.")


def _with_slips(exercise: Exercise) -> set[str]:
    """Return the pages that slips belong to."""
    if not course.has(exercise, "slips"):
        return set()
    models = course.part(exercise, "slips").MODELS
    return {slip.page for model in models.values() for slip in model.slips}


def _told(exercise: Exercise, story: Story, seen: object) -> str | None:
    if story.recognise is None:
        return None
    try:
        return story.recognise(seen)
    except NotReached:
        return None
    except Exception as error:
        name = story.page.misconception
        raise CourseFault(f"The misconception {name} of {exercise.slug} is broken: {error!r}") from error


def _diagnosis(fitting: list[tuple[Page, str]]) -> Diagnosis:
    (first, told), *others = fitting
    return Diagnosis(
        misconception=first.misconception,
        title=first.title,
        function=first.function,
        seen=told,
        question=first.question,
        also_seen=tuple(other.misconception for other, _ in others),
    )
