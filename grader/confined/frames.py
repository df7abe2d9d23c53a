"""Frames between client and confined process: MessagePack, each preceded by its length."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Literal

import msgspec

from grader.records import Record

ANSWER_CAP = 64 << 20
"""Bytes of one answer."""
_LENGTH = struct.Struct("<Q")


class Request(Record, frozen=True, kw_only=True):
    """One question, and what whoever answers it may use up and see."""

    module: str
    """Its function ``handle`` takes the payload and returns the answer. A function ``prepare`` of its, where there is
    one, takes the payload before anything is forked and returns the descriptors that ``handle`` keeps."""
    payload: bytes
    readable: tuple[bytes, ...] = ()
    """Paths, as the system encodes them, that may be read besides the interpreter's and the grader's own."""
    seconds: float
    memory_mb: int


class Reply(Record, frozen=True, kw_only=True):
    """What came of a request."""

    end: Literal["answered", "raised", "timed-out", "out-of-memory", "died", "fault"]
    """``fault``: it was not even begun, which is nobody's doing who is asked about."""
    answer: bytes = b""
    detail: str = ""
    """What was raised, or how the process ended."""
    missing: tuple[str, ...] = ()
    """Promises of the walls that did not hold."""


def send(write: Callable[[memoryview], int | None], record: Record) -> None:
    """Write a record as one frame; ``write`` returns how many bytes it took."""
    told = msgspec.msgpack.encode(record)
    for part in (_LENGTH.pack(len(told)), told):
        view = memoryview(part)
        while view:
            view = view[write(view) or 0 :]


def receive(read: Callable[[int], bytes]) -> bytes | None:
    """Read one frame; None at the end of the stream, also where it comes in the middle of a frame."""
    head = _exactly(read, _LENGTH.size)
    return None if head is None else _exactly(read, _LENGTH.unpack(head)[0])


def _exactly(read: Callable[[int], bytes], size: int) -> bytes | None:
    parts = []
    while size:
        part = read(size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
