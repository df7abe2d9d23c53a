"""Read a Markdown note and the evidence it speaks of into facts.

A note is only read: nothing of it is run, and nothing is rendered. Whatever Markdown or HTML it holds is text.
"""

from __future__ import annotations

import itertools
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from . import adaptation, course
from .adaptation import Adaptation
from .courses import current
from .errors import CourseFault, UsageError
from .notebook import Source
from .records import Evidence, Exercise, Record, Submission, Wall
from .text import clean, clean_line
from .wire.wall import Level

if TYPE_CHECKING:
    from markdown_it.token import Token

BYTES_CAP = 32 << 10
"""Bytes of a note; more is no note."""
EXAMPLE = "example-evidence.json"
"""In the exercise's folder: the record of a real comparison. It stands in for nobody's own and is used only by name."""
BY_NAME = Path("example")
"""What names the shipped example where evidence is asked for."""
_NESTING_CAP = 20
_LINE = re.compile(r"\s*(?P<key>[^\W\d][\w -]{0,40}?)\s*:\s*(?P<value>.*)")


class _Handed(Record, frozen=True, kw_only=True):
    """What is handed in: a note, and the evidence that it speaks of."""

    note: str
    evidence: Adaptation
    where: str
    """Where the evidence was found."""


class Item(Record, frozen=True, kw_only=True):
    """One line ``key: value`` of a note, with what follows it up to the next one."""

    key: str
    value: str
    line: int


class Section(Record, frozen=True, kw_only=True):
    """What stands below one of the headings that are asked for."""

    title: str
    line: int
    items: tuple[Item, ...]
    unknown: tuple[str, ...]
    """Keys of list items that nobody asked for."""


def the_note() -> Exercise:
    """Return the exercise that is a note; raise CourseFault where the course has none."""
    found = next((each for each in course.exercises().values() if each.is_note), None)
    if found is None:
        raise CourseFault("None of the course's exercises is a note.")
    return found


def evidence_name(exercise: Exercise) -> str:
    """Return what the evidence of a note is called; where a platform puts all files into one folder, it says whose."""
    return f"{exercise.number}_{adaptation.FILE}"


def evidence_names(exercise: Exercise) -> tuple[str, ...]:
    """Return what it may be called beside the note; the last one is what earlier versions wrote."""
    return evidence_name(exercise), adaptation.FILE


def together(exercise: Exercise) -> str:
    """Say what to do about a note that came without evidence."""
    name = evidence_name(exercise)
    return f"`grade compare` writes {name} beside the note, and the two are handed in together."


def hand_in(note: bytes, path: Path, exercise: Exercise, evidence: Path | None) -> Source:
    """Put a note together with its evidence; raise UsageError for a file that cannot be read.

    The evidence is the named one, else the learner's own beside the note, which goes wherever the note goes.
    """
    found, where = _evidence(path, exercise, evidence)
    return put_together(note, path.name, adaptation.read(found), where)


def put_together(note: bytes, name: str, evidence: Adaptation, where: str) -> Source:
    """Put a note together with evidence that was found somewhere; raise UsageError for one that is not text."""
    try:
        text = note.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8 text; save it as UTF-8.") from None
    return Source(source=msgspec.json.encode(_Handed(note=text, evidence=evidence, where=where)))


def _evidence(path: Path, exercise: Exercise, named: Path | None) -> tuple[Path, str]:
    shipped = example(exercise)
    if named == BY_NAME and shipped is not None:
        return shipped, "of the shipped example"
    if named is not None:
        return named, "that was named"
    own = beside(path, exercise)
    if own is None:
        missing = f"{path} is not graded: there is no {evidence_name(exercise)} beside it. {together(exercise)}"
        another = f"`grade {exercise.number} --evidence FILE` compares it with another record."
        raise UsageError(f"{missing}{_left_in_reports(path, exercise)} {another}")
    if own.is_symlink():
        raise UsageError(f"{own} is a link, and what it leads to is not handed in with it; put the file itself there.")
    return own, "beside it"


def beside(path: Path, exercise: Exercise) -> Path | None:
    """Return the evidence that lies beside a note; None when none does."""
    places = map(path.with_name, evidence_names(exercise))
    return next((place for place in places if os.path.lexists(place)), None)


def _left_in_reports(path: Path, exercise: Exercise) -> str:
    """Say what to do with evidence that lies in ``reports/``, which git ignores; empty when none lies there."""
    folders = (path.parent / "reports", path.parent.parent / "reports", Path("reports"))
    places = [folder / name for folder in folders for name in evidence_names(exercise)]
    left, wanted = next((place for place in places if place.is_file()), None), path.with_name(evidence_name(exercise))
    return f" There is {left}: if the note speaks of it, move it to {wanted}." if left else ""


def example(exercise: Exercise) -> Path | None:
    """Return the evidence that is shipped with a note's exercise; None where there is none, as for code."""
    path = course.folder(exercise) / EXAMPLE
    return path if path.is_file() else None


def is_stub(note: bytes, exercise: Exercise) -> bool:
    """Whether nothing was written into a note yet."""
    return note.replace(b"\r\n", b"\n") == (current().stubs / exercise.filename).read_bytes()


def read(submission: Submission, exercise: Exercise) -> Evidence:
    """Return the evidence that a note is: what it says, and what was measured."""
    handed = msgspec.json.decode(submission.source, type=_Handed)
    plan, arrays = course.draw(exercise, course.seed(exercise, None))
    sections = parse(handed.note, plan["sections"], plan["keys"])
    about = clean_line(", ".join(each.scenario for each in handed.evidence.comparisons) or "no comparison")
    return Evidence(
        submission_sha256=submission.sha256,
        exercise=exercise.slug,
        seed=0,
        plan=plan,
        facts=clean(msgspec.json.decode(msgspec.json.encode({"note": sections, "adaptation": handed.evidence}))),
        arrays=arrays,
        crash=None,
        interruptions=(),
        console="",
        seconds=0.0,
        peak_mb=0.0,
        wall=Wall(
            level=Level.NONE,
            summary=f"nothing was run; the note was compared with the evidence {handed.where} ({about})",
        ),
        versions={"python": sys.version.split()[0]},
    )


def parse(text: str, titles: Sequence[str], keys: Sequence[str]) -> list[Section]:
    """Return the sections with these titles, each with its items; whatever else the note holds is free."""
    found: list[tuple[str, list[_Line]]] = []
    depth, inside = 0, False
    for line in _lines(text):
        if not line.heading:
            if inside:
                found[-1][1].append(line)
        elif title := next((title for title in titles if re.match(rf"{title}\b", line.text, re.IGNORECASE)), ""):
            found.append((title, [line]))
            depth, inside = line.heading, True
        elif line.heading <= depth:
            inside = False
    return [_section(title, lines, keys) for title, lines in found]


class _Line(NamedTuple):
    """One line of text, stripped of what is markup."""

    text: str
    number: int
    heading: int
    """1 to 6 for a heading, 0 for anything else."""
    group: int
    """The list item it belongs to, or the paragraph."""
    listed: bool
    """Whether that is a list item."""


def _lines(text: str) -> Iterator[_Line]:
    from markdown_it import MarkdownIt

    serial, heading = itertools.count(), 0
    groups: list[int] = []
    for token in MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING_CAP}).parse(text):
        match token.type:
            case "heading_open":
                heading = int(token.tag[1:])
            case "list_item_open":
                groups.append(next(serial))
            case "list_item_close":
                groups.pop()
            case "inline":
                group, first = groups[-1] if groups else next(serial), (token.map or [0])[0] + 1
                for number, each in enumerate(_plain(token).split("\n"), first):
                    yield _Line(each.strip(), number, heading, group, bool(groups))
                heading = 0


def _plain(token: Token) -> str:
    """Return the text of a block, one line of it per line of the source."""
    breaks = ("softbreak", "hardbreak")
    return "".join("\n" if child.type in breaks else child.content for child in token.children or ())


def _section(title: str, lines: Sequence[_Line], keys: Sequence[str]) -> Section:
    """Cut the lines of a section, its heading first, into items; a line without a key goes on with the one before."""
    heading, *others = lines
    items: list[Item] = []
    unknown: list[str] = []
    group, begun = -1, set[int]()
    for line in others:
        told = _LINE.fullmatch(line.text)
        key = " ".join(re.split(r"[\s_-]+", told["key"].lower())) if told else ""
        if told and key in keys:
            items.append(Item(key=key, value=told["value"].strip(), line=line.number))
            group = line.group
        elif line.group == group:
            items[-1] = msgspec.structs.replace(items[-1], value=f"{items[-1].value} {line.text}".strip())
        elif key and line.listed and line.group not in begun:
            unknown.append(key)
        begun.add(line.group)
    return Section(title=title, line=heading.number, items=tuple(items), unknown=tuple(unknown))
