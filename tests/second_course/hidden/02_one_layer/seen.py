"""What was seen of exercise 02."""

from __future__ import annotations

import numpy as np

from grader.authoring.view import View, distance
from grader.records import Evidence

from . import wire
from .plan import draw


class Seen(View):
    """The layer, and what it made of a row."""

    @property
    def told(self) -> wire.Made:
        """What the probe said."""
        made: wire.Made = self._told(wire.FACT, wire.Made)
        return made

    @property
    def gap(self) -> float:
        """How far the layer is from multiplying by its weight."""
        inputs, outputs = self._plan["inputs"], self._plan["outputs"]
        weight = self._array(f"{wire.FACT}/weight", (outputs, inputs), np.float32)
        made = self._array(f"{wire.FACT}/made", (1, outputs), np.float32)
        return distance(made, draw(self._evidence.seed)[1]["row"] @ weight.T)


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)
