"""Digest of the course and its fixtures: the same wherever the same files lie."""

from __future__ import annotations

import hashlib
from operator import attrgetter
from pathlib import Path

from grader import VERSION, course
from grader.courses import current
from grader.text import clean_line

_SHOWN = 16
"""Hex digits that are told."""


def edition() -> str:
    """Return the versions, with a digest of what checks and one of what the checks run on."""
    used = current()
    name = "" if used.is_built_in else f"{clean_line(used.name)} "
    lines = [
        f"transfer-grader {VERSION}",
        f"course {name}{clean_line(course.version())}, sha256 {_course_digest(used.hidden)[:_SHOWN]}",
    ]
    manifest = used.fixtures / "manifest.toml"
    if manifest.is_file():  # it holds the digest of every fixture
        lines.append(f"fixtures, sha256 {hashlib.sha256(manifest.read_bytes()).hexdigest()[:_SHOWN]}")
    return "\n".join(lines)


def _course_digest(hidden: Path) -> str:
    """Hash every file of the course with its path, in order."""
    told = hashlib.sha256()
    for path in sorted(hidden.rglob("*"), key=attrgetter("parts")):  # Windows' own order has no regard to case
        if path.is_file() and "__pycache__" not in path.parts:
            told.update(f"{path.relative_to(hidden).as_posix()}\0{path.stat().st_size}\0".encode())
            told.update(path.read_bytes())
    return told.hexdigest()
