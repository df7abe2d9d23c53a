"""Whether the numbers of one tensor were made from those of another."""

from __future__ import annotations

from typing import Any

import numpy as np

ALIKE = 0.2
"""Share of equal numbers above which a tensor is not drawn anew."""
SEVERAL = 3
"""Distinct numbers that a drawn tensor has at least."""
BY_CHANCE = 6.0
"""Standard errors of a correlation, on Fisher's scale: unrelated tensors come so far once in 500 million."""
_FEW = 4
Array = np.ndarray[Any, Any]


def is_made_of(new: Array, old: Array) -> bool:
    """Whether numbers are those of another tensor of the shape, in any order, or those scaled, shifted or shaken."""
    return _taken(new, old) > ALIKE or _correlation(new, old) > BY_CHANCE


def _taken(new: Array, old: Array) -> float:
    """Return the share of the numbers other than zero that the old tensor has, where they are several anywhere."""
    counted = new != 0
    if not counted.any():
        return 0.0
    anywhere = np.isin(new, old) if len(np.unique(new)) >= SEVERAL else new == old
    return float(anywhere[counted].mean())


def _correlation(new: Array, old: Array) -> float:
    """Return how many standard errors the correlation is away from zero; 0 where there is none to be had."""
    if new.size < _FEW:
        return 0.0
    with np.errstate(all="ignore"):
        one, other = (array.astype(np.float64).ravel() - array.mean(dtype=np.float64) for array in (new, old))
        share = np.abs(one @ other) / (np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.arctanh(min(share, 1 - 1e-12)) * np.sqrt(new.size - 3)) if np.isfinite(share) else 0.0
