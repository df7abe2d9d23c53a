"""What the stories of exercise 02 have in common: predictions of what a mistaken program would have left.

A program that leaves a part out either never touches its flags or switches them on; both leave the same leak on a
fresh model. So a leak is predicted in every variant, and one variant has to fit all trials.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

from .seen import Comparison, Names, Round, Seen, Trial

Rule = Callable[[Trial], Names]
"""Picks names of a trial's model."""
VISIBLE = 1e-3
"""Difference of scores that is more than rounding."""


def frozen(seen: Seen) -> tuple[Trial, ...]:
    """Return the calls of ``freeze_backbone`` when all of them came to an end, else none."""
    return () if any(trial.answer.trouble("") or trial.altered for trial in seen.trials) else seen.trials


def follows(seen: Seen, rule: Rule) -> bool:
    """Whether after every call exactly the predicted names learn, and not always the right ones."""
    trials = frozen(seen)
    wrong = any(rule(trial) != trial.anatomy.head for trial in trials)
    return wrong and all(trial.live == rule(trial) and not trial.decayed for trial in trials)


def leak(seen: Seen, parts: Iterable[Rule], told: Callable[[Trial, Names], str]) -> str | None:
    """Tell of the first fresh trial in which the backbone leaks, and what leaks there, if that is one of the parts."""
    if not any(_leaks(seen, part) for part in parts):
        return None
    trial = next(trial for trial in seen.trials if trial.state == "fresh" and trial.live & trial.backbone)
    return f"On {trial.title}, {told(trial, trial.live & trial.backbone)}"


def _leaks(seen: Seen, part: Rule) -> bool:
    """Whether what learns besides the head is the ``part`` of the backbone, in one of the usual variants."""
    if not any(part(trial) & trial.backbone for trial in seen.trials):
        return False
    variants = itertools.product((False, True), repeat=2)
    return any(follows(seen, _leak(part, stays=stays, thaws=thaws)) for stays, thaws in variants)


def _leak(part: Rule, *, stays: bool, thaws: bool) -> Rule:
    """Predict a leak whose flags stay as they were or are switched on; the head is thawed or stays as well."""

    def rule(trial: Trial) -> Names:
        leak = part(trial) & trial.backbone
        head = trial.anatomy.head
        return (leak & trial.before if stays else leak) | (head if thaws else head & trial.before)

    return rule


def norms_of(trial: Trial) -> Names:
    """Names of the parameters of normalisation layers: those whose ``weight`` has one dimension."""
    flat = {entry.name for entry in trial.anatomy.parameters if len(entry.shape) == 1}
    owners = tuple(name.removesuffix("weight") for name in flat if name.endswith(".weight"))
    return frozenset(name for name in flat if name.startswith(owners))


def batch_norms_of(trial: Trial) -> Names:
    """Names of the parameters of normalisation layers that measure their batches."""
    owners = {e.name.removesuffix("running_mean") for e in trial.anatomy.entries if e.name.endswith("running_mean")}
    return frozenset(name for name in norms_of(trial) if name.rpartition(".")[0] + "." in owners)


def mode_rounds(seen: Seen) -> tuple[Round, ...]:
    """Return the rounds in training mode when all of them came to an end, else none."""
    return () if any(one.told.answer.trouble("") or one.told.raised for one in seen.rounds) else seen.rounds


def frozen_rounds(seen: Seen, model: str) -> list[Round]:
    """Return the rounds of a pretrained model at depth 0 without dropout before the head, when all came to an end."""
    return [one for one in mode_rounds(seen) if one.model == model and not one.depth and not one.dropout]


def trains_everything(seen: Seen) -> bool:
    """Whether every BatchNorm counted and measured every batch and dropout was at work, whatever the flags."""
    rounds = mode_rounds(seen)
    norms = [(norm.moved, norm.counted == one.batches) for one in rounds for norm in one.norms]
    return bool(rounds) and all(map(all, norms)) and all(one.wobble > VISIBLE for one in rounds)


def norms_follow_flags(rounds: Iterable[Round]) -> bool:
    """Whether exactly the BatchNorms counted and measured that should, and frozen ones used what they had stored."""
    return all(
        norm.moved == norm.live and norm.counted == one.batches * norm.live for one in rounds for norm in one.norms
    ) and all(one.gap <= VISIBLE for one in rounds if one.model == "vision" and not one.depth)


def told(comparisons: Iterable[Comparison]) -> bool:
    """Whether these comparisons came out right."""
    return all(comparison.listed == comparison.expected for comparison in comparisons)
