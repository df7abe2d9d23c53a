"""Which of a learner's files answers which exercise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from grader import adaptation, course, note
from grader.discover import CAPS, SIZE_CAP
from grader.errors import UsageError
from grader.notebook import Source, read_notebook
from grader.records import Exercise

from .found import Unusable
from .layouts import Placed

EVIDENCE = adaptation.FILE
"""What a note speaks of: it lies beside the note, or in ``reports/`` there."""


def is_answer(file: Placed) -> bool:
    """Whether a file can be graded at all."""
    return file.found.suffix in CAPS


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
        return None, str(reason)
    if len(code.source) > SIZE_CAP:
        return None, f"The notebook has {len(code.source):,} bytes of code, and {SIZE_CAP:,} are allowed."
    return code, ""


def _with_evidence(content: bytes, file: Placed, exercise: Exercise, others: Sequence[Placed]) -> Source:
    """Put a note together with the learner's own evidence, or with the shipped example."""
    folder = file.found.parts[:-1]
    places = {(*folder, EVIDENCE): "beside it", (*folder, "reports", EVIDENCE): "in reports/ beside it"}
    for other in others:
        if where := places.get(other.found.parts):
            name = Path("/".join(other.below))
            told = adaptation.decode(name, other.found.read(adaptation.BYTES_CAP))
            return note.put_together(content, file.below[-1], told, where)
    shipped = note.example(exercise)
    if shipped is None:
        raise UsageError(f"There is no {EVIDENCE} beside the note.")
    where = "of the shipped example, for want of one beside it"
    return note.put_together(content, file.below[-1], adaptation.read(shipped), where)
