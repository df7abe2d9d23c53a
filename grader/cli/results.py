"""What a folder of results says about the cohort, to each learner, and of what is alike.

What cannot be done as it was typed raises UsageError.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.text import shown

from .app import NONE, TEACH, Names, Results, Switch, command

if TYPE_CHECKING:
    from grader.similarity import Work

SIMILAR = "similar.html"


@command("grade cohort results", "grade cohort results --anonymous", group=TEACH)
def cohort(results: Results, /, *, anonymous: Switch = False) -> int:
    """Write the page about the cohort, and feedback for each learner.

    Parameters
    ----------
    anonymous
        Write only the page, and one in which nobody is named.
    """
    from grader.batch.journal import Journal
    from grader.report.publish import FEEDBACK, PAGE, publish

    with Journal.read(results) as journal:
        statistics = publish(results, journal.rows(), journal.notes(), names=not anonymous)
    print(f"{shown(results / PAGE)} is about {statistics.learners:,} learners.")
    if not anonymous:
        print(f"{shown(results / FEEDBACK)} has two files for each of them.")
    return 0


@command("grade similar results", "grade similar submissions --exercises 03", group=TEACH)
def similar(source: Path, /, *, exercises: Names = NONE, to: Path | None = None) -> int:
    """List pairs of submissions with unusually much in common: something to look at, never a verdict.

    Parameters
    ----------
    source
        The folder of results that grade batch wrote, or the submissions themselves.
    exercises
        Compare only these, such as 03 07.
    to
        Where the page with both files side by side goes [default: similar.html in the folder of results, or here].
    """
    from rich.console import Console

    from grader import files
    from grader.batch.journal.schema import NAME
    from grader.report.similar import show_similar, similar_html
    from grader.similarity import compare

    is_results = (source / NAME).is_file()
    stubs = _stubs(exercises)
    works: dict[str, list[Work]] = {}
    for exercise, work in _of_results(source, stubs) if is_results else _of_submissions(source, stubs):
        works.setdefault(exercise, []).append(work)
    comparisons = [compare(slug, works[slug], stub) for slug, stub in stubs.items() if slug in works]
    show_similar(Console(), comparisons)
    path = to or (source / SIMILAR if is_results else Path(SIMILAR))
    try:
        files.write_text(path, similar_html(comparisons), within=None if to or not is_results else source)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    print(f"{shown(path)} shows both files of each pair: something to look at, not a verdict on anybody.")
    return 0


def _of_results(folder: Path, slugs: Collection[str]) -> Iterator[tuple[str, Work]]:
    from grader.batch.journal import Journal
    from grader.similarity import Work

    with Journal.read(folder) as journal:
        for row in journal.rows(exercises=[*slugs]):
            if row.key:
                yield row.exercise, Work(learner=row.learner, source=journal.code(row.key).source)


def _of_submissions(root: Path, slugs: Collection[str]) -> Iterator[tuple[str, Work]]:
    from grader import course
    from grader.batch.intake import READER, Answer, apart, survey, take_in
    from grader.confined import Confined
    from grader.similarity import Work

    seen = survey(root)
    with Confined([READER]) as confined:
        for each in take_in(seen, [course.exercises()[slug] for slug in slugs], apart(confined)):
            if isinstance(each, Answer) and each.code is not None:
                yield each.exercise, Work(learner=each.learner, source=each.code.source)


def _stubs(names: Collection[str]) -> dict[str, bytes]:
    """Return the stub of every exercise that is wanted and answered in code; raise UsageError for a note by name."""
    from grader import course
    from grader.places import EXERCISES

    wanted = course.chosen(names)
    if notes := [exercise.slug for exercise in wanted if names and exercise.is_note]:
        raise UsageError(f"{notes[0]} is a note, and only code is compared. Name other exercises.")
    return {each.slug: (EXERCISES / each.filename).read_bytes() for each in wanted if not each.is_note}
