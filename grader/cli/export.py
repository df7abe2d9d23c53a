"""Results and autograders in other people's formats.

What cannot be done as it was typed raises UsageError.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from grader.ending import nobody_reads, write_to_nobody
from grader.errors import UsageError
from grader.text import clean_line, shown

from .app import NONE, TEACH, Names, Results, Switch, Visibility, command, commands

if TYPE_CHECKING:
    from grader.batch.journal import Journal
    from grader.export.marks import Mark
    from grader.export.template import Filled
    from grader.records.cohort import Row

SHOWN = 20
"""Lines of one kind that a command prints; the rest is counted."""
Target = Annotated[Path | None, Parameter(name="--to", help="The file to write [default: standard output].")]
Only = Annotated[Names, Parameter(help="Only these, such as 03 07.")]

_LINES = ("grade export csv results", "grade export canvas --help")
export = commands("export", *_LINES, group=TEACH, told="Write what other systems read.")


@command("grade export gradescope --autograder autograder.zip --only 03", among=export)
def gradescope(
    *, autograder: Path, only: Names = NONE, visibility: Visibility = "after_published", weaker_wall: Switch = False
) -> int:
    """Write the zip of an autograder that grades submissions on Gradescope.

    Parameters
    ----------
    autograder
        Where the zip goes, such as autograder.zip.
    only
        The assignment has only these exercises, such as 03 07.
    visibility
        When learners see what the hidden checks found; what their code did, they always see.
    weaker_wall
        Have it run even where the walls around the code do not hold.
    """
    from grader.courses import expect_built_in

    expect_built_in("grade export gradescope")
    from grader import course
    from grader.handout.gradescope import build_autograder

    course.expect_judges("grade export gradescope")
    points = build_autograder(autograder, only, visibility, weaker_wall=weaker_wall)
    written = f"{shown(autograder)} is written."
    print(f"{written} Give the assignment {points} points, and its container at least 2 GB of memory.")
    return 0


@command("grade export csv results --to marks.csv", "grade export csv results --by-learner", among=export)
def csv(results: Results, /, *, to: Target = None, exercises: Only = NONE, by_learner: Switch = False) -> int:
    """Write one line per answer as CSV, or one line per learner.

    Parameters
    ----------
    by_learner
        One line per learner with a column per exercise.
    """
    from grader.batch.journal import Journal
    from grader.export import table

    if not by_learner:
        return _write_rows(results, to, exercises, table.answers)
    slugs = _slugs(exercises)
    with Journal.read(results) as journal:
        wanted = slugs or sorted({row.exercise for row in journal.rows()})
        _write(to, table.learners(journal.rows(exercises=slugs), wanted, journal.learners()))
    return 0


@command("grade export json results --to grades.json", among=export)
def json(results: Results, /, *, to: Target = None, exercises: Only = NONE) -> int:
    """Write everything as JSON."""
    from grader.export import cohort

    return _write_rows(results, to, exercises, cohort.json)


@command("grade export ndjson results --to grades.ndjson", among=export)
def ndjson(results: Results, /, *, to: Target = None, exercises: Only = NONE) -> int:
    """Write everything as JSON, one object per row and line."""
    from grader.export import cohort

    return _write_rows(results, to, exercises, cohort.ndjson)


@command("grade export junit results --to junit.xml", among=export)
def junit(results: Results, /, *, to: Target = None, exercises: Only = NONE) -> int:
    """Write a suite per answer as JUnit XML."""
    from grader.export import cohort

    return _write_rows(results, to, exercises, cohort.junit)


@command("grade export canvas results --template gradebook.csv --to filled.csv", among=export)
def canvas(
    results: Results,
    /,
    *,
    template: Path,
    to: Path,
    column: Names = NONE,
    exercises: Names = NONE,
    without: Names = NONE,
    scale: Switch = False,
) -> int:
    """Fill the gradebook that Canvas exported, ready to be imported.

    Parameters
    ----------
    template
        The gradebook, as Canvas exported it.
    to
        Where the filled gradebook goes.
    column
        Which column is whose, such as 03="Homework 2"; its title, its number or the whole heading.
    exercises
        Fill only these, such as 03 07.
    without
        Leave out these learners, who are in the results and not in the gradebook.
    scale
        Convert where the gradebook counts up to another number of points than the exercise.
    """
    from grader.export.canvas import canvas as fill
    from grader.export.marks import columns
    from grader.export.sheet import Sheet

    sheet = Sheet.read(template)
    with _marks(results, exercises, without) as (marks, journal):
        filled = fill(sheet, marks, journal.learners(), columns(column), scale=scale)
    return _deliver(filled, template, to)


@command("grade export moodle results --template in.csv --to out.csv --exercises 03", among=export)
def moodle(
    results: Results,
    /,
    *,
    template: Path,
    to: Path,
    column: Names = NONE,
    comments: str | None = None,
    exercises: Names = NONE,
    without: Names = NONE,
    scale: Switch = False,
) -> int:
    """Fill the offline grading worksheet that Moodle exported for one assignment, ready to be uploaded.

    Parameters
    ----------
    template
        The worksheet, as Moodle exported it.
    to
        Where the filled worksheet goes.
    column
        The heading of the grades where it is not "Grade", such as 03=Bewertung.
    comments
        The heading of a column that gets what to do next, such as "Feedback comments"; full cells stay.
    exercises
        The exercise that the assignment is about, such as 03.
    without
        Leave out these learners, who are in the results and not in the worksheet.
    scale
        Convert where the worksheet counts up to another number of points than the exercise.
    """
    from grader.export.marks import columns
    from grader.export.moodle import moodle as fill
    from grader.export.sheet import Sheet

    sheet = Sheet.read(template)
    with _marks(results, exercises, without) as (marks, journal):
        filled = fill(sheet, marks, journal.learners(), columns(column), comments=comments, scale=scale)
    return _deliver(filled, template, to)


def _slugs(names: Sequence[str]) -> list[str]:
    from grader import course

    return [course.named(name).slug for name in names]


@contextmanager
def _marks(results: Path, exercises: Sequence[str], without: Sequence[str]) -> Iterator[tuple[list[Mark], Journal]]:
    """Yield the marks that are wanted, and the journal that they come from."""
    from grader.batch.journal import Journal
    from grader.export.marks import marks

    with Journal.read(results) as journal:
        yield marks(journal.rows(exercises=_slugs(exercises)), without), journal


def _deliver(filled: Filled, template: Path, to: Path) -> int:
    """Write a filled template, and say what is in it and what is not."""
    if to.exists() and to.samefile(template):
        raise UsageError("--to names the template itself; write to another file, and keep what the platform exported.")
    _write(to, [filled.content])
    print(f"{shown(to)} has {filled.marks:,} marks; {filled.replaced:,} of them replace another number.")
    _list("Not filled in", filled.untouched)
    _list("In the template, and handed in nothing", filled.nothing)
    return 0


def _list(title: str, lines: Sequence[str]) -> None:
    if lines:
        print(f"{title} ({len(lines):,}):")
        for line in lines[:SHOWN]:
            print(f"  {clean_line(line)}")
        if len(lines) > SHOWN:
            print(f"  … and {len(lines) - SHOWN:,} more")


def _write_rows(
    results: Path, to: Path | None, exercises: Sequence[str], made: Callable[[Iterable[Row]], Iterable[bytes]]
) -> int:
    """Write a document that is made of every row."""
    from grader.batch.journal import Journal

    slugs = _slugs(exercises)
    with Journal.read(results) as journal:
        _write(to, made(journal.rows(exercises=slugs)))
    return 0


def _write(to: Path | None, chunks: Iterable[bytes]) -> None:
    """Write to a file, or to standard output; raise UsageError when the file cannot be written."""
    from grader import files

    if to is None:
        _print(chunks)
        return
    try:
        with files.new(to) as file:
            file.writelines(chunks)
    except OSError as error:
        raise UsageError(f"{to} cannot be written: {error.strerror}.") from error


def _print(chunks: Iterable[bytes]) -> None:
    """Write to standard output, until whoever reads it has enough."""
    try:
        sys.stdout.buffer.writelines(chunks)
        sys.stdout.buffer.flush()
    except OSError as error:
        if not nobody_reads(error):
            raise
        write_to_nobody(sys.stdout)
