"""``StrategySummary``: what learners' functions take and return for one strategy."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StrategySummary:
    """What the runs of one strategy came to on the validation set."""

    strategy: str
    trainable: int
    """Number of scalars that learn."""
    mean: float
    std: float
    """Standard deviation of the scores with n - 1; 0.0 for one run."""
    n: int
    scores: tuple[float, ...]
    """One per seed, in the order of the seeds."""
    correct: tuple[tuple[bool, ...], ...] = ()
    """For each seed whether the run was right about each validation example, the examples always in the same order."""
    worst_recall: float = 1.0
    """Lowest recall over the classes."""
    worst_recall_error: float = 0.0
    """Its standard error."""
