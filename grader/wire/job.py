"""Requests of the trusted side: to one worker, to the zygote, to a process for a debugger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import numpy as np

_PLAIN = ("filename", "pieces", "probe", "parts", "seconds", "plan", "fixtures")
"""Fields of a job that are JSON."""


OUTSIDE = "_"
"""Keys of a plan that begin with it stay with whoever asks: they say what a question is for, or what is right."""


def inside(plan: Any) -> Any:
    """Return a plan as it goes to the worker, without what stays outside."""
    if isinstance(plan, Mapping):
        return {name: inside(value) for name, value in plan.items() if not name.startswith(OUTSIDE)}
    return [inside(value) for value in plan] if isinstance(plan, list | tuple) else plan


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one worker needs; nothing that it must not know."""

    filename: str
    """Name of the learner's file, for tracebacks."""
    source: bytes
    pieces: tuple[int, ...] = ()
    """Of a notebook, how many lines stand before each of its cells, so that one that is not Python spoils no other."""
    probe: str
    """Path of the probe."""
    parts: tuple[str, ...]
    seconds: float
    """Wall time until the worker is stopped."""
    plan: Mapping[str, Any]
    fixtures: Mapping[str, str]
    """Name to path of the public fixtures."""
    arrays: Mapping[str, np.ndarray[Any, Any]]
    """Each in its own shape."""

    def encode(self) -> bytes:
        """Return the safetensors file that ``read_job`` reads; ValueError for a plan that strict JSON cannot say."""
        import numpy as np

        from .tensors import write

        plain = json.dumps(
            {name: getattr(self, name) for name in _PLAIN} | {"plan": inside(self.plan)}, allow_nan=False
        )
        return write({**self.arrays, "@source": np.frombuffer(self.source, dtype=np.uint8)}, job=plain)


def read_job(blob: bytes) -> Job:
    """Decode a job; it comes from the trusted side and is believed. Raise Damaged where it cannot be read."""
    from .tensors import read

    about, arrays = read(blob)
    plain = json.loads(about["job"])
    source = arrays.pop("@source").tobytes()
    return Job(source=source, arrays=arrays, **{**plain, **{name: tuple(plain[name]) for name in ("parts", "pieces")}})


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What stays the same for every worker of one sandbox."""

    imports: tuple[str, ...]
    memory_mb: int
    seconds: float
    readable: tuple[str, ...] = ()
    """Folders of public fixtures, besides the system's own roots."""
    hidden: tuple[str, ...] = ()
    """Files that a worker must not be able to open; the doctor tries."""
    closed: tuple[str, ...] = ()
    """Folders of the course, of which nothing is to be had but what is readable by name, wherever they lie."""
    warm: bool = False
    private: bool = True
    """For tests: False leaves out what namespaces give."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What the supervisor wants from one fork; the job itself comes as a file descriptor."""

    probe: str
    """Empty to ask for a twin, which gets the other end of its own control socket as its only descriptor."""
    seconds: float


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """A run to look into with a debugger, without walls and limits."""

    job: str
    """Path of the encoded job."""
    evidence: str
    """Path of the file that is to hold what was seen."""
    imports: tuple[str, ...]
