"""Read what came out of the sandbox. Every byte of it may be hostile, so it is checked before it is decoded."""

from __future__ import annotations

import math
import re
import struct
from typing import Any, Final

import msgspec
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from grader.text import clean

FRAME_CAP: Final = 16 << 20
"""Bytes in one fact."""
HEADER_CAP: Final = 1 << 20
TOTAL_CAP: Final = 64 << 20
"""Bytes in everything one worker says."""
FACTS_CAP: Final = 5_000
ARRAYS_CAP: Final = 1_000
SIDES_CAP: Final = 8
START: Final = "start"
"""The part before the first one, in which only our own code runs."""
DTYPES: Final = {"F32": 4, "F64": 8, "I64": 8, "U64": 8, "U8": 1, "BOOL": 1}
"""Dtypes a probe may send, with their size in bytes."""
_NAME = re.compile(r"[@A-Za-z0-9_./ :-]{1,200}")


class Unreadable(Exception):
    """What came out is not what a probe writes."""


class _Tensor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    dtype: str
    shape: tuple[int, ...]
    data_offsets: tuple[int, int]


Frame = tuple[str, Any, dict[str, "np.ndarray[Any, Any]"]]


class Reader:
    """Take bytes as they come and turn them into facts; the first bad one ends the reading."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.arrays: dict[str, np.ndarray[Any, Any]] = {}
        self.part = START
        """The part that was being asked when the last byte came."""
        self.trouble = ""
        """Why the reading ended early, for people."""
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
        except Unreadable as reason:
            self.trouble = str(reason)
            self._buffer.clear()

    def _drain(self) -> None:
        if self._total > TOTAL_CAP:
            raise Unreadable(f"it sent more than {TOTAL_CAP >> 20} MB")
        while len(self._buffer) >= 4:
            (size,) = struct.unpack_from("<I", self._buffer)
            if size > FRAME_CAP:
                raise Unreadable(f"one fact claims {size} bytes")
            if len(self._buffer) < 4 + size:
                return
            blob = bytes(self._buffer[4 : 4 + size])
            del self._buffer[: 4 + size]
            self._take(*decode(blob))

    def _take(self, name: str, value: Any, arrays: dict[str, np.ndarray[Any, Any]]) -> None:
        if name == "@part":
            if not isinstance(value, str) or value == START or not _NAME.fullmatch(value):
                raise Unreadable("a part has no proper name")
            self.part = value
            return
        if self.done:
            raise Unreadable("it spoke again after saying that it was done")
        if name in self.facts:
            raise Unreadable(f"the fact {name} came twice")
        if len(self.facts) >= FACTS_CAP:
            raise Unreadable(f"it sent more than {FACTS_CAP} facts")
        self.facts[name] = value
        self.arrays.update({f"{name}/{key}": array for key, array in arrays.items()})


def decode(blob: bytes) -> Frame:
    """Decode one fact; raise Unreadable for anything that a probe would not write."""
    header = _header(blob)
    metadata = header.pop("__metadata__", None)
    try:
        about = msgspec.convert(metadata, dict[str, str])
        tensors = msgspec.convert(header, dict[str, _Tensor])
    except msgspec.ValidationError as error:
        raise Unreadable(f"a header is malformed: {error}") from None
    if set(about) != {"fact", "value"} or not _NAME.fullmatch(about["fact"]):
        raise Unreadable("a fact has no proper name")
    _check_tensors(tensors, len(blob))
    try:
        arrays = load(blob)
    except (SafetensorError, ValueError, KeyError, OverflowError) as error:
        raise Unreadable(f"a tensor file is damaged: {type(error).__name__}") from None
    return about["fact"], _json(about["value"].encode()), arrays


def _header(blob: bytes) -> dict[str, Any]:
    if len(blob) < 8:
        raise Unreadable("a tensor file is shorter than its header")
    (size,) = struct.unpack_from("<Q", blob)
    if size > min(HEADER_CAP, len(blob) - 8):
        raise Unreadable(f"a header claims {size} bytes")
    header = _json(blob[8 : 8 + size])
    if not isinstance(header, dict):
        raise Unreadable("a header is not an object")
    return header


def _json(text: bytes) -> Any:
    """Decode strict JSON: no NaN, no lone surrogate, no tower of brackets; every text in it is cleaned."""
    try:
        value = msgspec.json.decode(text)
        return value if _is_plain(text) else clean(value)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Unreadable(f"malformed JSON: {error}") from None


def _is_plain(text: bytes) -> bool:
    """Whether no string in this JSON can need cleaning; every test is one quick pass over the bytes."""
    return text.isascii() and not any(sign in text for sign in (b"\\u", b"\\b", b"\\f", b"\x7f", b"::", b"##["))


def _check_tensors(tensors: dict[str, _Tensor], length: int) -> None:
    if len(tensors) > ARRAYS_CAP:
        raise Unreadable(f"one fact carries {len(tensors)} tensors")
    for name, tensor in tensors.items():
        if tensor.dtype not in DTYPES or not _NAME.fullmatch(name):
            raise Unreadable(f"a tensor has an unexpected name or dtype {tensor.dtype[:20]!r}")
        if len(tensor.shape) > SIDES_CAP or not all(0 <= side <= length for side in tensor.shape):
            raise Unreadable("a tensor has an impossible shape")
        start, stop = tensor.data_offsets
        scalars = math.prod(tensor.shape)
        if stop - start != scalars * DTYPES[tensor.dtype]:
            raise Unreadable("a tensor's size differs from its shape")
