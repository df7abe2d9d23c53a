"""What stays frozen at a depth of adaptation, for ResNets and transformers encoders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from torch import nn

from .survey import unwrapped

_STAGE = re.compile(r"layer\d+")


def frozen_at(model: nn.Module, depth: int) -> tuple[str, ...]:
    """Return the names that stay frozen when the head and the last ``depth`` blocks learn, input side first.

    Knows ResNets by their ``layer1``, ``layer2``, … and transformers models by the list of layers in their base
    model. ValueError for any other model, and for a depth that the model does not have.
    """
    blocks = _blocks(unwrapped(model))
    if not 0 <= depth <= len(blocks):
        raise ValueError(f"{type(unwrapped(model)).__name__} has depths 0 to {len(blocks)}, not {depth}.")
    return tuple(name for block in blocks[: len(blocks) - depth] for name in block)


def _blocks(model: nn.Module) -> list[list[str]]:
    """Return the backbone's blocks: what lies before the layers, every layer, the last with what follows it."""
    if any(map(_STAGE.fullmatch, dict(model.named_children()))):
        parts = list(_parts(model, ""))
        layers = [name for name in parts if _STAGE.fullmatch(name)]
        parts = parts[: parts.index(layers[-1]) + 1]
    else:
        prefix, stack = _stack(model)
        base = model.get_submodule(prefix)
        parts = [f"{prefix}.{part}" if prefix else part for part in _parts(base, stack)]
        inside = re.compile(rf"{re.escape(prefix)}\.?{re.escape(stack)}\.\d+")
        layers = [name for name in parts if inside.fullmatch(name)]
    first = parts.index(layers[0])
    blocks = [[name] for name in layers]
    blocks[-1] += [name for name in parts[first:] if name not in layers]
    return [parts[:first], *blocks]


def _stack(model: nn.Module) -> tuple[str, str]:
    """Return the name of a transformers model's base, and in it the name of its outermost list of layers."""
    prefix = getattr(model, "base_model_prefix", None)
    if isinstance(prefix, str):
        prefix = prefix if hasattr(model, prefix) else ""
        for name, module in model.get_submodule(prefix).named_modules():
            if isinstance(module, nn.ModuleList) and len(module):
                return prefix, name
    raise ValueError(f"The blocks of {type(model).__name__} are not known here: declare what is frozen by name.")


def _parts(module: nn.Module, stack: str) -> Iterator[str]:
    """Yield the parts that hold parameters or buffers, in order; the stack, and what it lies in, part by part."""
    for name, _ in module.named_parameters(recurse=False):
        yield name
    for name, child in module.named_children():
        if name == stack:
            yield from (f"{name}.{layer}" for layer, _ in child.named_children())
        elif stack.startswith(f"{name}."):
            yield from (f"{name}.{part}" for part in _parts(child, stack.removeprefix(f"{name}.")))
        elif child.state_dict():
            yield name
