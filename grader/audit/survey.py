"""List a model's modules and tensors by the names that they have without wrappers.

Reads the three dictionaries that every module has, which is several times faster than ``named_modules()`` and the
like and, unlike these, lists every name of what is shared.
"""
# ruff: noqa: SLF001

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn.parallel import DataParallel, DistributedDataParallel

_COVERS = ("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")
"""Names under which ``torch.compile`` and the wrappers of ``torch.distributed`` keep the module they wrap."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A parameter or buffer; one with several names (tied weights) is one entry."""

    name: str
    aliases: tuple[str, ...]
    tensor: Tensor
    is_buffer: bool

    @property
    def owner(self) -> str:
        """Name of the module that holds it."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A model at one moment. The root's name is empty; a shared module is listed under each of its names."""

    modules: dict[str, nn.Module]
    entries: dict[str, Entry]
    """By first name."""
    is_compiled: bool
    """Whether ``torch.compile`` wraps any part of it."""

    @property
    def parameters(self) -> list[Entry]:
        """The entries that are parameters."""
        return [entry for entry in self.entries.values() if not entry.is_buffer]


def survey(model: nn.Module) -> Survey:
    """Look through DDP, ``torch.compile`` and the like, and list what is there."""
    walked = list(_walk(model, ""))
    modules = dict(walked)  # a wrapper and what it wraps have one name; what is wrapped comes last and stays
    found: dict[int, tuple[list[str], Tensor, bool]] = {}
    for prefix, module in modules.items():
        for name, tensor, is_buffer in _own(module):
            found.setdefault(id(tensor), ([], tensor, is_buffer))[0].append(_join(prefix, name))
    entries = (
        Entry(name=names[0], aliases=tuple(names[1:]), tensor=tensor, is_buffer=is_buffer)
        for names, tensor, is_buffer in found.values()
    )
    return Survey(
        modules=modules,
        entries={entry.name: entry for entry in entries},
        is_compiled=any(_is_compiled(module) for _, module in walked),
    )


def unwrapped(module: nn.Module) -> nn.Module:
    """Return the module inside its wrappers."""
    while (inner := _inner(module)) is not None:
        module = inner
    return module


def ancestors(name: str) -> Iterator[str]:
    """Yield a name and the names of everything it lies in, without the root."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _inner(module: nn.Module) -> nn.Module | None:
    if isinstance(module, DataParallel | DistributedDataParallel):
        inner: nn.Module = module.module
        return inner
    return next((module._modules[name] for name in _COVERS if name in module._modules), None)


def _is_compiled(module: nn.Module) -> bool:
    in_place = module._compiled_call_impl is not None  # what module.compile() sets
    return in_place or "_orig_mod" in module._modules


def _walk(module: nn.Module, prefix: str) -> Iterator[tuple[str, nn.Module]]:
    yield prefix, module
    if (inner := _inner(module)) is not None:
        yield from _walk(inner, prefix)
        return
    for name, child in module._modules.items():
        if child is not None:
            yield from _walk(child, _join(prefix, name))


def _own(module: nn.Module) -> Iterator[tuple[str, Tensor, bool]]:
    for name, parameter in module._parameters.items():
        if parameter is not None:
            yield name, parameter, False
    for name, buffer in module._buffers.items():
        if buffer is not None:
            yield name, buffer, True


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name
