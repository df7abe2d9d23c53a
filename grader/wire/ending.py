"""How a worker's process ended: exit statuses and the record that its parent sends."""

from __future__ import annotations

from typing import Literal

import msgspec

FAULT_STATUS = 70
"""Exit status of a worker in which our own code failed."""
LEFT_STATUS = 71
"""Exit status after the debugger's ``quit``."""

Verdict = Literal["ended", "timed-out", "out-of-memory"]
"""Whether a worker ended by itself, or was ended."""


class End(msgspec.Struct, frozen=True):
    """A worker's end as its parent saw it."""

    verdict: Verdict
    status: int
    """The exit status; a negative one is a signal."""
    seconds: float
    peak_mb: float
