"""Which learning rate and which weight decay a tensor got, read off its move in one step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.records import Record

Floats = np.ndarray[Any, Any]
RATE_TOLERANCE = 1e-3
"""Relative; the rates asked for are factors of two apart, and float32 is off by some 1e-5."""
DECAY_TOLERANCE = 5e-3
"""Absolute; the decays asked for are 1/16 apart or more."""
_RESIDUE = 1e-5
_STEP_CAP = 1e3


class Rate(Record, frozen=True, kw_only=True):
    """What one step says about a tensor."""

    lr: float
    """0.0 when the tensor did not move; NaN when no rate and decay together explain how it moved."""
    decay: float

    @property
    def moved(self) -> bool:
        """Whether the tensor took a step at all."""
        return self.lr != 0

    def learns_at(self, lr: float) -> bool:
        """Whether the step was taken with this learning rate."""
        return abs(self.lr - lr) <= RATE_TOLERANCE * max(abs(lr), 1e-6)

    def decays_at(self, decay: float) -> bool:
        """Whether the step was taken with this weight decay."""
        return abs(self.decay - decay) <= DECAY_TOLERANCE


def measure(weights: Floats, stepped: Floats, sizes: Sequence[int]) -> list[Rate]:
    """Read the rates of tensors that lie behind one another in flat arrays.

    Every other scalar of a tensor had a gradient of one: move = lr * (gradient + decay * weight). So the scalars
    without a gradient give lr * decay, and the others give lr. The weights are never zero.
    """
    offsets = np.cumsum([0, *sizes[:-1]])
    before, after = weights.astype(np.float64), stepped.astype(np.float64)
    pushed = np.concatenate([np.arange(size) % 2 == 0 for size in sizes])
    with np.errstate(all="ignore"):
        move = np.clip(np.nan_to_num(before - after, nan=_STEP_CAP), -_STEP_CAP, _STEP_CAP)
        pull = _fit(move * before * ~pushed, before * before * ~pushed, offsets)
        lr = _fit((move - np.repeat(pull, sizes) * before) * pushed, pushed * 1.0, offsets)
        residue = np.abs(move - np.repeat(lr, sizes) * pushed - np.repeat(pull, sizes) * before)
        worst = np.maximum.reduceat(residue, offsets)
        still = np.maximum.reduceat(np.abs(move), offsets) == 0
        decay = np.where(still, 0, pull / lr)
    odd = worst > _RESIDUE
    lr[odd] = decay[odd] = np.nan
    lr[still] = 0
    return [Rate(lr=float(one), decay=float(other)) for one, other in zip(lr, decay, strict=True)]


def _fit(numerator: Floats, denominator: Floats, offsets: Floats) -> Floats:
    fitted: Floats = np.add.reduceat(numerator, offsets) / np.add.reduceat(denominator, offsets)
    return fitted
