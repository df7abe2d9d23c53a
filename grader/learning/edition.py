"""Digest of the course and its fixtures: the same wherever the same files lie."""

from __future__ import annotations

import hashlib
from operator import attrgetter

from grader import VERSION, course
from grader.places import COURSE, FIXTURES

_SHOWN = 16
"""Hex digits that are told."""


def edition() -> str:
    """Return the versions, with a digest of what checks and one of what the checks run on."""
    return (
        f"transfer-grader {VERSION}\n"
        f"course {course.VERSION}, sha256 {_course_digest()[:_SHOWN]}\n"
        f"fixtures, sha256 {_fixtures_digest()[:_SHOWN]}"
    )


def _course_digest() -> str:
    """Hash every file of the course with its path, in order."""
    told = hashlib.sha256()
    for path in sorted(COURSE.rglob("*"), key=attrgetter("parts")):  # Windows' own order has no regard to case
        if path.is_file() and "__pycache__" not in path.parts:
            told.update(f"{path.relative_to(COURSE).as_posix()}\0{path.stat().st_size}\0".encode())
            told.update(path.read_bytes())
    return told.hexdigest()


def _fixtures_digest() -> str:
    """Hash the manifest, which holds the digest of every fixture."""
    return hashlib.sha256((FIXTURES / "manifest.toml").read_bytes()).hexdigest()
