"""Parameters that belong to no layer are passed over

Why it matters: A loop over the model's children reaches what the children own. A class token or a table of positions
is often held by the model itself, and keeps whatever flag it had.

Ask yourself: Which parameters have a name without a dot, and does your loop meet them?

Where to look: Whether you go through modules or through parameters.

Source: timm, whose Vision Transformers hold cls_token and pos_embed themselves, and its freeze by submodule.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..records import Names, Trial
from ..stories import follows

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not (follows(seen, _rootless_as_before) or follows(seen, _backbone_rootless_as_before)):
        return None
    trial = next(trial for trial in seen.trials if trial.live & trial.backbone)
    return f"{trial.where}, all layers are as they should be, but {listing(trial.live & trial.backbone)} can learn."


def _rootless(trial: Trial) -> Names:
    return frozenset(name for name in trial.anatomy.names if "." not in name)


def _rootless_as_before(trial: Trial) -> Names:
    return (trial.anatomy.head - _rootless(trial)) | (trial.before & _rootless(trial))


def _backbone_rootless_as_before(trial: Trial) -> Names:
    return trial.anatomy.head | (trial.before & trial.backbone & _rootless(trial))
