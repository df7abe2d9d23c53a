"""What was seen of exercise 09: what the note says, beside what was measured."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable
from typing import TypeVar

import msgspec

from grader.adaptation import Adaptation, Comparison, Strategy
from grader.authoring import Failed, NotReached, Waits
from grader.note import Item, Section
from grader.records import Evidence, Pointer, Record

from . import values
from .plan import BECAUSE, REQUIRED, SECTIONS

Value = TypeVar("Value")
QUOTED = 100
"""Characters of a value that are quoted."""


class Part(Record, frozen=True, kw_only=True):
    """One section of the note, and the comparison that it speaks of."""

    title: str
    sections: tuple[Section, ...]
    """What stands below headings of this title; one if all is well."""
    comparison: Comparison | None
    """None where the evidence has none of this modality."""

    @property
    def items(self) -> dict[str, Item]:
        """The section's items by key, the first of equals."""
        found: dict[str, Item] = {}
        for section in self.sections:
            for item in section.items:
                found.setdefault(item.key, item)
        return found

    @property
    def is_written(self) -> bool:
        """Whether any of its values is filled in."""
        return any(not values.placeholder(item.value) for item in self.items.values())

    @property
    def is_complete(self) -> bool:
        """Whether every value that is asked for is filled in."""
        return all(key in self.items and not values.placeholder(self.items[key].value) for key in REQUIRED)

    @property
    def measured(self) -> Comparison:
        """The comparison; block the check where there is none."""
        if self.comparison is None:
            modality = self.title.lower()
            raise Waits(
                f"The evidence holds no comparison of {modality}; `grade compare --modality {modality}` adds it."
            )
        return self.comparison

    @property
    def chosen(self) -> Strategy:
        """The measured row of the strategy that the note names; block the check when it names none."""
        item = self.items.get("strategy")
        name = values.strategy(item.value) if item else None
        if name is None:
            raise Waits(f"{self.title}: `strategy` decides which figures belong here; put that right first.")
        return self.measured.strategy(name)

    @property
    def because(self) -> str:
        """The reason that is given for a strategy; empty when there is none."""
        item = self.items.get(BECAUSE)
        return "" if item is None or values.placeholder(item.value) else item.value

    def item(self, key: str) -> Item:
        """Return an item that is written; fail the check for a placeholder, block it where there is no such key."""
        item = self.items.get(key)
        if item is None:
            raise Waits(f"{self.title} has no `{key}`; put the keys right first, and look here again.")
        if values.placeholder(item.value):
            raise Failed(f"{self.title}: `{key}` is still to be written (line {item.line}).", Pointer(line=item.line))
        return item

    def value(self, key: str, read: Callable[[str], Value | None], form: str) -> Value:
        """Return an item's value; fail the check when it cannot be read, saying what form it should have."""
        value = read(self.item(key).value)
        if value is None:
            raise self.wrong(key, f"which cannot be read as {form}")
        return value

    def wrong(self, key: str, why: str) -> Failed:
        """Return the failure of a check because of an item, which is quoted with its line."""
        item = self.item(key)
        told = f"{self.title}: `{key}` says “{textwrap.shorten(item.value, QUOTED)}” (line {item.line})"
        return Failed(f"{told}, {why}.", Pointer(line=item.line))


def class_number(comparison: Comparison, name: str) -> int | None:
    """Return the number of a class that is given by number or by name, in lower case; None for no class."""
    names = [each.lower() for each in comparison.classes]
    if name in names:
        return names.index(name)
    number = values.count(name)
    return number if number is not None and number < len(names) else None


class Seen:
    """Everything that was seen; NotReached where the evidence is not what reading a note gives."""

    def __init__(self, evidence: Evidence) -> None:
        self._facts = evidence.facts

    @functools.cached_property
    def parts(self) -> tuple[Part, ...]:
        """The sections that are asked for, those that are not there too."""
        try:
            sections = msgspec.convert(self._facts.get("note"), tuple[Section, ...])
            measured = msgspec.convert(self._facts.get("adaptation"), Adaptation)
        except msgspec.ValidationError as error:
            raise NotReached("note") from error
        return tuple(
            Part(
                title=title,
                sections=tuple(section for section in sections if section.title == title),
                comparison=measured.of(title.lower()),
            )
            for title in SECTIONS
        )


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)
