"""What was seen of exercise 04, read from the evidence: the one view that checks and misconceptions share.

Which rate and decay a tensor got is not taken from the groups' word: the weights went in from outside, the gradient
is known, so both follow from where it stood after one step. What the groups say is used beside it.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from grader.authoring import NotReached, read_answer
from grader.authoring.anatomy import Anatomy, anatomy
from grader.authoring.view import View
from grader.records import Evidence, Record
from grader.wire.answer import Answer, Raised

from . import door
from . import plan as planned
from .rates import Rate, measure

Names = frozenset[str]


class Group(Record, frozen=True, kw_only=True):
    """One of the learner's groups, as the probe found it."""

    names: tuple[str, ...]
    others: int
    """Tensors in it that are none of this model's."""

    @property
    def empty(self) -> bool:
        """Whether nobody is in it."""
        return not self.names and not self.others


class Trial(Record, frozen=True, kw_only=True, dict=True):
    """One call of ``build_param_groups`` and one step of an optimizer with its groups."""

    title: str
    """How to call the model in a sentence."""
    anatomy: Anatomy
    state: str
    optimizer: str
    head_names: tuple[str, ...]
    head_lr: float
    backbone_lr: float
    weight_decay: float
    live: Names
    """Names that require grad."""
    answer: Answer
    refused: Raised | None
    """What the optimizer raised on being given the groups."""
    groups: tuple[Group, ...]
    rates: Mapping[str, Rate]
    """For every parameter."""

    @property
    def where(self) -> str:
        """The trial, for the beginning of a sentence."""
        flags = {"whole": "", "partial": " whose first blocks are frozen", "head": " whose backbone is frozen"}
        return f"On {self.title}{flags.get(self.state, ' with some parameters frozen')}"

    @property
    def asked(self) -> str:
        """What was asked for, in parentheses."""
        return (
            f"(head {self.heads}; head_lr {self.head_lr:g}, backbone_lr {self.backbone_lr:g}, "
            f"weight_decay {self.weight_decay:g})"
        )

    @property
    def heads(self) -> str:
        """Names of the head, for sentences."""
        return " and ".join(f"`{name}`" for name in self.head_names)

    @functools.cached_property
    def moved(self) -> Names:
        """Names that took a step."""
        return frozenset(name for name, rate in self.rates.items() if rate.moved)

    @property
    def grouped(self) -> Names:
        """Names that a group holds."""
        return frozenset(name for group in self.groups for name in group.names)

    @property
    def repeated(self) -> Names:
        """Names that the groups hold more than once."""
        counts = Counter(name for group in self.groups for name in group.names)
        return frozenset(name for name, count in counts.items() if count > 1)

    @property
    def head(self) -> Names:
        """Names of the head that require grad."""
        return self.live & self.anatomy.head

    @property
    def backbone(self) -> Names:
        """Names of the backbone that require grad."""
        return self.live - self.anatomy.head

    @functools.cached_property
    def flat(self) -> Names:
        """Names of tensors with fewer than two dimensions: biases and parameters of normalisation layers."""
        return frozenset(entry.name for entry in self.anatomy.parameters if len(entry.shape) < 2)  # noqa: PLR2004

    @functools.cached_property
    def norms(self) -> Names:
        """Names of the parameters of normalisation layers: those whose `weight` is flat."""
        owners = tuple(name.removesuffix("weight") for name in self.flat if name.endswith(".weight"))
        return frozenset(name for name in self.flat if name.startswith(owners))

    def lr_of(self, name: str) -> float:
        """Return the learning rate that the contract gives a parameter."""
        return self.head_lr if name in self.anatomy.head else self.backbone_lr

    def decay_of(self, name: str) -> float:
        """Return the weight decay that the contract gives a parameter."""
        return 0.0 if name in self.flat else self.weight_decay

    @property
    def tried(self) -> bool:
        """Whether an optimizer took the groups and something moved."""
        return not self.answer.trouble("") and self.refused is None and bool(self.moved)


class Call(Record, frozen=True, kw_only=True):
    """One call of ``scale_lrs`` and the step after it."""

    factor: float
    answer: Answer
    rates: tuple[Rate, ...]
    """For every group, the late one last, which does not move before it was added."""
    says: tuple[Mapping[str, Any], ...]
    """What every group of the optimizer said after the call."""
    order: tuple[int, ...]
    """Which tensor the optimizer's first, second, ... group held."""


class Schedule(Record, frozen=True, kw_only=True):
    """An optimizer whose rates were scaled again and again."""

    optimizer: str
    bases: tuple[float, ...]
    """Learning rates of the groups before the first call, the late one last."""
    decays: tuple[float, ...]
    late_before: int
    """Index of the call before which the late group was added."""
    calls: tuple[Call, ...]
    said: tuple[Mapping[str, Any], ...]
    """What every group said before the first call."""

    def present(self, call: int) -> int:
        """Return how many groups there are at a call."""
        return len(self.bases) - (call < self.late_before)

    def factors(self, call: int) -> str:
        """Return the factors up to a call, for sentences."""
        told = [f"{one.factor:g}" for one in self.calls[: call + 1]]
        return f"a call with {told[0]}" if len(told) == 1 else f"calls with {', '.join(told[:-1])} and {told[-1]}"


class _Group(msgspec.Struct):
    members: list[int]
    others: int


class _Groups(msgspec.Struct):
    groups: list[_Group]
    answer: Any = None
    refused: Raised | None = None


class _Shown(msgspec.Struct):
    members: list[int]
    says: dict[str, Any]


class _Scaled(msgspec.Struct):
    answers: list[Any]
    groups: list[list[_Shown]]


class Seen(View):
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    @functools.cached_property
    def trials(self) -> tuple[Trial, ...]:
        """Every call of ``build_param_groups``, whole models first."""
        return tuple(self._trial(row) for row in self._plan["trials"])

    @functools.cached_property
    def schedules(self) -> tuple[Schedule, ...]:
        """The optimizers whose rates were scaled."""
        return tuple(self._schedule(row) for row in self._plan["schedules"])

    @property
    def default_lr(self) -> float:
        """The learning rate that the optimizers were built with."""
        return float(self._plan["defaults"]["lr"])

    @property
    def default_decay(self) -> float:
        """The weight decay that the optimizers were built with."""
        return float(self._plan["defaults"]["weight_decay"])

    def _trial(self, row: dict[str, Any]) -> Trial:
        name = door.groups(row)
        told: _Groups = self._told(name, _Groups)
        model = next(model for model in self._plan["models"] if model["id"] == row["model"])
        body = anatomy(model["spec"])
        sizes = [entry.size for entry in body.parameters]
        rates = measure(_weights(json.dumps(model)), self._array(f"{name}/stepped", (sum(sizes),), np.float32), sizes)
        names = [entry.name for entry in body.parameters]
        return Trial(
            title=_title(model["spec"]),
            anatomy=body,
            state=row["state"],
            optimizer=row["optimizer"],
            head_names=tuple(row["head_names"]),
            head_lr=row["head_lr"],
            backbone_lr=row["backbone_lr"],
            weight_decay=row["weight_decay"],
            live=frozenset(name for name, flag in zip(names, row["flags"], strict=True) if flag),
            answer=read_answer(told.answer),
            refused=told.refused,
            groups=tuple(_group(group, names) for group in told.groups),
            rates=dict(zip(names, rates, strict=True)),
        )

    def _schedule(self, row: dict[str, Any]) -> Schedule:
        name, calls, groups = door.scaled(row), len(row["factors"]), [*row["groups"], row["late"]]
        told: _Scaled = self._told(name, _Scaled)
        sizes = [planned.GROUP_SIZE] * len(groups)
        stepped = self._array(f"{name}/stepped", (calls, sum(sizes)), np.float32)
        if len(told.answers) != calls or len(told.groups) != calls + 1:
            raise NotReached(name)
        weights = planned.schedule_weights(row)
        rows = zip(row["factors"], told.answers, stepped, told.groups[1:], strict=True)
        return Schedule(
            optimizer=row["optimizer"],
            bases=tuple(group["lr"] for group in groups),
            decays=tuple(group["weight_decay"] for group in groups),
            late_before=row["late_before"],
            calls=tuple(
                Call(
                    factor=factor,
                    answer=read_answer(answer),
                    rates=tuple(measure(weights, after, sizes)),
                    says=tuple(group.says for group in shown),
                    order=tuple(member for group in shown for member in group.members),
                )
                for factor, answer, after, shown in rows
            ),
            said=tuple(group.says for group in told.groups[0]),
        )


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


@functools.lru_cache(maxsize=16)
def _weights(row: str) -> np.ndarray[Any, Any]:
    return planned.weights(json.loads(row))


def _group(told: _Group, names: list[str]) -> Group:
    if any(not 0 <= member < len(names) for member in told.members):
        raise NotReached("members")
    return Group(names=tuple(names[member] for member in told.members), others=told.others)


def _title(spec: dict[str, Any]) -> str:
    titles = {"resnet": "a ResNet", "gated_resnet": "a ResNet whose blocks have gates", "bert": "a BERT"}
    layers = f" with {spec['layers']} layers" if "hidden" in spec else ""
    return titles.get(spec["family"], "a DistilBERT") + layers
