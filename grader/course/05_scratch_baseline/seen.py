"""What was seen of exercise 05, read from the evidence: the one view that checks and misconceptions share.

The original's weights went in from outside, so what was copied, changed or shared is known here to the bit. Whether
the global generator stands where it stood shows in the numbers it gave next: torch's is the Mersenne Twister of
numpy's RandomState, so they are known as well.
"""

from __future__ import annotations

import contextlib
import functools
import statistics
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.authoring import NotReached
from grader.authoring.anatomy import GRID, Anatomy, Arrays, anatomy
from grader.authoring.digests import Digests, digest, digests
from grader.authoring.view import View, picked
from grader.records import Evidence, Record
from grader.wire.answer import Answer

from . import plan, wire
from .likeness import SEVERAL, is_made_of

Names = frozenset[str]
FIRST, AGAIN, OTHER = range(3)
"""Positions of the calls: with one seed, with the same seed, with another."""
CLOSE = 1e-6
"""A share may have been computed in float32."""


_KNOWN: Mapping[str | None, Any] = {"float32": np.float32, "float64": np.float64}
"""Dtypes whose steps are known here."""
FAMILIES = ("resnet", "bert", "vit")


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
    """The twin's state; empty when names and shapes are not the original's, or its numbers are of an odd dtype."""
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
        """Matrices whose numbers are the original's, in any order, or made from them."""
        return self._made_of_old(self.matrices)

    @functools.cached_property
    def kept_biases(self) -> Names:
        """The same among what has one dimension and belongs to no normalisation layer."""
        return self._made_of_old(self.anatomy.names - self.matrices - self.norms.keys())

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

    def agrees(self, other: Twin, name: str) -> bool:
        """Whether another twin has the same numbers in an entry."""
        return name in other.values and np.array_equal(self.values[name], other.values[name])

    def resembles(self, other: Twin, name: str) -> bool:
        """Whether an entry's numbers are another twin's, or made from them."""
        return name in other.values and is_made_of(self.values[name], other.values[name])

    def _made_of_old(self, names: Names) -> Names:
        return frozenset(n for n in names & self.values.keys() if is_made_of(self.values[n], self.old[n]))


class Floor(Record, frozen=True, kw_only=True):
    """What came of one call of ``majority_floor``."""

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

    @property
    def is_plain(self) -> bool:
        """Whether one class is the most frequent of both label sets."""
        modes = [statistics.multimode(labels) for labels in (self.train, self.val)]
        return modes == [[self.majority]] * 2

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
        return tuple(map(self.of, FAMILIES))

    def of(self, family: str) -> tuple[Twin, ...]:
        """Return the twins of one model."""
        if family not in self._twins:
            (row,) = (row for row in self._plan["models"] if row["spec"]["family"] == family)
            self._twins[family] = tuple(self._twin(row, number) for number, _ in enumerate(row["seeds"]))
        return self._twins[family]

    @functools.cached_property
    def _twins(self) -> dict[str, tuple[Twin, ...]]:
        return {}

    @functools.cached_property
    def reached(self) -> tuple[tuple[Twin, ...], ...]:
        """The twins of every model that the run came to; raise NotReached where it came to none."""
        found = []
        for family in FAMILIES:
            with contextlib.suppress(NotReached):
                found.append(self.of(family))
        return tuple(found) or self.twins

    @property
    def every_twin(self) -> tuple[Twin, ...]:
        """All of them."""
        return tuple(twin for twins in self.twins for twin in twins)

    @functools.cached_property
    def floors(self) -> tuple[Floor, ...]:
        """The calls of ``majority_floor``."""
        return tuple(
            Floor(
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
        before = picked([entry.name for entry in body.parameters], row["flags"])
        still, values = _stepped(old, before), self._values(name, told, body)

        def differing(part: str) -> Names:
            return picked(old, self._array(f"{name}/{part}", still.shape, np.uint64) != still)

        return Twin(
            title=_title(row, before, body),
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
                self._array(f"{name}/numbers", (wire.NUMBERS,), np.float32),
                numbers(row["global_seeds"][number], row["ahead"][number]),
            ),
        )

    def _values(self, name: str, told: wire.Twinned, body: Anatomy) -> Arrays:
        if told.shapes != {entry.name: entry.shape for entry in body.entries}:
            return {}
        if not {told.dtypes.get(entry.name) for entry in body.parameters} <= _KNOWN.keys():
            return {}
        sizes, wide = [entry.size for entry in body.entries], "float64" in told.dtypes.values()
        flat = self._array(f"{name}/values", (sum(sizes),), np.float64 if wide else np.float32)
        parts = zip(body.entries, np.split(flat, np.cumsum(sizes)[:-1]), strict=True)
        return {
            e.name: part.reshape(e.shape).astype(_KNOWN.get(told.dtypes.get(e.name), flat.dtype)) for e, part in parts
        }

    def _live(self, name: str, values: Arrays) -> Names:
        if not values:
            return frozenset()
        shaken = self._array(f"{name}/shaken", (len(values),), np.uint64)
        return picked(values, shaken == digests(array - array.dtype.type(1 / GRID) for array in values.values()))


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


def _stepped(old: Arrays, live: Names) -> Digests:
    """Return the digests of the original after a step that moves what can learn in it."""
    step = np.float32(1 / GRID)
    return np.array([digest(array - step if name in live else array) for name, array in old.items()], dtype=np.uint64)


def numbers(seed: int, ahead: int) -> np.ndarray[Any, Any]:
    """Return what ``torch.rand`` gives ``ahead`` numbers after ``torch.manual_seed(seed)``, float32 ``[NUMBERS]``.

    That is 24 bits of each 32 that are drawn.
    """
    words = np.frombuffer(np.random.RandomState(seed).bytes(4 * (ahead + wire.NUMBERS)), dtype="<u4")[ahead:]
    return ((words & (2**24 - 1)) / 2**24).astype(np.float32)


def _title(row: dict[str, Any], live: Names, body: Anatomy) -> str:
    names = {"resnet": "a ResNet", "bert": "a BERT", "vit": "a Vision Transformer"}
    states = {body.names: "", body.head: " whose backbone is frozen", frozenset(): " in which everything is frozen"}
    return names[row["spec"]["family"]] + states[live]


def _tally(labels: tuple[int, ...]) -> str:
    counts = [f"{labels.count(label)} of class {label}" for label in sorted(set(labels))]
    return f"({', '.join(counts)})"
