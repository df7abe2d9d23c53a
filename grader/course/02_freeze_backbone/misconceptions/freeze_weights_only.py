"""Only weights are frozen, biases go on learning

Why it matters: A layer has a second tensor. With its bias free, every layer of the backbone still shifts what it
passes on, a little with every step.

Ask yourself: Which parameters of a layer does your condition never meet?

Where to look: The test on the end of a parameter's name.

Source: PyTorch documentation of nn.Linear: its parameters are weight and bias.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..records import Names, Trial
from ..stories import leak_of, leaks

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not any(leaks(seen, rule) for rule in (_without_weight, _biases)):
        return None
    trial, leak = leak_of(seen)
    return f"On {trial.title}, the weights of the backbone are frozen, and {listing(leak)} can still learn."


def _without_weight(trial: Trial) -> Names:
    return frozenset(name for name in trial.backbone if not name.endswith("weight"))


def _biases(trial: Trial) -> Names:
    return frozenset(name for name in trial.backbone if name.endswith("bias"))
