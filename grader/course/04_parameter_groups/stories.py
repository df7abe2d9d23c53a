"""What the stories of exercise 04 have in common: predictions of what a mistaken program would have done.

Who is in a group, who learns how fast and who decays are three questions. A story answers one of them for every
trial and leaves the other two alone, so that two mistakes in one program do not hide each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .seen import Names, Schedule, Seen, Trial

Part = Callable[[Trial], Names]
Value = Callable[[Trial, str], float]
"""Predicts a parameter's learning rate or weight decay."""


def _head(trial: Trial) -> Names:
    return trial.head


def _backbone(trial: Trial) -> Names:
    return trial.backbone


def _all(trial: Trial) -> Names:
    return trial.live


PARTS: tuple[Part, ...] = (_all, _head, _backbone)


def stepped(seen: Seen) -> Sequence[Trial]:
    """Return the trials when all of them came to a step, else none."""
    return seen.trials if all(trial.tried for trial in seen.trials) else ()


def follows_membership(trials: Sequence[Trial], rule: Part) -> bool:
    """Whether in every trial exactly the predicted parameters are grouped and moved, and not always the right ones."""
    return any(rule(trial) != trial.live or _hollow(trial) for trial in trials) and all(
        trial.grouped == trial.moved == rule(trial) and not trial.repeated for trial in trials
    )


def _hollow(trial: Trial) -> bool:
    return any(group.empty for group in trial.groups)


def follows_lr(trials: Sequence[Trial], rule: Value) -> bool:
    """Whether every parameter that took a step did so with the predicted learning rate, and some with a wrong one."""
    return any(wrong_lr(trial) for trial in trials) and all(
        trial.rates[name].learns_at(rule(trial, name)) for trial in trials for name in trial.moved & trial.live
    )


def follows_decay(trials: Sequence[Trial], rule: Value) -> bool:
    """Whether every parameter that took a step did so with the predicted decay, and some with a wrong one."""
    return any(wrong_decay(trial) for trial in trials) and all(
        trial.rates[name].decays_at(rule(trial, name)) for trial in trials for name in trial.moved & trial.live
    )


def wrong_lr(trial: Trial) -> Names:
    """Return the names that took a step with another learning rate than the contract gives them."""
    names = trial.moved & trial.live
    return frozenset(name for name in names if not trial.rates[name].learns_at(trial.lr_of(name)))


def wrong_decay(trial: Trial) -> Names:
    """Return the names that took a step with another decay than the contract gives them."""
    names = trial.moved & trial.live
    return frozenset(name for name in names if not trial.rates[name].decays_at(trial.decay_of(name)))


def scaled(seen: Seen) -> Sequence[Schedule]:
    """Return the schedules when every call came to its end, else none."""
    calls = (call for schedule in seen.schedules for call in schedule.calls)
    return () if any(call.answer.trouble("") for call in calls) else seen.schedules


def follows_scale(schedules: Sequence[Schedule], rule: Callable[[Schedule, int, int], float]) -> bool:
    """Whether after every call every group learned as predicted from schedule, call and group."""
    return all(
        call.rates[group].learns_at(rule(schedule, index, group))
        for schedule in schedules
        for index, call in enumerate(schedule.calls)
        for group in range(schedule.present(index))
    )


def compounded(schedule: Schedule, index: int, group: int) -> float:
    """Predict the rate when every call multiplies what the last one left."""
    rate = schedule.bases[group]
    first = schedule.late_before if group >= schedule.present(0) else 0
    for call in schedule.calls[first : index + 1]:
        rate *= call.factor
    return rate
