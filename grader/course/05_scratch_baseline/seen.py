"""What was seen of exercise 05, read from the evidence: the one view that checks and misconceptions share.

The original's weights went in from outside, so what was copied, changed or shared is known here to the bit. Whether
the global generator stands where it stood shows in the numbers it gave next: torch's is the Mersenne Twister of
numpy's RandomState, so they are known as well.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.authoring.anatomy import GRID, Anatomy, Arrays, anatomy
from grader.authoring.digests import Digests, digest, digests
from grader.authoring.view import View
from grader.records import Evidence, Record
from grader.wire.answer import Answer

from . import plan, wire

Names = frozenset[str]
FIRST, AGAIN, OTHER = range(3)
"""Positions of the calls: with one seed, with the same seed, with another."""
ALIKE = 0.2
"""Share of equal numbers above which a tensor is not drawn anew."""
CLOSE = 1e-6
"""A share may have been computed in float32."""
HALF, CHANCE = 0.5, 6.0
"""Correlations above both the one and so many standard deviations of what chance gives come from the original."""
SEVERAL = 3
"""Distinct numbers that a drawn tensor has at least."""


class Twin(Record, frozen=True, kw_only=True, dict=True):
    """What came of one call of ``make_scratch_twin``."""

    title: str
    """How to call the model in a sentence."""
    seed: int
    anatomy: Anatomy
    old: Arrays
    """The original's whole state as it went in."""
    before: Names
    """Parameters of the original that could learn."""
    told: wire.Twinned
    """What it is, by its own account."""
    values: Arrays
    """The twin's state; empty when names and shapes are not the original's."""
    live: Names
    """Parameters of the twin that a step moves."""
    altered: Names
    """Entries of the original that were not as they had been after the call, flags included."""
    shared: Names
    """Entries of the original that moved when the twin was pushed."""
    numbers_kept: bool
    """Whether the global generator went on as if there had been no call."""

    @property
    def answer(self) -> Answer:
        """What came of the call."""
        return self.told.answer

    @property
    def call(self) -> str:
        """The call, for sentences."""
        return f"{wire.TWIN}(model, {self.seed})"

    @property
    def where(self) -> str:
        """The model, for the beginning of a sentence."""
        return f"Given {self.title}"

    @functools.cached_property
    def matrices(self) -> Names:
        """Names of the parameters with two or more dimensions."""
        return frozenset(entry.name for entry in self.anatomy.parameters if len(entry.shape) > 1)

    @functools.cached_property
    def norms(self) -> Mapping[str, float]:
        """Names of what belongs to normalisation layers, and the number that fills it in a new layer."""
        flat = {entry.name for entry in self.anatomy.parameters if len(entry.shape) == 1}
        owners = {name.removesuffix("weight") for name in flat if name.endswith(".weight")}
        new = {"weight": 1.0, "bias": 0.0, "running_mean": 0.0, "running_var": 1.0, "num_batches_tracked": 0.0}
        return {owner + part: new[part] for owner in owners for part in new if owner + part in self.old}

    @functools.cached_property
    def kept(self) -> Names:
        """Matrices of which more than a fifth is the original's, as it was, in another order or under noise."""
        return frozenset(name for name in self.matrices & self.values.keys() if self._is_like(name))

    @functools.cached_property
    def constant(self) -> Names:
        """Matrices that hold hardly more than one number."""
        names = self.matrices & self.values.keys()
        return frozenset(name for name in names if len(np.unique(self.values[name])) < SEVERAL)

    @functools.cached_property
    def copied(self) -> Names:
        """Entries that are the original's, bit for bit."""
        return frozenset(name for name, array in self.values.items() if np.array_equal(array, self.old[name]))

    @property
    def constant_in_layers(self) -> Names:
        """Constant matrices of layers; a token that belongs to no layer often starts at zero."""
        return frozenset(name for name in self.constant if "." in name)

    @property
    def fresh(self) -> Names:
        """Matrices that are drawn anew."""
        return (self.matrices & self.values.keys()) - self.kept - self.constant

    @property
    def mostly_fresh(self) -> bool:
        """Whether more than half of the matrices are drawn anew."""
        return len(self.fresh) > len(self.matrices) / 2

    def agrees(self, other: Twin, name: str) -> bool:
        """Whether another twin has the same numbers in an entry."""
        return name in other.values and np.array_equal(self.values[name], other.values[name])

    def _is_like(self, name: str) -> bool:
        mine, old = self.values[name].ravel(), self.old[name].ravel()
        shared = np.mean(np.sort(mine) == np.sort(old))
        return bool(max(np.mean(mine == old), shared) > ALIKE) or _correlation(mine, old) > max(
            CHANCE / np.sqrt(old.size), HALF
        )


def _correlation(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    """Return the cosine between two arrays of one shape, less their means; 0.0 where one of them is constant."""
    with np.errstate(all="ignore"):
        first, second = (array.astype(np.float64) - array.mean(dtype=np.float64) for array in (one, other))
        cosine = float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second)))
    return cosine if np.isfinite(cosine) else 0.0


class Floor(Record, frozen=True, kw_only=True):
    """What came of one call of ``majority_floor``."""

    id: str
    train: tuple[int, ...]
    val: tuple[int, ...]
    answer: Answer

    @property
    def labels(self) -> str:
        """Both label sets, for sentences."""
        return f"training labels {_tally(self.train)}, validation labels {_tally(self.val)}"

    @property
    def majority(self) -> int:
        """The most frequent training class, the smallest of those that are."""
        return min(set(self.train), key=lambda label: (-self.train.count(label), label))

    def share(self, label: int) -> float:
        """Return how often a class occurs among the validation labels."""
        return self.val.count(label) / len(self.val)

    def is_about(self, share: float) -> bool:
        """Whether this is the number that came back."""
        told = self.answer.returned
        return isinstance(told, int | float) and abs(told - share) <= CLOSE


class Seen(View):
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    @functools.cached_property
    def twins(self) -> tuple[tuple[Twin, ...], ...]:
        """For every model its three twins: with one seed, with the same seed, with another."""
        return tuple(
            tuple(self._twin(row, number) for number, _ in enumerate(row["seeds"])) for row in self._plan["models"]
        )

    @property
    def every_twin(self) -> tuple[Twin, ...]:
        """All of them."""
        return tuple(twin for twins in self.twins for twin in twins)

    @functools.cached_property
    def floors(self) -> tuple[Floor, ...]:
        """The calls of ``majority_floor``."""
        return tuple(
            Floor(
                id=row["id"],
                train=tuple(row["train"]),
                val=tuple(row["val"]),
                answer=self._told(wire.floor(row), Answer),
            )
            for row in self._plan["floors"]
        )

    def _twin(self, row: dict[str, Any], number: int) -> Twin:
        name = wire.twin(row, number)
        told: wire.Twinned = self._told(name, wire.Twinned)
        body, old = anatomy(row["spec"]), plan.weights(row)
        before = frozenset(e.name for e, flag in zip(body.parameters, row["flags"], strict=True) if flag)
        still, values = _stepped(old, before), self._values(name, told, body)

        def differing(part: str) -> Names:
            seen = self._array(f"{name}/{part}", still.shape, np.uint64)
            return frozenset(np.array(list(old))[seen != still].tolist())

        return Twin(
            title=_title(row),
            seed=row["seeds"][number],
            anatomy=body,
            old=old,
            before=before,
            told=told,
            values=values,
            live=self._live(name, values),
            altered=differing("original"),
            shared=frozenset() if told.shapes is None else differing("afterwards"),
            numbers_kept=np.array_equal(
                self._array(f"{name}/numbers", (wire.NUMBERS,), np.float32), numbers(row["global_seeds"][number])
            ),
        )

    def _values(self, name: str, told: wire.Twinned, body: Anatomy) -> Arrays:
        if told.shapes != {entry.name: entry.shape for entry in body.entries}:
            return {}
        sizes = [entry.size for entry in body.entries]
        flat = self._array(f"{name}/values", (sum(sizes),), np.float32)
        parts = np.split(flat, np.cumsum(sizes)[:-1])
        return {entry.name: part.reshape(entry.shape) for entry, part in zip(body.entries, parts, strict=True)}

    def _live(self, name: str, values: Arrays) -> Names:
        if not values:
            return frozenset()
        shaken = self._array(f"{name}/shaken", (len(values),), np.uint64)
        expected = digests(array - np.float32(1 / GRID) for array in values.values())
        return frozenset(np.array(list(values))[shaken == expected].tolist())


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


def _stepped(old: Arrays, live: Names) -> Digests:
    """Return the digests of the original after a step that moves what can learn in it."""
    step = np.float32(1 / GRID)
    return np.array([digest(array - step if name in live else array) for name, array in old.items()], dtype=np.uint64)


def numbers(seed: int) -> np.ndarray[Any, Any]:
    """Return what ``torch.rand`` gives after ``torch.manual_seed(seed)`` and what is spent, float32 ``[NUMBERS]``.

    That is 24 bits of each 32 that are drawn.
    """
    words = np.frombuffer(np.random.RandomState(seed).bytes(4 * (wire.SPENT + wire.NUMBERS)), dtype="<u4")[wire.SPENT :]
    return ((words & (2**24 - 1)) / 2**24).astype(np.float32)


def _title(row: dict[str, Any]) -> str:
    names = {"resnet": "a ResNet", "bert": "a BERT", "vit": "a Vision Transformer"}
    states = {"whole": "", "head": " whose backbone is frozen", "frozen": " in which everything is frozen"}
    return names[row["id"]] + states[row["state"]]


def _tally(labels: tuple[int, ...]) -> str:
    counts = [f"{labels.count(label)} of class {label}" for label in sorted(set(labels))]
    return f"({', '.join(counts)})"
