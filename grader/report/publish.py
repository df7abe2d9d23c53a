"""Write what a folder of results shows to people: the cohort's page for staff, and feedback for each learner."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from grader import files
from grader.errors import UsageError
from grader.records.cohort import Note, Row
from grader.statistics import Statistics, summarise
from grader.text import clean_line

from .cohort import cohort_html
from .feedback import feedback_html, feedback_markdown

PAGE = "cohort.html"
FEEDBACK = "feedback"
_LENGTH = 80
"""Characters of a file's name, without suffix."""
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\.|$)", re.IGNORECASE)
"""What Windows takes for a device, whatever suffix follows."""


def publish(folder: Path, rows: Iterable[Row], notes: Iterable[Note], *, names: bool = True) -> Statistics:
    """Write ``cohort.html`` and, in ``feedback/``, two files per learner; rows come learner by learner, once.

    Without ``names`` only the page is written, and it names nobody. Raise UsageError where nothing can be written.
    """
    try:
        statistics = summarise(_told(folder, rows) if names else rows, notes)
        page = cohort_html(statistics, clean_line(folder.resolve().name), names=names)
        files.write_text(folder / PAGE, page, within=folder)
    except OSError as error:
        raise UsageError(f"The pages could not be written to {error.filename or folder}: {error.strerror}.") from error
    return statistics


def _told(folder: Path, rows: Iterable[Row]) -> Iterator[Row]:
    """Pass the rows on, and write each learner's feedback on the way."""
    files.make_folder(folder / FEEDBACK, within=folder)
    taken: set[str] = set()
    for learner, group in groupby(rows, key=lambda row: row.learner):
        own = list(group)
        stem = file_stem(learner, taken)
        files.write_text(folder / FEEDBACK / f"{stem}.html", feedback_html(own), within=folder)
        files.write_text(folder / FEEDBACK / f"{stem}.md", feedback_markdown(own), within=folder)
        yield from own


def file_stem(learner: str, taken: set[str]) -> str:
    """Return a name for a learner's files that no system minds and no other learner has, and note it in ``taken``."""
    stem = re.sub(r"[^\w.@+-]+", "_", learner).strip("._")[:_LENGTH]
    if not stem or stem != learner or stem.casefold() in taken or _DEVICE.match(stem):
        stem = f"{stem or 'learner'}-{hashlib.sha256(learner.encode('utf-8', 'replace')).hexdigest()[:8]}"
    taken.add(stem.casefold())
    return stem
