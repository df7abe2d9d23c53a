"""What was seen of exercise 01, read from the evidence: the one view that checks and misconceptions share.

Weights, inputs and labels went in from outside, so what must not have changed is known here to the bit, and
scores, loss and gradient are computed anew from the features and from the head that came back.
"""

from __future__ import annotations

import contextlib
import functools
from typing import Any

import numpy as np

from grader.authoring import NotReached, Unreadable
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

    id: str
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
    changed: Names
    """Entries outside the head that are not, bit for bit, what went in."""
    new: Arrays
    """``weight`` and ``bias`` of what stands at the head's place."""
    features: Array
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

    def scores(self) -> Array | None:
        """Return features times the new head, float64 ``[batch, classes]``; None without a head that fits."""
        if self.weight is None:
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
        """Return the cross-entropy of the head that came back, and its gradient in the weight, ``[classes, width]``."""
        scores = self.scores()
        if scores is None:
            return None
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
        """Every model, in the order in which they were asked about."""
        return tuple(self._trial(row) for row in self._plan["models"])

    @property
    def resnets(self) -> list[Trial]:
        """The trials of ResNets."""
        return [trial for trial in self.trials if trial.family == "resnet"]

    @property
    def texts(self) -> list[Trial]:
        """The trials of text models."""
        return [trial for trial in self.trials if trial.family in wire.TEXT]

    @property
    def stacks(self) -> list[Trial]:
        """The trials of models whose classifier is a Sequential."""
        return [trial for trial in self.trials if trial.family == "stacked"]

    @property
    def elsewhere(self) -> wire.Elsewhere:
        """What came of a model on another device."""
        return self._told(wire.ELSEWHERE, wire.Elsewhere)

    @property
    def bounds(self) -> list[tuple[int, Answer]]:
        """What came of asking for one class, the fewest there can be, and for fewer; raise Unreadable without it."""
        answers = self._told(wire.BOUNDS, tuple[Answer, ...])
        asked = [row["classes"] for row in self._plan["bounds"]]
        if len(answers) != len(asked):
            raise Unreadable(wire.BOUNDS)
        return list(zip(asked, answers, strict=True))

    def _trial(self, row: dict[str, Any]) -> Trial:
        name, head, old = wire.head(row), wire.layer(row), plan.weights(row)
        given = {part: self._floats(f"{name}/{part}") for part in _DIMENSIONS}
        new = {part: array for part, array in given.items() if array is not None and array.ndim == _DIMENSIONS[part]}
        after, shaken = self._digests(f"{name}/digests", old), {}
        with contextlib.suppress(NotReached):
            shaken = self._digests(f"{name}/shaken", old)
        weight, below = old[f"{head}.weight"], f"{head}."
        changed = frozenset(n for n in old if not n.startswith(below) and after[n] != digest(old[n]))
        return Trial(
            id=row["id"],
            title=plan.TITLES[row["id"]],
            family=row["spec"]["family"],
            head=head,
            frozen=row["frozen"],
            classes=row["classes"],
            old=old,
            labels=plan.labels(row),
            told=self._told(name, wire.Replaced),
            changed=changed,
            new=new,
            features=self._arriving(name, weight, touched=bool(changed)),
            logits=self._floats(f"{name}/logits"),
            gradient=self._floats(f"{name}/gradient"),
            stepped=_is_at(shaken, head, new, 1 / GRID),
            still=_is_at(shaken, head, new, 0),
        )

    def _arriving(self, name: str, weight: Array, *, touched: bool) -> Array:
        """Return what arrives at the head, ``[batch, width]``: as before, unless something else was changed as well."""
        found = self._floats(f"{name}/arrived")
        if touched and found is not None and found.shape == (plan.BATCH, weight.shape[1]):
            return found
        return self._array(f"{name}/features", (plan.BATCH, weight.shape[1]), weight.dtype.type)

    def _floats(self, name: str) -> Array | None:
        array = self._evidence.arrays.get(name)
        return array if array is not None and array.dtype in (np.float32, np.float64) else None

    def _digests(self, name: str, old: Arrays) -> dict[str, int]:
        return dict(zip(old, self._array(name, (len(old),), np.uint64).tolist(), strict=True))


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


def _is_at(shaken: dict[str, int], head: str, new: Arrays, step: float) -> bool:
    """Whether after the probe's step the head is this far from where it was."""
    expected = {f"{head}.{part}": digest(array - array.dtype.type(step)) for part, array in new.items()}
    return bool(shaken and new) and all(shaken[name] == expected[name] for name in expected.keys() & shaken.keys())
