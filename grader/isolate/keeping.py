"""What is kept of all that a submission's workers send: what was asked for, once, and of that not too much."""

from __future__ import annotations

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
        self._door = door
        self._room = door.room if door else 0

    def take(self, attempt: Attempt) -> None:
        """Keep facts and arrays that were asked for, as long as there is room for them."""
        told = {name: value for name, value in attempt.facts.items() if name == CRASH or not name.startswith("@")}
        facts = {name: value for name, value in told.items() if name not in self.facts}
        arrays = {name: array for name, array in attempt.arrays.items() if name not in self.arrays}
        kept = {name: value for name, value in facts.items() if self._admits(name, value)}
        fitting = {name: array for name, array in arrays.items() if self._admits_array(name, array)}
        self.facts |= kept
        self.arrays |= fitting
        refused = [*(facts.keys() - kept.keys()), *(arrays.keys() - fitting.keys())]
        self.turned_away = self.turned_away.together(attempt.turned_away).and_(*sorted(refused))

    def _admits(self, name: str, value: Any) -> bool:
        if self._door is None or name == CRASH:
            return True
        size = len(msgspec.json.encode(value))
        return self._door.admits(name, size) and self._takes_room(size)

    def _admits_array(self, name: str, array: np.ndarray[Any, Any]) -> bool:
        if self._door is None:
            return True
        return self._door.admits_array(name, array.dtype.name, array.shape) and self._takes_room(array.nbytes)

    def _takes_room(self, size: int) -> bool:
        fits = size <= self._room
        self._room -= size * fits
        return fits
