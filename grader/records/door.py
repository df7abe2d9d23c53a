"""What a probe may send for one plan: names of facts, their sizes and their arrays.

It is written down by the trusted side, from the plan alone. What nobody asked for is turned away while it is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Self

from .base import Record

VALUE_CAP = 64 << 10
"""Bytes of a fact's value as JSON, where its declaration names no other number; honest ones have a third of it."""
ROOM = 4 << 20
"""Bytes of all that is kept of one submission. Honest evidence has up to 0.4 MB; a head that is far too wide, in every
model of an exercise, makes it 2.5 MB."""


class Array(Record, frozen=True):
    """What one array may be."""

    dtypes: tuple[str, ...]
    shape: tuple[int, ...] | None
    """None where the learner's code decides it."""
    numbers: int
    """At most so many are in it."""

    def fits(self, dtype: str, shape: tuple[int, ...]) -> bool:
        """Whether an array of this dtype and shape is one."""
        return dtype in self.dtypes and (
            math.prod(shape) <= self.numbers if self.shape is None else shape == self.shape
        )


def exactly(dtype: str, *shape: int) -> Array:
    """Declare an array of one dtype and shape."""
    return Array(dtypes=(dtype,), shape=shape, numbers=math.prod(shape))


def at_most(numbers: int, *dtypes: str) -> Array:
    """Declare an array whose shape the learner's code decides: a bound on its numbers is all that is known."""
    return Array(dtypes=dtypes, shape=None, numbers=numbers)


class Asked(Record, frozen=True):
    """One fact that a probe may send."""

    name: str
    arrays: Mapping[str, Array] = {}
    """By their names within the fact."""
    cap: int = VALUE_CAP
    """Bytes of its value as JSON."""


class Door(Record, frozen=True):
    """Everything that a probe may send."""

    caps: Mapping[str, int]
    """By name, the bytes of a fact's value as JSON."""
    arrays: Mapping[str, Array]
    """By the name of its fact and its own."""
    room: int = ROOM

    @classmethod
    def of(cls, asked: Iterable[Asked]) -> Self:
        """Put together what may be sent."""
        facts = list(asked)
        arrays = {f"{fact.name}/{name}": array for fact in facts for name, array in fact.arrays.items()}
        return cls(caps={fact.name: fact.cap for fact in facts}, arrays=arrays)

    def admits(self, name: str, size: int) -> bool:
        """Whether a fact with a value of so many bytes was asked for."""
        return size <= self.caps.get(name, -1)

    def admits_array(self, name: str, dtype: str, shape: tuple[int, ...]) -> bool:
        """Whether an array of this dtype and shape was asked for; its name stands behind its fact's."""
        return name in self.arrays and self.arrays[name].fits(dtype, shape)


TOLD_CAP = 5
"""Names of what was turned away that are kept; the rest is counted."""
NAME_CAP = 60
"""Characters of such a name."""


class TurnedAway(Record, frozen=True, kw_only=True):
    """What was sent and nobody had asked for: unknown names, other shapes, too much."""

    count: int = 0
    """Facts and arrays."""
    names: tuple[str, ...] = ()
    """Of a few of them."""

    def and_(self, *names: str) -> TurnedAway:
        """Count some more."""
        told = (*self.names, *(name[:NAME_CAP] for name in names[:TOLD_CAP]))
        return TurnedAway(count=self.count + len(names), names=told[:TOLD_CAP])

    def together(self, other: TurnedAway) -> TurnedAway:
        """Count what another one counted as well."""
        return TurnedAway(count=self.count + other.count, names=(*self.names, *other.names)[:TOLD_CAP])
