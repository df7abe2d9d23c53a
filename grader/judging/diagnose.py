"""Name the misconception: the most specific story that fits everything that was seen of a function.

A misconception is a page in ``misconceptions.md`` and a public function of its name in ``misconceptions.py``, in the
same order. The function returns, in one sentence of facts, what was seen of it, or None. When no story fits, nothing
is named.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from grader import course
from grader.authoring import NotReached
from grader.course import pages
from grader.courses import remembered
from grader.errors import CourseFault
from grader.records import Diagnosis, Evidence, Exercise, Outcome, Page, Record, Verdict


class Story(Record, frozen=True, kw_only=True):
    """A misconception: how it is told, and how it is recognised."""

    page: Page
    recognise: Callable[[Any], str | None]
    """Takes what the exercise's ``seen.read`` returns."""


def diagnose(exercise: Exercise, evidence: Evidence, outcomes: Sequence[Outcome]) -> tuple[Diagnosis, ...]:
    """Name at most one misconception per function that failed a check, root causes first."""
    seen = course.part(exercise, "seen").read(evidence)
    failed = {outcome.function for outcome in outcomes if outcome.verdict is Verdict.FAILED}
    named = []
    for function in filter(failed.__contains__, exercise.functions):
        about = [story for story in stories(exercise) if story.page.function == function]
        fitting = [(story.page, told) for story in about if (told := _told(exercise, story, seen))]
        if fitting:
            named.append(_diagnosis(fitting))
    return tuple(named)


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
    functions = _written(Path(str(module.__file__)))
    _expect_pairs(exercise.slug, list(told), [name.replace("_", "-") for name in functions])
    for each in told.values():
        if each.function not in exercise.functions:
            raise CourseFault(f"{exercise.slug} has no function {each.function}, which {each.misconception} is about.")
    recognisers = (getattr(module, name) for name in functions)
    return tuple(Story(page=page_, recognise=each) for page_, each in zip(told.values(), recognisers, strict=True))


def _written(path: Path) -> list[str]:
    """Return the public functions of a file as it is written, where two of one name are two."""
    body = ast.parse(path.read_text("utf-8")).body
    return [node.name for node in body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def _expect_pairs(slug: str, told: list[str], recognised: list[str]) -> None:
    for name in recognised:
        if recognised.count(name) > 1:
            raise CourseFault(f"{slug}/misconceptions.py has two functions for {name}.")
        if name not in told:
            raise CourseFault(f"{slug}/misconceptions.py recognises {name}, and misconceptions.md has no page of it.")
    for name in told:
        if name not in recognised:
            raise CourseFault(f"{slug}/misconceptions.md has a page of {name}, and misconceptions.py no function.")
    for here, there in zip(told, recognised, strict=True):
        if here != there:
            raise CourseFault(f"{slug}/misconceptions.py is in another order: {there} stands where {here} does.")


def _told(exercise: Exercise, story: Story, seen: object) -> str | None:
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
