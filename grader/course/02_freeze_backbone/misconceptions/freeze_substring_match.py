"""Names that merely contain the head's name are left to learn

Why it matters: A test for text inside a name finds `fc` in `fc1` and in `fc_norm` as well. On some architectures the
test happens to be right; on others parts of the backbone train along in a run called frozen.

Ask yourself: Which other names of this model contain the head's name?

Where to look: How you compare a parameter's name with a head's name.

Source: PyTorch transfer learning code that asks whether 'fc' is in a name; regnet_y_400mf has 64 such tensors.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from grader.authoring import listing

from ..facts import Seen
from ..records import Names, Trial
from ..stories import Rule, leak_of, leaks

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for match, by_hand in product((_inside, _at_the_start, _as_a_word), (False, True)):
        if leaks(seen, _matching(match, by_hand=by_hand)):
            trial, leak = leak_of(seen)
            heads = " and ".join(f"`{name}`" for name in trial.head_names)
            return f"On {trial.title}, whose head is {heads}, {listing(leak)} can learn as well."
    return None


def _matching(match: Callable[[str, str], bool], *, by_hand: bool) -> Rule:
    """Pick by every name of the head, or by the one that somebody would write by hand."""

    def rule(trial: Trial) -> Names:
        heads = [min(trial.head_names, key=len)] if by_hand else trial.head_names
        return frozenset(name for name in trial.backbone if any(match(name, head) for head in heads))

    return rule


def _inside(name: str, head: str) -> bool:
    return head in name


def _at_the_start(name: str, head: str) -> bool:
    return name.startswith(head)


def _as_a_word(name: str, head: str) -> bool:
    return head in name.split(".")
