"""The shipped models and data, checked against the manifest before every use. No torch here."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from .courses import current, remembered
from .errors import FixtureFault
from .records import Record


class Fixture(Record, frozen=True, kw_only=True):
    """One row of ``fixtures/manifest.toml``."""

    name: str
    path: str
    sha256: str
    bytes: int
    seed: int
    source: str
    licence: str
    audience: str
    """``learner`` may enter a sandbox; ``judge`` and ``grader`` never do, and learners have no file of the last."""
    reproducible: str

    @property
    def file(self) -> Path:
        """Where the file is."""
        return current().fixtures / self.path


@remembered()
def manifest() -> dict[str, Fixture]:
    """Read the manifest, by name; raise FixtureFault when it cannot be read. A course need not have fixtures."""
    path = current().fixtures / "manifest.toml"
    if not path.parent.exists():
        return {}
    try:
        rows = tomllib.loads(path.read_text("utf-8"))["file"]
        fixtures = msgspec.convert(rows, list[Fixture])
    except (OSError, tomllib.TOMLDecodeError, KeyError, msgspec.ValidationError) as error:
        raise FixtureFault(f"The manifest {path} cannot be read: {error}") from error
    return {fixture.name: fixture for fixture in fixtures}


def verified(name: str) -> Fixture:
    """Return a fixture whose bytes are what the manifest says; raise FixtureFault otherwise."""
    if name not in manifest():
        raise FixtureFault(f"The fixture {name} is not in the manifest.")
    fixture = manifest()[name]
    try:
        content = fixture.file.read_bytes()
    except OSError as error:
        raise FixtureFault(f"The fixture {name} cannot be read: {error}. Restore {fixture.file}.") from error
    if hashlib.sha256(content).hexdigest() != fixture.sha256:
        raise FixtureFault(f"The fixture {name} is damaged: {fixture.file} differs from the manifest. Restore it.")
    return fixture


def for_sandbox(names: tuple[str, ...]) -> dict[str, Fixture]:
    """Return verified fixtures that may enter a sandbox; raise FixtureFault for one that must stay outside."""
    fixtures = {name: verified(name) for name in names}
    for fixture in fixtures.values():
        if fixture.audience != "learner":
            raise FixtureFault(f"The fixture {fixture.name} must not enter a sandbox.")
        if not fixture.file.resolve().is_relative_to(current().public.resolve()):
            raise FixtureFault(
                f"The fixture {fixture.name} is out of a sandbox's reach: it belongs in fixtures/learner."
            )
    return fixtures


def paths(*names: str) -> dict[str, Path]:
    """Return the files of verified fixtures, by name."""
    return {name: verified(name).file for name in names}


def scenarios() -> dict[str, dict[str, Any]]:
    """Return the rows of the target tasks by name: their data, classes, budget and rates, and no answer."""
    return read_scenarios(verified("scenarios").file)


def read_scenarios(path: Path) -> dict[str, dict[str, Any]]:
    """Read a ``scenarios.toml``; to each row, plain JSON, comes what all rows of a modality share.

    ``still`` are the modules that a strategy keeps as they came. They are told, not worked out where learners' code
    runs: whatever works them out there would be an answer to one of the exercises.
    """
    rows = tomllib.loads(path.read_text("utf-8"))["scenario"]
    return {row["name"]: _with_shared(row, _SHARED[row["name"].partition("-")[0]]) for row in rows}


def _with_shared(row: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    still = {"frozen": shared["blocks"], "partial_unfreeze": shared["blocks"][: -row["depth"]]}
    return {
        **row,
        **shared,
        "still": {name: [module for block in kept for module in block] for name, kept in still.items()},
    }


_SHARED: dict[str, dict[str, Any]] = {
    "vision": {
        "modality": "vision",
        "batch": 32,
        "warmup": 0.1,
        "blocks": [["conv1", "bn1"], ["layer1"], ["layer2"], ["layer3"], ["layer4"]],
    },
    "text": {
        "modality": "text",
        "batch": 32,
        "warmup": 0.3,
        "blocks": [
            ["bert.embeddings"],
            ["bert.encoder.layer.0"],
            ["bert.encoder.layer.1"],
            ["bert.encoder.layer.2", "bert.pooler"],
        ],
    },
}
"""By the first word of a scenario's name; text warms up longer. ``blocks`` are the backbone's modules by block, input
side first."""


def metadata(name: str) -> dict[str, str]:
    """Return the metadata of a verified safetensors fixture; each value is JSON text."""
    from safetensors import safe_open

    with safe_open(verified(name).file, framework="np") as file:
        return dict(file.metadata() or {})


def arrays(name: str) -> dict[str, Any]:
    """Return the arrays of a verified safetensors fixture, by tensor name."""
    from safetensors.numpy import load

    return dict(load(verified(name).file.read_bytes()))
