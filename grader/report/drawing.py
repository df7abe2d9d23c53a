"""Geometry and text alternatives of a report's figures, for their templates."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from typing import Any

from grader.records import Figure, FreezeMap, Heatmap, Profile, Record

NAMES_CAP = 5
"""Tensors that a description names one by one."""
_LETTER = 6
"""Pixels that a letter takes, on average."""
_UPRIGHT = 2
"""Letters of a name that always has room."""
_SLANT = 0.64
"""How deep a slanted name hangs, for its length."""


def kind(figure: Figure) -> str:
    """Return what tells a kind of figure from the others."""
    return str(type(figure).__struct_config__.tag)


def agrees(figure: FreezeMap, row: int, column: int) -> bool:
    """Whether a cell of a freeze map was seen as expected."""
    return figure.seen[row][column] == float(figure.expected[row][column])


def octave(value: float | None) -> int | None:
    """Return the lane of a value: its nearest power of two; None for what has none."""
    return None if value is None else round(math.log2(value))


def lanes(profile: Profile) -> list[int | None]:
    """Return the lanes of a profile from the largest down; those without a value have the last."""
    values = {octave(value) for dot in profile.dots for value in (dot.expected, dot.seen)}
    return [*sorted((each for each in values if each is not None), reverse=True), None]


def spans(profile: Profile) -> list[tuple[str, int, int]]:
    """Return title, first place and length of every block, input side first."""
    found, start = [], 0
    for block, dots in itertools.groupby(profile.dots, key=lambda dot: dot.block):
        length = len(list(dots))
        found.append((block, start, length))
        start += length
    return found


def described(profile: Profile) -> str:
    """Say block by block what was expected and seen, and name what was otherwise."""
    sentences = []
    for block, dots in itertools.groupby(profile.dots, key=lambda dot: dot.block):
        tensors = list(dots)
        wrong = [dot for dot in tensors if not dot.is_right]
        seen = _spoken(profile, (dot.seen for dot in tensors))
        sentences.append(f"{block}: {len(tensors)} tensors, seen {seen}.")
        sentences += [f"Not as asked: {dot.name}, {_spoken(profile, [dot.seen])}." for dot in wrong[:NAMES_CAP]]
        if wrong[NAMES_CAP:]:
            sentences.append(f"And {len(wrong) - NAMES_CAP} more.")
    return " ".join(sentences)


def _spoken(profile: Profile, values: Iterable[float | None]) -> str:
    distinct = sorted(set(values), key=lambda value: -(value or 0))
    return " and ".join(profile.without if value is None else f"{profile.quantity} {value:.3g}" for value in distinct)


class Square(Record, frozen=True, kw_only=True):
    """One cell of a grid."""

    text: str
    share: float
    """How dark it is, from 0 to 1."""
    is_less: bool
    is_wrong: bool = False


class Grid(Record, frozen=True, kw_only=True):
    """A square matrix as it is drawn: true classes in rows, predicted ones in columns."""

    title: str
    description: str
    names: tuple[str, ...]
    rows: tuple[tuple[Square, ...], ...]
    widest: float = math.inf
    """Pixels that may be taken from left to right."""

    @property
    def left(self) -> int:
        """Where the first column begins, right of the names."""
        return max(46, 26 + self._longest)

    @property
    def cell(self) -> int:
        """Width and height of a cell."""
        return int(max(18, min(42, (self.widest - self.left - 6) // len(self.names))))

    @property
    def foot(self) -> int:
        """How far below the last row the line under the names is."""
        return 34 if self._longest <= self.cell else 30 + round(self._longest * _SLANT)

    def is_slanted(self, name: str) -> bool:
        """Whether a name is written at a slant below its column: when not all have room, all but the shortest are."""
        return self._longest > self.cell and len(name) > _UPRIGHT

    @property
    def _longest(self) -> int:
        return _LETTER * max(map(len, self.names))


def grid(heatmap: Heatmap) -> Grid:
    """Lay a heatmap out."""
    told = []
    for true, (row, right) in enumerate(zip(heatmap.values, heatmap.are_right, strict=True)):
        cells = (number(heatmap, value) + " (not right)" * (not ok) for value, ok in zip(row, right, strict=True))
        told.append(f"True class {true}, by predicted class: {', '.join(cells)}.")
    return Grid(
        title=heatmap.title.replace("`", ""),
        description=" ".join(told),
        names=tuple(map(str, range(len(heatmap.values)))),
        rows=tuple(
            tuple(_square(heatmap, value, is_right=ok) for value, ok in zip(row, right, strict=True))
            for row, right in zip(heatmap.values, heatmap.are_right, strict=True)
        ),
    )


def _square(heatmap: Heatmap, value: float | None, *, is_right: bool) -> Square:
    return Square(
        text=number(heatmap, value),
        share=share(heatmap, value),
        is_less=value is not None and value < 0,
        is_wrong=not is_right,
    )


def number(heatmap: Heatmap, value: float | None) -> str:
    """Return a cell's text; the same in every locale."""
    if value is None:
        return "?"
    if heatmap.is_change:
        return f"{value:+.2f}" if value else "0"
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"


def share(heatmap: Heatmap, value: float | None) -> float:
    """Return how large a cell is beside the largest, between 0 and 1."""
    largest = max((abs(each) for row in heatmap.values for each in row if each is not None), default=0) or 1
    return round(abs(value or 0) / largest, 3)


FILTERS: dict[str, Callable[..., Any]] = {
    each.__name__: each for each in (agrees, described, grid, kind, lanes, octave, spans)
}
"""By the names that the templates use."""
