"""A batch task: a submission with all that is needed to run it anywhere."""

from __future__ import annotations

import hashlib

from grader.notebook import Source
from grader.records import Record, Submission


class Task(Record, frozen=True, kw_only=True):
    """One submission with all that is needed to run it anywhere, and nothing of whose it is."""

    exercise: str
    key: str
    code: Source
    seed: int
    course: str
    """Name and version of the course that asks."""

    def submission(self) -> Submission:
        """Return it as nobody's submission: what several learners handed in alike is graded once for all of them."""
        return Submission(
            learner="",
            exercise=self.exercise,
            path=f"{self.exercise}.py",
            source=self.code.source,
            sha256=hashlib.sha256(self.code.source).hexdigest(),
            cells=self.code.cells,
            set_aside=self.code.set_aside,
        )
