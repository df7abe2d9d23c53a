"""Names that merely contain the head's name count as head

Why it matters: A test for text inside a name finds fc in fc1 and in fc_norm as well. Parts of the backbone then get
the head's large steps, and only on some architectures.

Ask yourself: Which other names of this model contain the head's name?

Where to look: How you compare a parameter's name with a head's name.

Source: PyTorch tutorial code that asks whether 'fc' is in a name; regnet_y_400mf has 64 such tensors.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from grader.authoring import listing

from ..facts import Seen, Trial
from ..stories import Value, follows_lr, stepped, wrong_lr

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    for match, by_hand in product((_inside, _at_the_start, _as_a_word), (False, True)):
        if follows_lr(trials, _by(match, by_hand=by_hand)):
            trial = next(trial for trial in trials if wrong_lr(trial) - trial.head)
            others = listing(wrong_lr(trial) - trial.head)
            return f"{trial.where}, whose head is {trial.heads}, {others} got the head's rate as well."
    return None


def _by(match: Callable[[str, str], bool], *, by_hand: bool) -> Value:
    """Predict by every name of the head, or by one written by hand: ``fc`` or ``classifier``."""

    def value(trial: Trial, name: str) -> float:
        heads = [min(trial.head_names, key=len)] if by_hand else trial.head_names
        return trial.head_lr if any(match(name, head) for head in heads) else trial.backbone_lr

    return value


def _inside(name: str, head: str) -> bool:
    return head in name


def _at_the_start(name: str, head: str) -> bool:
    return name.startswith(head)


def _as_a_word(name: str, head: str) -> bool:
    return head in name.split(".")
