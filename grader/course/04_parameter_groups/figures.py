"""The profiles of exercise 04: at which learning rate every parameter took its step."""

from __future__ import annotations

import math

from grader.authoring import NotReached
from grader.authoring.anatomy import Entry
from grader.records import Dot, Evidence, Profile

from .seen import Trial, read


def draw(evidence: Evidence) -> tuple[Profile, ...]:
    """Draw one profile for vision and one for text: the first model with a wrong rate, else the first."""
    try:
        profiles = [(trial, _profile(trial)) for trial in read(evidence).trials if trial.tried]
    except NotReached:
        return ()
    vision = [profile for trial, profile in profiles if "ResNet" in trial.title]
    text = [profile for trial, profile in profiles if "BERT" in trial.title]
    return tuple(_telling(family) for family in (vision, text) if family)


def _telling(profiles: list[Profile]) -> Profile:
    """Return the first profile in which something is wrong, else the first."""
    return next((each for each in profiles if not all(dot.is_right for dot in each.dots)), profiles[0])


def _profile(trial: Trial) -> Profile:
    return Profile(
        title=f"{trial.where}: the rate at which every parameter took its step with {trial.optimizer}",
        quantity="learning rate",
        without="took no step",
        dots=tuple(_dot(trial, entry) for entry in trial.anatomy.parameters),
    )


def _dot(trial: Trial, entry: Entry) -> Dot:
    name, rate = entry.name, trial.rates[entry.name]
    learns = name in trial.live
    return Dot(
        name=name,
        block="head" if entry.block is None else trial.anatomy.block_titles[entry.block],
        expected=trial.lr_of(name) if learns else None,
        seen=rate.lr if math.isfinite(rate.lr) and rate.lr > 0 else None,
        is_right=rate.learns_at(trial.lr_of(name)) if learns else not rate.moved,
    )
