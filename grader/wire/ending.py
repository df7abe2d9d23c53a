"""How a worker's process ends, in the words and numbers that its parent hears."""

from __future__ import annotations

FAULT_STATUS = 70
"""Exit status of a worker in which our own code failed."""
LEFT_STATUS = 71
"""Exit status after the debugger's ``quit``."""
