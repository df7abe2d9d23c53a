"""Which of a learner's files answers which exercise."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from grader import adaptation, course, note
from grader.discover import CAPS, SIZE_CAP
from grader.errors import UsageError
from grader.notebook import Source, read_notebook
from grader.records import Exercise
from grader.text import clean_line

from .found import Found, Unusable

_COPY = re.compile(r"(?<=\D)\d{1,3}(?=\)?$)")


class Placed(NamedTuple):
    """A file of a learner's, and its path as the learner knows it."""

    found: Found
    below: tuple[str, ...]


def is_answer(file: Placed) -> bool:
    """Whether a file can be graded at all."""
    return file.found.suffix in CAPS


def is_evidence(file: Placed) -> bool:
    """Whether a file is what a note speaks of."""
    name = file.below[-1]
    notes = (each for each in course.exercises().values() if each.is_note)
    return name.lower().endswith(".json") and any(_evidence(each.number).fullmatch(name) for each in notes)


@functools.cache
def _evidence(number: str) -> re.Pattern[str]:
    """Match what a note speaks of; platforms and browsers number it once more, as ``evidence-1.json``."""
    stem = PurePosixPath(adaptation.FILE).stem
    return re.compile(rf"(?:{number}_)?{stem}(?:[-_ ]?\(?\d{{1,3}}\)?)?\.json", re.IGNORECASE)


def choose(files: Sequence[Placed], asked: Sequence[Exercise]) -> dict[str, list[Placed]]:
    """Return for each exercise the files that answer it, the one to grade first.

    Where one exercise alone is asked for, the only file answers it, whatever its name.
    """
    answers: dict[str, list[Placed]] = {}
    possible = [each for each in files if is_answer(each)]
    for file in possible:
        if slug := _meant(file):
            answers.setdefault(slug, []).append(file)
    if not answers and len(asked) == len(possible) == 1 and _fits(possible[0], asked[0]):
        return {asked[0].slug: possible}
    return {slug: sorted(found, key=lambda file: _rank(file, slug)) for slug, found in sorted(answers.items())}


def _meant(file: Placed) -> str:
    """Return the exercise that a file's name means, or else the nearest folder's; empty when none does."""
    *folders, name = file.below
    words = (PurePosixPath(name).stem, *reversed(folders))
    return next((found.slug for found in map(course.recognise, words) if found and _fits(file, found)), "")


def _fits(file: Placed, exercise: Exercise) -> bool:
    """Whether a file is of the exercise's kind: a note is Markdown, and nothing else is."""
    return (file.found.suffix == ".md") == exercise.is_note


def _rank(file: Placed, slug: str) -> tuple[bool, bool, float]:
    """Put first what is named and placed as it was handed out, then what is newer."""
    exact = PurePosixPath(file.below[-1]).stem == slug
    return not exact, "exercises" not in file.below, -file.found.modified.timestamp()


def read(file: Placed, slug: str, others: Sequence[Placed]) -> tuple[Source | None, str]:
    """Return what is to be graded of a file, or why there is nothing; a note comes with its evidence."""
    name, suffix = file.below[-1], file.found.suffix
    try:
        content = file.found.read(CAPS[suffix])
        if suffix == ".md":
            return _with_evidence(content, file, course.exercises()[slug], others), ""
        code = read_notebook(content, name) if suffix == ".ipynb" else Source(source=content)
    except Unusable as reason:
        return None, f"The file was not opened: {reason}."
    except UsageError as reason:
        return None, clean_line(str(reason))
    if len(code.source) > SIZE_CAP:
        return None, f"The notebook has {len(code.source):,} bytes of code, and {SIZE_CAP:,} are allowed."
    return code, ""


def _with_evidence(content: bytes, file: Placed, exercise: Exercise, others: Sequence[Placed]) -> Source:
    """Put a note together with the learner's own evidence; an untouched stub is worth nothing with any."""
    name, (own, where) = file.below[-1], _own_evidence(file, others)
    if own is not None:
        return note.put_together(content, name, _decoded(own), where)
    if note.is_stub(content, exercise):
        nothing = adaptation.Adaptation(comparisons=())
        return note.put_together(content, name, nothing, "of no run, because it is the untouched stub")
    raise UsageError(
        f"The note is not graded: no {note.evidence_name(exercise)} was handed in with it. {note.together(exercise)}"
    )


def _own_evidence(file: Placed, others: Sequence[Placed]) -> tuple[Placed | None, str]:
    """Return which of the learner's files a note speaks of, and where it lies; None where there is none.

    What lies beside the note comes before what lies in ``reports/``. Of several, the one with the note's own number,
    then the newer one.
    """
    folder = file.below[:-1]
    places = {folder: "beside it"}
    places |= {(*above, "reports"): "in reports/" for above in (folder, folder[:-1])}
    for place, where in places.items():
        there = [other for other in others if other.below[:-1] == place and is_evidence(other)]
        if there:
            return min(there, key=lambda other: _kinship(other, file)), where
    return None, ""


def _kinship(evidence: Placed, file: Placed) -> tuple[bool, bool, float]:
    name = evidence.below[-1]
    is_earlier = name.lower().startswith(PurePosixPath(adaptation.FILE).stem)
    return is_earlier, _copy(name) != _copy(file.below[-1]), -evidence.found.modified.timestamp()


def _copy(name: str) -> str:
    """Return the number that was put behind a name; empty when none was."""
    number = _COPY.search(PurePosixPath(name).stem)
    return number[0] if number else ""


def _decoded(evidence: Placed) -> adaptation.Adaptation:
    name = Path(evidence.below[-1])
    try:
        return adaptation.decode(name, evidence.found.read(adaptation.BYTES_CAP))
    except Unusable as reason:
        raise UsageError(f"The note is not graded: its evidence {name} was not opened: {reason}.") from reason
