"""The grade, and the account where nothing judges."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from grader.wire.answer import Pointer, Trail

from .base import Record
from .evidence import Run
from .figures import Figure

SCHEMA = "transfer-grader/grade/v1"
"""Version of the JSON that ``grade --format json`` prints; it changes when a field changes meaning."""
ACCOUNT_SCHEMA = "transfer-grader/account/v2"
"""The same for what it prints where nothing judges."""


class Verdict(enum.Enum):
    """What a check found: BLOCKED means that there was nothing to judge."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"


class Outcome(Trail, frozen=True, kw_only=True):
    """The result of one hidden check; it points at the learner's line where a line was to blame."""

    check: str
    title: str
    function: str
    points: int
    verdict: Verdict
    message: str = ""


class Diagnosis(Record, frozen=True, kw_only=True):
    """A named misconception that explains everything seen of one function."""

    misconception: str
    title: str
    function: str
    seen: str
    """One sentence of facts."""
    question: str
    """The question that leads on."""
    also_seen: tuple[str, ...] = ()
    """Ids of other stories about the same function that fit as well."""


class Provenance(Record, frozen=True, kw_only=True):
    """What is needed to repeat the run."""

    source_sha256: str
    seed: int
    versions: Mapping[str, str]
    fixtures: Mapping[str, str]
    """Name to sha256."""


class Standing(enum.Enum):
    """What a result counts for: whoever owns the machine can make it say anything."""

    PRACTICE = "practice"
    RECORD = "record"


class Grade(Record, frozen=True, kw_only=True):
    """The whole result for one submission."""

    schema: str = SCHEMA
    exercise: str
    title: str
    learner: str
    path: str
    earned: int
    possible: int
    standing: Standing
    outcomes: tuple[Outcome, ...]
    diagnoses: tuple[Diagnosis, ...]
    """Most certain first, root causes before what follows from them."""
    next_step: str
    """What to do first, in one sentence."""
    figures: tuple[Figure, ...]
    set_aside: tuple[str, ...]
    """What of a notebook was not run, one sentence each."""
    evidence: Run
    provenance: Provenance

    @property
    def full_marks(self) -> bool:
        """Whether every point was earned."""
        return self.earned == self.possible

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.full_marks

    @property
    def not_imported(self) -> bool:
        """Whether the file could not be imported, so that nothing of it was asked."""
        return self.evidence.crash is not None and all(each.verdict is Verdict.BLOCKED for each in self.outcomes)


class Observation(Record, frozen=True, kw_only=True):
    """What came of asking one of the learner's functions."""

    function: str
    said: tuple[str, ...]
    """How many questions it answered, then the questions in which it raised something."""


class Unfinished(Pointer, frozen=True, kw_only=True):
    """Something that kept the code from answering."""

    said: str
    """One sentence."""


class Account(Record, frozen=True, kw_only=True):
    """What the code did, without points: for where nothing judges."""

    schema: str = ACCOUNT_SCHEMA
    exercise: str
    title: str
    learner: str
    path: str
    observations: tuple[Observation, ...]
    unfinished: tuple[Unfinished, ...]
    """Empty when every question got an answer."""
    next_step: str
    """What to do first, in one sentence."""
    set_aside: tuple[str, ...]
    """What of a notebook was not run, one sentence each."""
    evidence: Run
    provenance: Provenance

    @property
    def is_complete(self) -> bool:
        """Whether the code answered everything; not whether the answers are right."""
        return not self.unfinished
