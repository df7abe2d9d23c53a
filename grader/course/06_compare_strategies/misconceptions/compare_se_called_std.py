"""The standard error is reported as the standard deviation

Why it matters: The standard deviation says how far single runs scatter; the standard error, smaller by the root of n,
says how well the mean is known. Whoever divides once more later ends with a margin far too narrow.

Ask yourself: Does your spread become smaller when you make more runs of the same kind?

Where to look: What you divide by after the standard deviation.

Source: the contract of choose_cheapest, which divides `std` by the root of n itself.
"""

from __future__ import annotations

import math
from statistics import pstdev

from ..facts import Seen, same_number
from ..stories import first_row, reports
from ..truth import error

FUNCTION = "compare_strategies"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not reports(seen, lambda row, scores: any(same_number(row.std, each) for each in _errors(scores))):
        return None
    comparison, row = first_row(seen)
    return f"{comparison.title}, the std of `{row.strategy}`, {row.std:.6f}, is the standard error of its mean."


def _errors(scores: list[float]) -> tuple[float, float]:
    return error(scores), pstdev(scores) / math.sqrt(len(scores))
