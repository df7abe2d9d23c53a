"""Compare a cohort's submissions with each other, whether they were graded or not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from grader import course
from grader.confined import Confined
from grader.courses import current
from grader.errors import UsageError
from grader.similarity import Compared, Comparison, compare

from .intake import READER, Handin, apart, survey, take_in
from .journal import Journal


def compared(source: Path, exercises: Collection[str], *, is_results: bool) -> list[Comparison]:
    """Compare what a folder of results keeps, or what lies in a folder or an archive of submissions.

    Raise UsageError for a note that is named, and for a ``source`` that cannot be read.
    """
    stubs = _stubs(exercises)
    works: dict[str, list[Compared]] = {}
    for exercise, work in _of_results(source, stubs) if is_results else _of_submissions(source, stubs):
        works.setdefault(exercise, []).append(work)
    return [compare(slug, works[slug], stub) for slug, stub in stubs.items() if slug in works]


def _of_results(folder: Path, slugs: Collection[str]) -> Iterator[tuple[str, Compared]]:
    with Journal.read(folder) as journal:
        for row in journal.rows(exercises=[*slugs]):
            if row.key:
                yield row.exercise, Compared(learner=row.learner, source=journal.code(row.key).source)


def _of_submissions(root: Path, slugs: Collection[str]) -> Iterator[tuple[str, Compared]]:
    seen = survey(root)
    with Confined([READER]) as confined:
        for each in take_in(seen, [course.exercises()[slug] for slug in slugs], apart(confined)):
            if isinstance(each, Handin) and each.code is not None:
                yield each.exercise, Compared(learner=each.learner, source=each.code.source)


def _stubs(names: Collection[str]) -> dict[str, bytes]:
    """Return the stub of every exercise that is wanted and answered in code; raise UsageError for a note by name."""
    wanted = course.chosen(names)
    if notes := [exercise.slug for exercise in wanted if names and exercise.is_note]:
        raise UsageError(f"{notes[0]} is a note, and only code is compared. Name other exercises.")
    return {each.slug: (current().stubs / each.filename).read_bytes() for each in wanted if not each.is_note}
