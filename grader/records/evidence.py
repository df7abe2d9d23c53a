"""Evidence: what the learner's code did, and how its run ended."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from grader.wire.answer import Pointer, Trail
from grader.wire.wall import Level

from .base import Record
from .door import TurnedAway

if TYPE_CHECKING:
    import numpy as np


class EndingWords(NamedTuple):
    """An ending, in words."""

    counted: str
    """Behind a number of runs; empty where nothing is to be counted."""
    happened: str
    """A clause of its own."""
    your_code: str
    """Behind these two words; a format that takes the interruption."""


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

    @property
    def words(self) -> EndingWords:
        """How readers are told."""
        return _WORDS[self]


_WORDS = {
    Ending.FINISHED: EndingWords("", "", "came to its end"),
    Ending.TIMED_OUT: EndingWords(
        "timed out", "the run took too long", "was still running after {0.seconds:.0f} s and was stopped"
    ),
    Ending.OUT_OF_MEMORY: EndingWords(
        "out of memory", "the run used too much memory", "used more memory than the exercise allows and was stopped"
    ),
    Ending.EXITED: EndingWords(
        "ended the process", "the code ended the process", "ended the whole process ({0.detail})"
    ),
    Ending.KILLED: EndingWords("crashed the process", "the process crashed", "crashed the whole process ({0.detail})"),
    Ending.UNREADABLE: EndingWords(
        "sent nonsense",
        "the process sent something that is no answer",
        "sent something that is not an answer ({0.detail})",
    ),
    Ending.BROKEN: EndingWords(
        "", "the code broke something that a part needs", "left something behind that could not be used ({0.detail})"
    ),
}


class Crash(Trail, frozen=True, kw_only=True):
    """An exception that came out of the learner's code."""

    type: str
    """Empty where nothing was run: the message alone says why."""
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

    level: Level
    summary: str
    missing: tuple[str, ...] = ()
    """Promises that did not hold, in plain language."""
    details: Mapping[str, Any] = {}

    @property
    def was_needed(self) -> bool:
        """Whether anything was run at all."""
        return self.level != Level.NONE


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
    """The first thing that went wrong while the submission was imported, if anything did."""
    interruptions: tuple[Interruption, ...]
    console: str
    """The last of what the learner's code printed."""
    seconds: float
    peak_mb: float
    wall: Wall
    versions: Mapping[str, str]
    turned_away: TurnedAway = TurnedAway()
    """What was sent besides, and not kept."""

    @property
    def ending(self) -> Ending:
        """The first thing that went wrong with the process, or FINISHED."""
        return self.interruptions[0].ending if self.interruptions else Ending.FINISHED


class Run(Record, frozen=True, kw_only=True):
    """How the evidence came about."""

    ending: Ending
    seconds: float
    peak_mb: float
    wall: Wall
    crash: Crash | None
    interruptions: tuple[Interruption, ...]
    console: str
    turned_away: int = 0
    """Facts and arrays that nobody had asked for, or too large ones; they were not kept."""

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
            turned_away=evidence.turned_away.count,
        )
