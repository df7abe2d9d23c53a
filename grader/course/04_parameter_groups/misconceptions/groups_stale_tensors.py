"""The groups hold tensors of another model

Why it matters: An optimizer moves the tensors it was given. When those belong to a copy, or to a layer that has been
replaced since, training runs without an error and the model stays as it is.

Ask yourself: Which model do the tensors in your groups belong to?

Where to look: Every deepcopy, and every place where a layer or a tensor is made anew.

Source: PyTorch documentation of torch.optim, on constructing an optimizer from a model's own parameters.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    foreign = [trial for trial in seen.trials if sum(group.others for group in trial.groups)]
    if len(foreign) < len(seen.trials):
        return None
    others = sum(group.others for group in foreign[0].groups)
    return f"{foreign[0].where}, {others} tensors in your groups are none of the model's own."
