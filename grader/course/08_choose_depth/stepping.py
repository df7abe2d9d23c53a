"""``next_smaller_depth`` in steps, and the mistakes that take other ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.authoring.slips import slip, throw


class Stepping:
    """``next_smaller_depth`` in steps."""

    def step(self, tested: Sequence[int], chosen: int) -> Any:
        """Return the depth to try next."""
        if not self.known(tested, chosen):
            return self.unknown(tested, chosen)
        below = self.below(tested, chosen)
        if not below:
            return self.bottom(tested, chosen)
        lower = self.neighbour(below, tested, chosen)
        return self.between(lower, chosen) if self.has_room(lower, chosen) else self.adjacent(lower, chosen)

    def known(self, tested: Sequence[int], chosen: int) -> bool:
        """Whether the chosen depth is accepted."""
        return chosen in tested

    def unknown(self, tested: Sequence[int], chosen: int) -> Any:  # noqa: ARG002
        """What happens when it is not: ValueError."""
        raise ValueError

    def below(self, tested: Sequence[int], chosen: int) -> list[int]:
        """Which depths lie below."""
        return [depth for depth in tested if depth < chosen]

    def bottom(self, tested: Sequence[int], chosen: int) -> Any:  # noqa: ARG002
        """What happens when none does."""
        return None

    def neighbour(self, below: Sequence[int], tested: Sequence[int], chosen: int) -> int:  # noqa: ARG002
        """Which of them is the neighbour."""
        return max(below)

    def has_room(self, lower: int, chosen: int) -> bool:
        """Whether a depth lies between."""
        return chosen - lower > 1

    def adjacent(self, lower: int, chosen: int) -> Any:  # noqa: ARG002
        """What happens when none does."""
        return None

    def between(self, lower: int, chosen: int) -> Any:
        """Which depth between the two."""
        return (lower + chosen) // 2


def _listed_before(_: Any, tested: Sequence[int], chosen: int) -> list[int]:
    return list(tested[: tested.index(chosen)])


def _upwards(self: Any, tested: Sequence[int], chosen: int, room: int) -> int | None:
    if not self.known(tested, chosen):
        found: int | None = self.unknown(tested, chosen)
        return found
    larger = min((depth for depth in tested if depth > chosen), default=None)
    return None if larger is None or larger - chosen <= room else (chosen + larger) // 2


SLIPS = (
    *(
        slip("next-experiment-repeats", "the neighbour itself is the answer", between=lambda _, low, __: low, **more)
        for more in ({}, {"adjacent": lambda _, low, __: low})
    ),
    slip("next-experiment-repeats", "a gap of one is halved as well", has_room=lambda *_: True),
    slip("next-experiment-repeats", "the neighbour comes when there is no room", adjacent=lambda _, low, __: low),
    slip(
        "next-experiment-repeats", "the chosen depth comes when there is no room", adjacent=lambda _, __, chosen: chosen
    ),
    slip(
        "next-experiment-repeats",
        "the depth below comes when there is no room",
        adjacent=lambda _, __, chosen: chosen - 1,
    ),
    *(
        slip("next-experiment-deeper", "it is looked above the chosen depth", step=step)
        for step in (
            lambda s, tested, chosen: _upwards(s, tested, chosen, room=1),
            lambda s, tested, chosen: _upwards(s, tested, chosen, room=0),
            lambda s, tested, chosen: chosen + 1 if s.known(tested, chosen) else s.unknown(tested, chosen),
            lambda s, tested, chosen: (
                (None if chosen + 1 in tested else chosen + 1) if s.known(tested, chosen) else s.unknown(tested, chosen)
            ),
        )
    ),
    slip(
        "next-experiment-deeper",
        "it is looked above, tested or not",
        known=lambda *_: True,
        step=lambda s, t, c: _upwards(s, t, c, room=1),
    ),
    slip(
        "next-experiment-deeper", "it is looked above, tested or not", known=lambda *_: True, step=lambda s, t, c: c + 1
    ),
    slip(
        "next-experiment-deeper",
        "the nearest on either side is the neighbour",
        neighbour=lambda _, __, tested, chosen: min((d for d in tested if d != chosen), key=lambda d: abs(d - chosen)),
    ),
    slip("next-experiment-unknown-start", "a chosen depth that nobody tested is accepted", known=lambda *_: True),
    slip(
        "next-experiment-unknown-start",
        "a depth between tested ones is accepted",
        known=lambda _, t, c: min(t) <= c <= max(t),
    ),
    slip(
        "next-experiment-unknown-start",
        "a depth below all tested ones is accepted",
        known=lambda _, t, c: c in t or c < min(t),
    ),
    slip(
        "next-experiment-unknown-start",
        "a depth above all tested ones is accepted",
        known=lambda _, t, c: c in t or c > max(t),
    ),
    slip("next-experiment-unknown-start", "nothing is said of an untested depth", unknown=lambda *_: None),
    *(
        slip(
            "next-experiment-unknown-start", "another exception is raised", unknown=lambda *_, kind=kind: throw(kind())
        )
        for kind in (IndexError, TypeError, KeyError, StopIteration, RuntimeError, AssertionError)
    ),
    slip(
        "next-experiment-from-zero",
        "zero counts as tested when nothing lies below",
        bottom=lambda s, _, c: s.between(0, c) if s.has_room(0, c) else None,
    ),
    slip(
        "next-experiment-from-zero", "half of the chosen comes when nothing lies below", bottom=lambda _, __, c: c // 2
    ),
    slip("next-experiment-from-zero", "one less comes when nothing lies below", bottom=lambda _, __, c: c - 1),
    slip("next-experiment-from-zero", "zero comes when nothing lies below", bottom=lambda *_: 0),
    slip("next-experiment-from-zero", "the chosen comes when nothing lies below", bottom=lambda _, __, c: c),
    *(
        slip(
            "next-experiment-from-zero",
            "an exception comes when nothing lies below",
            bottom=lambda *_, kind=kind: throw(kind()),
        )
        for kind in (ValueError, IndexError, TypeError)
    ),
    slip("next-experiment-from-zero", "zero is always the neighbour", neighbour=lambda *_: 0),
    slip("next-experiment-from-zero", "half of the chosen is the answer", between=lambda _, __, c: c // 2),
    slip(
        "next-experiment-wrong-neighbour",
        "the smallest below is the neighbour",
        neighbour=lambda _, below, *__: min(below),
    ),
    slip(
        "next-experiment-wrong-neighbour",
        "the first below in the list is the neighbour",
        neighbour=lambda _, below, *__: below[0],
    ),
    slip(
        "next-experiment-wrong-neighbour",
        "the last below in the list is the neighbour",
        neighbour=lambda _, below, *__: below[-1],
    ),
    slip(
        "next-experiment-wrong-neighbour",
        "the one before in the list is the neighbour",
        neighbour=lambda _, __, t, c: t[t.index(c) - 1],
        below=lambda _, t, __: list(t),
    ),
    slip(
        "next-experiment-wrong-neighbour",
        "the one before in the list is the neighbour",
        below=_listed_before,
        neighbour=lambda _, below, *__: below[-1],
    ),
    slip(
        "next-experiment-wrong-neighbour",
        "zero does not count as tested",
        below=lambda _, t, c: [d for d in t if 0 < d < c],
    ),
    slip(
        "next-experiment-wrong-neighbour",
        "the chosen counts as its own neighbour",
        below=lambda _, t, c: [d for d in t if d <= c],
    ),
    slip("next-experiment-no-room", "a gap of two is taken for none", has_room=lambda _, low, c: c - low > 2),
    slip("next-experiment-no-room", "a gap of three is taken for none", has_room=lambda _, low, c: c - low > 3),
    slip("next-experiment-not-halfway", "the half is rounded up", between=lambda _, low, c: (low + c + 1) // 2),
    slip("next-experiment-not-halfway", "the half is rounded to even", between=lambda _, low, c: round((low + c) / 2)),
    slip("next-experiment-not-halfway", "the half is not rounded", between=lambda _, low, c: (low + c) / 2),
    slip("next-experiment-not-halfway", "half of the gap is the answer", between=lambda _, low, c: (c - low) // 2),
    slip(
        "next-experiment-not-halfway", "the depth just below the chosen is the answer", between=lambda _, __, c: c - 1
    ),
    slip(
        "next-experiment-not-halfway",
        "the depth just above the neighbour is the answer",
        between=lambda _, low, __: low + 1,
    ),
    slip("next-experiment-not-halfway", "only the chosen depth is halved", between=lambda _, low, c: low + c // 2),
    slip(
        "next-experiment-not-halfway",
        "every depth between is the answer",
        between=lambda _, low, c: list(range(low + 1, c)),
    ),
    slip(
        "next-experiment-no-room", "an exception comes when there is no room", adjacent=lambda *_: throw(ValueError())
    ),
    slip("next-experiment-no-room", "zero comes when there is no room", adjacent=lambda *_: 0),
)
