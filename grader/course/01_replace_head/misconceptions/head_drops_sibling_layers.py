"""The whole stack was replaced

Why it matters: Where the classifier is a stack, only its last linear layer knows the old classes. The layers before
it were pretrained with the rest, and the new layer expects what they make.

Ask yourself: Which layer of the stack makes the scores?

Where to look: What your function does when the classifier is an nn.Sequential.

Source: discuss.pytorch.org thread 170534, on models whose classifier is a Sequential.
"""

from __future__ import annotations

from grader.authoring import are

from ..facts import Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    stacks = seen.of("stacked", "stacked-tail")
    whole = {"classifier.weight", "classifier.bias"}
    gone = [frozenset(name for name in trial.old if name.startswith("classifier.")) for trial in stacks]
    if not all(t.same and t.surplus == whole and t.missing == stack for t, stack in zip(stacks, gone, strict=True)):
        return None
    return f"On {stacks[0].title}, {are(stacks[0].missing)} no longer in the state."
