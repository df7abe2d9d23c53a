"""Matrices escape the decay as well

Why it matters: Sparing biases and normalisation is one thing; a whole part of the model without decay is another plan
than the one that was asked for.

Ask yourself: Which tensors with two or more dimensions have a decay of zero in your groups?

Where to look: The condition for a decay of zero, and which part of the model it lets through.

Source: Fast-LLM issue 542, for the reverse slip.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Names, Seen, Trial
from ..stories import PARTS, Part, Value, follows_decay, stepped, wrong_decay

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    for part in (*PARTS, _embeddings):
        if follows_decay(trials, _spared(part)):
            trial = next(trial for trial in trials if wrong_decay(trial))
            return f"{trial.where}, {listing(wrong_decay(trial))} did not decay either."
    return None


def _spared(part: Part) -> Value:
    return lambda trial, name: 0.0 if name in part(trial) else trial.decay_of(name)


def _embeddings(trial: Trial) -> Names:
    return frozenset(name for name in trial.live if "embedding" in name)
