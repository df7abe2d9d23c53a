"""What an audit writes down. Everything is frozen, and JSON by ``Report.to_json``."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

SCHEMA = "transfer-grader/freeze-audit/v1"
"""Version of the JSON; it changes when a field changes its meaning."""


class Verdict(StrEnum):
    """What the run was."""

    FROZEN = "frozen as declared"
    NOT_FROZEN = "NOT frozen"
    NOT_PROVEN = "not proven"


class Kind(StrEnum):
    """What an audit can find; the first three break the freeze."""

    FROZEN_WEIGHT_MOVED = "frozen-weight-moved"
    FROZEN_BUFFER_MOVED = "frozen-buffer-moved"
    RAN_IN_TRAIN_MODE = "ran-in-train-mode"
    NOT_COMPARABLE = "not-comparable"
    FROZEN_PARAM_REQUIRES_GRAD = "frozen-param-requires-grad"
    FROZEN_PARAM_IN_OPTIMIZER = "frozen-param-in-optimizer"
    FLIPPED_MID_RUN = "flipped-mid-run"
    TIED = "tied-to-trainable"
    STALE_TENSORS = "stale-tensors"
    TRAINABLE_NOT_IN_OPTIMIZER = "trainable-not-in-optimizer"
    NEVER_MOVED = "never-moved"
    UNSEEN_OPTIMIZER = "unseen-optimizer"
    NO_OPTIMIZER_STEP = "no-optimizer-step"


class Effect(StrEnum):
    """What training mode changes in a module."""

    BATCH = "normalises by the batch"
    RANDOM = "draws at random"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was found, with one cause; the same kind with another cause is another finding."""

    kind: Kind
    entries: tuple[str, ...]
    """Names of the tensors, modules or optimizers it is about."""
    cause: str
    """What was seen that explains it."""
    look_at: str
    """Where to look next."""

    @property
    def count(self) -> int:
        """Number of entries."""
        return len(self.entries)


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """What was seen of one parameter or buffer."""

    name: str
    aliases: tuple[str, ...]
    """Its other names, where weights are tied."""
    is_buffer: bool
    frozen: bool
    """Declared so, under any of its names."""
    is_tied: bool
    """Declared frozen under one of its names and not under another."""
    before: str
    """Fingerprint at the beginning; empty where there was nothing to read."""
    after: str
    """Fingerprint at the end."""
    moved: bool
    """For what is frozen: whether before and after differ. For the rest: whether any tensor of this name moved."""
    replaced: bool
    """Whether another tensor took its name during the run."""
    required_grad: tuple[bool, ...]
    """The flag at the first optimizer step, then every change of it; empty without a step."""
    flipped_at: int
    """Number of the step before which the flag first changed; 0 when it never did."""
    optimizers: tuple[str, ...]
    """Labels of the optimizers that held it."""
    old_gradient: bool
    """Whether an optimizer held it with requires_grad off and a gradient still there."""

    @property
    def owner(self) -> str:
        """Name of the module that holds it."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True, kw_only=True)
class ModuleRow:
    """How often one frozen module ran in which mode, for those whose mode matters or that hold buffers."""

    name: str
    type: str
    effect: Effect
    training: int
    """Runs in training mode with gradients enabled."""
    training_no_grad: int
    inference: int
    """Runs in inference mode with gradients enabled."""
    inference_no_grad: int


@dataclass(frozen=True, kw_only=True)
class OptimizerRow:
    """What was seen of one optimizer."""

    label: str
    steps: int
    holds: int
    """Number of the model's tensors in its groups, at most."""
    stale: tuple[str, ...]
    """Tensors that it steps although they are not in the model any more, by name or by shape."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that was seen; findings and verdict are a pure function of it."""

    entries: tuple[EntryRow, ...]
    modules: tuple[ModuleRow, ...]
    optimizers: tuple[OptimizerRow, ...]
    """Those that held tensors of the model."""
    steps: int
    """Steps of these optimizers."""
    other_steps: int
    """Steps of optimizers that held nothing of this model."""
    gone: tuple[str, ...]
    """Declared frozen and no longer there at the end."""
    new: tuple[str, ...]
    """Declared frozen, at the end, and not there at the beginning."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole result of an audit."""

    schema: str = SCHEMA
    verdict: Verdict
    why: str
    """The verdict's reason in one sentence."""
    findings: tuple[Finding, ...]
    declared: tuple[str, ...]
    """What was declared frozen, as it was written."""
    model: str
    """Class of the model."""
    facts: Facts
    ended_by: str
    """The exception that ended the run; empty when it came to its end."""
    exact: bool
    """Whether fingerprints are SHA-256 of all bytes."""
    seed: int
    """Seed of torch's default generator at the end of the run."""
    torch: str
    """Version of torch."""

    @property
    def counts(self) -> dict[Kind, int]:
        """Number of entries by kind of finding."""
        counted = Counter[Kind]()
        for finding in self.findings:
            counted[finding.kind] += finding.count
        return dict(counted)

    def to_json(self, indent: int | None = 2) -> str:
        """Return the report as JSON."""
        return json.dumps(asdict(self), indent=indent)

    def __rich__(self) -> RenderableType:
        """Let ``rich.print(report)`` show it."""
        from .render import render

        return render(self)
