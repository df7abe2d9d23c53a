"""Real runs, cut to a few steps: what learns, what the audit says, and that a run repeats."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import torch
from torch import nn

from grader.inside.strategies import REFERENCE, Scenario
from grader.lab import here, probe, runs
from grader.lab.runs import WantedRun

NAMES = ("vision-rare", "text-weapons")


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    torch.set_num_threads(1)
    return {name: here.load({**runs.chosen(None, name)[0], "steps": 2}) for name in NAMES}


def order(strategy: str, depth: int = 1, seed: int = 0) -> dict[str, Any]:
    return {"strategy": strategy, "depth": depth, "seed": seed}


@pytest.mark.parametrize("name", NAMES)
def test_what_learns_at_a_depth_is_what_the_anatomy_counts(scenarios: dict[str, Scenario], name: str) -> None:
    body = runs.backbone(runs.chosen(None, name)[0])
    every = len(body.blocks)
    for depth in range(every + 1):
        trained = probe.trained(scenarios[name], order("partial_unfreeze", depth))
        assert trained["trainable"] == body.size_of(body.live_at(depth))
    for strategy, depth in (("frozen", 0), ("full_finetune", every), ("scratch", every)):
        assert probe.trained(scenarios[name], order(strategy))["trainable"] == body.size_of(body.live_at(depth))


def test_a_run_says_a_class_of_every_validation_example(scenarios: dict[str, Scenario]) -> None:
    row = runs.chosen(None, "vision-rare")[0]
    predicted = probe.trained(scenarios["vision-rare"], order("full_finetune"))["predicted"]
    assert len(predicted) == len(runs.truth(row)) == 480
    assert set(predicted) <= set("0123456789")


def test_buffers_count_as_kept_where_training_moves_them(scenarios: dict[str, Scenario]) -> None:
    """Two means of 4 bytes per channel and an 8-byte count for each of the batch norms that learn: 12 in all."""
    vision, text = scenarios["vision-rare"], scenarios["text-weapons"]
    strategies = ("frozen", "partial_unfreeze", "full_finetune", "scratch")
    found = [probe.trained(vision, order(name))["moved_buffers"] for name in strategies]
    assert found == [0, 1560, 2976, 2976]
    assert found[1] == 3 * (2 * 4 * 64 + 8)
    assert [probe.trained(text, order(name))["moved_buffers"] for name in strategies] == [0, 0, 0, 0]


@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_run_is_audited_and_no_other_is(scenarios: dict[str, Scenario], name: str) -> None:
    assert probe.trained(scenarios[name], order("frozen", seed=4))["audit"] == {
        "seed": 4,
        "verdict": "frozen as declared",
        "findings": [],
    }
    assert probe.trained(scenarios[name], order("partial_unfreeze"))["audit"] is None


def test_a_frozen_run_that_is_not_is_found_out(scenarios: dict[str, Scenario]) -> None:
    careless = dataclasses.replace(REFERENCE, mode=nn.Module.train)
    audit = probe.trained(scenarios["vision-rare"], order("frozen"), careless)["audit"]
    assert audit["verdict"] == "NOT frozen"
    assert [finding.partition(":")[0] for finding in audit["findings"]] == [
        "frozen-buffer-moved 36",
        "ran-in-train-mode 12",
    ]


def settled(model: nn.Module) -> None:
    """Put into inference mode what is wholly frozen, as a learner would."""
    model.train()
    for module in model.modules():
        learn = [parameter.requires_grad for parameter in module.parameters()]
        if learn and not any(learn):
            module.eval()


def test_a_leak_in_one_layer_is_found_where_the_layers_below_it_are_not_run_again(
    scenarios: dict[str, Scenario],
) -> None:
    def careless(model: nn.Module) -> None:
        settled(model)
        model.get_submodule("layer4.0.bn2").train()

    steps = dataclasses.replace(REFERENCE, mode=careless)
    audit = probe.trained(scenarios["vision-rare"], order("frozen"), steps)["audit"]
    assert audit["verdict"] == "NOT frozen"
    assert [finding.partition(":")[0] for finding in audit["findings"]] == [
        "frozen-buffer-moved 3",
        "ran-in-train-mode 1",
    ]


def test_a_run_is_the_same_every_time_and_another_seed_another_run(scenarios: dict[str, Scenario]) -> None:
    one, two, other = (probe.trained(scenarios["vision-rare"], order("full_finetune", seed=s)) for s in (3, 3, 4))
    assert one["predicted"] == two["predicted"] != other["predicted"]


def test_the_runner_reads_each_scenario_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []

    def load(row: runs.Row) -> Any:
        loads.append(row["name"])
        return row["name"]

    seen: list[tuple[Any, Any]] = []

    def trained(scenario: Any, told: Any) -> dict[str, Any]:
        seen.append((scenario, told["strategy"]))
        return {"trainable": 1, "seconds": 0.1, "moved_buffers": 0, "predicted": "0", "audit": None}

    monkeypatch.setattr(here, "load", load)
    monkeypatch.setattr(here, "trained", trained)
    do = here.runner([{"name": "a"}, {"name": "b"}])
    asked = [WantedRun(scenario=name, strategy="scratch", depth=1, seed=0) for name in "aba"]
    assert [do(each).trainable for each in asked] == [1, 1, 1]
    assert (loads, seen) == (["a", "b"], [("a", "scratch"), ("b", "scratch"), ("a", "scratch")])


def named(functions: dict[str, Callable[..., Any]], calls: list[str]) -> dict[str, Callable[..., Any]]:
    """Return functions that say when they are called."""

    def telling(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            calls.append(name)
            return function(*args, **named)

        return call

    return {name: telling(name, function) for name, function in functions.items()}


def freeze(model: nn.Module, heads: list[str]) -> nn.Module:
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.startswith(f"{heads[0]}."))
    return model


def groups(model: nn.Module, heads: list[str], *, head_lr: float, backbone_lr: float, weight_decay: float) -> Any:
    assert (heads, backbone_lr) == (["fc"], 0.0)
    live = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return [{"params": live, "lr": head_lr, "weight_decay": weight_decay}]


def scale(optimizer: torch.optim.Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = factor * group.setdefault("initial_lr", group["lr"])


def test_borrowed_functions_take_their_steps(scenarios: dict[str, Scenario]) -> None:
    calls: list[str] = []
    functions = {
        "freeze_backbone": freeze,
        "train_mode": settled,
        "build_param_groups": groups,
        "scale_lrs": scale,
        "partial_unfreeze": lambda *_: None,
        "make_scratch_twin": lambda model, _seed: model,
    }
    steps = probe.borrowed(named(functions, calls))
    result = probe.trained(scenarios["vision-rare"], order("frozen"), steps)
    assert calls == ["freeze_backbone", "build_param_groups", "scale_lrs", "train_mode", "scale_lrs", "scale_lrs"]
    assert (result["trainable"], result["audit"]["verdict"]) == (650, "frozen as declared")
    for strategy, function in (("partial_unfreeze", "partial_unfreeze"), ("scratch", "make_scratch_twin")):
        calls.clear()
        scenario = scenarios["vision-rare"]
        steps.mark(nn.Linear(1, 1), scenario, strategy)
        assert calls == [function]


def test_borrowing_all_of_it_changes_no_bit_where_the_code_means_the_same(scenarios: dict[str, Scenario]) -> None:
    steps = probe.borrowed({"scale_lrs": scale, "train_mode": settled})
    mine, theirs = (
        probe.trained(scenarios["text-weapons"], order("partial_unfreeze", 2), s) for s in (steps, REFERENCE)
    )
    assert mine["predicted"] == theirs["predicted"]
    assert msgspec.convert({**mine, "seconds": 0}, runs.Trained) == msgspec.convert(
        {**theirs, "seconds": 0}, runs.Trained
    )
