"""Comparing a cohort's submissions with each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from grader import course, files
from grader.batch.journal import Journal
from grader.batch.journal.schema import NAME
from grader.errors import UsageError
from grader.places import EXERCISES
from grader.report.similar import show_similar, similar_html
from grader.similarity import Work, compare
from grader.text import shown

PAGE = "similar.html"
Works = dict[str, list[Work]]


def similar(source: Path, exercises: Sequence[str], to: Path | None) -> int:
    """Compare what was handed in and write the page; 0 whatever comes of it, as it says nothing about anybody.

    Raise UsageError for a note, and when the page cannot be written.
    """
    is_results = (source / NAME).is_file()
    stubs = _stubs(exercises)
    works = _of_results(source, [*stubs]) if is_results else _of_submissions(source, [*stubs])
    comparisons = [compare(slug, works[slug], stub) for slug, stub in stubs.items() if slug in works]
    show_similar(Console(), comparisons)
    path = to or (source / PAGE if is_results else Path(PAGE))
    try:
        files.write_text(path, similar_html(comparisons), within=None if to or not is_results else source)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    print(f"{shown(path)} shows both files of each pair: something to look at, not a verdict on anybody.")
    return 0


def _of_results(folder: Path, slugs: Sequence[str]) -> Works:
    works: Works = {}
    with Journal.read(folder) as journal:
        for row in journal.rows(exercises=slugs):
            if row.key:
                _add(works, row.exercise, row.learner, journal.code(row.key).source)
    return works


def _of_submissions(root: Path, slugs: Sequence[str]) -> Works:
    from grader.batch.intake import READER, Answer, apart, survey, take_in
    from grader.confined import Confined

    works: Works = {}
    seen = survey(root)
    with Confined([READER]) as confined:
        for each in take_in(seen, [course.exercises()[slug] for slug in slugs], apart(confined)):
            if isinstance(each, Answer) and each.code is not None:
                _add(works, each.exercise, each.learner, each.code.source)
    return works


def _add(works: Works, exercise: str, learner: str, source: bytes) -> None:
    works.setdefault(exercise, []).append(Work(learner=learner, source=source))


def _stubs(names: Sequence[str]) -> dict[str, bytes]:
    """Return the stub of every exercise that is wanted and answered in code; raise UsageError for a note by name."""
    wanted = course.chosen(names)
    if notes := [exercise.slug for exercise in wanted if names and exercise.is_note]:
        raise UsageError(f"{notes[0]} is a note, and only code is compared. Name other exercises.")
    return {each.slug: (EXERCISES / each.filename).read_bytes() for each in wanted if not each.is_note}
