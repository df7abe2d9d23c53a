"""``grade watch`` in a real terminal, driven by tmux: keys, saves, sizes, and nothing left behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from grader import course
from grader.learning.folder import Folder, begin
from grader.learning.progress import recall
from grader.places import SOLUTIONS, SPECIMENS

if TYPE_CHECKING:
    from .conftest import Desk

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
PATIENCE = 120
"""How long a test waits for what must come; on a quiet machine it comes at once."""
WATCH = [sys.executable, "-c", "from grader.cli import main; main()", "watch"]
THIRD = course.exercises()["03_partial_unfreeze"]


class Terminal:
    """A tmux window on a socket of its own, 60 columns wide and without colour."""

    def __init__(self, folder: Folder, width: int = 60, height: int = 40) -> None:
        self.folder = folder
        self._socket = folder.root / "tmux"
        opened = folder.root / "opened"
        environment = {"NO_COLOR": "1", "BROWSER": f"/bin/sh -c 'echo %s >{opened}'", "LC_ALL": "C.UTF-8"}
        settings = [f"-e{name}={value}" for name, value in environment.items()]
        size = ["-x", str(width), "-y", str(height)]
        ended = f"{' '.join(map(_quoted, WATCH))}; echo exit code $? >{folder.root}/ended; sleep 1000"
        self._tmux("new-session", "-d", *size, *settings, "-c", str(folder.root), f"exec bash -c {_quoted(ended)}")
        self._tmux("set-option", "-g", "remain-on-exit", "on")
