"""The frozen records that travel along the line. Points are integers; every record but Evidence is JSON."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import msgspec

if TYPE_CHECKING:
    import numpy as np

SCHEMA = "transfer-grader/grade/v1"
"""Version of the JSON that ``grade --format json`` prints; it changes when a field changes meaning."""
ACCOUNT_SCHEMA = "transfer-grader/account/v1"
"""The same for what it prints where there are no hidden checks."""


class Record(msgspec.Struct, frozen=True):
    """Base of every record: immutable, built by keyword, compared by value."""


class Limits(Record, frozen=True, kw_only=True):
    """What one run of a probe may use."""

    seconds: float
    """Wall time of one worker; a second worker for what an interrupted one left open gets the same."""
    memory_mb: int
    """Memory beyond what the imports already hold."""


class Exercise(Record, frozen=True, kw_only=True):
    """One exercise, as its ``exercise.toml`` describes it."""

    slug: str
    """Directory and file stem in every room, such as ``03_partial_unfreeze``."""
    title: str
    teaches: str
    """One sentence: what the learner can do afterwards."""
    points: int
    """What the checks are worth together."""
    parts: tuple[str, ...]
    """Names of the probe's parts, in the order in which they are asked."""
    functions: tuple[str, ...]
    """Functions the learner fills in, root causes first."""
    imports: tuple[str, ...]
    """Modules that the sandbox imports before the submission, once per zygote."""
    fixtures: tuple[str, ...]
    """Names in the manifest of the files the probe reads."""
    limits: Limits
    misconceptions: tuple[str, ...]
    """Ids, for each function the most specific story first."""
    hints: tuple[str, ...]
    """Nudge, concept, near-solution."""
    afterwards: str
    """A question to think about once every point is earned."""

    @property
    def number(self) -> str:
        """The two digits in front of the slug."""
        return self.slug[:2]

    @property
    def is_note(self) -> bool:
        """Whether learners hand in a Markdown note: there is no probe then, and nothing is run."""
        return not self.parts

    @property
    def suffix(self) -> str:
        """How the names of its files end in every room."""
        return ".md" if self.is_note else ".py"


class CellLine(Record, frozen=True, kw_only=True):
    """Where a line of the source stands in a notebook; both are counted from 1, the code cells only."""

    cell: int
    line: int


class Submission(Record, frozen=True, kw_only=True):
    """One learner's answer to one exercise, read and not yet run."""

    learner: str
    exercise: str
    path: str
    source: bytes
    """Python; for a notebook, that of its code cells."""
    sha256: str
    """Of the source."""
    cells: tuple[CellLine, ...] = ()
    """For a notebook, the place of every line of the source."""
    set_aside: tuple[str, ...] = ()
    """What of a notebook is not run, one sentence each."""


class Ending(enum.Enum):
    """How the learner's process came to its end."""

    FINISHED = "finished"
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    EXITED = "exited"
    KILLED = "killed"
    UNREADABLE = "unreadable"
    BROKEN = "broken"
    """The process went on, but what the learner's code left behind could not be used in one part."""


class Pointer(Record, frozen=True, kw_only=True):
    """What points at a line of the submission, the innermost one that was running."""

    line: int | None = None
    cell: int | None = None
    """Code cell whose line it is, where the submission is a notebook."""

    @property
    def where(self) -> str:
        """The place in words; empty when it is not known."""
        if self.line is None:
            return ""
        return f"line {self.line}" if self.cell is None else f"code cell {self.cell}, line {self.line}"


class Crash(Pointer, frozen=True, kw_only=True):
    """An exception that came out of the learner's code."""

    type: str
    message: str
    text: str = ""
    """That line."""
    function: str = ""
    """The learner's function it happened in; empty at import."""


class Interruption(Pointer, frozen=True, kw_only=True):
    """A part of the probe that never came to its end."""

    part: str
    ending: Ending
    seconds: float
    detail: str = ""


class Wall(Record, frozen=True, kw_only=True):
    """The strength of the wall that was really in force around the learner's code."""

    level: str
    """A kernel-isolated, B partly isolated, C separate process only, D refused; none where nothing was run."""
    summary: str
    missing: tuple[str, ...] = ()
    """Promises that did not hold, in plain language."""
    details: Mapping[str, Any] = {}

    @property
    def was_needed(self) -> bool:
        """Whether anything was run at all."""
        return self.level != "none"


class Evidence(Record, frozen=True, kw_only=True):
    """What the learner's code did. Everything after this is a pure function of it."""

    submission_sha256: str
    exercise: str
    seed: int
    plan: Mapping[str, Any]
    """What was asked: drawn outside from the seed, never read back from the sandbox."""
    facts: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray[Any, Any]]
    crash: Crash | None
    """Why the submission could not be imported, if it could not."""
    interruptions: tuple[Interruption, ...]
    console: str
    """The last of what the learner's code printed."""
    seconds: float
    peak_mb: float
    wall: Wall
    versions: Mapping[str, str]

    @property
    def ending(self) -> Ending:
        """The first thing that went wrong with the process, or FINISHED."""
        return self.interruptions[0].ending if self.interruptions else Ending.FINISHED


class Verdict(enum.Enum):
    """What a check found: BLOCKED means that there was nothing to judge."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"


class Outcome(Pointer, frozen=True, kw_only=True):
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


class FreezeMap(Record, frozen=True, kw_only=True):
    """Which blocks learn at which depth, expected against seen; rows are blocks, columns are depths."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    expected: tuple[tuple[bool, ...], ...]
    seen: tuple[tuple[float | None, ...], ...]
    """Share of the block's tensors that moved, None where nothing was seen."""


class Run(Record, frozen=True, kw_only=True):
    """How the evidence came about."""

    ending: Ending
    seconds: float
    peak_mb: float
    wall: Wall
    crash: Crash | None
    interruptions: tuple[Interruption, ...]
    console: str

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """Return what of the evidence a report tells."""
        return cls(
            ending=evidence.ending,
            seconds=evidence.seconds,
            peak_mb=evidence.peak_mb,
            wall=evidence.wall,
            crash=evidence.crash,
            interruptions=evidence.interruptions,
            console=evidence.console,
        )


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
    figures: tuple[FreezeMap, ...]
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


class Observation(Record, frozen=True, kw_only=True):
    """What came of one group of questions that the probe asked."""

    asked: str
    """The probe's name for it, such as ``blocks/bert-long``, and how many others had the same answers."""
    answers: tuple[str, ...]
    """One sentence each; equal ones once."""


class Unfinished(Pointer, frozen=True, kw_only=True):
    """Something that kept the code from answering."""

    said: str
    """One sentence."""


class Account(Record, frozen=True, kw_only=True):
    """What the code did, without points: for where the hidden checks are not."""

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
