"""Frozen records of the pipeline. Points are integers; every record but Evidence is JSON."""

from grader.wire.answer import Frame, Pointer, Trail

from .base import Record
from .door import Array, Asked, Door, TurnedAway, at_most, exactly
from .evidence import Crash, Ending, Evidence, Interruption, Run, Wall
from .exercise import CellLine, Exercise, Limits, Page, Submission
from .figures import Dot, Figure, FreezeMap, Heatmap, Profile
from .grade import (
    ACCOUNT_SCHEMA,
    SCHEMA,
    Account,
    Diagnosis,
    Grade,
    Observation,
    Outcome,
    Provenance,
    Standing,
    Unfinished,
    Verdict,
)

__all__ = [
    "ACCOUNT_SCHEMA",
    "SCHEMA",
    "Account",
    "Array",
    "Asked",
    "CellLine",
    "Crash",
    "Diagnosis",
    "Door",
    "Dot",
    "Ending",
    "Evidence",
    "Exercise",
    "Figure",
    "Frame",
    "FreezeMap",
    "Grade",
    "Heatmap",
    "Interruption",
    "Limits",
    "Observation",
    "Outcome",
    "Page",
    "Pointer",
    "Profile",
    "Provenance",
    "Record",
    "Run",
    "Standing",
    "Submission",
    "Trail",
    "TurnedAway",
    "Unfinished",
    "Verdict",
    "Wall",
    "at_most",
    "exactly",
]
