"""Remembered features: what lies below the trained part is run once for each example, not at every step.

Modules that neither learn nor draw nor look at the batch make the same of an example at every step. Here they run
once over the training set, and then hand out what they made of the rows at hand. Everything else, the model's own
forward pass and every hook on what it calls included, runs as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.modules.dropout import _DropoutNd

Logits = Callable[[nn.Module, Tensor], Tensor]
"""The model and inputs ``[batch, ...]`` to logits ``[batch, C]``; padded texts are cut to their longest row."""


def remembered(
    model: nn.Module, names: Iterable[str], inputs: Tensor, batch: int, logits: Logits
) -> Callable[[Tensor], Tensor]:
    """Return what takes row numbers of ``inputs``, int64 ``[rows]``, to the model's logits ``[rows, C]``.

    ``names`` are the backbone's modules, input side first. The lowest of them that are still are run now, in batches
    of ``batch``; flags and modes have to be as they will be in training. No random number is drawn.
    """
    lower = still(model, names)
    if not lower:
        return lambda rows: logits(model, inputs[rows])
    kept = _run(model, lower, inputs, batch, logits)

    def scores(rows: Tensor) -> Tensor:
        picked = inputs[rows]
        width = _width(picked)
        with _instead({module: each.of(rows, width) for module, each in kept.items()}):
            return logits(model, picked)

    return scores


def still(model: nn.Module, names: Iterable[str]) -> list[nn.Module]:
    """Return the modules of these names, as far as each makes the same of an example whenever it runs."""
    modules = dict(model.named_modules())
    return [modules[name] for name in takewhile(lambda name: name in modules and _is_still(modules[name]), names)]


def _is_still(module: nn.Module) -> bool:
    learns = any(parameter.requires_grad for parameter in module.parameters())
    return not learns and not any(map(_varies, module.modules()))


def _varies(module: nn.Module) -> bool:
    """Whether a module normalises by the batch or draws; attention reads the rate of a dropout layer inside it."""
    if hasattr(module, "running_mean"):
        return module.training or module.running_mean is None
    drops = (isinstance(part, _DropoutNd) and part.p > 0 for part in (module, *module.children()))
    return module.training and any(drops)


@dataclass(frozen=True)
class _Kept:
    """What one module made of all examples, ``[N, ...]``, or ``[N, words, ...]`` with zeros where a text was cut."""

    values: Tensor
    by_word: bool
    in_tuple: bool

    def of(self, rows: Tensor, width: int) -> Callable[..., Any]:
        """Return a forward pass that hands out a fresh copy for these rows."""
        values = self.values[:, :width] if self.by_word else self.values
        given = values.index_select(0, rows)
        return lambda *_args, **_named: (given,) if self.in_tuple else given


def _run(
    model: nn.Module, lower: list[nn.Module], inputs: Tensor, batch: int, logits: Logits
) -> dict[nn.Module, _Kept]:
    """Run all inputs through the lower modules; keep what the last one made, and the shape of what the others made."""
    made: dict[nn.Module, Any] = {}
    features = []
    with torch.no_grad(), _instead({module: _noting(module, made, lower[-1]) for module in lower}):
        for part in inputs.split(batch):  # type: ignore[no-untyped-call]
            with suppress(_ReachedError):
                logits(model, part)
            features.append(_tensor(made[lower[-1]]))
    width, is_text = _width(inputs), not inputs.is_floating_point()
    kept = {}
    for module, output in made.items():
        given = _tensor(output)
        by_word = is_text and given.ndim == _HIDDEN
        shape = (len(inputs), width, *given.shape[2:]) if by_word else (len(inputs), *given.shape[1:])
        values = given.new_zeros(()).expand(shape)
        if module is lower[-1]:
            values = torch.cat([_padded(each, width) if by_word else each for each in features])
        kept[module] = _Kept(values, by_word, isinstance(output, tuple))
    return kept


class _ReachedError(Exception):
    """Ends a forward pass that has come as far as it should."""


def _noting(module: nn.Module, made: dict[nn.Module, Any], last: nn.Module) -> Callable[..., Any]:
    """Return the module's own forward pass, with what it returns put into ``made``; the last one's goes no further."""
    forward = module.forward

    def note(*args: Any, **named: Any) -> Any:
        made[module] = forward(*args, **named)
        if module is last:
            raise _ReachedError
        return made[module]

    return note


_HIDDEN = 3
"""Dimensions of a text's hidden states: examples, words, channels."""


def _tensor(output: Any) -> Tensor:
    """Return the tensor that a module gave, alone or first in a tuple; the latter do transformers' layers before 5."""
    tensor: Tensor = output[0] if isinstance(output, tuple) else output
    return tensor


def _padded(values: Tensor, width: int) -> Tensor:
    """Return values ``[batch, words, hidden]`` with so many words; attention gives what is added a weight of 0."""
    return F.pad(values, (0, 0, 0, width - values.shape[1]))


def _width(inputs: Tensor) -> int:
    """Return the number of words of the longest text; 0 for images."""
    return 0 if inputs.is_floating_point() else int((inputs != 0).sum(1).max())


@contextmanager
def _instead(forwards: Mapping[nn.Module, Callable[..., Any]]) -> Iterator[None]:
    """Put these in the place of the modules' own forward passes for a while."""
    before = {module: vars(module).get("forward") for module in forwards}
    try:
        for module, forward in forwards.items():
            vars(module)["forward"] = forward
        yield
    finally:
        for module, own in before.items():
            if own is None:
                vars(module).pop("forward", None)
            else:
                vars(module)["forward"] = own
