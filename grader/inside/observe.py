"""Standard probes of a learner's code: call a function, and see which tensors move."""

from __future__ import annotations

import linecache
import operator
import os
import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from grader.wire.answer import FRAMES_CAP, Answer, Call, Frame, Raised
from grader.wire.digests import digest

from .switches import Switches

STEP = 1 / 64
"""Size of the step in ``shake``: exact in float32 for weights that are multiples of it."""
_learns = vars(torch._C.TensorBase)["requires_grad"].__get__  # noqa: SLF001
"""Reads the flag below whatever a submission may put over it."""
_TEXT_CAP = 500


def _as_it_is(returned: Any) -> Any:
    return returned


class Submitted:
    """The imported submission."""

    def __init__(
        self, module: ModuleType, filename: str, *, tells_calls: bool = False, broke_off: bool = False
    ) -> None:
        self.calls: list[Call] | None = [] if tells_calls else None
        """What was asked, and what came of it but for the value, until the list is emptied; None where nobody asks."""
        self._module = module
        self._filename = filename
        self._broke_off = broke_off
        self.switches = Switches()

    def ask(self, function: str, *args: Any, **named: Any) -> Answer:
        """Call one of the learner's functions for a plain value; whatever happens is an answer."""
        answer, returned = self.call(function, *args, **named)
        return as_answer(returned) if answer.has_returned else answer

    def call(
        self, function: str, *args: Any, read: Callable[[Any], Any] = _as_it_is, **named: Any
    ) -> tuple[Answer, Any]:
        """Call one of the learner's functions and keep the object; the answer holds only its type.

        ``read`` takes the returned object first; what it raises, by walking a generator say, is the learner's too.
        """
        if self.calls is None:
            return self._call(function, read, *args, **named)
        question = f"{function}({', '.join(map(_as_code, (*args, *named.values())))})"
        answer, returned = self._call(function, read, *args, **named)
        told = Answer(raised=answer.raised, missing=answer.missing, broke_off=answer.broke_off)
        self.calls.append(Call(function=function, question=question, answer=told))
        return answer, returned

    def _call(self, function: str, read: Callable[[Any], Any], *args: Any, **named: Any) -> tuple[Answer, Any]:
        target = getattr(self._module, function, None)
        if not callable(target):
            return Answer(missing=function, broke_off=self._broke_off), None
        try:
            with self.switches.theirs():
                returned = target(*args, **named)
                return Answer(returned=_name(type(returned))), read(returned)
        except BaseException as error:  # noqa: BLE001  sys.exit() and the like are answers too
            return Answer(raised=describe(error, self._filename)), None


_CODE_CAP = 40


def _as_code(value: Any) -> str:
    """Return an argument as a reader of the call would like it: small plain values whole, of the others their type."""
    if value is None or type(value) in (bool, int, float, str):
        return repr(value)
    if type(value) in (list, tuple):
        shown = ", ".join(map(_as_code, value))
        return f"[{shown}]" if len(shown) <= _CODE_CAP else f"[{len(value)} items]"
    return _name(type(value))


def as_answer(returned: Any) -> Answer:
    """Return the answer that a returned value makes: as JSON, or by its type where it is no plain value."""
    try:
        return Answer(returned=plain(returned))
    except TypeError:
        return Answer(strange=_name(type(returned)))


def describe(error: BaseException, filename: str) -> Raised:
    """Say what was raised and at which of the learner's lines; an exception may lie, but not break this."""
    steps = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [(code.co_name, line) for code, line in steps if code.co_filename == filename]
    frames = tuple(_frame(filename, function, line) for function, line in own[-FRAMES_CAP:])
    line, text = (frames[-1].line, frames[-1].text) if frames else (None, "")
    if isinstance(error, SyntaxError) and error.filename == filename:
        line, text = error.lineno, error.text or linecache.getline(filename, error.lineno or 0)
    kinds = type.mro(type(error))
    return Raised(
        type=_name(type(error)),
        kinds=tuple(_name(kind) for kind in kinds),
        message=_message(error),
        line=line if isinstance(line, int) else None,
        text=_text(text).strip(),
        function=frames[-1].function if frames else "",
        frames=frames,
        beyond=_library(steps[-1][0].co_filename) if frames and steps[-1][0].co_filename != filename else "",
    )


def _frame(filename: str, function: str, line: int) -> Frame:
    return Frame(line=line, function=_text(function), text=_text(linecache.getline(filename, line)).strip())


class _Places(NamedTuple):
    """Where this Python's files lie, as this system compares paths; each ends with a separator."""

    ours: str
    """This package, which may be installed among the others."""
    packages: tuple[str, ...]
    """Folders of installed packages, which often lie inside of the next."""
    python: tuple[str, ...]


def _places() -> _Places:
    """Ask Python where its files lie; names of folders tell little, as every system has others."""
    paths = sysconfig.get_paths()
    folders = [path for path in sys.path if os.path.basename(path) in {"site-packages", "dist-packages"}]  # noqa: PTH119
    return _Places(
        ours=_folder(os.path.dirname(os.path.dirname(__file__))),  # noqa: PTH120
        packages=tuple(map(_folder, (paths["purelib"], paths["platlib"], *folders))),
        python=tuple(map(_folder, (paths["stdlib"], paths["platstdlib"], os.path.dirname(os.__file__)))),  # noqa: PTH120
    )


def _folder(path: str) -> str:
    return os.path.join(os.path.normcase(path), "")  # noqa: PTH118


def _library(filename: str) -> str:
    """Name what a file belongs to: a package, or Python itself; what lies deeper is nobody's business here."""
    path = _compared(filename)
    if path.startswith(_PLACES.ours):
        return "the exercise"
    for folder in _PLACES.packages:
        if path.startswith(folder):
            return filename[len(folder) :].replace("\\", "/").partition("/")[0].removesuffix(".py")
    return "Python" if path.startswith(("<frozen ", *_PLACES.python)) else "the exercise"


_PLACES, _compared = _places(), os.path.normcase
"""Taken at the import, before a line of the learner's code could change what they rest on."""


def _name(kind: type) -> str:
    return _text(type.__dict__["__name__"].__get__(kind))


def _message(error: BaseException) -> str:
    try:
        return _text(error.msg if isinstance(error, SyntaxError) else str(error))
    except BaseException:  # noqa: BLE001  the learner's __str__ may raise as well
        return "(its message could not be read)"


def _text(text: str) -> str:
    """Return a short text that every encoder can write."""
    return str(text)[:_TEXT_CAP].encode("utf-8", "backslashreplace").decode("utf-8")


def plain(value: Any, depth: int = 4) -> Any:
    """Return ``value`` as JSON; raise TypeError for what is neither text, number nor a small collection."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, Mapping) and depth:
        return {plain(str(key)): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset) and depth:
        return [plain(item, depth - 1) for item in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else str(value)
    return operator.index(value)


def names_of(found: Iterable[Any]) -> tuple[str, ...]:
    """Return names for a fact; raise TypeError where one of them is nothing that JSON knows."""
    return tuple(plain(list(found)))


def numbers(value: Any, depth: int) -> Any:
    """Return tensors and numpy scalars without dimensions as Python numbers, also inside so many lists and tuples.

    Anything else is returned as it is.
    """
    if isinstance(value, torch.Tensor | np.generic) and not value.ndim:
        return value.item()
    if isinstance(value, list | tuple) and depth:
        return [numbers(item, depth - 1) for item in value]
    return value


def digests(state: Mapping[str, torch.Tensor], names: Sequence[str]) -> np.ndarray[Any, Any]:
    """Return 64 bits of BLAKE2b over each tensor's bytes, uint64 ``[len(names)]``; 0 where the name is gone."""
    raw = {name: state[name].detach().reshape(-1).view(torch.uint8) for name in names if name in state}
    everything = torch.cat(list(raw.values())).numpy().data if raw else b""
    found, start = {}, 0
    for name, tensor in raw.items():
        stop = start + len(tensor)
        found[name] = digest(everything[start:stop])
        start = stop
    return np.frombuffer(b"".join(found.get(name, bytes(8)) for name in names), dtype="<u8")


def state(model: nn.Module) -> tuple[dict[str, nn.Parameter], dict[str, torch.Tensor]]:
    """Return parameters and buffers by name, each as it is, in one walk through the modules."""
    parameters, buffers = {}, {}
    for prefix, module in model.named_modules():
        stem = f"{prefix}." if prefix else ""
        parameters.update({stem + name: p for name, p in module._parameters.items() if p is not None})  # noqa: SLF001
        buffers.update({stem + name: b for name, b in module._buffers.items() if b is not None})  # noqa: SLF001
    return parameters, buffers


def shake(model: nn.Module, names: Sequence[str], decay: float = 0.0) -> np.ndarray[Any, Any]:
    """Take one step of ``STEP`` against a gradient of one, and return the digests after it, uint64 ``[len(names)]``.

    The gradient goes in through autograd, which takes it for nothing that is frozen, so the flags are acted upon:
    what is frozen keeps its bits, what learns moves by exactly ``STEP``. The model is left as it was. With a
    ``decay`` the step is ``STEP`` times (gradient + decay * weight), which also moves what has a gradient of zero.
    """
    parameters, after = state(model)
    for parameter in parameters.values():
        parameter.grad = None
    leaves = [parameter for parameter in parameters.values() if _learns(parameter)]
    if leaves:
        torch.autograd.backward(leaves, [torch.ones_like(leaf) for leaf in leaves])
    after.update(parameters)
    live = {name: p.grad for name, p in parameters.items() if p.grad is not None}
    for name, gradient in live.items():
        weight = parameters[name].detach()
        after[name] = torch.sub(weight, gradient + decay * weight if decay else gradient, alpha=STEP)
        parameters[name].grad = None
    return digests(after, names)


def set_flags(model: nn.Module, flags: Sequence[bool]) -> None:
    """Set ``requires_grad`` of every parameter, in the order of ``named_parameters()``."""
    for parameter, flag in zip(model.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)


def tensors(arrays: Mapping[str, np.ndarray[Any, Any]], prefix: str) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield the job's arrays below ``prefix`` as tensors of the same shape, by their names without it."""
    for name, array in arrays.items():
        if name.startswith(prefix):
            yield name.removeprefix(prefix), torch.from_numpy(array.copy())
