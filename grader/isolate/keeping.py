"""Merge what a submission's workers sent: every fact once, and no more than a fixed amount together.

Each worker's words have passed the door by then (``reading``); here the attempts are counted together.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np

from grader.records import Door, TurnedAway

from .attempt import Attempt

CRASH = "@crash"
"""Of what is said about the process, all that is kept; the attempts' endings tell the rest."""


class Keeper:
    """Take one attempt after the other and keep of each what no earlier one had told."""

    def __init__(self, door: Door | None) -> None:
        self.facts: dict[str, Any] = {}
        self.arrays: dict[str, np.ndarray[Any, Any]] = {}
        """Each as it came, in its own shape."""
        self.turned_away = TurnedAway()
        self._room = door.room if door else math.inf

    def take(self, attempt: Attempt) -> None:
        """Keep facts and arrays as long as there is room for them."""
        told = {name: value for name, value in attempt.facts.items() if name == CRASH or not name.startswith("@")}
        facts = {name: value for name, value in told.items() if name not in self.facts}
        arrays = {name: array for name, array in attempt.arrays.items() if name not in self.arrays}
        kept = {name: value for name, value in facts.items() if name == CRASH or self._takes_room(_size(value))}
        fitting = {name: array for name, array in arrays.items() if self._takes_room(array.nbytes)}
        self.facts |= kept
        self.arrays |= fitting
        refused = [*(facts.keys() - kept.keys()), *(arrays.keys() - fitting.keys())]
        self.turned_away = self.turned_away.together(attempt.turned_away).and_(*sorted(refused))

    def _takes_room(self, size: int) -> bool:
        fits = size <= self._room
        self._room -= size if fits else 0
        return fits


def _size(value: Any) -> int:
    return len(msgspec.json.encode(value))
