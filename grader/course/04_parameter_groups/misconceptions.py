"""What recognises the misconceptions of exercise 04, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import product

from grader.authoring import are, listing

from .seen import Names, Schedule, Seen, Trial
from .stories import (
    PARTS,
    Part,
    Value,
    compounded,
    follows_decay,
    follows_lr,
    follows_membership,
    follows_scale,
    scaled,
    stepped,
    wrong_decay,
    wrong_lr,
)
from .wire import DEFAULTS


def groups_duplicate_param(seen: Seen) -> str | None:
    refused = [trial for trial in seen.trials if trial.told.refused]
    if not refused or not all(trial.repeated for trial in refused):
        return None
    return f"{refused[0].where}, {are(refused[0].repeated)} in more than one of your groups."


def groups_stale_tensors(seen: Seen) -> str | None:
    foreign = [trial for trial in seen.trials if trial.others]
    if len(foreign) < len(seen.trials):
        return None
    return f"{foreign[0].where}, {foreign[0].others} tensors in your groups are none of the model's own."


def groups_generator_exhausted(seen: Seen) -> str | None:
    whole = [trial for trial in seen.trials if trial.state == "whole"]  # elsewhere the first group may be empty too
    if not all(trial.tried and _used_up(trial) for trial in whole):
        return None
    trial = whole[0]
    (only,) = (group for group in trial.groups if not group.empty)
    held = f"{len(only.members)} parameters, {listing(trial.names_in(only))}"
    return f"{trial.where}, one of your {len(trial.groups)} groups holds {held}; the others hold none at all."


def _used_up(trial: Trial) -> bool:
    """Whether one group took a share of the parameters, the others nothing, and the rest is nowhere."""
    filled = [group for group in trial.groups if not group.empty]
    return len(filled) == 1 < len(trial.groups) and trial.grouped < trial.live


def groups_include_frozen(seen: Seen) -> str | None:
    trials = stepped(seen)
    if not any(follows_membership(trials, rule) for rule in _TOO_MANY):
        return None
    trial = next(trial for trial in trials if trial.grouped - trial.live)
    return f"{trial.where}, {are(trial.grouped - trial.live)} in a group without requiring grad."


_TOO_MANY: tuple[Part, ...] = (
    lambda trial: trial.anatomy.names,
    lambda trial: trial.live | trial.anatomy.head,
    lambda trial: trial.live | (trial.anatomy.names - trial.anatomy.head),
)


def groups_missing_params(seen: Seen) -> str | None:
    trials = stepped(seen)
    gaps = [trial for trial in trials if trial.live - trial.grouped]
    if not gaps or any(trial.grouped != trial.moved or trial.grouped - trial.live for trial in trials):
        return None
    missing = gaps[0].live - gaps[0].grouped
    return f"{gaps[0].where}, {len(missing)} of {len(gaps[0].live)} parameters are in no group: {listing(missing)}."


def groups_empty_group(seen: Seen) -> str | None:
    trials = stepped(seen)
    hollow = [trial for trial in trials if any(group.empty for group in trial.groups)]
    if not hollow or not follows_membership(trials, lambda trial: trial.live):
        return None
    empty = sum(group.empty for group in hollow[0].groups)
    return f"{hollow[0].where}, everybody is in a group, and {empty} of your {len(hollow[0].groups)} groups are empty."


def groups_lr_swapped(seen: Seen) -> str | None:
    trials = stepped(seen)
    if not follows_lr(trials, lambda trial, name: trial.backbone_lr if name in trial.head else trial.head_lr):
        return None
    trial = trials[0]
    return f"{trial.where}, the head took its step with {trial.backbone_lr:g} and the backbone with {trial.head_lr:g}."


def groups_lr_falls_back_to_default(seen: Seen) -> str | None:
    trials = stepped(seen)
    for part in PARTS:
        if follows_lr(trials, _default_lr(part, DEFAULTS["lr"])):
            trial = trials[0]
            shown = listing(part(trial) & trial.moved)
            return f"{trial.where}, {shown} learned at the optimizer's own {DEFAULTS['lr']:g}."
    return None


def _default_lr(part: Part, rate: float) -> Value:
    return lambda trial, name: rate if name in part(trial) else trial.lr_of(name)


def groups_substring_match(seen: Seen) -> str | None:
    trials = stepped(seen)
    for match, by_hand in product(_MATCHES, (False, True)):
        if follows_lr(trials, _named_like_head(match, by_hand=by_hand)):
            trial = next(trial for trial in trials if wrong_lr(trial) - trial.head)
            others = listing(wrong_lr(trial) - trial.head)
            return f"{trial.where}, whose head is {trial.heads}, {others} got the head's rate as well."
    return None


_MATCHES: tuple[Callable[[str, str], bool], ...] = (
    lambda name, head: head in name,
    lambda name, head: name.startswith(head),
    lambda name, head: head in name.split("."),
)


def _named_like_head(match: Callable[[str, str], bool], *, by_hand: bool) -> Value:
    """Predict by every name of the head, or by one written by hand: ``fc`` or ``classifier``."""

    def value(trial: Trial, name: str) -> float:
        heads = [min(trial.head_names, key=len)] if by_hand else trial.head_names
        return trial.head_lr if any(match(name, head) for head in heads) else trial.backbone_lr

    return value


def groups_head_incomplete(seen: Seen) -> str | None:
    trials = stepped(seen)
    for pick in (*_INCOMPLETE, _layers_only):
        if follows_lr(trials, _some_of_head(pick)):
            trial = next(trial for trial in trials if wrong_lr(trial))
            return f"{trial.where}, whose head is {trial.heads}, {listing(wrong_lr(trial))} got the backbone's rate."
    return None


def _some_of_head(pick: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Value:
    def value(trial: Trial, name: str) -> float:
        prefixes = tuple(f"{head}." for head in pick(trial.head_names))
        whole = name in pick(trial.head_names) and pick is not _layers_only
        return trial.head_lr if whole or name.startswith(prefixes) else trial.backbone_lr

    return value


_INCOMPLETE: tuple[Callable[[tuple[str, ...]], tuple[str, ...]], ...] = (
    lambda heads: heads[:1],
    lambda heads: heads[-1:],
    lambda heads: (min(heads, key=len),),
)
"""The first name, the last, or one that was written by hand, ``fc`` or ``classifier``."""


def _layers_only(heads: tuple[str, ...]) -> tuple[str, ...]:
    """Predict that a head's name is taken for a layer's, never for a parameter's own."""
    return heads


def groups_single_lr(seen: Seen) -> str | None:
    trials = stepped(seen)
    rules: tuple[Value, ...] = (lambda trial, _: trial.backbone_lr, lambda trial, _: trial.head_lr)
    if not any(follows_lr(trials, rule) for rule in rules):
        return None
    trial = trials[0]
    rate = trial.rates[min(trial.moved)].lr
    return f"{trial.where}, all {len(trial.moved)} parameters took their step with a learning rate of {rate:g}."


def groups_weight_decay_falls_back_to_default(seen: Seen) -> str | None:
    trials = stepped(seen)
    for part in (*PARTS, _flat, _thick):
        if follows_decay(trials, _decaying(part, lambda _: DEFAULTS["weight_decay"])):
            trial = trials[0]
            shown = listing(part(trial) & trial.moved)
            return f"{trial.where}, {shown} decayed at the optimizer's own {DEFAULTS['weight_decay']:g}."
    return None


def _decaying(part: Part, decay: Callable[[Trial], float]) -> Value:
    """Predict that a part decays as it should not, and the others as they should."""
    return lambda trial, name: decay(trial) if name in part(trial) else trial.decay_of(name)


def _flat(trial: Trial) -> Names:
    return trial.live & trial.flat


def _thick(trial: Trial) -> Names:
    return trial.live - trial.flat


def groups_no_decay_too_broad(seen: Seen) -> str | None:
    trial = _first_wrong_decay(seen, (*PARTS, _embeddings), lambda _: 0.0)
    return f"{trial.where}, {listing(wrong_decay(trial))} did not decay either." if trial else None


def _first_wrong_decay(seen: Seen, parts: Iterable[Part], decay: Callable[[Trial], float]) -> Trial | None:
    """Return the first trial that decayed wrongly, if one of the parts explains every trial."""
    trials = stepped(seen)
    explained = any(follows_decay(trials, _decaying(part, decay)) for part in parts)
    return next(trial for trial in trials if wrong_decay(trial)) if explained else None


def _embeddings(trial: Trial) -> Names:
    return frozenset(name for name in trial.live if "embedding" in name)


def groups_decay_on_everything(seen: Seen) -> str | None:
    trials = stepped(seen)
    if not follows_decay(trials, lambda trial, _: trial.weight_decay):
        return None
    trial = trials[0]
    return f"{trial.where}, all {len(trial.moved)} parameters decayed at {trial.weight_decay:g}."


def groups_decay_on_norm_weights(seen: Seen) -> str | None:
    return _decayed(seen, (part(word) for word in _WORDS for part in (_scales_not_called, _norms_not_called)))


_WORDS = ("nothing", "LayerNorm", "layer_norm", "LayerNorm|layer_norm", "norm", "[nN]orm", "bn")
"""What a rule by name may look for."""


def _decayed(seen: Seen, parts: Iterable[Part]) -> str | None:
    trial = _first_wrong_decay(seen, parts, lambda trial: trial.weight_decay)
    return f"{trial.where}, {listing(wrong_decay(trial))} decayed at {trial.weight_decay:g}." if trial else None


def _scales_not_called(word: str) -> Part:
    return lambda trial: frozenset(name for name in _norms_not_called(word)(trial) if name.endswith(".weight"))


def _norms_not_called(word: str) -> Part:
    return lambda trial: frozenset(name for name in trial.norms if not re.search(word, name))


def groups_decay_on_bias(seen: Seen) -> str | None:
    return _decayed(seen, (_biases, lambda trial: trial.flat - trial.norms))


def _biases(trial: Trial) -> Names:
    return frozenset(name for name in trial.flat if name.endswith("bias"))


def schedule_flattens_groups(seen: Seen) -> str | None:
    for schedule in scaled(seen):
        for index, call in enumerate(schedule.calls):
            lrs = [rate.lr for rate in call.rates[: schedule.present(index)]]
            if not all(rate.learns_at(lrs[0]) for rate in call.rates[: len(lrs)]):
                return None
            if index == 0:
                told = f"After {schedule.factors(0)}, all {len(lrs)} groups learned at {lrs[0]:.3g}."
    return told if scaled(seen) else None


def schedule_first_group_only(seen: Seen) -> str | None:
    schedules = scaled(seen)
    if not schedules or not (follows_scale(schedules, _first_scaled) or follows_scale(schedules, _first_compounded)):
        return None
    last = schedules[0]
    return f"After {last.factors(len(last.calls) - 1)}, every group but the first learned as in the beginning."


def _first_scaled(schedule: Schedule, index: int, group: int) -> float:
    base = schedule.bases[group]
    return base if group else base * schedule.calls[index].factor


def _first_compounded(schedule: Schedule, index: int, group: int) -> float:
    return schedule.bases[group] if group else compounded(schedule, index, 0)


def schedule_compounds(seen: Seen) -> str | None:
    schedules = scaled(seen)
    if not schedules or not follows_scale(schedules, compounded):
        return None
    first = schedules[0]
    base, now = first.bases[0], first.calls[1].rates[0].lr
    return f"After {first.factors(1)}, the first group, which began with {base:g}, learned at {now:g}."
