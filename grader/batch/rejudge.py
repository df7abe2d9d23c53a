"""Judge stored evidence anew, after a check was mended: no learner's code is run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from grader import course
from grader.courses import current
from grader.records import Grade, Verdict
from grader.text import clean_line

from .journal import BatchJob, Journal, Ledger
from .judge import Judge
from .judging import blocks, judged


class Change(NamedTuple):
    """What judging anew does to one submission."""

    job: BatchJob
    who: str
    """Who handed it in."""
    old: Grade | None
    """None when it was never judged."""
    new: Grade | None
    """None when the checks break on it."""
    fault: str
    """How they break."""

    @property
    def changes_marks(self) -> bool:
        """Whether somebody's points become others."""
        return self.new is not None and (self.old is None or self.old.earned != self.new.earned)

    @property
    def changes_words(self) -> bool:
        """Whether the points stay and what is said about them does not."""
        if self.changes_marks or self.old is None or self.new is None:
            return False
        return (self.old.outcomes, self.old.diagnoses) != (self.new.outcomes, self.new.diagnoses)

    def checks(self) -> list[str]:
        """Name the checks whose verdict becomes another, with a sign for what they now say."""
        before = {outcome.check: outcome.verdict for outcome in self.old.outcomes} if self.old else {}
        after = {outcome.check: outcome.verdict for outcome in self.new.outcomes} if self.new else {}
        return [
            f"{'+' if after.get(name) is Verdict.PASSED else '-'}{name}"
            for name in {**before, **after}
            if before.get(name) is not after.get(name)
        ]


def rejudge(journal: Journal, before: str, judge: Judge) -> Iterator[Change]:
    """Yield what becomes of every submission of which there is evidence, exercise by exercise.

    ``before`` is the version of the course whose grades are the old ones. Raise UsageError where that is newer, or so
    much older that its evidence holds other facts.
    """
    journal.expect_no_newer(course.version())
    journal.expect_judgeable(current().observed_since)
    for block in blocks(journal.observed()):
        for job, result in judged(journal, block, judge):
            new, fault = (result, "") if isinstance(result, Grade) else (None, clean_line(str(result)))
            yield Change(job, journal.who(job), journal.grade(job, before), new, fault)


def write(ledger: Ledger, judge: Judge) -> Iterator[Change]:
    """Yield every change and write it; the grades that count are then those of the course as it is now."""
    before = ledger.course
    ledger.expect_judgeable(current().observed_since)
    ledger.use_course(course.version())
    for change in rejudge(ledger, before, judge):
        if change.new is not None:
            ledger.add_grades([(change.job, change.new)])
        yield change
