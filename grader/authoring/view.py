"""What the views of all exercises have in common: facts and arrays by name, as their probes write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
import numpy as np

from grader.authoring import NotReached, Unreadable
from grader.records import Evidence

Kind = TypeVar("Kind")


def distance(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    """Return the largest difference of two arrays of one shape, whatever it is, and zero where they are empty.

    It is infinite where they cannot be compared: their shapes differ, or something in them is no finite number.
    """
    if one.shape != other.shape or not (np.isfinite(one).all() and np.isfinite(other).all()):
        return float("inf")
    with np.errstate(over="ignore"):
        return float(np.abs(one - other).max(initial=0.0))


def picked(names: Iterable[str], flags: Iterable[Any]) -> frozenset[str]:
    """Return the names whose flag is set; raise ValueError where there are more of one than of the other."""
    return frozenset(name for name, flag in zip(names, flags, strict=True) if flag)


class View:
    """Base of an exercise's ``Seen``. What is missing raises NotReached, what its probe would not write Unreadable."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._plan: dict[str, Any] = dict(evidence.plan)

    def _fact(self, name: str) -> Any:
        if name not in self._evidence.facts:
            raise NotReached(name)
        return self._evidence.facts[name]

    def _told(self, name: str, kind: type[Kind]) -> Kind:
        """Return a fact as a ``kind`` of record."""
        try:
            return msgspec.convert(self._fact(name), kind)
        except msgspec.ValidationError:
            raise Unreadable(name) from None

    def _array(self, name: str, shape: tuple[int, ...], dtype: type[np.generic]) -> np.ndarray[Any, Any]:
        array = self._evidence.arrays.get(name)
        if array is None:
            raise NotReached(name)
        if array.shape != shape or array.dtype != dtype:
            raise Unreadable(name)
        return array
