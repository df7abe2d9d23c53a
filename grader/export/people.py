"""Match learners to lines of an exported file by number, login, address or name, never by guessing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from grader.errors import UsageError
from grader.records import Record
from grader.records.cohort import Learner, simplified

from .marks import Mark

NAMED = 20
"""So many learners are named in one sentence."""
_TELLING = re.compile(r"id|login|user|mail|name|student|learner|participant|account|number|matric", re.IGNORECASE)
"""Columns of a roster that may say who somebody is."""
NUMBERED = re.compile(r"\D*(\d+)")
"""A cell such as ``Participant 123``, or only the number."""


class Person(Record, frozen=True, kw_only=True):
    """A learner, and everything that may name them in another file."""

    learner: str
    number: str
    """The platform's own number, from the name of the file that was handed in; may be empty."""
    names: tuple[str, ...]


def people(marks: Iterable[Mark], roster: Iterable[Learner]) -> tuple[Person, ...]:
    """Return everybody who handed in something; a cell that others have in the same column tells nobody apart."""
    lines = list(roster)
    counts = Counter((column, simplified(cell)) for each in lines for column, cell in each.cells.items())
    cells = {
        each.learner: tuple(
            cell
            for column, cell in each.cells.items()
            if _TELLING.search(column) and counts[column, simplified(cell)] == 1
        )
        for each in lines
    }
    numbers = {mark.learner: mark.number for mark in marks}
    return tuple(
        Person(
            learner=learner,
            number=number,
            names=(learner.removesuffix(f" ({number})"), *cells.get(learner, ())),  # so two of one name are told apart
        )
        for learner, number in numbers.items()
    )


def locate(everybody: Iterable[Person], lines: Sequence[Sequence[str]], number_column: int) -> dict[str, int | None]:
    """Return the line of each learner, None for one whose number is on a line of another name.

    ``lines`` holds, for each line of the file, the cells that say who it is about. Raise UsageError that names all for
    whom there is not exactly one line.
    """
    contradicted: dict[str, int | None] = {}
    by_number = _index((_number(cells[number_column]), place) for place, cells in enumerate(lines))
    by_name = _index((alias, place) for place, cells in enumerate(lines) for alias in _aliases(cells))
    found: dict[str, int] = {}
    unknown: list[str] = []
    unclear: list[str] = []
    for person in everybody:
        hits = [by_number[person.number], *(by_name[alias] for name in person.names for alias in _spellings(name))]
        places = {place for hit in hits if len(hit) == 1 for place in hit}
        numbered = by_number[person.number]
        if numbered and (len(places) > 1 or not _are_called(person, (lines[each] for each in numbered), number_column)):
            contradicted[person.learner] = None
        elif len(places) == 1:
            (found[person.learner],) = places
        else:
            (unclear if any(hits) else unknown).append(person.learner)
    counts = Counter(found.values())
    unclear += [learner for learner, place in found.items() if counts[place] > 1]
    _refuse("not in the template", unknown)
    _refuse("not told apart by the template", unclear)
    return contradicted | found


def _are_called(person: Person, lines: Iterable[Sequence[str]], number_column: int) -> bool:
    """Whether lines that have a person's number have no other name than theirs; somebody graded blindly has none."""
    own = {spelling for name in person.names for spelling in _spellings(name)}
    named = ([cell for column, cell in enumerate(cells) if column != number_column] for cells in lines)
    return all(not any(map(simplified, told)) or not own.isdisjoint(_aliases(told)) for told in named)


def _refuse(why: str, learners: list[str]) -> None:
    if learners:
        verb = "is" if len(learners) == 1 else "are"
        raise UsageError(
            f"Nothing was written, because {len(learners)} who handed in something {verb} {why}: {listed(learners)}. "
            "Export a template that has everybody, or leave each of them out with --without."
        )


def listed(names: Sequence[str]) -> str:
    """Name the first learners and count the rest."""
    rest = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + rest


def _index(told: Iterable[tuple[str, int]]) -> defaultdict[str, set[int]]:
    index: defaultdict[str, set[int]] = defaultdict(set)
    for alias, place in told:
        if alias:
            index[alias].add(place)
    return index


def _number(cell: str) -> str:
    """Return the number of a cell such as ``Participant 123``; empty for anything else."""
    found = NUMBERED.fullmatch(cell.strip())
    return found[1] if found else ""


def _aliases(cells: Sequence[str]) -> Iterator[str]:
    """Yield what names the line: each cell, and first and last name in columns of their own, in either order."""
    for cell in cells:
        yield from _spellings(cell)
    for one, other in pairwise(cells):
        if not any(character.isdigit() for character in one + other):
            yield simplified(one + other)
            yield simplified(other + one)


def _spellings(name: str) -> Iterator[str]:
    """Yield a name as it is and, for ``Last, First``, the other way round; only letters and digits count."""
    yield simplified(name)
    last, comma, first = name.partition(",")
    if comma:
        yield simplified(first + last)
