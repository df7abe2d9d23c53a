"""Figures of a report as plain numbers."""

from __future__ import annotations

from .base import Record


class FreezeMap(Record, frozen=True, kw_only=True, tag_field="kind", tag="freeze-map"):
    """Which blocks learn at which depth, expected against seen; rows are blocks, columns are depths."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    expected: tuple[tuple[bool, ...], ...]
    seen: tuple[tuple[float | None, ...], ...]
    """Share of the block's tensors that moved, None where nothing was seen."""


class Dot(Record, frozen=True, kw_only=True):
    """One tensor of a profile."""

    name: str
    block: str
    expected: float | None
    """None where it should not have the quantity at all, as a frozen tensor has no learning rate."""
    seen: float | None
    is_right: bool


class Profile(Record, frozen=True, kw_only=True, tag_field="kind", tag="profile"):
    """A positive quantity of every tensor of a model, input side first, expected against seen."""

    title: str
    quantity: str
    """What is measured, such as "learning rate"."""
    without: str
    """What a tensor does that has none, such as "takes no step"."""
    dots: tuple[Dot, ...]


class Heatmap(Record, frozen=True, kw_only=True, tag_field="kind", tag="heatmap"):
    """A square matrix that the learner's code returned: true classes in rows, predicted ones in columns."""

    title: str
    values: tuple[tuple[float | None, ...], ...]
    """None where no finite number came back."""
    are_right: tuple[tuple[bool, ...], ...]
    is_change: bool
    """Whether the values are differences, in which the sign matters."""


Figure = FreezeMap | Profile | Heatmap
"""Whatever a report can draw; ``kind`` tells them apart in JSON."""
