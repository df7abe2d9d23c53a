"""In which mode the frozen modules ran: normalisation layers, dropout, and whatever else holds buffers.

Dropout is told by a number in (0, 1] under ``p`` or a name with "drop", which is how torch, torchvision, timm and
transformers keep it, as a layer of its own or as a plain number of the module that uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.dropout import _DropoutNd
from torch.utils.hooks import RemovableHandle

from .records import Effect, ModuleRow
from .survey import Survey


class Tally:
    """Counts the runs of a module by mode; a forward pre-hook that can be compiled, copied and pickled."""

    def __init__(self) -> None:
        self.runs = [0, 0, 0, 0]

    def __call__(self, module: nn.Module, _inputs: object = None) -> None:
        """Count one run."""
        self.runs[2 * module.training + torch.is_grad_enabled()] += 1

    @property
    def with_grad(self) -> bool:
        """Whether any run had gradients enabled."""
        return any(self.runs[1::2])


@dataclass(frozen=True)
class _Watched:
    name: str
    own: Tally
    parents: Tally | None
    """For a dropout layer that is never called: its parent reads ``p`` and the mode, as attention layers do."""
    at_steps: Tally = field(default_factory=Tally)
    """The mode at every optimizer step: all there is where compiled code runs past the hooks."""


class Modes:
    """The tallies of one run."""

    def __init__(self) -> None:
        self._tallies: dict[nn.Module, Tally] = {}
        self._watched: dict[nn.Module, _Watched] = {}
        self._handles: list[RemovableHandle] = []
        self._is_compiled = False

    def watch(self, found: Survey, frozen: Iterable[str]) -> None:
        """Count the runs of the frozen modules; those that are watched already go on counting."""
        names = dict.fromkeys(frozen)
        with_buffers = {entry.owner for entry in found.entries.values() if entry.is_buffer}
        self._is_compiled = found.is_compiled
        for name in names:
            module, parent = found.modules[name], name.rpartition(".")[0]
            matters = name in with_buffers or isinstance(module, nn.RReLU) or _rates(module)
            if module in self._watched or not matters:
                continue
            may_be_read = isinstance(module, _DropoutNd) and parent in names and parent != name
            parents = self._tally(found.modules[parent]) if may_be_read else None
            self._watched[module] = _Watched(name, self._tally(module), parents)

    def note_step(self) -> None:
        """Note the modes at an optimizer step, where hooks may be blind."""
        if self._is_compiled:
            for module, watched in self._watched.items():
                watched.at_steps(module)

    def rows(self) -> Iterator[ModuleRow]:
        """Yield what was counted."""
        for module, watched in self._watched.items():
            inference_no_grad, inference, training_no_grad, training = self._seen(watched).runs
            yield ModuleRow(
                name=watched.name,
                type=type(module).__name__,
                effect=_effect(module),
                training=training,
                training_no_grad=training_no_grad,
                inference=inference,
                inference_no_grad=inference_no_grad,
            )

    def stop(self) -> None:
        """Remove the hooks."""
        while self._handles:
            self._handles.pop().remove()

    def _tally(self, module: nn.Module) -> Tally:
        if module not in self._tallies:
            self._tallies[module] = Tally()
            self._handles.append(module.register_forward_pre_hook(self._tallies[module]))
        return self._tallies[module]

    def _seen(self, watched: _Watched) -> Tally:
        tally = watched.own if any(watched.own.runs) or watched.parents is None else watched.parents
        return watched.at_steps if self._is_compiled and not tally.with_grad else tally


def _effect(module: nn.Module) -> Effect:
    if isinstance(module, nn.RReLU) or any(rate > 0 for rate in _rates(module)):
        return Effect.RANDOM
    return Effect.BATCH if isinstance(module, _NormBase) else Effect.UNKNOWN


def _rates(module: nn.Module) -> list[float]:
    """Return the module's own numbers that look like dropout rates; a flag is no number."""
    named = (value for name, value in vars(module).items() if name == "p" or "drop" in name)
    return [rate for rate in named if type(rate) in (int, float) and 0 <= rate <= 1]
