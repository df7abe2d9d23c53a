"""What ``next_smaller_depth`` should return; the choice of a strategy is the course's rule in ``grader.adaptation``."""

from __future__ import annotations

from collections.abc import Sequence


def below(tested: Sequence[int], chosen: int) -> int | None:
    """Return the largest tested depth below the chosen one."""
    return max((depth for depth in tested if depth < chosen), default=None)


def next_depth(tested: Sequence[int], chosen: int) -> int | None:
    """Return the depth to try next."""
    smaller = below(tested, chosen)
    return None if smaller is None or chosen - smaller <= 1 else (smaller + chosen) // 2
