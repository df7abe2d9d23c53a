"""Observe a run from outside: fingerprints before and after, hooks in between, facts at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook
from torch.utils.hooks import RemovableHandle

from .declare import declared, frozen_modules
from .fingerprint import fingerprint, is_readable
from .modes import Modes
from .optimizers import Optimizers
from .parameters import Parameters
from .records import EntryRow, Facts
from .survey import Entry, survey


@dataclass(frozen=True)
class _End:
    """What can be told only when the run has ended."""

    entries: dict[str, Entry]
    after: dict[str, str]
    moved: set[str]
    replaced: set[str]
    holders: dict[str, tuple[str, ...]]


class Watch:
    """One run: looks from when it is made until it is stopped."""

    def __init__(self, model: nn.Module, patterns: Iterable[str], *, exact: bool) -> None:
        self._model = model
        self._read = partial(_read, exact=exact)
        self._first = survey(model)
        self._is_declared = declared(patterns, self._first)
        self._parameters = Parameters(model, self._first, self._is_declared, self._read)
        self._frozen_at_first = self._parameters.frozen
        self._before = self._parameters.before() | {
            name: self._read(entry.tensor) for name, entry in self._first.entries.items() if entry.is_buffer
        }
        self._optimizers = Optimizers(self._parameters)
        self._modes = Modes()
        self._watch_modes()
        self._handles: list[RemovableHandle] = [
            register_optimizer_step_pre_hook(self._before_step),
            register_optimizer_step_post_hook(self._after_step),
        ]

    def stop(self) -> None:
        """Remove every hook."""
        self._modes.stop()
        while self._handles:
            self._handles.pop().remove()

    def facts(self) -> Facts:
        """Read the model once more and return what was seen."""
        end = self._end()
        first, frozen = self._first.entries, self._frozen_at_first | self._parameters.frozen
        return Facts(
            entries=tuple(
                self._row(entry, end, frozen=name in frozen) for name, entry in (first | end.entries).items()
            ),
            modules=tuple(self._modes.rows()),
            optimizers=tuple(self._optimizers.rows()),
            steps=self._optimizers.steps,
            other_steps=self._optimizers.other_steps,
            gone=tuple(name for name in first if name in frozen and name not in end.entries),
            new=tuple(name for name in end.entries if name in frozen and name not in first),
        )

    def _end(self) -> _End:
        self._parameters.look_again()
        entries = survey(self._model).entries
        after = {name: self._read(entry.tensor) for name, entry in entries.items()}
        return _End(
            entries=entries,
            after=after,
            moved=self._parameters.moved(after),
            replaced=self._parameters.replaced(),
            holders=self._optimizers.holders(),
        )

    def _row(self, entry: Entry, end: _End, *, frozen: bool) -> EntryRow:
        name, before, after = entry.name, self._before.get(entry.name, ""), end.after.get(entry.name, "")
        differs = bool(before and after) and before != after
        return EntryRow(
            name=name,
            aliases=entry.aliases,
            is_buffer=entry.is_buffer,
            frozen=frozen,
            is_tied=frozen and not all(map(self._is_declared, (name, *entry.aliases))),
            before=before,
            after=after,
            moved=differs if frozen or entry.is_buffer else name in end.moved,
            replaced=name in end.replaced,
            required_grad=tuple(self._parameters.flags.get(name, ())),
            flipped_at=self._parameters.flipped_at.get(name, 0),
            optimizers=end.holders.get(name, ()),
            old_gradient=name in self._optimizers.old_gradients,
        )

    def _watch_modes(self) -> None:
        found = self._parameters.found
        self._modes.watch(found, frozen_modules(found, self._is_declared))

    def _before_step(self, optimizer: Optimizer, _args: object, _kwargs: object) -> None:
        if self._parameters.look_again():
            self._watch_modes()
        if self._optimizers.before_step(optimizer):
            self._parameters.note_flags(self._optimizers.steps)
            self._modes.note_step()

    def _after_step(self, optimizer: Optimizer, _args: object, _kwargs: object) -> None:
        self._optimizers.after_step(optimizer)


def _read(tensor: Tensor, *, exact: bool) -> str:
    """Return the fingerprint of a tensor, or of this process's part of one that is spread over several (DTensor)."""
    here: Tensor = tensor.to_local() if hasattr(tensor, "to_local") else tensor
    return fingerprint(here, exact=exact) if is_readable(here) else ""
