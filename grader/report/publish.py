"""Write what a folder of results shows to people: the cohort's page for staff, and feedback for each learner."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from grader.cohort import Note, Row
from grader.errors import UsageError
from grader.statistics import Statistics, summarise

from .cohort import cohort_html
from .feedback import feedback_html, feedback_markdown

PAGE = "cohort.html"
FEEDBACK = "feedback"
_LENGTH = 80
"""Characters of a file's name, without suffix."""


def publish(folder: Path, rows: Iterable[Row], notes: Iterable[Note], *, names: bool = True) -> Statistics:
    """Write ``cohort.html`` and, in ``feedback/``, two files per learner; rows come learner by learner, once.

    Without ``names`` only the page is written, and it names nobody. Raise UsageError where nothing can be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        statistics = summarise(_told(folder / FEEDBACK, rows) if names else rows, notes)
        (folder / PAGE).write_text(cohort_html(statistics, folder.resolve().name, names=names), "utf-8")
    except OSError as error:
        raise UsageError(f"The pages could not be written to {error.filename or folder}: {error.strerror}.") from error
    return statistics


def _told(folder: Path, rows: Iterable[Row]) -> Iterator[Row]:
    """Pass the rows on, and write each learner's feedback on the way."""
    folder.mkdir(exist_ok=True)
    taken: set[str] = set()
    for learner, group in groupby(rows, key=lambda row: row.learner):
        own = list(group)
        stem = file_stem(learner, taken)
        (folder / f"{stem}.html").write_text(feedback_html(own), "utf-8")
        (folder / f"{stem}.md").write_text(feedback_markdown(own), "utf-8")
        yield from own


def file_stem(learner: str, taken: set[str]) -> str:
    """Return a name for a learner's files that no system minds and no other learner has, and note it in ``taken``."""
    stem = re.sub(r"[^\w.@+-]+", "_", learner).strip("._")[:_LENGTH]
    if not stem or stem != learner or stem.casefold() in taken:
        stem = f"{stem or 'learner'}-{hashlib.sha256(learner.encode('utf-8', 'replace')).hexdigest()[:8]}"
    taken.add(stem.casefold())
    return stem
