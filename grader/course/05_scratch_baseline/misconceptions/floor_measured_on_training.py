"""The floor is measured on the training labels

Why it matters: The score it will be compared with is a validation score. On other labels the same constant answer
scores differently, most of all when the mix of classes has shifted.

Ask yourself: With which labels is the answer compared to see whether it is right?

Where to look: What your count is divided by.

Source: scikit-learn documentation of DummyClassifier: fitted on the training set, scored on the other.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "majority_floor"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for floor in seen.floors:
        if not floor.is_about(floor.train.count(floor.majority) / len(floor.train)):
            return None
    return f"For {seen.floors[0].labels}, you returned the share of the majority among the training labels."
