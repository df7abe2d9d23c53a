"""Self-test of a confined process: whether its walls and limits hold, for ``grade doctor`` and the tests."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from pathlib import Path

import msgspec

from grader.records import Record

from .client import Confined, Unanswered
from .frames import Request

MODULE = "grader.confined.drill"
_BLOCK = 8 << 20


class Drill(Record, frozen=True, kw_only=True):
    """What to attempt, one thing at a time."""

    say: bytes = b""
    """Answer with this."""
    say_bytes: int = 0
    """Answer with so many zeros."""
    read: str = ""
    """Answer with what this file begins with."""
    write: str = ""
    """Make this file."""
    connect: int = 0
    """Connect to this port of 127.0.0.1."""
    sleep: float = 0.0
    spin: float = 0.0
    """Seconds of work."""
    hold_mb: int = 0
    """Memory to fill."""
    end: int = 0
    """Status to end with, without an answer; a negative one is a signal to itself."""


def examine() -> tuple[str, ...]:
    """Have a process attempt what it must not do, and return the promises that do not hold."""
    with tempfile.TemporaryDirectory(prefix="grade-drill-") as folder, Confined([MODULE]) as confined:
        hidden = Path(folder, "hidden")
        hidden.write_bytes(b"hidden")
        attempts = {
            "it can read files that it was not given": Drill(read=str(hidden)),
            "it can write files": Drill(write=str(Path(folder, "new"))),
        }
        succeeded = tuple(what for what, drill in attempts.items() if _succeeds(confined, drill))
        return succeeded or confined.missing


def told() -> str:
    """Say how safely `grade batch` reads what learners hand in."""
    missing = examine()
    if not missing:
        return "learners' files: read by a process that sees nothing else and can write nothing."
    return f"learners' files: read with limits of time and memory only ({'; '.join(missing)})."


def _succeeds(confined: Confined, drill: Drill) -> bool:
    try:
        confined.ask(Request(module=MODULE, payload=msgspec.msgpack.encode(drill), seconds=20, memory_mb=128))
    except Unanswered:
        return False
    return True


def handle(payload: bytes) -> bytes:
    """Attempt what a drill says and answer; whatever the system refuses is raised as it comes."""
    drill = msgspec.msgpack.decode(payload, type=Drill)
    if drill.write:
        Path(drill.write).write_bytes(b"written")
    if drill.connect:
        socket.create_connection(("127.0.0.1", drill.connect)).close()
    time.sleep(drill.sleep)
    until = time.monotonic() + drill.spin
    while time.monotonic() < until:
        pass
    held = [bytearray(os.urandom(64)) * (_BLOCK // 64) for _ in range(0, drill.hold_mb << 20, _BLOCK)]
    if drill.end < 0:
        os.kill(os.getpid(), -drill.end)
    if drill.end:
        os._exit(drill.end)
    told = Path(drill.read).read_bytes()[:100] if drill.read else bytes(drill.say_bytes) or drill.say
    return told + b"!" * (len(held) < 0)
