"""The model still believes in the old number of labels

Why it matters: The loss of a transformers model reshapes the scores by the number of labels that the model remembers,
in the config and in an attribute of its own. The layer alone is not asked.

Ask yourself: Where does the model's loss read the number of labels?

Where to look: The attributes of the model and of its config, besides the layer.

Source: transformers issue 11816, where num_labels and the layer disagreed.
"""

from __future__ import annotations

from ..facts import TEXT, Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    texts = [trial for trial in seen.trials if trial.family in TEXT]
    for trial in texts:
        stale = [name for name in ("config.num_labels", "num_labels") if trial.claims.get(name) != trial.classes]
        if trial.weight is None or not stale:
            return None
        shown = (
            f"On {trial.title}, the layer has {trial.classes} rows and `{stale[0]}` is {trial.claims.get(stale[0])}."
        )
    return shown
