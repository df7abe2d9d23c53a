"""No gradient is recorded, not even for the head

Why it matters: `torch.no_grad()` stops the recording for everything inside. Round the whole forward pass, or switched
off for good, it cuts the head off as well, and the first backward pass fails.

Ask yourself: Where does the part without gradients begin, and where does it end?

Where to look: Every `no_grad`, `inference_mode` and `set_grad_enabled`, and how far each reaches.

Source: PyTorch documentation, "Autograd mechanics", on locally disabling gradient computation.
"""

from __future__ import annotations

from ..facts import Seen
from ..records import FrozenRun

FUNCTION = "train_mode"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    runs = [seen.run("vision"), seen.run("text")]
    if not all(map(_cut_off, runs)) or not all(trial.right for trial in seen.trials):
        return None
    return f"The head of {runs[0].title} can learn, but its loss has no gradient: the backward pass failed."


def _cut_off(run: FrozenRun) -> bool:
    return run.raised is not None and "does not require grad" in run.raised.message
