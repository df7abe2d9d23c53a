"""What is known outside of the two pretrained models: their state, and what they make of the held-out inputs."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from grader import fixtures
from grader.courses import remembered
from grader.wire.names import HEADS

from .anatomy import Arrays, anatomy

CLASSES = {"vision": 10, "text": 5}
"""Labels in the samples; a head may have more rows."""
TITLES = {"vision": "the pretrained ResNet", "text": "the pretrained BERT"}


def spec(modality: str, classes: int) -> dict[str, Any]:
    """Return the spec of a pretrained backbone under a head of so many classes."""
    return {**_spec(modality), "num_classes": classes}


def head(modality: str, classes: int, seed: int) -> Arrays:
    """Draw a head, float32 ``[classes, width]`` and ``[classes]``."""
    rng = np.random.default_rng(seed)
    shapes = {"weight": (classes, width(modality)), "bias": (classes,)}
    return {name: rng.normal(0, 0.05, shape).astype(np.float32) for name, shape in shapes.items()}


def width(modality: str) -> int:
    """Return the number of features that arrive at the head."""
    described = _spec(modality)
    return int(described["hidden"] if "hidden" in described else described["widths"][-1])


def state(modality: str, head: Arrays) -> Arrays:
    """Return the whole state of a pretrained model under a head, in its order."""
    given = {**_backbone(modality), **{f"{HEADS[modality]}.{name}": array for name, array in head.items()}}
    return {entry.name: given[entry.name] for entry in anatomy(spec(modality, len(head["bias"]))).entries}


def scores(modality: str, head: Arrays) -> np.ndarray[Any, Any]:
    """Return what the untouched backbone and a head give for the held-out inputs, ``[inputs, classes]``."""
    with np.errstate(all="ignore"):  # a head that came back may hold anything
        given: np.ndarray[Any, Any] = (
            fixtures.arrays(f"{modality}-features")["features"] @ head["weight"].T + head["bias"]
        )
    return given


@remembered()
def _spec(modality: str) -> dict[str, Any]:
    return dict(json.loads(fixtures.metadata(f"{modality}-backbone")["spec"]))


@remembered()
def _backbone(modality: str) -> Arrays:
    return fixtures.arrays(f"{modality}-backbone")
