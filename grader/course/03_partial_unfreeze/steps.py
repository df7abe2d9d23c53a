"""The functions of exercise 03 in steps, as a right solution takes them, on names alone.

``cutting.py`` and ``unfreezing.py`` replace some.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from .calls import Model, Trial
from .ladders import Names

Blocks = Sequence[Sequence[str]]
POOLER = "pooler"


class Cutting:
    """``backbone_blocks``."""

    def blocks(self, model: Model) -> Any:
        """Return the blocks, each sorted: the order within is free."""
        groups: dict[str, list[str]] = {}
        for name in self.names(model):
            for label in self.labels(name, model):
                groups.setdefault(label, []).append(name)
        pooler = groups.pop(POOLER, [])
        found = [groups[label] for label in self.ordered(list(groups))]
        return [sorted(block) for block in self.finished(self.with_pooler(found, pooler), model)]

    def names(self, model: Model) -> list[str]:
        """Which names are looked at."""
        return [entry.name for entry in model.anatomy.parameters]

    def labels(self, name: str, model: Model) -> list[str]:
        """Into which blocks a name goes."""
        if name in model.anatomy.head:
            return []
        if name.startswith(("conv1.", "bn1.")):
            return ["stem"]
        found = re.match(r"bert\.encoder\.(layer\.\d+)\.|bert\.(embeddings|pooler)\.|(layer\d)\.", name)
        return [next(filter(None, found.groups()))] if found else []

    def ordered(self, labels: list[str]) -> list[str]:
        """In which order blocks come."""
        return labels

    def with_pooler(self, blocks: list[list[str]], pooler: list[str]) -> list[list[str]]:
        """Where the pooler goes."""
        return [*blocks[:-1], blocks[-1] + pooler] if pooler else blocks

    def finished(self, blocks: list[list[str]], model: Model) -> list[list[str]]:  # noqa: ARG002  a slip may look at it
        """What becomes of them."""
        return blocks


class Unfreezing:
    """``partial_unfreeze`` and ``trainable_by_depth``, which rest on blocks."""

    own_blocks: Callable[[Model], Blocks | None] | None = None
    """What the learner's own ``backbone_blocks`` answered, where it is known."""

    def blocks_of(self, model: Model) -> list[Names]:
        """Which blocks depths are counted by."""
        return list(model.anatomy.blocks)

    def unfreeze(self, trial: Trial) -> Any:
        """Return what learns afterwards, sorted."""
        blocks = self.blocks_of(trial.model)
        if self.refuses(trial.depth, len(blocks)):
            return self.refused(trial)
        head = self.head(trial.model)
        wanted = head.union(*self.freed(blocks, trial.depth))
        return sorted(self.flagged(trial, wanted, blocks))

    def refuses(self, depth: int, deepest: int) -> bool:
        """Which depths are refused."""
        return not 0 <= depth <= deepest

    def refused(self, trial: Trial) -> Any:  # noqa: ARG002
        """What happens then: ValueError."""
        raise ValueError

    def head(self, model: Model) -> Names:
        """What learns at every depth."""
        return model.anatomy.head

    def freed(self, blocks: list[Names], depth: int) -> Sequence[Names]:
        """Which blocks learn at a depth."""
        return blocks[len(blocks) - depth :]

    def flagged(self, trial: Trial, wanted: Names, blocks: list[Names]) -> Names:  # noqa: ARG002
        """Which flags are on in the end, given those that should be."""
        return wanted

    def table(self, model: Model) -> Any:
        """Return the scalars that learn at each depth."""
        blocks = self.blocks_of(model)
        return self.told([self.entry(model, blocks, depth) for depth in self.depths(len(blocks))], model)

    def depths(self, deepest: int) -> Sequence[int]:
        """For which depths there is an entry."""
        return range(deepest + 1)

    def entry(self, model: Model, blocks: list[Names], depth: int) -> Any:
        """What stands there."""
        return self.measure(model, self.head(model).union(*self.freed(blocks, depth)))

    def measure(self, model: Model, names: Names) -> int:
        """How names are counted."""
        return model.anatomy.size_of(names & model.anatomy.names)

    def told(self, counts: list[Any], model: Model) -> Any:  # noqa: ARG002
        """What comes back."""
        return counts


def own(self: Unfreezing, model: Model) -> list[Names]:
    """Stand for ``blocks_of``: the learner's own blocks, where there are any."""
    found = self.own_blocks(model) if self.own_blocks else None
    return [frozenset(block) & model.anatomy.names for block in found or model.anatomy.blocks]


def rest_learns(_: Unfreezing, trial: Trial, wanted: Names, blocks: list[Names]) -> Names:
    """Stand for ``flagged``: what is in no block learns."""
    return (trial.model.anatomy.names - frozenset[str]().union(*blocks)) | wanted


def rest_stays(_: Unfreezing, trial: Trial, wanted: Names, blocks: list[Names]) -> Names:
    """Stand for ``flagged``: what is in no block stays as it was."""
    return (trial.before - frozenset[str]().union(*blocks)) | wanted


def all_but_below(self: Unfreezing, model: Model, blocks: list[Names], depth: int) -> Any:
    """Stand for ``entry``: everything is counted but the blocks below."""
    return self.measure(model, model.anatomy.names - frozenset[str]().union(*blocks[: len(blocks) - depth]))
