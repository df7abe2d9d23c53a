"""The whole stack was replaced

Why it matters: Where the classifier is a stack, only its last linear layer knows the old classes. The layers before
it were pretrained with the rest, and the new layer expects what they make.

Ask yourself: Which layer of the stack makes the scores?

Where to look: What your function does when the classifier is an nn.Sequential.

Source: discuss.pytorch.org thread 170534, on models whose classifier is a Sequential.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    stacks = seen.of("stacked", "stacked-tail")
    whole = {"classifier.weight", "classifier.bias"}
    if not all(trial.same and trial.surplus == whole and len(trial.missing) == len(whole) * 2 for trial in stacks):
        return None
    return f"On {stacks[0].title}, {listing(stacks[0].missing)} is no longer in the state."
