"""Which misconceptions were named, and two things that were seen of each, without anything that names a learner."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import PurePath

from grader.records import Diagnosis, Grade, Record
from grader.records.cohort import Row

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
        self._counts: Counter[str] = Counter()
        self._first: dict[str, Diagnosis] = {}
        self._examples: defaultdict[str, dict[str, str]] = defaultdict(dict)
        """By misconception: what was seen, to the same without a name."""

    def add(self, row: Row, grade: Grade) -> None:
        """Count every name in one grade."""
        for diagnosis in grade.diagnoses:
            self._counts[diagnosis.misconception] += 1
            self._first.setdefault(diagnosis.misconception, diagnosis)
            examples = self._examples[diagnosis.misconception]
            if len(examples) < EXAMPLES and diagnosis.seen not in examples:
                examples[diagnosis.seen] = anonymous(diagnosis.seen, row)

    def figures(self) -> tuple[NamedMisconception, ...]:
        """Return what was counted, the most frequent first."""
        return tuple(
            NamedMisconception(
                misconception=name,
                title=self._first[name].title,
                function=self._first[name].function,
                count=count,
                examples=tuple(dict.fromkeys(self._examples[name].values())),
            )
            for name, count in self._counts.most_common()
        )


def anonymous(text: str, row: Row) -> str:
    """Return the text without the learner's name, any longer word of it, the number, or the path."""
    words = re.split(r"[\s,_]+", row.learner)
    names = {row.learner, row.number, row.path, *PurePath(row.path).parts[:-1], *words}
    telling = sorted((name for name in names if len(name) >= _SHORT), key=len, reverse=True)
    if not telling:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, telling))})(?!\w)", "…", text, flags=re.IGNORECASE)
