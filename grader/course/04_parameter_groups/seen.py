"""What was seen of exercise 04, read from the evidence: the one view that checks and misconceptions share.

Which rate and decay a tensor got is not taken from the groups' word: the weights went in from outside, the gradient
is known, so both follow from where it stood after one step. What the groups say is used beside it.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.authoring import Unreadable
from grader.authoring.anatomy import Anatomy, anatomy
from grader.authoring.view import View
from grader.records import Evidence, Record
from grader.wire.answer import Answer

from . import plan, wire

Floats = np.ndarray[Any, Any]
"""Tensors that lie behind one another, flat."""
Names = frozenset[str]


RATE_TOLERANCE = 1e-3
"""Relative; the rates asked for are factors of two apart, and float32 is off by some 1e-5."""
DECAY_TOLERANCE = 5e-3
"""Absolute; the decays asked for are 1/16 apart or more."""
_RESIDUE = 1e-5
_STEP_CAP = 1e3


class Rate(Record, frozen=True, kw_only=True):
    """What one step says about a tensor."""

    lr: float
    """0.0 when the tensor did not move; NaN when no rate and decay together explain how it moved."""
    decay: float

    @property
    def moved(self) -> bool:
        """Whether the tensor took a step at all."""
        return self.lr != 0

    def learns_at(self, lr: float) -> bool:
        """Whether the step was taken with this learning rate."""
        return abs(self.lr - lr) <= RATE_TOLERANCE * max(abs(lr), 1e-6)

    def decays_at(self, decay: float) -> bool:
        """Whether the step was taken with this weight decay."""
        return abs(self.decay - decay) <= DECAY_TOLERANCE


class Trial(Record, frozen=True, kw_only=True, dict=True):
    """One call of ``build_param_groups`` and one step of an optimizer with its groups."""

    model: str
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
    told: wire.Grouped
    rates: Mapping[str, Rate]
    """For every parameter."""

    @property
    def groups(self) -> tuple[wire.Group, ...]:
        """The learner's groups."""
        return self.told.groups

    @property
    def others(self) -> int:
        """Tensors in the groups that are none of this model's."""
        return sum(group.others for group in self.groups)

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

    def names_in(self, group: wire.Group) -> list[str]:
        """Return the names of a group's members."""
        return [self.anatomy.parameters[member].name for member in group.members]

    @functools.cached_property
    def _held(self) -> Counter[str]:
        """How often the groups hold a name."""
        return Counter(name for group in self.groups for name in self.names_in(group))

    @property
    def grouped(self) -> Names:
        """Names that a group holds."""
        return frozenset(self._held)

    @property
    def repeated(self) -> Names:
        """Names that the groups hold more than once."""
        return frozenset(name for name, count in self._held.items() if count > 1)

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
        """Whether something moved: with the groups, or with what an optimizer takes of them."""
        return not self.told.answer.trouble("") and bool(self.moved)


class Call(Record, frozen=True, kw_only=True):
    """One call of ``scale_lrs`` and the step after it."""

    factor: float
    answer: Answer
    rates: tuple[Rate, ...]
    """For every group, the late one last, which does not move before it was added."""
    shown: tuple[wire.Shown, ...]
    """The optimizer's groups after the call."""


class Schedule(Record, frozen=True, kw_only=True):
    """An optimizer whose rates were scaled again and again."""

    bases: tuple[float, ...]
    """Learning rates of the groups before the first call, the late one last."""
    decays: tuple[float, ...]
    late_before: int
    """Index of the call before which the late group was added."""
    calls: tuple[Call, ...]
    shown: tuple[wire.Shown, ...]
    """The optimizer's groups before the first call."""

    def present(self, call: int) -> int:
        """Return how many groups there are at a call."""
        return len(self.bases) - (call < self.late_before)

    def factors(self, call: int) -> str:
        """Return the factors up to a call, for sentences."""
        told = [f"{one.factor:g}" for one in self.calls[: call + 1]]
        return f"a call with {told[0]}" if len(told) == 1 else f"calls with {', '.join(told[:-1])} and {told[-1]}"


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

    @functools.cached_property
    def resumed(self) -> Schedule:
        """The optimizer whose groups hold a first rate already, and have another one."""
        return self._schedule(self._plan["resumed"])

    def _trial(self, row: dict[str, Any]) -> Trial:
        name, told = wire.groups(row), self._told(wire.groups(row), wire.Grouped)
        model = next(model for model in self._plan["models"] if model["id"] == row["model"])
        body = anatomy(model["spec"])
        names, sizes = zip(*((entry.name, entry.size) for entry in body.parameters), strict=True)
        if any(not 0 <= member < len(names) for group in told.groups for member in group.members):
            raise Unreadable(name)
        stepped = self._array(f"{name}/{wire.STEPPED}", (sum(sizes),), np.float32)
        rates = measure(_weights(msgspec.json.encode(model)), stepped, sizes)
        return Trial(
            model=row["model"],
            title=plan.TITLES[row["model"]].format_map(model["spec"]),
            anatomy=body,
            state=row["state"],
            optimizer=row["optimizer"],
            head_names=tuple(row["head_names"]),
            head_lr=row["head_lr"],
            backbone_lr=row["backbone_lr"],
            weight_decay=row["weight_decay"],
            live=frozenset(name for name, flag in zip(names, row["flags"], strict=True) if flag),
            told=told,
            rates=dict(zip(names, rates, strict=True)),
        )

    def _schedule(self, row: dict[str, Any]) -> Schedule:
        name, told = wire.scaled(row), self._told(wire.scaled(row), wire.Scaled)
        groups, factors = [*row["groups"], row["late"]], row["factors"]
        sizes = [plan.GROUP_SIZE] * len(groups)
        stepped = self._array(f"{name}/{wire.STEPPED}", (len(factors), sum(sizes)), np.float32)
        if len(told.answers) != len(factors) or len(told.shown) != len(factors) + 1:
            raise Unreadable(name)
        weights = plan.schedule_weights(row)
        calls = zip(factors, told.answers, stepped, told.shown[1:], strict=True)
        return Schedule(
            bases=tuple(group.get("initial_lr", group["lr"]) for group in groups),
            decays=tuple(group["weight_decay"] for group in groups),
            late_before=row["late_before"],
            calls=tuple(
                Call(factor=factor, answer=answer, rates=tuple(measure(weights, after, sizes)), shown=shown)
                for factor, answer, after, shown in calls
            ),
            shown=told.shown[0],
        )


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


@functools.lru_cache(maxsize=16)
def _weights(model: bytes) -> Floats:
    return plan.weights(msgspec.json.decode(model))


def measure(weights: Floats, stepped: Floats, sizes: Sequence[int]) -> list[Rate]:
    """Read the rates of tensors that lie behind one another in flat arrays.

    Every other scalar of a tensor had a gradient of one: move = lr * (gradient + decay * weight). So the scalars
    without a gradient give lr * decay, and the others give lr. The weights are never zero.
    """
    offsets = np.cumsum([0, *sizes[:-1]])
    before, after = weights.astype(np.float64), stepped.astype(np.float64)
    pushed = np.concatenate([np.arange(size) % 2 == 0 for size in sizes])
    with np.errstate(all="ignore"):
        move = np.clip(np.nan_to_num(before - after, nan=_STEP_CAP), -_STEP_CAP, _STEP_CAP)
        pull = _fit(move * before * ~pushed, before * before * ~pushed, offsets)
        lr = _fit((move - np.repeat(pull, sizes) * before) * pushed, pushed * 1.0, offsets)
        residue = np.abs(move - np.repeat(lr, sizes) * pushed - np.repeat(pull, sizes) * before)
        worst = np.maximum.reduceat(residue, offsets)
        still = np.maximum.reduceat(np.abs(move), offsets) == 0
        decay = np.where(still, 0, pull / lr)
    odd = worst > _RESIDUE
    lr[odd] = decay[odd] = np.nan
    lr[still] = 0
    return [Rate(lr=float(one), decay=float(other)) for one, other in zip(lr, decay, strict=True)]


def _fit(numerator: Floats, denominator: Floats, offsets: Floats) -> Floats:
    fitted: Floats = np.add.reduceat(numerator, offsets) / np.add.reduceat(denominator, offsets)
    return fitted
