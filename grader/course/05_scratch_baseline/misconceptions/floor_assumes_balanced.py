"""One over the number of classes

Why it matters: Guessing scores 1/C only when all classes are equally frequent. On unequal classes always giving the
majority's answer scores more, and a model between the two has learned nothing.

Ask yourself: On labels of which nine tenths are one class, what does a constant answer score?

Where to look: Whether your number depends on how often each label occurs.

Source: scikit-learn documentation of DummyClassifier, strategies uniform and most_frequent.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "majority_floor"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for floor in seen.floors:
        sizes = {len(set(floor.train)), len(set(floor.val)), len({*floor.train, *floor.val}), max(floor.train) + 1}
        if not any(floor.is_about(1 / size) for size in sizes):
            return None
    return f"For {seen.floors[0].labels}, you returned one over the number of classes."
