"""A target task from its files and its row in ``scenarios.toml``, ready to train on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from grader.wire.names import STRATEGIES

from . import corrupt
from .stored import Stored, read
from .strategies import Recipe, Scenario

SETS = ("train", "validation", "test")


def load(row: Mapping[str, Any], paths: Mapping[str, str | Path]) -> Scenario:
    """Read the scenario that a row describes; ``paths`` leads from names in the manifest to files.

    A row is what ``grader.fixtures.scenarios()`` has below the scenario's name.
    """
    data, _ = read(paths[f"scenario-{row['name']}"])
    return assemble(row, data, read(paths[f"{row['modality']}-backbone"]))


def assemble(row: Mapping[str, Any], data: Mapping[str, Tensor], backbone: Stored) -> Scenario:
    """Make a scenario of a row, its stored data and the pretrained backbone.

    Of each set there are inputs, uint8 ``[N, h, w]`` or int16 ``[N, L]``, and of all but the test labels, ``[N]``.
    """
    weights, described = backbone
    inputs = [_prepared(data[f"{part}_inputs"], row, described, seed) for seed, part in enumerate(SETS)]
    return Scenario(
        name=row["name"],
        modality=row["modality"],
        classes=len(row["classes"]),
        spec=described["spec"],
        backbone=weights,
        blocks=row["blocks"],
        still=row["still"],
        recipe=recipe(row),
        train=(inputs[0], data["train_labels"]),
        validation=(inputs[1], data["validation_labels"]),
        test_inputs=inputs[2],
    )


def recipe(row: Mapping[str, Any]) -> Recipe:
    """Return the budget and the rates of one scenario."""
    rates: dict[str, tuple[float, float]] = {
        strategy: (float(row["rates"][strategy][0]), float(row["rates"][strategy][1])) for strategy in STRATEGIES
    }
    return Recipe(row["steps"], row["batch"], row["depth"], rates, row["warmup"])


def _prepared(stored: Tensor, row: Mapping[str, Any], described: Mapping[str, Any], seed: int) -> Tensor:
    """Return stored inputs as the model takes them, corrupted as the row says; the noise differs by set."""
    corruption = row.get("corruption", {})
    if row["modality"] == "vision":
        return corrupt.images(stored, described["pixels"], corruption, 1000 * row["seed"] + seed)
    return corrupt.ids(stored, corruption, described["spec"]["vocab"])
