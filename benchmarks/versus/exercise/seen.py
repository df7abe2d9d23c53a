"""What was seen, read from the evidence; what the untouched weights must look like is computed here."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import msgspec
import numpy as np

from grader.authoring import NotReached, expect_returned, fail
from grader.authoring.anatomy import Anatomy, anatomy
from grader.authoring.digests import digests
from grader.records import Evidence

from . import plan as planned
from .wire import GROUP, Said


class Moved(NamedTuple):
    """Names of the entries that differ from what they should be."""

    backbone: frozenset[str]
    """Entries outside the head whose bits are not those that went in."""
    head: frozenset[str]
    """Entries of the head that a step, or the training, moved."""


class Seen:
    """The view that checks and misconceptions take."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self.classes: dict[str, int] = evidence.plan["classes"]

    def anatomy(self, name: str) -> Anatomy:
        """Return what the vision or the text model is made of."""
        return anatomy(self._evidence.plan["specs"][name])

    def said(self, fact: str) -> Said:
        """Return what was said, answers or not; block the check where nothing was that can be read."""
        try:
            return msgspec.convert(self._evidence.facts[fact], Said)
        except (KeyError, msgspec.ValidationError):
            raise NotReached(fact) from None

    def told(self, fact: str) -> Said:
        """Return what was said; fail the check where a function gave no answer."""
        told = self.said(fact)
        for name, answer in told.answers().items():
            expect_returned(answer, name)
            if name != GROUP and answer.returned == "NoneType":
                fail(f"`{name}` returned nothing; the contract asks for the model.")
        return told

    def moved(self, fact: str, name: str) -> Moved:
        """Return what differs after a step or after training; block the check where that was never seen."""
        arrays = self._evidence.arrays
        if f"{fact}/after" not in arrays:
            raise NotReached(fact)
        before, after = arrays[f"{fact}/before"], arrays[f"{fact}/after"]
        names = np.array([entry.name for entry in self.anatomy(name).entries])
        if not before.shape == after.shape == names.shape:
            raise NotReached(fact)
        in_head = np.char.startswith(names, f"{planned.HEADS[name]}.")
        known = _untouched(msgspec.json.encode(self._evidence.plan), name)
        return Moved(
            backbone=frozenset(map(str, names[~in_head & (after != known)])),
            head=frozenset(map(str, names[in_head & (after != before)])),
        )


@functools.lru_cache(maxsize=8)
def _untouched(plan: bytes, name: str) -> np.ndarray[Any, Any]:
    return digests(planned.weights(msgspec.json.decode(plan), name).values())


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)
