"""What a folder of results says: about the cohort, to each learner, to other systems."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader import course, ending, files
from grader.batch.journal import Journal
from grader.errors import UsageError
from grader.text import clean_line, shown

if TYPE_CHECKING:
    from grader.export.marks import Mark
    from grader.export.template import Filled

SHOWN = 20
"""Lines of one kind that a command prints; the rest is counted."""


def cohort(results: Path, *, anonymous: bool) -> int:
    """Write the cohort's page and, unless it is to be anonymous, everybody's feedback."""
    from grader.report.publish import FEEDBACK, PAGE, publish

    with Journal.read(results) as journal:
        statistics = publish(results, journal.rows(), journal.notes(), names=not anonymous)
    print(f"{shown(results / PAGE)} is about {statistics.learners:,} learners.")
    if not anonymous:
        print(f"{shown(results / FEEDBACK)} has two files for each of them.")
    return 0


def export_csv(results: Path, to: Path | None, exercises: Sequence[str], *, by_learner: bool) -> int:
    """Write our own CSV."""
    from grader.export import table

    slugs = _slugs(exercises)
    with Journal.read(results) as journal:
        rows = journal.rows(exercises=slugs)
        if by_learner:
            wanted = slugs or sorted({row.exercise for row in journal.rows()})
            _write(to, table.learners(rows, wanted, journal.learners()))
        else:
            _write(to, table.answers(rows))
    return 0


def export_json(results: Path, to: Path | None, exercises: Sequence[str]) -> int:
    """Write every row as JSON."""
    from grader.export.cohort import json

    with Journal.read(results) as journal:
        _write(to, json(journal.rows(exercises=_slugs(exercises))))
    return 0


def export_junit(results: Path, to: Path | None, exercises: Sequence[str]) -> int:
    """Write every grade as JUnit XML."""
    from grader.export.cohort import junit

    with Journal.read(results) as journal:
        _write(to, junit(journal.rows(exercises=_slugs(exercises))))
    return 0


def export_canvas(
    results: Path,
    template: Path,
    to: Path,
    *,
    columns: Sequence[str],
    exercises: Sequence[str],
    without: Sequence[str],
    scale: bool,
) -> int:
    """Fill Canvas's gradebook."""
    from grader.export.canvas import canvas
    from grader.export.sheet import Sheet

    sheet = Sheet.read(template)
    with Journal.read(results) as journal:
        marks = _marks(journal, exercises, without)
        filled = canvas(sheet, marks, journal.learners(), _columns(columns), scale=scale)
    return _deliver(filled, template, to)


def export_moodle(
    results: Path,
    template: Path,
    to: Path,
    *,
    columns: Sequence[str],
    comments: str | None,
    exercises: Sequence[str],
    without: Sequence[str],
    scale: bool,
) -> int:
    """Fill Moodle's worksheet."""
    from grader.export.moodle import moodle
    from grader.export.sheet import Sheet

    sheet = Sheet.read(template)
    with Journal.read(results) as journal:
        marks = _marks(journal, exercises, without)
        filled = moodle(sheet, marks, journal.learners(), _columns(columns), comments=comments, scale=scale)
    return _deliver(filled, template, to)


def _slugs(names: Sequence[str]) -> list[str]:
    return [course.named(name).slug for name in names]


def _marks(journal: Journal, exercises: Sequence[str], without: Sequence[str]) -> list[Mark]:
    """Return the marks that are wanted; raise UsageError when somebody to leave out is not there."""
    from grader.export.marks import marks

    found = list(marks(journal.rows(exercises=_slugs(exercises))))
    if strangers := sorted(set(without) - {mark.learner for mark in found}):
        raise UsageError(f"--without names {', '.join(strangers)}, who handed in nothing of that.")
    return [mark for mark in found if mark.learner not in without]


def _columns(options: Sequence[str]) -> dict[str, str]:
    """Read ``--column 03=HEADING``."""
    found = {}
    for option in options:
        exercise, equals, heading = option.partition("=")
        if not equals or not heading.strip():
            raise UsageError(f"--column {option} should say which column is whose, such as 03=HEADING.")
        found[course.named(exercise).slug] = heading.strip()
    return found


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


def _write(to: Path | None, chunks: Iterable[bytes]) -> None:
    """Write to a file, or to standard output; raise UsageError when the file cannot be written."""
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
        if not ending.nobody_reads(error):
            raise
        ending.write_to_nobody(sys.stdout)
