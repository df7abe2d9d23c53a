"""Evidence survives a file, and a file that is no sound evidence is refused in a sentence."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader import adaptation
from grader.adaptation import SCHEMA, STRATEGIES, Adaptation, records
from grader.errors import UsageError

TRUTH = "000111000111"
SAID = {
    "scratch": ["110111110110", "110111110111"],
    "frozen": ["001110001110", "001001110110"],
    "partial_unfreeze": ["000111000110", "001111000111"],
}
"""What two runs say of twelve examples."""


DEPTHS = {"frozen": 0, "partial_unfreeze": 1}


def strategy(name: str) -> dict[str, Any]:
    depth = DEPTHS.get(name, 3)
    return {
        "strategy": name,
        "depth": depth,
        "trainable": 10 * depth + 1,
        "seconds": 0.25,
        "moved_buffers": 8,
        "learning_rates": {"head": 0.1, "backbone": 0.01 if depth else 0.0},
        **records.figures(TRUTH, SAID.get(name, ["000110000110", "001110001011"]), 2),
    }


def comparison(modality: str = "vision") -> dict[str, Any]:
    strategies = [strategy(name) for name in STRATEGIES]
    return {
        "modality": modality,
        "scenario": f"{modality}-rare",
        "about": "two classes",
        "classes": ["A", "B"],
        "examples": 12,
        "truth": TRUTH,
        "steps": 60,
        "batch": 32,
        "warmup": 0.1,
        "seeds": [0, 1],
        "min_recall": 0.4,
        "blocks": ["stem", "layer1", "layer2"],
        "strategies": strategies,
        "depths": [
            {"depth": 0, "trainable": 1, "scores": strategies[1]["scores"]},
            {"depth": 1, "trainable": 11, "scores": strategies[2]["scores"]},
            {"depth": 2, "trainable": 21, "scores": []},
            {"depth": 3, "trainable": 31, "scores": strategies[3]["scores"]},
        ],
        "audits": [{"seed": seed, "verdict": "frozen as declared", "findings": []} for seed in (0, 1)],
        "functions": [],
        "provenance": {
            "created": datetime(2026, 1, 2, tzinfo=UTC).isoformat(),
            "grader": "0.1.0",
            "course": "2026.1",
            "versions": {},
            "fixtures": {},
        },
    }


@pytest.fixture
def whole() -> dict[str, Any]:
    return {"schema": SCHEMA, "comparisons": [comparison("vision"), comparison("text")]}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Any], Path]:
    def write(content: Any) -> Path:
        path = tmp_path / adaptation.FILE
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write


def test_what_is_written_is_read(whole: dict[str, Any], written: Callable[[Any], Path], tmp_path: Path) -> None:
    evidence = adaptation.read(written(whole))
    path = tmp_path / "new" / "evidence.json"
    adaptation.write(path, evidence)
    assert adaptation.read(path) == evidence
    assert [entry.name for entry in path.parent.iterdir()] == ["evidence.json"]
    vision = evidence.of("vision")
    assert vision is not None
    assert vision.strategy("frozen").confusion == ((7, 5), (5, 7))
    assert vision.tested == (0, 1, 3)
    assert evidence.of("text") == evidence.comparisons[1]
    assert Adaptation(comparisons=()).of("text") is None


@pytest.mark.parametrize(("cost", "price"), [("scalars", 1), ("seconds", 0.25), ("bytes", 12)])
def test_a_comparison_prices_its_strategies_in_its_currency(
    whole: dict[str, Any], written: Callable[[Any], Path], cost: str, price: float
) -> None:
    whole["comparisons"][0]["cost"] = cost
    vision, text = adaptation.read(written(whole)).comparisons
    assert vision.price(vision.strategy("frozen")) == price
    assert (text.cost, text.price(text.strategy("frozen"))) == ("scalars", 1)


def test_a_gain_is_that_of_the_second_over_the_first(whole: dict[str, Any], written: Callable[[Any], Path]) -> None:
    vision = adaptation.read(written(whole)).comparisons[0]
    frozen, partial = vision.strategies[1:3]
    mean, error = vision.gain(frozen, partial)
    assert mean == pytest.approx(partial.mean - frozen.mean)
    assert vision.gain(partial, frozen) == pytest.approx((-mean, error))


def test_a_frozen_run_counts_as_proved_only_when_every_audit_says_so(
    whole: dict[str, Any], written: Callable[[Any], Path]
) -> None:
    whole["comparisons"][0]["audits"][1]["verdict"] = "not proven"
    whole["comparisons"][1]["audits"].pop()
    assert [each.frozen_as_declared for each in adaptation.read(written(whole)).comparisons] == [False, False]
    whole["comparisons"] = [comparison()]
    assert adaptation.read(written(whole)).comparisons[0].frozen_as_declared


def changed(path: str, value: Any) -> Callable[[dict[str, Any]], Any]:
    """Return what sets one value of the first comparison, by its path."""

    def change(whole: dict[str, Any]) -> Any:
        place: Any = whole["comparisons"][0]
        *steps, last = path.split("/")
        for step in steps:
            place = place[int(step) if step.isdigit() else step]
        place[int(last) if last.isdigit() else last] = value
        return whole

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (changed("strategies/1/mean", 0.7), "frozen: mean is 0.7, its predictions make it 0.583"),
        (changed("strategies/1/std", 0.1), "frozen: std is 0.1"),
        (changed("strategies/1/n", 3), "frozen: n is 3"),
        (changed("strategies/1/worst_recall", 0.9), "frozen: worst_recall is 0.9"),
        (changed("strategies/1/worst_recall_error", 0.0), "frozen: worst_recall_error is"),
        (changed("strategies/1/scores", [0.5, 8 / 12]), "frozen: scores is"),
        (changed("strategies/1/scores", [0.5]), "frozen: scores is"),
        (changed("strategies/1/confusion", [[6, 0], [0, 6]]), "frozen: confusion is"),
        (changed("strategies/1/confusion", [[4, 2, 1], [2, 4, 1]]), "frozen: confusion is"),
        (changed("strategies/1/predicted", ["001110001110"]), "frozen: predictions do not fit the seeds"),
        (changed("strategies/1/predicted", ["0" * 11, "1" * 12]), "frozen: predictions do not fit the seeds"),
        (changed("strategies/1/predicted", ["001110001110", "001001110112"]), "name more than 2 classes"),
        (changed("strategies/1/predicted", SAID["frozen"][::-1]), "frozen: scores is"),
        (changed("strategies/3/predicted", SAID["frozen"]), "full_finetune: scores is"),
        (changed("truth", "000111"), "the truth is not 12 letters for 2 classes"),
        (changed("truth", "000111000112"), "the truth is not 12 letters for 2 classes"),
        (changed("truth", "0" * 12), "or a class has no examples"),
        (changed("classes", ["A", "B", "C"]), "or a class has no examples"),
        (changed("classes", ["A"]), "there are 1 classes"),
        (changed("classes", ["A"] * 37), "there are 37 classes, not 2 to 36"),
        (changed("examples", 6), "the truth is not 6 letters for 2 classes"),
        (changed("strategies/1/depth", 1), "frozen: 1 blocks of the backbone learn, at a rate of 0.0"),
        (changed("strategies/2/depth", 3), "these cannot be the depths: scratch 3, frozen 0, partial_unfreeze 3"),
        (changed("strategies/0/learning_rates/backbone", 0.0), "scratch: 3 blocks of the backbone learn, at a rate of"),
        (changed("strategies/0/learning_rates/head", -0.1), "Expected `float` >= 0.0"),
        (changed("strategies/0/trainable", -1), "Expected `int` >= 0"),
        (changed("strategies/0/trainable", 10**30), "Expected `int` <= 9007199254740992"),
        (changed("strategies/0/seconds", -1.0), "Expected `float` >= 0.0"),
        (changed("depths/0/scores", [0.5, 0.75]), "depth 0: the scores are (0.5, 0.75), its strategy's are others"),
        (changed("depths/1/scores", []), "depth 1: the scores are (), its strategy's are others"),
        (changed("depths/2/scores", [0.5, 0.55]), "depth 2: no 12 examples make the scores"),
        (changed("depths/2/scores", [0.5]), "depth 2: there are 1 scores of 2 seeds"),
        (changed("depths/2/depth", 1), "the depths must be 0 to 3"),
        (changed("seeds", [0, 1, 2]), "do not fit the seeds and the validation set"),
        (changed("seeds", [1, 1]), "one that stands there twice"),
        (changed("seeds", []), "there is no seed"),
        (changed("audits/1/seed", 0), "audited are [0, 0]"),
        (changed("audits/1/seed", 7), "audited are [0, 7]"),
        (changed("steps", 0), "nothing was trained"),
        (changed("deltas", []), "unknown field `deltas`"),
        (changed("cost", "euros"), "Invalid enum value 'euros'"),
        (changed("strategies/1/strategy", "full_finetune"), "the strategies must be scratch, frozen, "),
        (changed("strategies/1/strategy", "freeze"), "Invalid enum value 'freeze'"),
        (changed("strategies/1/trainable", "many"), "Expected `int`, got `str`"),
        (changed("strategies/1/spread", 0.1), "unknown field `spread`"),
        (changed("depths", []), "the depths must be 0 to 3"),
        (changed("modality", "text"), "each modality may be there once"),
        (lambda _: b"not json", "JSON is malformed"),
        (lambda _: b'{"schema": NaN}', "JSON is malformed"),
        (lambda _: b"\xff", "is not evidence"),
        (lambda _: [], "Expected `object`, got `array`"),
        (
            lambda whole: {**whole, "schema": "transfer-grader/adaptation/v1"},
            f"has the schema 'transfer-grader/adaptation/v1'; this version reads {SCHEMA!r}. Run `grade compare` anew.",
        ),
        (lambda _: b" " * 4_000_001, "it has 4,000,001 bytes, and 4,000,000 are allowed"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(
    whole: dict[str, Any], written: Callable[[Any], Path], change: Callable[[dict[str, Any]], Any], reason: str
) -> None:
    adaptation.read(written(whole))
    path = written(change(copy.deepcopy(whole)))
    with pytest.raises(UsageError) as refused:
        adaptation.read(path)
    assert reason in str(refused.value)
    assert path.name in str(refused.value)


def test_a_computation_that_ends_in_no_number_is_a_refusal(
    whole: dict[str, Any], written: Callable[[Any], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def overflow(_: object) -> float:
        raise OverflowError("too large")

    monkeypatch.setattr(records.rule, "std", overflow)
    with pytest.raises(UsageError, match="is not evidence as `grade compare` writes it: too large"):
        adaptation.read(written(whole))


@pytest.mark.parametrize(
    "begins", ['{"schema": "x", "a": ', '{"schema": "transfer-grader/adaptation/v2", "comparisons": ']
)
def test_a_file_nested_without_end_is_refused_in_a_sentence(tmp_path: Path, begins: str) -> None:
    path = tmp_path / adaptation.FILE
    path.write_text(begins + "[" * 200_000)
    with pytest.raises(UsageError, match="is not evidence as `grade compare` writes it"):
        adaptation.read(path)


def test_a_file_that_is_not_there_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="`grade compare` writes it"):
        adaptation.read(tmp_path / "evidence.json")
    with pytest.raises(UsageError, match="cannot be read"):
        adaptation.read(tmp_path)


def test_a_new_comparison_takes_the_place_of_the_one_of_its_modality(
    whole: dict[str, Any], written: Callable[[Any], Path]
) -> None:
    both = adaptation.read(written(whole))
    later = adaptation.read(written({"schema": SCHEMA, "comparisons": [{**comparison("vision"), "steps": 9}]}))
    assert [each.steps for each in adaptation.merged(both, later.comparisons).comparisons] == [9, 60]
    text = Adaptation(comparisons=both.comparisons[1:])
    assert [each.modality for each in adaptation.merged(text, later.comparisons).comparisons] == ["vision", "text"]
