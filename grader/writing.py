"""Files that nobody ever reads half of, and that have the same bytes on every system."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and the folders that it lies in; raise OSError where that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError:  # Windows replaces no file that somebody has open
        unfinished.unlink(missing_ok=True)
        raise


def write_lines(path: Path, text: str) -> None:
    """Write a text with the line ends that it has; Windows' own way would give every line one byte more."""
    path.write_bytes(text.encode())
