"""Read a note in a confined process: Markdown and measured comparisons, both as learners handed them in."""

from __future__ import annotations

import msgspec

from grader import course, pipeline
from grader.confined import Confined, Request, Unanswered
from grader.errors import SandboxFault

from .packing import pack
from .task import Task

MODULE = "grader.batch.notes"
_SECONDS = 30.0
_MEMORY_MB = 512


def handle(payload: bytes) -> bytes:
    """Return the packed evidence that a note is."""
    task = msgspec.msgpack.decode(payload, type=Task)
    evidence = pipeline.observe(task.submission(), course.exercises()[task.exercise], None, task.seed)
    return pack(evidence)


def read(confined: Confined, task: Task) -> bytes:
    """Have a note read; raise SandboxFault when that cannot be done."""
    request = Request(module=MODULE, payload=msgspec.msgpack.encode(task), seconds=_SECONDS, memory_mb=_MEMORY_MB)
    try:
        return confined.ask(request)
    except Unanswered as reason:
        raise SandboxFault(f"The note could not be read: {reason}.") from reason
