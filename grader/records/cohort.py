"""The frozen records of a cohort: who handed in what, when, and what came of it."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from . import Grade, Record


class Clock(enum.Enum):
    """Who says when a submission arrived, from the most trustworthy to the least."""

    ROSTER = "roster"
    """The column ``arrived`` of the roster: staff's own word."""
    COLLECTED = "collected"
    """nbgrader's ``timestamp.txt``."""
    ARCHIVE = "archive"
    """The time that a zip file gives for its entry."""
    COMMIT = "commit"
    """The commit that last changed the file; learners can set the clock of their own computer."""
    FILE = "file"
    """When the file was last changed on this machine."""


class Ungraded(Record, frozen=True, kw_only=True):
    """A fault of ours: there is no mark, and ``--retry-ungraded`` tries again."""

    fault: str


class Refused(Record, frozen=True, kw_only=True):
    """What was handed in is nothing that can be run, such as a damaged notebook: a person has to look."""

    reason: str


class Lateness(Record, frozen=True, kw_only=True):
    """What the late policy makes of a submission; the grade itself keeps its raw points."""

    deadline: datetime
    days: int
    """Started days after the deadline and its grace; 0 when on time."""
    free_days: int
    """How many of them the learner's own late days pay for."""
    deducted: int
    """Points taken off."""


class Row(Record, frozen=True, kw_only=True):
    """One learner's answer to one exercise, and what came of it."""

    learner: str
    exercise: str
    path: str
    """Within the folder or archive that was graded."""
    number: str
    """The number that Moodle or Canvas puts into its file names; empty elsewhere."""
    arrived: datetime
    """In UTC."""
    clock: Clock
    key: str
    """Of what was graded: equal keys are equal submissions; empty when refused."""
    result: Grade | Ungraded | Refused | None
    """None while it waits to be graded."""
    late: Lateness | None
    """None without a policy that gives this exercise a deadline, or without a grade."""

    @property
    def points(self) -> int | None:
        """The points that count, after the late policy; None when there is no mark."""
        if not isinstance(self.result, Grade):
            return None
        return self.result.earned - (self.late.deducted if self.late else 0)

    @property
    def obstacle(self) -> str:
        """Why there is no mark, in a few words; empty when there is one."""
        match self.result:
            case Grade():
                return ""
            case Ungraded():
                return "a fault of the grader"
            case Refused():
                return "nothing that can be run"
            case None:
                return "not graded yet"


class Learner(Record, frozen=True, kw_only=True):
    """One line of the roster."""

    learner: str
    cells: Mapping[str, str]
    """Column to cell, as the file has them."""


def simplified(name: str) -> str:
    """Leave only letters and digits, in lower case, to compare names by: Canvas writes "Last, First" as lastfirst."""
    composed = unicodedata.normalize("NFC", name)  # macOS takes letters and their accents apart
    return "".join(character for character in composed.casefold() if character.isalnum())


class TopicWords(NamedTuple):
    """A topic, in words."""

    note: str
    """Of one note, in a table."""
    heading: str
    """Above several."""


class Topic(enum.Enum):
    """What a note is about."""

    MISSING = "missing"
    """On the roster, and nothing was handed in."""
    UNKNOWN = "unknown"
    """Handed in, and not on the roster."""
    CONTRADICTION = "contradiction"
    """Named like one learner and numbered like another."""
    EMPTY = "empty"
    """A learner's folder in which no exercise was recognised."""
    LEFT_ASIDE = "left-aside"
    """A second file for the same exercise."""
    REFUSED = "refused"
    """A file or archive that was not opened."""

    @property
    def words(self) -> TopicWords:
        """How readers are told."""
        return _WORDS[self]


_WORDS = {
    Topic.MISSING: TopicWords("On the roster, nothing handed in", "Handed in nothing"),
    Topic.UNKNOWN: TopicWords("Handed in, not on the roster", "Not on the roster"),
    Topic.CONTRADICTION: TopicWords("Name and number contradict each other", "Name and number contradict each other"),
    Topic.EMPTY: TopicWords("A folder without an exercise", "Nothing recognised"),
    Topic.LEFT_ASIDE: TopicWords("A second file for one exercise", "Second files, not graded"),
    Topic.REFUSED: TopicWords("A file that was not opened", "Not opened"),
}


class Note(Record, frozen=True, kw_only=True):
    """Something about the cohort that a person should know."""

    topic: Topic
    learner: str
    """Empty when it is nobody's in particular."""
    text: str
    """One sentence, free of control characters."""
