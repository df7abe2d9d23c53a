"""Name the misconception: the most specific story that fits everything that was seen of a function.

A misconception is one file whose docstring is its page and whose ``recognise(seen)`` returns, in one sentence
of facts, what was seen of it, or None. When no story fits, nothing is named.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence

from . import course
from .authoring import NotReached
from .errors import CourseFault
from .records import Diagnosis, Evidence, Exercise, Outcome, Record, Verdict

_HEADINGS = ("Why it matters", "Ask yourself", "Where to look", "Source")


class Page(Record, frozen=True, kw_only=True):
    """The page of one misconception, as its docstring tells it."""

    misconception: str
    function: str
    title: str
    why: str
    question: str
    look: str
    source: str


def diagnose(exercise: Exercise, evidence: Evidence, outcomes: Sequence[Outcome]) -> tuple[Diagnosis, ...]:
    """Name at most one misconception per function that failed a check, root causes first."""
    seen = course.part(exercise, "facts").read(evidence)
    failed = {outcome.function for outcome in outcomes if outcome.verdict is Verdict.FAILED}
    named = []
    for function in filter(failed.__contains__, exercise.functions):
        pages = [page_ for page_ in _pages(exercise) if page_.function == function]
        stories = [(page_, told) for page_ in pages if (told := _told(exercise, page_.misconception, seen))]
        if stories:
            named.append(_diagnosis(stories))
    return tuple(named)


@functools.cache
def _pages(exercise: Exercise) -> tuple[Page, ...]:
    return tuple(page(exercise, name) for name in exercise.misconceptions)


def page(exercise: Exercise, name: str) -> Page:
    """Read the page of a misconception; raise CourseFault when a section is missing."""
    module = course.part(exercise, f"misconceptions.{name.replace('-', '_')}")
    title, _, body = inspect.cleandoc(module.__doc__ or "").partition("\n")
    sections: dict[str, str] = {}
    for paragraph in body.strip().split("\n\n"):
        heading, _, text = paragraph.partition(": ")
        sections[heading] = " ".join(text.split())
    if not title or set(sections) != set(_HEADINGS):
        raise CourseFault(f"The page of {name} needs a title and exactly these sections: {', '.join(_HEADINGS)}.")
    why, question, look, source = (sections[heading] for heading in _HEADINGS)
    return Page(
        misconception=name,
        function=module.FUNCTION,
        title=title,
        why=why,
        question=question,
        look=look,
        source=source,
    )


def _told(exercise: Exercise, name: str, seen: object) -> str | None:
    module = course.part(exercise, f"misconceptions.{name.replace('-', '_')}")
    recognise: Callable[[object], str | None] = module.recognise
    try:
        return recognise(seen)
    except NotReached:
        return None
    except Exception as error:
        raise CourseFault(f"The misconception {name} of {exercise.slug} is broken: {error!r}") from error


def _diagnosis(stories: list[tuple[Page, str]]) -> Diagnosis:
    (first, told), *others = stories
    return Diagnosis(
        misconception=first.misconception,
        title=first.title,
        function=first.function,
        seen=told,
        question=first.question,
        also_seen=tuple(other.misconception for other, _ in others),
    )
