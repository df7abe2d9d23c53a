"""One training run, in the lab's own process or in the sandbox with a learner's functions.

The sandbox loads this file by its path, as every probe; what it imports holds no secret.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
import torch
from torch import nn

from grader.audit import FreezeAudit
from grader.inside import scenarios
from grader.inside.observe import Submitted
from grader.inside.strategies import REFERENCE, Scenario, Steps, run
from grader.inside.wire import Fact
from grader.inside.work import import_submission
from grader.wire.job import Job
from grader.wire.names import HEADS, LETTERS

Order = Mapping[str, Any]
"""``strategy``, ``depth`` and ``seed`` of a run."""


def trained(scenario: Scenario, order: Order, steps: Steps = REFERENCE) -> dict[str, Any]:
    """Do one run; return, as plain JSON, what it cost, what it predicts, and for a frozen one what the audit saw."""
    at_depth = _at_depth(scenario, order["depth"])
    seen: dict[str, Any] = {"audit": None}

    @contextmanager
    def watch(model: nn.Module) -> Iterator[None]:
        before = {name: buffer.clone() for name, buffer in model.named_buffers()}
        if order["strategy"] == "frozen":
            with FreezeAudit(model, frozen=scenario.still["frozen"]) as audit:
                yield
            seen["audit"] = told(audit, order["seed"])
        else:
            yield
        moved = (now for name, now in model.named_buffers() if name in before and not now.equal(before[name]))
        seen["moved_buffers"] = sum(buffer.nbytes for buffer in moved)

    result = run(at_depth, order["strategy"], order["seed"], steps, watch)
    predicted = "".join(LETTERS[number] for number in result.predictions.tolist())
    return {"trainable": result.trainable, "seconds": result.seconds, "predicted": predicted, **seen}


def _at_depth(scenario: Scenario, depth: int) -> Scenario:
    """Return the scenario with another number of last blocks that a partial unfreezing frees."""
    still = {**scenario.still, "partial_unfreeze": [*itertools.chain(*scenario.blocks[: len(scenario.blocks) - depth])]}
    return dataclasses.replace(scenario, still=still, recipe=dataclasses.replace(scenario.recipe, depth=depth))


def told(audit: FreezeAudit, seed: int) -> dict[str, Any]:
    """Return an audit's verdict and findings as plain JSON."""
    findings = [f"{finding.kind} {finding.count}: {finding.cause}" for finding in audit.report.findings]
    return {"seed": seed, "verdict": str(audit.report.verdict), "findings": findings}


def prepare(job: Job) -> tuple[Scenario, Job]:
    """Read the scenario before any of the learner's code runs."""
    return scenarios.load(job.plan["row"], job.fixtures), job


def training(_: Submitted, stage: tuple[Scenario, Job]) -> Iterator[Fact]:
    """Do the planned run with the learner's functions; each of their files is one of the job's arrays."""
    scenario, job = stage
    functions: dict[str, Callable[..., Any]] = {}
    for slug, names in job.plan["functions"].items():
        own = msgspec.structs.replace(job, filename=f"{slug}.py", source=job.arrays[slug].tobytes())
        module, error = import_submission(own)
        if error is not None and not all(hasattr(module, name) for name in names):
            raise error
        functions |= {name: getattr(module, name) for name in names}
    yield Fact("run", trained(scenario, job.plan["order"], borrowed(functions)))


def borrowed(functions: Mapping[str, Callable[..., Any]]) -> Steps:
    """Put a learner's functions, named and called as in the exercises, where the reference's would be."""
    taken: dict[str, Any] = {
        field: adapt(functions[name]) for field, (name, adapt) in _ADAPTED.items() if name in functions
    }
    return dataclasses.replace(REFERENCE, mark=_mark(functions), **taken)


def _mark(functions: Mapping[str, Callable[..., Any]]) -> Callable[[nn.Module, Scenario, str], nn.Module]:
    def mark(model: nn.Module, scenario: Scenario, strategy: str) -> nn.Module:
        if strategy == "scratch" and "make_scratch_twin" in functions:
            twin: nn.Module = functions["make_scratch_twin"](model, torch.initial_seed())
            return twin
        if strategy == "frozen" and "freeze_backbone" in functions:
            functions["freeze_backbone"](model, [HEADS[scenario.modality]])
            return model
        if strategy == "partial_unfreeze" and "partial_unfreeze" in functions:
            functions["partial_unfreeze"](model, scenario.recipe.depth)
            return model
        return REFERENCE.mark(model, scenario, strategy)

    return mark


def _groups(build_param_groups: Callable[..., Any]) -> Callable[[nn.Module, Scenario, str], list[dict[str, Any]]]:
    def groups(model: nn.Module, scenario: Scenario, strategy: str) -> list[dict[str, Any]]:
        head_lr, backbone_lr = scenario.recipe.rates[strategy]
        found: list[dict[str, Any]] = build_param_groups(
            model,
            [HEADS[scenario.modality]],
            head_lr=head_lr,
            backbone_lr=backbone_lr,
            weight_decay=scenario.recipe.weight_decay,
        )
        return found

    return groups


def _schedule(scale_lrs: Callable[..., Any]) -> Callable[..., Callable[[], object]]:
    def schedule(optimizer: torch.optim.Optimizer, rate: Callable[[int], float]) -> Callable[[], object]:
        factors = map(rate, itertools.count())
        scale_lrs(optimizer, next(factors))
        return lambda: scale_lrs(optimizer, next(factors))

    return schedule


_ADAPTED: Mapping[str, tuple[str, Callable[[Callable[..., Any]], Any]]] = {
    "groups": ("build_param_groups", _groups),
    "schedule": ("scale_lrs", _schedule),
    "mode": ("train_mode", lambda train_mode: train_mode),
}
"""Field of ``Steps`` to the learner's function and what makes it fit."""
