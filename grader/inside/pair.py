"""Makes ``import torchvision`` work where its wheel was built for another torch.

The compiled operators of such a wheel cannot be loaded, and its import ends at the first one that it describes
(pytorch/vision#9085). Classification needs none of them, so what is missing is declared, but only after that very
failure: a wheel that belongs to the torch beside it registers its operators itself, and a second registration of one
ends the process.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

_PACKAGE = "torchvision"
_SCHEMAS = tuple(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor" for name in ("nms", "qnms"))
_lent: list[Any] = []
"""The library that holds the declared operators; they vanish with it."""


def lend_operators() -> None:
    """Have every later ``import torchvision`` in this process, a learner's too, declare what its wheel could not."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def operators_lent() -> bool:
    """Return whether torchvision was imported and its operators had to be declared."""
    return bool(_lent)


class _Finder(MetaPathFinder):
    """Finds torchvision where Python finds it, and everything else not at all."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _PACKAGE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    """Executes torchvision, and once more with the operators declared where they were missing."""

    def exec_module(self, module: ModuleType) -> None:
        try:
            super().exec_module(module)
        except RuntimeError as error:
            if f"{_PACKAGE}::nms" not in str(error):
                raise
            _forget_submodules(module)
            _declare()
            super().exec_module(module)


def _forget_submodules(module: ModuleType) -> None:
    """Leave nothing of the import that failed, so that the next one does not find its halves."""
    for name in [name for name in sys.modules if name.startswith(f"{_PACKAGE}.")]:
        del sys.modules[name]
        vars(module).pop(name.removeprefix(f"{_PACKAGE}."), None)


def _declare() -> None:
    from torch.library import Library

    library = Library(_PACKAGE, "FRAGMENT")  # type: ignore[no-untyped-call]
    for schema in _SCHEMAS:
        library.define(schema)  # type: ignore[no-untyped-call]
    _lent.append(library)
