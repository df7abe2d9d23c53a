"""A cohort as one HTML file: no network; sortable where scripts run, readable where they do not."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

from markupsafe import Markup

from grader import course
from grader.statistics import ExerciseFigures, Flag, Statistics

from .page import environment

TOP = 25
"""Rows of a table that grows with what learners do."""
What = TypeVar("What")


class OfExercise(NamedTuple, Generic[What]):
    """Something of one exercise, for a table over all of them."""

    exercise: ExerciseFigures
    what: What


def cohort_html(statistics: Statistics, title: str, *, names: bool = True) -> str:
    """Render the page; without ``names`` nothing in it names a learner."""
    page = environment()
    script = page.get_template("cohort.js").render()
    exercises = statistics.exercises
    checks = [OfExercise(exercise, check) for exercise in exercises for check in exercise.checks]
    named = [OfExercise(exercise, each) for exercise in exercises for each in exercise.misconceptions]
    barriers = [OfExercise(exercise, barrier) for exercise in exercises for barrier in exercise.barriers]
    return page.get_template(
        "cohort.html"
    ).render(
        statistics=statistics,
        title=title,
        names=names,
        script=Markup(script),  # noqa: S704  our own file, into which nothing is put
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        checks=checks,
        flagged=[found for flag in Flag for found in checks if found.what.flag is flag],
        named=sorted(named, key=lambda found: -found.what.count)[:TOP],
        matrix=list(_matrix(statistics)),
        barriers=sorted(barriers, key=lambda found: -found.what.count)[:TOP],
        reasons=sum((Counter(exercise.without_mark) for exercise in exercises), Counter()),
        limits={slug: exercise.limits for slug, exercise in course.exercises().items()},
        top=TOP,
    )


def _matrix(statistics: Statistics) -> Iterator[tuple[str, list[int]]]:
    """Yield the title of each of the most frequent misconceptions and how often each exercise had it."""
    titles: dict[str, str] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for exercise in statistics.exercises:
        for each in exercise.misconceptions:
            titles.setdefault(each.misconception, each.title)
            counts[each.misconception, exercise.slug] += each.count
    totals = Counter[str]()
    for (name, _), count in counts.items():
        totals[name] += count
    for name, _ in totals.most_common(TOP):
        yield titles[name], [counts[name, exercise.slug] for exercise in statistics.exercises]
