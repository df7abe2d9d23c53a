"""The heatmaps of exercise 07: a confusion matrix and a change between two, as the learner's code returned them."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable

import numpy as np

from grader.authoring import NotReached
from grader.records import Evidence, Heatmap

from .seen import CLOSE, Call, Seen, mismatched, read
from .truth import Array, confusion, delta
from .wire import DELTA, MATRIX


def draw(evidence: Evidence) -> tuple[Heatmap, ...]:
    """Draw one heatmap of each kind: of the first call with a wrong cell, else of the first."""
    seen = read(evidence)
    drawn = (_telling(seen, MATRIX, _true_counts), _telling(seen, DELTA, _true_change))
    return tuple(heatmap for heatmap in drawn if heatmap)


def _true_counts(call: Call) -> Array:
    y_true, y_pred = call.inputs
    return confusion(y_true, y_pred, call.numbers[0])


def _true_change(call: Call) -> Array:
    return delta(*call.inputs)


def _telling(seen: Seen, function: str, truth: Callable[[Call], Array]) -> Heatmap | None:
    heatmaps = []
    with contextlib.suppress(NotReached):
        for call in seen.calls(function):
            expects_matrix = function != DELTA or not mismatched(call)
            if expects_matrix and call.tensor is not None and call.tensor.shape == (right := truth(call)).shape:
                heatmaps.append(_heatmap(call, call.tensor, right))
    wrong = (each for each in heatmaps if not all(map(all, each.are_right)))
    return next(wrong, heatmaps[0] if heatmaps else None)


def _heatmap(call: Call, mine: Array, right: Array) -> Heatmap:
    return Heatmap(
        title=f"What `{call.function}` returned for {call.title}",
        values=tuple(tuple(round(float(v), 4) if math.isfinite(v) else None for v in row) for row in mine),
        are_right=tuple(map(tuple, (np.abs(mine - right) <= CLOSE).tolist())),
        is_change=call.function == DELTA,
    )
