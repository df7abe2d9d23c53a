"""The biases decay

Why it matters: Only the normalisation layers are spared. A bias shifts an output; pulling it towards zero does not
make a model simpler, it only makes it wrong by a constant.

Ask yourself: Which tensors with one dimension belong to no normalisation layer?

Where to look: Whether your rule asks for the kind of the layer or for the tensor itself.

Source: Goodfellow, Bengio and Courville, Deep Learning, section 7.1, on leaving biases out of the penalty.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Names, Seen, Trial
from ..stories import Part, Value, follows_decay, stepped, wrong_decay

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    if not any(follows_decay(trials, _decayed(part)) for part in (_biases, _biases_outside_norms)):
        return None
    trial = next(trial for trial in trials if wrong_decay(trial))
    return f"{trial.where}, {listing(wrong_decay(trial))} decayed at {trial.weight_decay:g}."


def _decayed(part: Part) -> Value:
    return lambda trial, name: trial.weight_decay if name in part(trial) else trial.decay_of(name)


def _biases(trial: Trial) -> Names:
    return frozenset(name for name in trial.flat if name.endswith("bias"))


def _biases_outside_norms(trial: Trial) -> Names:
    return trial.flat - trial.norms
