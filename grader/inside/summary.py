"""``StrategySummary``: what learners' functions take and return for one strategy."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StrategySummary:
    """The validation scores of one strategy."""

    strategy: str
    trainable: int
    """Number of scalars that learn."""
    mean: float
    std: float
    """Standard deviation with n - 1; 0.0 for one run."""
    n: int
    scores: tuple[float, ...]
    """One per seed, in the order of the seeds."""
    worst_recall: float = 1.0
    """Lowest recall over the classes."""
