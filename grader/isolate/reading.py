"""Read what came out of the sandbox. Every byte of it may be hostile, so it is checked before it is decoded."""

from __future__ import annotations

import math
import re
import struct
import sys
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from grader.records import Door, TurnedAway
from grader.text import clean
from grader.wire.tensors import Damaged, TensorHeader, load, read_header

FRAME_CAP: Final = 16 << 20
"""Bytes in one fact."""
HEADER_CAP: Final = 1 << 20
TOTAL_CAP: Final = 64 << 20
"""Bytes in everything one worker says."""
FACTS_CAP: Final = 5_000
ARRAYS_CAP: Final = 1_000
SIDES_CAP: Final = 8
NESTING_CAP: Final = 32
"""Brackets within brackets; a fact has eight, and whatever walks through it later may use a call for each."""
OWN_CAP: Final = 64 << 10
"""Bytes of a fact about the process, whose name begins with ``@``."""
OWN_NAMES: Final = frozenset({"@part", "@wall", "@versions", "@crash", "@done"})
"""All names that such a fact can have, apart from ``@broken`` and a part."""
BROKEN_CAP: Final = 32
"""Parts that can be broken; no exercise has so many."""
START: Final = "start"
"""The part before the first one, in which only our own code runs."""
DTYPES: Final = {
    code: np.dtype(name).newbyteorder("<")
    for code, name in (
        ("F32", "float32"),
        ("F64", "float64"),
        ("I64", "int64"),
        ("U64", "uint64"),
        ("U8", "uint8"),
        ("BOOL", "bool"),
    )
}
"""Dtypes a probe may send."""
_NAME = re.compile(r"[@A-Za-z0-9_./ :-]{1,200}")


class Malformed(Exception):
    """What came out is not what a probe writes."""


Fact = tuple[str, Any, dict[str, "np.ndarray[Any, Any]"]]
"""A name, a value, and arrays, each in its own shape."""


class FactFrame(NamedTuple):
    """One fact of which only the header was read."""

    name: str
    value: bytes
    """Not decoded."""
    tensors: dict[str, TensorHeader]
    blob: bytes
    end: int
    """Where the header ends in it."""

    @classmethod
    def of(cls, blob: bytes) -> FactFrame:
        """Read the header of a fact; raise Malformed for one that a probe would not write."""
        try:
            about, found, end = read_header(blob, _json, HEADER_CAP)
        except Damaged as error:
            raise Malformed(str(error)) from None
        if set(about) != {"fact", "value"} or not _NAME.fullmatch(about["fact"]):
            raise Malformed("a fact has no proper name")
        _check_tensors(found, len(blob))
        return cls(about["fact"], about["value"].encode(), found, blob, end)

    @property
    def size(self) -> int:
        """Bytes of the value."""
        return len(self.value)

    @property
    def array_names(self) -> frozenset[str]:
        """Names of the arrays, each behind the fact's."""
        return frozenset(f"{self.name}/{key}" for key in self.tensors)

    def admitted(self, door: Door) -> dict[str, TensorHeader]:
        """Return the arrays that were asked for."""
        return {
            key: tensor
            for key, tensor in self.tensors.items()
            if door.admits_array(f"{self.name}/{key}", DTYPES[tensor.dtype].name, tensor.shape)
        }

    def decode(self, wanted: dict[str, TensorHeader]) -> Fact:
        """Decode value and wanted arrays; raise Malformed where that is not possible."""
        if len(wanted) == len(self.tensors):
            return self.name, _json(self.value), _load(self.blob)
        return self.name, _json(self.value), {key: self._array(tensor) for key, tensor in wanted.items()}

    def _array(self, tensor: TensorHeader) -> np.ndarray[Any, Any]:
        start, stop = (self.end + offset for offset in tensor.data_offsets)
        if not self.end <= start <= stop <= len(self.blob):
            raise Malformed("a tensor file is damaged: InvalidOffset")
        return np.frombuffer(self.blob[start:stop], DTYPES[tensor.dtype]).reshape(tensor.shape)


def _load(blob: bytes) -> dict[str, np.ndarray[Any, Any]]:
    try:
        return load(blob)
    except Damaged as error:
        raise Malformed(str(error)) from None


class Reader:
    """Take bytes as they come and turn them into facts; the first bad one ends the reading.

    With a door, what nobody asked for is counted and passed over: it is neither decoded nor kept.
    """

    def __init__(self, door: Door | None = None) -> None:
        self.facts: dict[str, Any] = {}
        self.arrays: dict[str, np.ndarray[Any, Any]] = {}
        self.part = START
        """The part that was being asked when the last byte came."""
        self.trouble = ""
        """Why the reading ended early, for people."""
        self.turned_away = TurnedAway()
        self._door = door
        self._buffer = bytearray()
        self._total = 0

    @property
    def done(self) -> bool:
        """Whether the worker came to its end."""
        return "@done" in self.facts

    def feed(self, data: bytes) -> None:
        """Take the next bytes; after trouble they are dropped."""
        if self.trouble:
            return
        self._total += len(data)
        self._buffer += data
        try:
            self._drain()
        except Malformed as reason:
            self.trouble = str(reason)
            self._buffer.clear()

    def _drain(self) -> None:
        if self._total > TOTAL_CAP:
            raise Malformed(f"it sent more than {TOTAL_CAP >> 20} MB")
        while len(self._buffer) >= 4:
            (size,) = struct.unpack_from("<I", self._buffer)
            if size > FRAME_CAP:
                raise Malformed(f"one fact claims {size} bytes")
            if len(self._buffer) < 4 + size:
                return
            blob = bytes(self._buffer[4 : 4 + size])
            del self._buffer[: 4 + size]
            if (fact := self._let_in(FactFrame.of(blob))) is not None:
                self._take(*fact)

    def _let_in(self, frame: FactFrame) -> Fact | None:
        """Decode what of a frame was asked for; None where that is nothing."""
        own = frame.name.startswith("@")
        if not (self._is_ours(frame) if own else self._door is None or self._door.admits(frame.name, frame.size)):
            self.turned_away = self.turned_away.and_(frame.name, *sorted(frame.array_names))
            return None
        if self._door is None:
            return frame.decode(frame.tensors)
        wanted = {} if own else frame.admitted(self._door)
        others = frame.array_names - {f"{frame.name}/{key}" for key in wanted}
        self.turned_away = self.turned_away.and_(*sorted(others))
        return frame.decode(wanted)

    def _is_ours(self, frame: FactFrame) -> bool:
        """Whether a fact about the process is one that our own code may have sent."""
        broken = (
            frame.name.startswith("@broken ") and sum(name.startswith("@broken ") for name in self.facts) < BROKEN_CAP
        )
        return frame.size <= OWN_CAP and (broken or frame.name in OWN_NAMES)

    def _take(self, name: str, value: Any, arrays: dict[str, np.ndarray[Any, Any]]) -> None:
        if name == "@part":
            if not isinstance(value, str) or value == START or not _NAME.fullmatch(value):
                raise Malformed("a part has no proper name")
            self.part = value
            return
        if self.done:
            raise Malformed("it spoke again after saying that it was done")
        if name in self.facts:
            raise Malformed(f"the fact {name} came twice")
        if len(self.facts) >= FACTS_CAP:
            raise Malformed(f"it sent more than {FACTS_CAP} facts")
        self.facts[name] = value
        self.arrays.update({f"{name}/{key}": array for key, array in arrays.items()})


def decode(blob: bytes) -> Fact:
    """Decode one fact with arrays of any shape; raise Malformed for anything that a probe would not write."""
    frame = FactFrame.of(blob)
    return frame.decode(frame.tensors)


def _json(text: bytes) -> Any:
    """Decode strict JSON: no NaN, no lone surrogate, no tower of brackets; every text in it is cleaned."""
    try:
        value = msgspec.json.decode(text)
        _expect_shallow(value, text)
        value = _without_giants(value) if _GIANT.search(text) else value
        return value if _is_plain(text) else clean(value)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed(f"malformed JSON: {error}") from None


def _expect_shallow(value: Any, text: bytes) -> None:
    """Raise Malformed for a tower of brackets, floor by floor: a walk that calls itself could not take it."""
    if text.count(b"[") + text.count(b"{") <= NESTING_CAP:
        return
    floor = [value]
    for _ in range(NESTING_CAP):
        rooms = [room.values() if isinstance(room, dict) else room for room in floor]
        floor = [inner for room in rooms for inner in room if isinstance(inner, dict | list)]
        if not floor:
            return
    raise Malformed(f"malformed JSON: more than {NESTING_CAP} brackets within one another")


def _without_giants(value: Any) -> Any:
    """Return JSON in which a whole number that is beyond every float is a text, as infinity is: no sum can hold it."""
    match value:
        case int() if not -_LARGEST <= value <= _LARGEST:
            return str(value)
        case list():
            return [_without_giants(item) for item in value]
        case dict():
            return {key: _without_giants(item) for key, item in value.items()}
    return value


_GIANT = re.compile(rb"\d{300}")
_LARGEST = int(sys.float_info.max)


def _is_plain(text: bytes) -> bool:
    """Whether no string in this JSON can need cleaning; every test is one quick pass over the bytes."""
    return text.isascii() and not any(sign in text for sign in (b"\\u", b"\\b", b"\\f", b"\x7f", b"::", b"##["))


def _check_tensors(tensors: dict[str, TensorHeader], length: int) -> None:
    if len(tensors) > ARRAYS_CAP:
        raise Malformed(f"one fact carries {len(tensors)} tensors")
    for name, tensor in tensors.items():
        if tensor.dtype not in DTYPES or not _NAME.fullmatch(name):
            raise Malformed(f"a tensor has an unexpected name or dtype {tensor.dtype[:20]!r}")
        if len(tensor.shape) > SIDES_CAP or not all(0 <= side <= length for side in tensor.shape):
            raise Malformed("a tensor has an impossible shape")
        start, stop = tensor.data_offsets
        scalars = math.prod(tensor.shape)
        if stop - start != scalars * DTYPES[tensor.dtype].itemsize:
            raise Malformed("a tensor's size differs from its shape")
