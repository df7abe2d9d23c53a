"""Ladders of exercise 03: what learns at each depth, by the true blocks or by those that a learner's function gave.

``partial_unfreeze`` and ``trainable_by_depth`` are judged by what right ones would do with the learner's own blocks,
too. That is computed here, from what ``backbone_blocks`` answered; no right answer ever goes in to take its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.authoring.anatomy import Anatomy
from grader.records import Record

Names = frozenset[str]
FEWEST = 3
"""Rungs that a ladder has at least: every model here has more, also when one block was forgotten."""


class Ladder(Record, frozen=True, kw_only=True):
    """The head and the blocks above which a depth is counted."""

    head: Names
    blocks: tuple[Names, ...]

    @classmethod
    def of(cls, body: Anatomy) -> Ladder:
        """Return the ladder that a model has."""
        return cls(head=body.head, blocks=body.blocks)

    def has(self, depth: int) -> bool:
        """Whether there is such a depth."""
        return 0 <= depth <= len(self.blocks)

    def at(self, depth: int) -> Names:
        """Names that learn at a depth."""
        return self.head.union(*self.blocks[len(self.blocks) - depth :])

    def below(self, depth: int) -> Names:
        """Names in the blocks that stay frozen at a depth."""
        return frozenset[str]().union(*self.blocks[: len(self.blocks) - depth])

    def readings(self, depth: int, names: Names, before: Names) -> Iterator[Names]:
        """Yield what may learn of ``names`` at a depth: what is in no block is frozen, learns, or stays as before."""
        yield self.at(depth) & names
        yield names - self.below(depth)
        yield (self.at(depth) | (before - self.below(depth))) & names

    def tells(self, deepest: int) -> bool:
        """Whether every depth up to the model's ``deepest`` is another one, so that climbing it takes work."""
        rungs = [self.at(depth) for depth in range(min(deepest, len(self.blocks)) + 1)]
        return len(set(rungs)) == len(rungs) >= FEWEST


def moving(body: Anatomy, live: Names) -> Names:
    """Return what moves in training when ``live`` learns: buffers do beside a parameter that learns."""
    modules = {name.rpartition(".")[0] for name in live}
    return live | {entry.name for entry in body.entries if entry.is_buffer and entry.name.rpartition(".")[0] in modules}


def tables(body: Anatomy, blocks: Sequence[Sequence[str]], before: Names) -> Iterator[list[int]]:
    """Yield the tables that blocks give, from flags ``before``: as sets, and added up with what is in two blocks."""
    ladder = Ladder(head=body.head, blocks=tuple(map(frozenset, blocks)))
    depths = range(len(blocks) + 1)
    rungs = [list(ladder.readings(depth, body.names, before)) for depth in depths]
    yield from (list(map(body.size_of, reading)) for reading in zip(*rungs, strict=True))
    sizes = [sum(body.size_of(frozenset([name])) for name in block) for block in blocks]
    yield [body.size_of(body.names) - sum(sizes[: len(sizes) - depth]) for depth in depths]
    yield [body.size_of(body.head) + sum(sizes[len(sizes) - depth :]) for depth in depths]
