"""Which failed check blocked which other one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from grader.records import Grade, Outcome, Record, Verdict

IMPORT = "the file could not be imported"
UNTOLD = "something that no check of its own looks at"


class Barrier(Record, frozen=True, kw_only=True):
    """Something that kept checks from being judged."""

    behind: str
    """Title of the failed check that stood in front of them, or what happened to the run."""
    accident: bool
    """Whether it is the latter."""
    blocked: Mapping[str, int]
    """Titles of the checks that were blocked to how often, the most frequent first."""

    @property
    def count(self) -> int:
        """How many checks were blocked, over all submissions."""
        return sum(self.blocked.values())


class BarrierTally:
    """Counts what blocked what while rows stream by."""

    def __init__(self) -> None:
        self._blocked: defaultdict[tuple[str, bool], Counter[str]] = defaultdict(Counter)

    def add(self, grade: Grade) -> None:
        """Count every blocked check of one grade."""
        for title, behind, accident in _blocks(grade):
            self._blocked[behind, accident][title] += 1

    def figures(self) -> tuple[Barrier, ...]:
        """Return what was counted, the most frequent first."""
        barriers = (
            Barrier(behind=behind, accident=accident, blocked=dict(counts.most_common()))
            for (behind, accident), counts in self._blocked.items()
        )
        return tuple(sorted(barriers, key=lambda barrier: -barrier.count))


def _blocks(grade: Grade) -> Iterator[tuple[str, str, bool]]:
    """Yield the title of every blocked check, what stood in front of it, and whether that is an accident."""
    failed = [outcome for outcome in grade.outcomes if outcome.verdict is Verdict.FAILED]
    accident = IMPORT if grade.not_imported else grade.evidence.ending.words.happened
    for outcome in grade.outcomes:
        if outcome.verdict is Verdict.BLOCKED:
            yield outcome.title, accident or _in_front(outcome, failed), bool(accident)


def _in_front(blocked: Outcome, failed: list[Outcome]) -> str:
    """Return the first failed check of the function that the message names, else of another function, else any."""
    named = [outcome for outcome in failed if f"`{outcome.function}`" in blocked.message]
    others = [outcome for outcome in failed if outcome.function != blocked.function]
    return next((outcome.title for outcome in [*named, *others, *failed]), UNTOLD)
