"""What the optimizers held at their steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from weakref import WeakKeyDictionary

from torch import Tensor
from torch.optim import Optimizer

from .parameters import Parameters
from .records import OptimizerRow


@dataclass
class _Seen:
    """What was seen of one optimizer."""

    label: str
    steps: int = 0
    holds: tuple[int, ...] = ()
    """Identities at the last step, behind the number of the survey they were looked up in."""
    ours: set[int] = field(default_factory=set)
    """What it held at any step that was in the model then, or before."""
    frozen: list[tuple[str, Tensor]] = field(default_factory=list)
    """Declared frozen, and held at this step."""
    outside: dict[int, tuple[str, Tensor]] = field(default_factory=dict)
    """Held at this step and not in the model; under the name they once had there, or none."""
    pulled: set[int] = field(default_factory=set)
    """Those of them that ever had a gradient: somebody uses them, a loss or another model."""

    def stale(self) -> tuple[str, ...]:
        """Return the tensors that it steps in vain."""
        is_ours = bool(self.ours) or not self.pulled
        return tuple(
            name or f"a tensor of shape {list(tensor.shape)}"
            for key, (name, tensor) in self.outside.items()
            if name or (is_ours and key not in self.pulled)
        )


class Optimizers:
    """The optimizers of one run; those that never held a tensor of the model are counted and no more."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._seen: list[_Seen] = []
        self._by_optimizer: WeakKeyDictionary[Optimizer, _Seen] = WeakKeyDictionary()
        self._types = Counter[str]()
        self.old_gradients: set[str] = set()
        """Declared frozen, and held with requires_grad off and a gradient still there."""

    @property
    def steps(self) -> int:
        """Steps of the optimizers that hold, or held, something of this model."""
        return sum(seen.steps for seen in self._seen if seen.ours)

    @property
    def other_steps(self) -> int:
        """Steps of all others."""
        return sum(seen.steps for seen in self._seen if not seen.ours)

    def before_step(self, optimizer: Optimizer) -> bool:
        """Note what it is about to step; whether that has to do with this model."""
        seen = self._by_optimizer.get(optimizer) or self._meet(optimizer)
        groups = (group["params"] for group in optimizer.param_groups)
        holds = (self._parameters.surveys, *map(id, chain.from_iterable(groups)))
        if holds != seen.holds:
            self._look_up(seen, optimizer)
            seen.holds = holds
        seen.steps += 1
        for name, tensor in seen.frozen:
            if tensor.grad is not None and not tensor.requires_grad:
                self.old_gradients.add(name)
        return bool(seen.ours)

    def after_step(self, optimizer: Optimizer) -> None:
        """Note which strangers had a gradient: after the step, because a closure may have computed it."""
        seen = self._by_optimizer.get(optimizer)
        if seen is not None:  # it is None at the end of a step inside which the audit began
            seen.pulled.update(key for key, (_, tensor) in seen.outside.items() if tensor.grad is not None)

    def holders(self) -> dict[str, tuple[str, ...]]:
        """Return the labels of the optimizers that held what is in the model now, by its name."""
        return {
            name: tuple(seen.label for seen in self._seen if key in seen.ours)
            for key, name in self._parameters.here.items()
        }

    def rows(self) -> Iterator[OptimizerRow]:
        """Yield what was seen of those that have to do with this model."""
        for seen in self._seen:
            if seen.ours or seen.stale():
                yield OptimizerRow(label=seen.label, steps=seen.steps, holds=len(seen.ours), stale=seen.stale())

    def _meet(self, optimizer: Optimizer) -> _Seen:
        kind = type(optimizer).__name__
        self._types[kind] += 1
        seen = _Seen(kind if self._types[kind] == 1 else f"{kind} {self._types[kind]}")
        self._seen.append(seen)
        self._by_optimizer[optimizer] = seen
        return seen

    def _look_up(self, seen: _Seen, optimizer: Optimizer) -> None:
        seen.frozen, seen.outside = [], {}
        for tensor in chain.from_iterable(group["params"] for group in optimizer.param_groups):
            name = self._parameters.name_of(tensor)
            if id(tensor) not in self._parameters.here:
                seen.outside[id(tensor)] = name, tensor
            elif name in self._parameters.frozen:
                seen.frozen.append((name, tensor))
            if name:
                seen.ours.add(id(tensor))
