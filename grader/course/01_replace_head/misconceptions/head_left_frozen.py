"""The new head cannot learn

Why it matters: Freezing everything after the head was put in freezes the head as well. In a frozen run nothing is
then left to train, and the scores stay random.

Ask yourself: How many numbers can still learn when your function is done?

Where to look: The order of freezing and replacing, and what is said about the new layer.

Source: lxztju/pytorch_classification issue 13.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    frozen = [trial for trial in seen.trials if trial.frozen]
    if any(not trial.still or trial.kept or trial.weight is None or trial.missing for trial in frozen):
        return None
    return f"On {frozen[0].title}, a step left the new `{frozen[0].head}.weight` where it was."
