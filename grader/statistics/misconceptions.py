"""Which misconceptions were named, and two things that were seen of each, without anything that names a learner."""

from __future__ import annotations

import re
from pathlib import PurePath

from grader.cohort import Row
from grader.records import Diagnosis, Grade, Record

EXAMPLES = 2
_SHORT = 3
"""Shorter words of a name are left: they are more often words of the language."""


class NamedMisconception(Record, frozen=True, kw_only=True):
    """One misconception that was named in one exercise."""

    misconception: str
    title: str
    function: str
    count: int
    """Submissions in which it was named."""
    examples: tuple[str, ...]
    """At most two, from different submissions."""


class MisconceptionTally:
    """Counts names while rows stream by."""

    def __init__(self) -> None:
        self._named: dict[str, _Named] = {}

    def add(self, row: Row, grade: Grade) -> None:
        """Count every name in one grade."""
        for diagnosis in grade.diagnoses:
            if diagnosis.misconception not in self._named:
                self._named[diagnosis.misconception] = _Named(diagnosis)
            self._named[diagnosis.misconception].add(diagnosis, row)

    def figures(self) -> tuple[NamedMisconception, ...]:
        """Return what was counted, the most frequent first."""
        return tuple(named.figures() for named in sorted(self._named.values(), key=lambda named: -named.count))


class _Named:
    """Counts of one misconception."""

    def __init__(self, first: Diagnosis) -> None:
        self._first = first
        self._examples: dict[str, str] = {}
        """What was seen, to the same without a name."""
        self.count = 0

    def add(self, diagnosis: Diagnosis, row: Row) -> None:
        self.count += 1
        if len(self._examples) < EXAMPLES and diagnosis.seen not in self._examples:
            self._examples[diagnosis.seen] = anonymous(diagnosis.seen, row)

    def figures(self) -> NamedMisconception:
        return NamedMisconception(
            misconception=self._first.misconception,
            title=self._first.title,
            function=self._first.function,
            count=self.count,
            examples=tuple(dict.fromkeys(self._examples.values())),
        )


def anonymous(text: str, row: Row) -> str:
    """Return the text without the learner's name, any longer word of it, the number, or the path."""
    words = re.split(r"[\s,_]+", row.learner)
    names = {row.learner, row.number, row.path, *PurePath(row.path).parts[:-1], *words}
    telling = sorted((name for name in names if len(name) >= _SHORT), key=len, reverse=True)
    if not telling:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, telling))})(?!\w)", "…", text, flags=re.IGNORECASE)
