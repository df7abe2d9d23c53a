"""The scales of normalisation layers decay

Why it matters: A rule by name finds the biases, or the layers called LayerNorm, and misses bn1.weight. A scale pulled
towards zero silences its channel, whatever the layer before it has learned.

Ask yourself: Which tensors have one dimension and are not called bias?

Where to look: The names of the normalisation layers of every model, and what they have in common besides names.

Source: transformers pull request 10598; DeepSpeedExamples issue 755.
"""

from __future__ import annotations

import re

from grader.authoring import listing

from ..facts import Seen
from ..stories import Part, Value, follows_decay, stepped, wrong_decay

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    for word in WORDS:
        for part in (_scales_not_called(word), _norms_not_called(word)):
            if follows_decay(trials, _decayed(part)):
                trial = next(trial for trial in trials if wrong_decay(trial))
                return f"{trial.where}, {listing(wrong_decay(trial))} decayed at {trial.weight_decay:g}."
    return None


WORDS = ("nothing", "LayerNorm", "layer_norm", "LayerNorm|layer_norm", "norm", "[nN]orm", "bn")
"""What a rule by name may look for."""


def _decayed(part: Part) -> Value:
    return lambda trial, name: trial.weight_decay if name in part(trial) else trial.decay_of(name)


def _scales_not_called(word: str) -> Part:
    return lambda trial: frozenset(name for name in trial.norms if name.endswith(".weight") and not _called(name, word))


def _norms_not_called(word: str) -> Part:
    return lambda trial: frozenset(name for name in trial.norms if not _called(name, word))


def _called(name: str, word: str) -> bool:
    return re.search(word, name) is not None
