"""What was seen of exercise 01, read from the evidence: the one view that checks and misconceptions share.

Weights, inputs and labels went in from outside, so what must not have changed is known here to the bit, and
scores, loss and gradient are computed anew from the features and from the head that came back.
"""

from __future__ import annotations

import contextlib
import functools
from typing import Any

import numpy as np

from grader.authoring import NotReached
from grader.authoring.anatomy import GRID, Arrays
from grader.authoring.digests import digest
from grader.authoring.view import View, distance
from grader.records import Evidence, Record
from grader.wire.answer import Answer

from . import plan, wire

Names = frozenset[str]
Array = np.ndarray[Any, Any]
_DIMENSIONS = {"weight": 2, "bias": 1}


class Trial(Record, frozen=True, kw_only=True, dict=True):
    """One model whose head was to be replaced."""

    kind: str
    """Its name in ``plan.TITLES``."""
    title: str
    """How to call it in a sentence."""
    family: str
    head: str
    """Name of the layer."""
    frozen: bool
    classes: int
    old: Arrays
    """The whole state as it went in."""
    labels: Array
    told: wire.Replaced
    """What it is and does, by its own account."""
    layer: wire.Layer
    """What stands at the head's place."""
    changed: Names
    """Entries outside the head that are not, bit for bit, what went in."""
    new: Arrays
    """``weight`` and ``bias`` of what stands at the head's place."""
    before: Array
    """What arrived at the old head."""
    features: Array | None
    """What arrives at the new one."""
    logits: Array | None
    gradient: Array | None
    stepped: bool
    """Whether a step moved the head's weight and bias by exactly as much as it should."""
    still: bool
    """Whether a step left both where they were."""

    @property
    def answer(self) -> Answer:
        """What came of the call."""
        return self.told.answer

    @property
    def call(self) -> str:
        """The call, for sentences."""
        return f"{wire.REPLACE}(model, {self.classes})"

    @property
    def where(self) -> str:
        """The trial, for the beginning of a sentence."""
        return f"On {self.title}, asked for {self.classes} classes"

    @functools.cached_property
    def head_names(self) -> Names:
        """Names of the head's entries as they went in."""
        return frozenset(name for name in self.old if name.startswith(f"{self.head}."))

    @property
    def missing(self) -> Names:
        """Keys that the state had and has no longer."""
        return frozenset(self.old).difference(self.told.keys)

    @property
    def surplus(self) -> Names:
        """Keys that the state has and did not have."""
        return frozenset(self.told.keys).difference(self.old)

    @property
    def old_weight(self) -> Array:
        """The old head's weight, ``[old classes, width]``."""
        return self.old[f"{self.head}.weight"]

    @property
    def weight(self) -> Array | None:
        """The new head's weight when it is the right shape."""
        weight = self.new.get("weight")
        return weight if weight is not None and weight.shape == (self.classes, self.old_weight.shape[1]) else None

    @functools.cached_property
    def kept(self) -> bool:
        """Whether the head is still the old one."""
        weight = self.new.get("weight")
        return weight is not None and np.array_equal(weight, self.old_weight)

    @property
    def replaced(self) -> bool:
        """Whether the call came back and a new matrix stands at the head's place, whatever its shape."""
        return self.answer.has_returned and "weight" in self.new and not self.kept

    @property
    def same_dtype(self) -> bool:
        """Whether what stands there has the old head's dtype."""
        return {str(self.old_weight.dtype)} == {self.layer.dtype, *(str(array.dtype) for array in self.new.values())}

    def scores(self) -> Array | None:
        """Return features times the new head, float64 ``[batch, classes]``; None without a head that fits."""
        if self.weight is None or self.features is None:
            return None
        bias = self.new.get("bias", np.zeros(self.classes))
        if bias.shape != (self.classes,):
            return None
        with np.errstate(all="ignore"):
            scores: Array = self.features.astype(np.float64) @ self.weight.T.astype(np.float64) + bias
        return scores

    def scores_gap(self) -> float:
        """Return how far the model's outputs are from that, relative to the largest; infinite without outputs."""
        scores = self.scores()
        if scores is None or self.logits is None:
            return np.inf
        gap = distance(scores, self.logits)
        return gap / max(float(np.abs(scores).max()), 1.0) if np.isfinite(gap) else gap

    def probabilities(self) -> bool:
        """Whether the outputs are rows of probabilities."""
        if self.logits is None or self.logits.ndim != 2:  # noqa: PLR2004  a matrix
            return False
        with np.errstate(all="ignore"):
            return bool((self.logits >= 0).all() and np.allclose(self.logits.sum(axis=1), 1, atol=1e-4))

    def expected_loss(self) -> tuple[float, Array] | None:
        """Return the cross-entropy of the model's outputs, and its gradient in the weight, ``[classes, width]``.

        The gradient is the head's where the outputs are its scores. None without a head that fits, or its outputs.
        """
        scores = self.scores()
        if scores is None or self.features is None or self.logits is None or self.logits.shape != scores.shape:
            return None
        scores = self.logits.astype(np.float64)
        rows = np.arange(len(scores))
        with np.errstate(all="ignore"):
            shifted = scores - scores.max(axis=1, keepdims=True)
            logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        pull = np.exp(logs)
        pull[rows, self.labels] -= 1
        return float(-logs[rows, self.labels].mean()), pull.T @ self.features / len(rows)


class Seen(View):
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    @functools.cached_property
    def trials(self) -> tuple[Trial, ...]:
        """Every model."""
        return tuple(self.of(*plan.TITLES))

    @functools.cached_property
    def reached(self) -> list[Trial]:
        """The models that the run came to; raise NotReached where it came to none."""
        found = []
        for kind in plan.TITLES:
            with contextlib.suppress(NotReached):
                found += self.of(kind)
        return found or list(self.trials)

    def of(self, *kinds: str) -> list[Trial]:
        """Return some of the trials by their names in ``plan.TITLES``."""
        for row in self._plan["models"]:
            if plan.kind(row) in kinds and plan.kind(row) not in self._trials:
                self._trials[plan.kind(row)] = self._trial(row)
        return [self._trials[kind] for kind in kinds]

    @functools.cached_property
    def _trials(self) -> dict[str, Trial]:
        return {}

    @property
    def placed(self) -> wire.Placed:
        """What came of a model on another device."""
        placed: wire.Placed = self._told(wire.PLACED, wire.Placed)
        return placed

    @property
    def placed_classes(self) -> int:
        """For how many classes that one's head was to be."""
        return int(self._plan["placed"]["classes"])

    @property
    def placed_call(self) -> str:
        """That call, for sentences."""
        return f"{wire.REPLACE}(model, {self.placed_classes})"

    @property
    def bounds(self) -> list[tuple[int, Answer]]:
        """What came of asking for one class, the fewest there can be, and for fewer; raise NotReached without it."""
        answers = self._told(wire.BOUNDS, tuple[Answer, ...])
        asked = [row["classes"] for row in self._plan["bounds"]]
        if len(answers) != len(asked):
            raise NotReached(wire.BOUNDS)
        return list(zip(asked, answers, strict=True))

    def _trial(self, row: dict[str, Any]) -> Trial:
        name, layers, old = wire.head(row), plan.linears(row), plan.weights(row)
        head, at = layers[-1], len(layers) - 1
        told: wire.Replaced = self._told(name, wire.Replaced)
        if len(told.layers) != len(layers):
            raise NotReached(name)
        given = {part: self._floats(f"{name}/{part}-{at}") for part in _DIMENSIONS}
        new = {part: array for part, array in given.items() if array is not None and array.ndim == _DIMENSIONS[part]}
        after, weight, below = self._digests(f"{name}/digests", old), old[f"{head}.weight"], f"{head}."
        moved = self._evidence.arrays.get(f"{name}/moved-{at}")
        return Trial(
            kind=plan.kind(row),
            title=plan.TITLES[plan.kind(row)],
            family=row["spec"]["family"],
            head=head,
            frozen=row["frozen"],
            classes=row["classes"],
            old=old,
            labels=plan.labels(row),
            told=told,
            layer=told.layers[at],
            changed=frozenset(n for n in old if not n.startswith(below) and after[n] != digest(old[n])),
            new=new,
            before=self._array(f"{name}/before-{at}", (plan.BATCH, weight.shape[1]), weight.dtype.type),
            features=self._floats(f"{name}/now-{at}"),
            logits=self._floats(f"{name}/logits"),
            gradient=self._floats(f"{name}/gradient-{at}"),
            stepped=_is_at(moved, new, 1 / GRID),
            still=_is_at(moved, new, 0),
        )

    def _floats(self, name: str) -> Array | None:
        array = self._evidence.arrays.get(name)
        return array if array is not None and array.size and array.dtype in (np.float32, np.float64) else None

    def _digests(self, name: str, old: Arrays) -> dict[str, int]:
        return dict(zip(old, self._array(name, (len(old),), np.uint64).tolist(), strict=True))


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


def _is_at(moved: Array | None, new: Arrays, step: float) -> bool:
    """Whether after the probe's step weight and bias are this far from where they were."""
    if moved is None or moved.shape != (len(_DIMENSIONS),) or not new:
        return False
    found = dict(zip(_DIMENSIONS, moved.tolist(), strict=True))
    return all(found[part] == digest(array - array.dtype.type(step)) for part, array in new.items())
