"""torch's global switches: the learner's code may leave them as it likes, and the probe works with torch's own.

The functions are bound before the learner's code is there, which may put others over them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

import torch

_is_grad, _set_grad = torch.is_grad_enabled, torch._C._set_grad_enabled  # noqa: SLF001
_dtype, _set_dtype = torch.get_default_dtype, torch.set_default_dtype
State = tuple[bool, torch.dtype]
"""Whether gradients are recorded, and the dtype of new tensors."""
OWN: Final[State] = (True, torch.float32)


@contextlib.contextmanager
def own() -> Iterator[None]:
    """Work with torch's own switches, and leave those that were there before."""
    before = _look()
    _set(OWN)
    try:
        yield
    finally:
        _set(before)


class Switches:
    """Where the learner's code has left the switches, while it does not run."""

    def __init__(self) -> None:
        """Take over from the file, which was just imported."""
        self._imported = self._left = _look()
        _set(OWN)

    @contextlib.contextmanager
    def theirs(self) -> Iterator[None]:
        """Let a function of the learner's run with the switches as the file left them, and take over afterwards."""
        before = _look()
        _set(self._imported)
        try:
            yield
        finally:
            self._left = _look()
            _set(before)

    @contextlib.contextmanager
    def as_left(self) -> Iterator[None]:
        """Work with the switches as the last call left them, if it moved them, as a trainer would."""
        _set(OWN if self._left == self._imported else self._left)
        try:
            yield
        finally:
            _set(OWN)


def _look() -> State:
    return _is_grad(), _dtype()


def _set(state: State) -> None:
    grad, dtype = state
    _set_grad(grad)
    _set_dtype(dtype)
