"""What was seen of exercise 09: what the note says, beside what was measured.

Values are read strictly in the order of their parts, and forgivingly in how they are typed: dashes, arrows and
plus-minus signs may be of any kind, numbers may have thousand separators or be in scientific notation, and words may
follow where nothing else can.
"""

from __future__ import annotations

import functools
import re
import textwrap
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from grader.adaptation import STRATEGIES, Adaptation, Comparison, Strategy
from grader.authoring import Failed, Waits
from grader.authoring.view import View
from grader.note import Item, Section
from grader.records import Evidence, Pointer, Record

from . import truth
from .plan import BECAUSE, DECIMALS, REQUIRED, SECTIONS, SENTENCE, TASKS

Value = TypeVar("Value")
QUOTED = 100
"""Characters of a value that are quoted."""
_ROUNDING = Decimal("1e-12")
_SCORES = ("score", "scratch score")


class Stated(Record, frozen=True):
    """A number as it was written, with so many decimals."""

    number: Decimal

    def is_rounded(self, value: float) -> bool:
        """Whether a measured value rounds to it; a value halfway may be rounded either way.

        Whoever copies all digits that a computer shows may have computed the value in another order.
        """
        is_same = abs(Decimal(repr(value)) - self.number) <= _ROUNDING
        return is_same or self._units_from(value) <= Decimal("0.5") + Decimal("1e-6")

    def is_near(self, value: float) -> bool:
        """Whether a measured value is within two units of its last decimal."""
        return self._units_from(value) <= 2  # noqa: PLR2004  as the docstring says

    def _units_from(self, value: float) -> Decimal:
        return abs(Decimal(repr(value)) - self.number).scaleb(self.decimals)

    def __str__(self) -> str:
        return str(self.number)

    @property
    def decimals(self) -> int:
        """How many decimals were written."""
        return -int(self.number.as_tuple().exponent)


class Score(Record, frozen=True):
    """``mean ± sd (n=runs)``."""

    mean: Stated
    std: Stated
    n: int

    def is_of(self, row: Strategy) -> bool:
        """Whether it is a strategy's, as far as enough decimals tell."""
        is_told = min(self.mean.decimals, self.std.decimals) >= DECIMALS
        return is_told and self.mean.is_rounded(row.mean) and self.std.is_rounded(row.std)


class Alternative(Record, frozen=True):
    """``strategy, gain ± se for trainable``."""

    strategy: str
    gain: Stated
    error: Stated | None
    """None where it was not written."""
    trainable: int


class Rates(Record, frozen=True):
    """``head rate, backbone rate``."""

    head: float
    backbone: float


class TableCell(Record, frozen=True):
    """``true class, predicted class, before -> after``; a class by its number or its name."""

    true: str
    predicted: str
    before: int
    after: int


class Part(Record, frozen=True, kw_only=True):
    """One section of the note, and the comparison that it speaks of."""

    title: str
    sections: tuple[Section, ...]
    """What stands below headings of this title; one if all is well."""
    comparison: Comparison | None
    """With the gate of the course; None where the evidence has none of this modality, or one of other runs."""
    other_runs: str
    """In what the evidence is of other runs than the course asks for; empty where it is not."""

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
        return any(not placeholder(item.value) for item in self.items.values())

    @property
    def is_complete(self) -> bool:
        """Whether every value that is asked for is filled in."""
        return all(key in self.items and not placeholder(self.items[key].value) for key in REQUIRED)

    @property
    def measured(self) -> Comparison:
        """The comparison; block the check where there is none."""
        if self.comparison is None:
            modality = self.title.lower()
            told = f"The evidence holds no comparison of {modality}"
            if self.other_runs:
                asked = f"{self.title} is about the course's own runs on {TASKS[self.title].scenario}"
                told = f"{asked}, and of the evidence the {self.other_runs} is another"
            raise Waits(f"{told}; `grade compare --modality {modality}` adds it.")
        return self.comparison

    @property
    def chosen(self) -> Strategy:
        """The measured row of the strategy that the note names; block the check when it names none."""
        item = self.items.get("strategy")
        name = read_strategy(item.value) if item else None
        if name is None:
            raise Waits(f"{self.title}: `strategy` decides which figures belong here; put that right first.")
        return self.measured.strategy(name)

    @property
    def because(self) -> str:
        """The reason that is given for a strategy; empty when there is none."""
        item = self.items.get(BECAUSE)
        return "" if item is None or placeholder(item.value) else item.value

    def is_reasoned(self, row: Strategy) -> bool:
        """Whether there is a reason for a strategy: a sentence that quotes the figure on which it rests."""
        if words(self.because) < SENTENCE:
            return False
        grounds, quoted = truth.grounds(self.measured, row), read_figures(self.because)
        return any(
            min(mean.decimals, error.decimals) >= DECIMALS and error.is_rounded(right_error)
            and (mean.is_rounded(right) or mean.is_rounded(-right))
            for mean, error in quoted for right, right_error in grounds
        )  # fmt: skip

    def expect_a_figure(self) -> None:
        """Block the check for a section in which nothing is measured: no score, and no count of what learns."""
        told = [read_score(item.value) for key, item in self.items.items() if key in _SCORES]
        trainable = read_count(self.items["trainable"].value) if "trainable" in self.items else None
        for row in self.measured.strategies:
            if row.trainable == trainable or any(score and score.is_of(row) for score in told):
                return
        raise Waits(f"{self.title}: none of its figures is in the evidence; put those right first.")

    def item(self, key: str) -> Item:
        """Return an item that is written; fail the check for a placeholder, block it where there is no such key."""
        item = self.items.get(key)
        if item is None:
            raise Waits(f"{self.title} has no `{key}`; put the keys right first, and look here again.")
        if placeholder(item.value):
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


class Seen(View):
    """Everything that was seen; NotReached where the evidence is not what reading a note gives."""

    @functools.cached_property
    def parts(self) -> tuple[Part, ...]:
        """The sections that are asked for, those that are not there too."""
        sections, measured = self._told("note", tuple[Section, ...]), self._told("adaptation", Adaptation)
        return tuple(_part(title, sections, measured.of(title.lower())) for title in SECTIONS)

    def part(self, title: str) -> Part:
        """The section of a title."""
        return self.parts[SECTIONS.index(title)]


def _part(title: str, sections: tuple[Section, ...], found: Comparison | None) -> Part:
    other_runs = truth.other_runs(found, TASKS[title]) if found else ""
    return Part(
        title=title,
        sections=tuple(section for section in sections if section.title == title),
        comparison=truth.as_asked(found) if found and not other_runs else None,
        other_runs=other_runs,
    )


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


def class_number(comparison: Comparison, name: str) -> int | None:
    """Return the number of a class that is given by number or by name, in lower case; None for no class."""
    names = [each.lower() for each in comparison.classes]
    if name in names:
        return names.index(name)
    number = read_count(name)
    return number if number is not None and number < len(names) else None


_SIGNS = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2192\u21d2\u27f6\u27f9", "->"),
}
_PLUS_MINUS = re.compile(r"\+\s*/?\s*-")
_ARROW = re.compile(r"[-=]+>")
_LENGTH_CAP = 200
"""Characters of a value that is more than prose."""
_NUMBER = r"[+-]?(?:\d{1,15}(?:[.,]\d{0,25})?|[.,]\d{1,25})(?:e[+-]?\d{1,2})?"
_COUNT = r"\d{1,3}(?:[,._' ]\d{3}){1,4}|\d(?:\.\d{1,15})?e\+?\d{1,2}|\d{1,15}"
_GAP = r"\s*(?:[,;:]|and\b)?\s*"
_SD, _SE = (rf"(?:\s*\(?\s*{label}\b\s*\)?)?" for label in ("sd", "se"))
_SCORE = re.compile(rf"({_NUMBER})\s*±\s*({_NUMBER}){_SD}{_GAP}\(?\s*n\s*=\s*(\d{{1,6}})\s*\)?\W*")
_ERROR = rf"\(?\s*±\s*({_NUMBER}){_SE}\s*\)?\s*"
_ALTERNATIVE = re.compile(rf"([a-z_ -]+?){_GAP}({_NUMBER})\s*(?:{_ERROR})?for\s*({_COUNT})(?![\d.,]*\d).*")
_PEAK = r"(?:\s*\(?\s*peak(?: rate)?\b\s*\)?)?"
_REMARK = r"(?:\s*\([^()]{0,40}\))?"
_RATES = re.compile(
    rf"head{_PEAK}\s*[=:]?\s*({_NUMBER}){_PEAK}{_REMARK}{_GAP}"
    rf"backbone{_PEAK}\s*[=:]?\s*({_NUMBER}|frozen){_PEAK}{_REMARK}\W*"
)
_FIGURE = re.compile(rf"(?<![\w.,])({_NUMBER})\s*±\s*({_NUMBER})")
_CELL = re.compile(rf"true\s*(.+?){_GAP}predicted\s*(.+?)\s*[,;:]\s*({_COUNT})\s*(?:->|to)\s*({_COUNT})\W*")
_WHOLE = re.compile(rf"({_COUNT})(?![\d.,]*\d)(?!\w).*")
_DEPTH = re.compile(r"depth\s*(\d{1,6})\b.*")
_PLACEHOLDER = re.compile(r"<[a-z][^<>]*>", re.IGNORECASE)


def placeholder(text: str) -> str:
    """Return what is still to be written in a value: a part in angle brackets, or all of an empty one."""
    left = _PLACEHOLDER.search(text)
    return left[0] if left else "" if text.strip() else "nothing"


def words(text: str) -> int:
    """Count the words of a sentence."""
    return len(re.findall(r"\w+(?:['.,-]\w+)*", text))


def read_strategy(text: str) -> str | None:
    """Read the name of a strategy, which may be followed by a remark in brackets."""
    letters = re.sub(r"[\s_-]+", "", _plain(text).partition("(")[0].strip(" .;,"))
    return next((name for name in STRATEGIES if name.replace("_", "") == letters), None)


def read_count(text: str) -> int | None:
    """Read a whole number."""
    found = _WHOLE.fullmatch(_plain(text))
    return _whole(found[1]) if found else None


def read_score(text: str) -> Score | None:
    """Read a mean with its spread and the number of runs."""
    found = _SCORE.fullmatch(_plain(text))
    return Score(_stated(found[1]), _stated(found[2]), int(found[3])) if found else None


def read_alternative(text: str) -> Alternative | None:
    """Read another strategy, what it gains, how well that is known, and what it trains."""
    found = _ALTERNATIVE.fullmatch(_plain(text))
    name, trainable = (read_strategy(found[1]), _whole(found[4])) if found else (None, None)
    if found is None or name is None or trainable is None:
        return None
    return Alternative(name, _stated(found[2]), _stated(found[3]) if found[3] else None, trainable)


def read_rates(text: str) -> Rates | None:
    """Read the learning rates of head and backbone."""
    found = _RATES.fullmatch(_plain(text))
    if found is None:
        return None
    return Rates(float(_stated(found[1]).number), 0.0 if found[2] == "frozen" else float(_stated(found[2]).number))


def read_cell(text: str) -> TableCell | None:
    """Read a cell of the confusion matrix with its two counts."""
    found = _CELL.fullmatch(_plain(text))
    before, after = (_whole(found[3]), _whole(found[4])) if found else (None, None)
    return TableCell(found[1], found[2], before, after) if found and before is not None and after is not None else None


def read_figures(text: str) -> list[tuple[Stated, Stated]]:
    """Read every figure of a sentence that has an error behind it."""
    return [(_stated(found[1]), _stated(found[2])) for found in _FIGURE.finditer(_plain(text))]


def read_yes_or_no(text: str) -> bool | None:
    """Read yes or no."""
    return {"yes": True, "no": False}.get(re.split(r"\W", _plain(text), maxsplit=1)[0])


def read_depth(text: str) -> int | None:
    """Read the depth of a next experiment that begins with one; None for anything else."""
    found = _DEPTH.fullmatch(_plain(text))
    return int(found[1]) if found else None


def _plain(text: str) -> str:
    """Return text in lower case with one kind of dash, arrow, space and plus-minus sign."""
    folded = "".join(_SIGNS.get(sign, sign) for sign in unicodedata.normalize("NFKC", text))
    return " ".join(_ARROW.sub("->", _PLUS_MINUS.sub("±", folded)).lower().split())[:_LENGTH_CAP]


def _stated(text: str) -> Stated:
    return Stated(Decimal(text.replace(",", ".")))


def _whole(text: str) -> int | None:
    """Return a count; None for one in scientific notation that is not whole."""
    number = Decimal(text) if "e" in text else Decimal(re.sub(r"[,._' ]", "", text))
    return int(number) if number == int(number) else None
