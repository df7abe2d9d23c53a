"""Workflow commands for GitHub's runner, which reads a job's output.

A line of the learner's that looks like a command would be obeyed. All of it is printed between two markers that stop
commands, and what is said in commands is escaped.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from grader.authoring import how_it_ended
from grader.export.common import Result
from grader.records import Account, Submission, Verdict
from grader.wire.answer import UNWRITTEN

ANNOTATIONS_CAP = 10
"""Annotations of one kind that GitHub keeps from a step."""
TEXT_CAP = 500
Graded = tuple[Submission, Result]


def is_runner(environment: Mapping[str, str]) -> bool:
    """Whether this is a job on GitHub."""
    return environment.get("GITHUB_ACTIONS") == "true"


@contextmanager
def commands_stopped(out: TextIO, environment: Mapping[str, str]) -> Iterator[None]:
    """Have GitHub's runner obey nothing that is printed meanwhile; the word that ends it cannot be guessed."""
    if not is_runner(environment):
        yield
        return
    word = secrets.token_hex(16)
    print(f"::stop-commands::{word}", file=out, flush=True)
    try:
        yield
    finally:
        print(f"\n::{word}::", file=out, flush=True)


def annotate(graded: Sequence[Graded], environment: Mapping[str, str]) -> list[str]:
    """Return commands that show what went wrong beside the learner's lines, as many as GitHub keeps.

    What is wrong is an error, what is still to be written a warning.
    """
    if not is_runner(environment):
        return []
    workspace = Path(environment.get("GITHUB_WORKSPACE", ".")).resolve()
    there = [one for one in graded if one[0].source]
    notes = [note for told in (_ends, _failures) for one in there for note in told(*one)]
    wrong = [_command("error", workspace, *note) for note in notes if UNWRITTEN not in note[2]]
    unwritten = [_command("warning", workspace, *note) for note in notes if UNWRITTEN in note[2]]
    return [*wrong[:ANNOTATIONS_CAP], *unwritten[:ANNOTATIONS_CAP]]


Note = tuple[Submission, int | None, str]
"""The file, the line where one is to blame, and the sentence."""


def _ends(submission: Submission, result: Result) -> Iterator[Note]:
    """Say where the code ended too early, or all that an account knows."""
    if isinstance(result, Account):
        for each in result.unfinished:
            yield submission, None if each.cell else each.line, each.said
        return
    run = result.evidence
    if result.full_marks:
        return
    for end in (run.crash, *run.interruptions):
        if end:
            told = how_it_ended(run, goes_on=not result.not_imported)
            yield submission, None if end.cell else end.line, told
            return


def _failures(submission: Submission, result: Result) -> Iterator[Note]:
    """Say for each function what failed first, at the line to blame or where the function begins; ask what leads on."""
    if isinstance(result, Account):
        return
    told: set[str] = set()
    questions = {each.function: f" {each.title}: {each.question}" for each in reversed(result.diagnoses)}
    for row in result.outcomes:
        if row.verdict is Verdict.FAILED and row.function not in told:
            told.add(row.function)
            line = row.line or _definition(submission, row.function)
            yield submission, None if submission.cells else line, row.message + questions.get(row.function, "")


def _definition(submission: Submission, function: str) -> int | None:
    found = re.search(rb"^def %s\b" % re.escape(function.encode()), submission.source, re.MULTILINE)
    return submission.source.count(b"\n", 0, found.start()) + 1 if found and function else None


def _command(kind: str, workspace: Path, submission: Submission, line: int | None, message: str) -> str:
    path = Path(submission.path).resolve()
    where = {"title": submission.exercise}
    if path.is_relative_to(workspace):
        where["file"] = path.relative_to(workspace).as_posix()
    if line:
        where["line"] = str(line)
    said = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in where.items())
    return f"::{kind} {said}::{_escaped(message[:TEXT_CAP])}"


def _escaped(text: str, more: str = "") -> str:
    """Return text as a workflow command carries it: percent first, then what would end a line or a property."""
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
