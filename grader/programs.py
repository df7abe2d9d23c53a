"""Find the user's programs on PATH and nowhere else.

Windows looks into the working folder first, and there lies what learners handed in.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NEEDED = ("SYSTEMROOT", "WINDIR", "SYSTEMDRIVE", "PROCESSOR_ARCHITECTURE")


def program(name: str) -> str:
    """Return what to run for a program; raise FileNotFoundError where PATH does not have it."""
    if sys.platform != "win32":
        return name  # the system looks along PATH alone
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(folder, f"{name}.exe")
        if path.is_absolute() and path.is_file():
            return str(path)
    raise FileNotFoundError(f"PATH has no {name}.exe")


def system_variables() -> dict[str, str]:
    """Return what no program of Windows can do without, whatever else of the environment it is not to have."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ}
