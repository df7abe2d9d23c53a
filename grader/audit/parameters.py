"""Record every parameter that was in the model during the run: initial bits, and its flag at every optimizer step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from torch import Tensor, nn

from .declare import Declared, frozen_entries
from .survey import Survey, survey


@dataclass(frozen=True)
class _Known:
    name: str
    tensor: Tensor
    before: str


class Parameters:
    """The parameters of one run, replaced ones included."""

    def __init__(self, model: nn.Module, first: Survey, is_declared: Declared, read: Callable[[Tensor], str]) -> None:
        self._model = model
        self._is_declared = is_declared
        self._read = read
        self._known: dict[int, _Known] = {}
        self.flags: dict[str, list[bool]] = {}
        """By name: the flag at the first step, then every change of it."""
        self.flipped_at: dict[str, int] = {}
        """By name: the step before which the flag first changed."""
        self._last_flags: list[bool] = []
        self.surveys = 0
        """How often the model was looked at; more than once when something was replaced."""
        self._take(first)

    def name_of(self, tensor: Tensor) -> str:
        """Return the name that a tensor of any shape has, or once had, in the model; empty for a stranger."""
        known = self._known.get(id(tensor))
        return known.name if known else ""

    def look_again(self) -> bool:
        """Survey the model anew if a module or a parameter came, went or was replaced; whether it did."""
        if self._identities() == self._last:
            return False
        self._take(survey(self._model))
        return True

    def note_flags(self, step: int) -> None:
        """Write down which flags are not what they were at the step before."""
        flags = [entry.tensor.requires_grad for entry in self._entries]
        if flags == self._last_flags:
            return
        self._last_flags = flags
        for entry, flag in zip(self._entries, flags, strict=True):
            seen = self.flags.setdefault(entry.name, [])
            if seen and seen[-1] != flag:
                self.flipped_at.setdefault(entry.name, step)
            if not seen or seen[-1] != flag:
                seen.append(flag)

    def replaced(self) -> set[str]:
        """Return the names that stood for more than one tensor."""
        counted = Counter(known.name for known in self._known.values())
        return {name for name, count in counted.items() if count > 1}

    def before(self) -> dict[str, str]:
        """Return the first fingerprint of what is in the model now, by name."""
        return {name: self._known[key].before for key, name in self.here.items()}

    def moved(self, now: dict[str, str]) -> set[str]:
        """Return the names under which any tensor has other bits than at first; ``now`` has those still here."""
        return {
            known.name
            for key, known in self._known.items()
            if (now[self.here[key]] if key in self.here else self._read(known.tensor)) != known.before
        }

    def _take(self, found: Survey) -> None:
        self.found = found
        self.surveys += 1
        self.frozen = frozen_entries(found, self._is_declared)
        self._entries = found.parameters
        self._last_flags = []
        self._modules = list(found.modules.values())
        self._slots = [module.__dict__[slot] for module in self._modules for slot in ("_parameters", "_modules")]
        self._last = self._identities()
        self.here: dict[int, str] = {id(entry.tensor): entry.name for entry in self._entries}
        for entry in self._entries:
            if id(entry.tensor) not in self._known:
                self._known[id(entry.tensor)] = _Known(entry.name, entry.tensor, self._read(entry.tensor))

    def _identities(self) -> tuple[int, ...]:
        """Return the identity of every parameter and child module; all are kept alive here, so none is used twice."""
        return tuple(map(id, chain.from_iterable(map(dict.values, self._slots))))
