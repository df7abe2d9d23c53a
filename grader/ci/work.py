"""Which exercises a job grades."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from grader import adaptation, course, files, note
from grader.discover import CAPS
from grader.errors import UsageError
from grader.programs import program
from grader.records import Exercise, Record

_SHA256 = 64
"""Characters of git's names in a repository that has the newer ones."""


class WorkToGrade(Record, frozen=True, kw_only=True):
    """What a job has to grade."""

    files: dict[str, Path]
    """Slug to the learner's file; a file that is not there is named all the same."""


def find_work(folder: Path, only: Sequence[str], since: str | None) -> WorkToGrade:
    """Find the files of all exercises or some in a folder, or those of them that changed since a commit.

    Raise UsageError where there is no such folder, exercise or commit, and for two files of one exercise.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}. Name it, or run this in the learner's repository.")
    wanted = {exercise.slug: _file(folder, exercise) for exercise in course.chosen(only)}
    if since is None:
        return WorkToGrade(files=wanted)
    then = _held(folder, since)
    return WorkToGrade(
        files={slug: path for slug, path in wanted.items() if _differs(course.exercises()[slug], path, then)}
    )


def _differs(exercise: Exercise, path: Path, then: Mapping[str, str]) -> bool:
    """Whether a learner's file or, for a note, the evidence beside it is another one than a commit held."""
    own = None
    if exercise.is_note:
        own = note.beside(path, exercise) or path.with_name(note.evidence_name(exercise))
    return any(not _is_held(each, then.get(each.name, "")) for each in (path, own) if each)


def _is_held(path: Path, blob: str) -> bool:
    """Whether a file is what git holds under a name, which is empty where it holds nothing."""
    try:
        content = files.read(path, max(*CAPS.values(), adaptation.BYTES_CAP))
    except files.Missing:
        return not blob
    except files.Unreadable:
        return False
    kind = hashlib.sha256 if len(blob) == _SHA256 else hashlib.sha1
    ways = {content, content.replace(b"\r\n", b"\n")}  # as it is, and as git may have checked it out on Windows
    return blob in {kind(b"blob %d\0" % len(each) + each).hexdigest() for each in ways}


def _file(folder: Path, exercise: Exercise) -> Path:
    found = [path for suffix in CAPS if (path := folder / f"{exercise.slug}{suffix}").is_file()]
    if len(found) > 1:
        raise UsageError(f"There are {' and '.join(map(str, found))}; keep the one that is to be graded.")
    return found[0] if found else folder / exercise.filename


def _held(folder: Path, commit: str) -> dict[str, str]:
    """Return what a commit holds in a folder, name to git's name of the content.

    Trees are all that git reads here: to compare with files of today it would run whatever programs the repository's
    own settings name.
    """
    asked = ["-C", str(folder), "ls-tree", "-z", "--end-of-options", commit, "--", "."]
    try:
        done = subprocess.run([program("git"), *asked], capture_output=True, check=False)  # noqa: S603  no shell
    except FileNotFoundError as error:
        raise UsageError("--since asks git what changed, and there is no git here.") from error
    if done.returncode:
        raise UsageError(f"git cannot say what changed since {commit}: {_first(done.stderr)}")
    told = (line.partition("\t") for line in done.stdout.decode("utf-8", "surrogateescape").split("\0") if line)
    return {PurePosixPath(name).name: about.split()[2] for about, _, name in told}


def _first(told: bytes) -> str:
    """Return the first line of what a program said."""
    return told.decode(errors="replace").strip().partition("\n")[0]
