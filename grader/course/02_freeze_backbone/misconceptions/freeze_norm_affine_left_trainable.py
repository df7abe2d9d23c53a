"""The scales and shifts of normalisation layers go on learning

Why it matters: Some libraries leave them trainable in a frozen model on purpose. It may help, but it is another
strategy: the features change with every step, and the run can no longer be proved frozen.

Ask yourself: Is a backbone frozen while its scales learn?

Where to look: Whether normalisation layers are passed over where flags are set.

Source: fastai's train_bn and Lightning's BaseFinetuning.freeze, both True by default; Lightning issue 13902.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..records import Names, Trial
from ..stories import leak_of, leaks, norms_of

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not any(leaks(seen, rule) for rule in (norms_of, _batch_norms, _layer_norms)):
        return None
    trial, leak = leak_of(seen)
    return f"On {trial.title}, {len(leak)} parameters of normalisation layers can learn afterwards: {listing(leak)}."


def _batch_norms(trial: Trial) -> Names:
    owners = {e.name.removesuffix("running_mean") for e in trial.anatomy.entries if e.name.endswith("running_mean")}
    return frozenset(name for name in norms_of(trial) if name.rpartition(".")[0] + "." in owners)


def _layer_norms(trial: Trial) -> Names:
    return norms_of(trial) - _batch_norms(trial)
