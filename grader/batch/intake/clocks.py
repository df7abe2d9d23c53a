"""When a file was handed in, by the most trustworthy clock that its surroundings offer."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from grader.cohort import Clock
from grader.programs import program, system_variables

from .found import Found, Unusable, moment

TIMESTAMP = "timestamp.txt"
"""Where nbgrader writes when it collected a submission."""
_TIMESTAMP_CAP = 200
_MARK = "\x01"
_HISTORY_SECONDS = 30
_HISTORY_COMMITS = "5000"
_NO_SETTINGS = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_NO_LAZY_FETCH": "1"}

Arrival = tuple[datetime, Clock]


def collected(timestamp: Found) -> Arrival | None:
    """Read the time that nbgrader wrote down, such as ``2026-01-30 10:30:47.524219 UTC``."""
    try:
        text = timestamp.read(_TIMESTAMP_CAP).decode().strip().removesuffix("UTC").strip()
        when = datetime.fromisoformat(text)
    except (Unusable, ValueError):
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC), Clock.COLLECTED


def commits(repository: Path) -> Mapping[str, Arrival]:
    """Return when each file of a clone was last changed on its branch, by path; empty where git cannot tell.

    The clone's own settings are not read, because they can name programs to run: git sees its objects only.
    """
    head = _head(repository / ".git")
    if head is None:
        return {}
    with tempfile.TemporaryDirectory(prefix="grade-git-", ignore_cleanup_errors=True) as empty:
        try:
            _git(empty, "init", "--quiet", "--bare")
            told = _git(
                empty, "log", "--first-parent", "-m", "--name-only", "-z", "--no-renames", "--no-show-signature",
                f"--max-count={_HISTORY_COMMITS}", f"--format={_MARK}%ct", head,
                objects=repository / ".git" / "objects",
            )  # fmt: skip
            return _last_changes(told)
        except (OSError, subprocess.SubprocessError, ValueError, OverflowError):
            return {}


def _git(folder: str, *arguments: str, objects: Path | None = None) -> str:
    settings = Path(folder, "no-settings")
    settings.touch()  # an empty file is on every system what /dev/null is on some
    environment = {
        **system_variables(),
        "PATH": os.environ.get("PATH", os.defpath),
        "GIT_DIR": folder,
        "GIT_CONFIG_GLOBAL": str(settings),
        **_NO_SETTINGS,
    }
    if objects is not None:
        environment["GIT_OBJECT_DIRECTORY"] = str(objects.resolve())
    done = subprocess.run(  # noqa: S603  no word of it comes from a learner but the commit, which is hexadecimal
        [program("git"), *arguments],
        env=environment, cwd=folder, capture_output=True, check=True, timeout=_HISTORY_SECONDS,
    )  # fmt: skip
    return done.stdout.decode("utf-8", "surrogateescape")


def _head(git: Path) -> str | None:
    """Return the commit that is checked out, read without asking git."""
    try:
        head = (git / "HEAD").read_text("utf-8").strip()
        if head.startswith("ref: refs/"):
            branch = head.removeprefix("ref: ")
            loose = git / branch
            head = loose.read_text("utf-8").strip() if loose.is_file() else _packed(git, branch)
    except (OSError, UnicodeDecodeError):
        return None
    return head if re.fullmatch(r"[0-9a-f]{40,64}", head) else None


def _packed(git: Path, branch: str) -> str:
    lines = (git / "packed-refs").read_text("utf-8").splitlines()
    return next((line.split()[0] for line in lines if line.endswith(f" {branch}")), "")


def _last_changes(told: str) -> dict[str, Arrival]:
    """Read git's log, newest first; the first mention of a path is its last change."""
    found: dict[str, Arrival] = {}
    for commit in told.split(_MARK)[1:]:
        seconds, *paths = commit.split("\0")
        when = moment(int(seconds))
        for path in paths:
            found.setdefault(path.removeprefix("\n"), (when, Clock.COMMIT))
    return found
