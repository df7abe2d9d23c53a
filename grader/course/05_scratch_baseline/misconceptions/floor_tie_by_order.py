"""A tie goes to the class that happens to come first

Why it matters: When two classes are equally frequent in training, the order of the examples decides which is the
answer. Shuffle the training set, and the floor is another number.

Ask yourself: What does your function return when the training labels are sorted the other way round?

Where to look: How the most frequent class is picked when there are two of them.

Source: Python documentation of collections.Counter.most_common: equal counts are ordered as first encountered.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "majority_floor"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    shown = None
    for floor in seen.floors:
        most = max(map(floor.train.count, floor.train))
        first = next(label for label in floor.train if floor.train.count(label) == most)
        if not floor.is_about(floor.share(first)):
            return None
        if first != floor.majority:
            shown = f"For {floor.labels}, you took class {first}, the first in the list and not the smallest."
    return shown
