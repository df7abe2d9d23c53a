"""The majority is taken from the validation labels

Why it matters: The floor is what a classifier reaches that learned nothing but the most frequent class. It may learn
from training labels only; one that looks at the validation labels has peeked, and its floor is too high.

Ask yourself: Which labels does your most frequent class come from?

Where to look: Which of the two arguments is counted, and which is compared.

Source: scikit-learn documentation of DummyClassifier: most_frequent is taken from the labels passed to fit.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "majority_floor"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for floor in seen.floors:
        if not floor.is_about(max(map(floor.share, floor.val))):
            return None
    floor = next(floor for floor in seen.floors if floor.id == "shifted")
    return f"For {floor.labels}, you returned the share of the class that validation shows most often."
