"""The facts of exercise 04: what they are called, and what the probe says in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.wire.answer import Answer, Raised, Told

BUILD, SCALE = "build_param_groups", "scale_lrs"
STEPPED = "stepped"
"""Name, behind the fact's, of the tensors after a step."""
DEFAULTS = {"lr": 0.75, "weight_decay": 0.625}
"""Poisoned: what the optimizers are built with, and what a group that leaves a key out will get."""
Row = Mapping[str, Any]
"""Of the plan."""


class Group(Told, frozen=True, kw_only=True):
    """One of the learner's groups."""

    members: tuple[int, ...]
    """Places of its parameters in ``named_parameters()``."""
    others: int
    """Tensors in it that are none of this model's."""

    @property
    def empty(self) -> bool:
        """Whether nobody is in it."""
        return not self.members and not self.others


class Grouped(Told, frozen=True, kw_only=True):
    """One call of ``build_param_groups``; beside it the parameters after a step of an optimizer with its groups."""

    answer: Answer
    groups: tuple[Group, ...]
    refused: Raised | None = None
    """What the optimizer raised on being given the groups."""


class Shown(Told, frozen=True, kw_only=True):
    """One group of an optimizer."""

    members: tuple[int, ...]
    """Which of the schedule's tensors it holds; -1 for any other."""
    says: Mapping[str, Any]
    """What stands in it but for the tensors: a learner's function may have put anything there."""


class Scaled(Told, frozen=True, kw_only=True):
    """Calls of ``scale_lrs`` with one optimizer; beside them the tensors after a step behind each call."""

    answers: tuple[Answer, ...]
    shown: tuple[tuple[Shown, ...], ...]
    """The optimizer's groups before the first call, and after each."""


def groups(trial: Row) -> str:
    """Return the name of what came of one call of ``build_param_groups``."""
    return f"groups/{trial['model']}/{trial['state']}"


def scaled(schedule: Row) -> str:
    """Return the name of what came of an optimizer whose rates were scaled."""
    return f"scaled/{schedule['id']}"
