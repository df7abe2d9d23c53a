"""Nothing comes in that nobody asked for: it is counted, and neither decoded nor kept, and costs nobody a point."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import pytest

from grader import course, pipeline
from grader.batch.packing import pack, unpack
from grader.discover import discover
from grader.inside.wire import Fact
from grader.isolate import Attempt, Sandbox, open_sandbox
from grader.isolate.keeping import Keeper
from grader.isolate.reading import BROKEN_CAP, NESTING_CAP, Reader, _json
from grader.places import SOLUTIONS
from grader.records import Asked, Door, Ending, Evidence, Exercise, Submission, TurnedAway, Wall, at_most, exactly

from .test_reading import frame, read, written

DOOR = Door.of(
    [
        Asked("a", {"exact": exactly("uint64", 2, 3), "any": at_most(8, "float32", "float64")}, cap=1_000),
        Asked("short", cap=10),
    ]
)
MEGABYTE = 1 << 20
FLOOD = """
import os, sys
def _flood(part, leave):
    frame = sys._getframe()
    while "writer" not in frame.f_locals or "prepared" not in frame.f_locals:
        frame = frame.f_back
    import numpy
    from grader.inside.wire import Fact
    for index in range(5):
        array = numpy.zeros(12 << 20, numpy.uint8)
        frame.f_locals["writer"].write(Fact(f"made up {part} {index}", None, {"more": array}))
    if leave:
        os._exit(0)
"""
LEAVES = f"""{FLOOD}
def backbone_blocks(model): _flood(1, True)
def partial_unfreeze(model, depth): _flood(2, True)
def trainable_by_depth(model): _flood(3, True)
"""


def submission(source: str) -> Submission:
    return Submission(
        learner="learner-01", exercise="03_partial_unfreeze", path="03.py", source=source.encode(), sha256="0" * 64
    )


def through(door: Door, *facts: Fact) -> Reader:
    reader = Reader(door)
    reader.feed(written(*facts))
    return reader


def attempt(facts: dict[str, object], arrays: dict[str, np.ndarray] | None = None) -> Attempt:
    return Attempt(
        facts=facts,
        arrays=arrays or {},
        part="p",
        ending=Ending.FINISHED,
        detail="",
        console="",
        line=None,
        seconds=0.0,
        peak_mb=0.0,
        wall=Wall(level="A", summary=""),
        versions={},
    )


def test_what_was_asked_for_comes_in_and_the_rest_is_counted() -> None:
    asked = {"exact": np.zeros((2, 3), np.uint64), "any": np.ones(8)}
    reader = through(
        DOOR, Fact("@part", "p"), Fact("a", 1, asked | {"made up": np.zeros(9)}), Fact("b", 2), Fact("@done", None)
    )
    assert (reader.trouble, reader.done) == ("", True)
    assert reader.facts == {"a": 1, "@done": None}
    assert sorted(reader.arrays) == ["a/any", "a/exact"]
    np.testing.assert_array_equal(reader.arrays["a/any"], np.ones(8))
    assert reader.turned_away == TurnedAway(count=2, names=("a/made up", "b"))


@pytest.mark.parametrize(
    "array",
    [np.zeros((3, 2), np.uint64), np.zeros((2, 3), np.int64), np.zeros(6, np.uint64), np.zeros((0, 3), np.uint64)],
    ids=["turned", "signed", "flat", "empty"],
)
def test_an_array_of_another_shape_or_dtype_stays_outside(array: np.ndarray) -> None:
    reader = through(DOOR, Fact("a", 1, {"exact": array}))
    assert (reader.facts, reader.arrays, reader.turned_away.count) == ({"a": 1}, {}, 1)


def test_a_learners_array_may_have_any_shape_of_so_many_numbers() -> None:
    assert through(DOOR, Fact("a", 1, {"any": np.zeros((2, 2, 2), np.float32)})).arrays
    assert not through(DOOR, Fact("a", 1, {"any": np.zeros(9, np.float32)})).arrays


def test_a_value_that_is_too_long_stays_outside_with_its_arrays() -> None:
    reader = through(DOOR, Fact("short", "x" * 9, {"y": np.zeros(1)}), Fact("a", "x" * 1_000))
    assert not reader.facts
    assert reader.turned_away.count == 3


def test_an_array_that_stays_outside_may_lie_about_its_place_and_one_that_comes_in_may_not() -> None:
    meta = '"__metadata__":{"fact":"a","value":"1"}'
    lying = '"any":{"dtype":"F32","shape":[2],"data_offsets":[900,908]}'
    other = '"no":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}'
    reader = Reader(DOOR)
    reader.feed(frame(f"{{{meta},{lying},{other}}}".encode(), b"ab"))
    assert "damaged" in reader.trouble


def test_memory_does_not_grow_by_what_stays_outside() -> None:
    flood = [written_to(f"made up {index}", 12 * MEGABYTE) for index in range(5)]
    reader = Reader(DOOR)
    tracemalloc.start()
    try:
        for data in flood:
            reader.feed(data)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not reader.trouble
    assert reader.turned_away.count == 10
    assert kept < MEGABYTE
    assert peak < 4 * 12 * MEGABYTE


def written_to(name: str, size: int) -> bytes:
    header = json.dumps(
        {
            "__metadata__": {"fact": name, "value": "1"},
            "more": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]},
        }
    )
    return frame(header.encode(), bytes(size))


def test_all_attempts_together_have_one_room() -> None:
    door = Door.of(Asked(f"f{index}") for index in range(100))
    keeper = Keeper(msgspec.structs.replace(door, room=100_000))
    for index in range(100):
        keeper.take(attempt({f"f{index}": "x" * 9_998}))
        keeper.take(attempt({f"f{index}": "again"}))
    assert len(keeper.facts) == 10
    assert keeper.turned_away.count == 180
    assert len(keeper.turned_away.names) == 5


def test_arrays_take_room_as_well() -> None:
    keeper = Keeper(msgspec.structs.replace(DOOR, room=60))
    keeper.take(attempt({"a": 1}, {"a/exact": np.zeros((2, 3), np.uint64), "a/any": np.zeros(8)}))
    assert (list(keeper.facts), list(keeper.arrays)) == (["a"], ["a/exact"])


@pytest.mark.parametrize("depth", [NESTING_CAP, NESTING_CAP + 1])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_brackets_are_nested_only_so_deep(depth: int, opening: str, closing: str) -> None:
    value = opening * depth + "0" + closing * depth
    fact = {"__metadata__": {"fact": "a", "value": value}}
    trouble = read(frame(json.dumps(fact).encode())).trouble
    assert ("brackets" in trouble) == (depth > NESTING_CAP)


def test_many_brackets_beside_one_another_are_no_tower() -> None:
    assert _json(b"[" + b"[[],{}]," * 1_000 + b'"[[[["]')[-1] == "[[[["
    assert _json(b'"' + b"[" * 100 + b'"') == "[" * 100


@pytest.fixture(scope="module", params=["warm", "fallback"])
def place(request: pytest.FixtureRequest, exercise: Exercise) -> Iterator[Sandbox]:
    with open_sandbox([exercise], warm=True, fallback=request.param == "fallback") as opened:
        yield opened


def test_a_flood_in_every_part_leaves_nothing_in_the_evidence(sandbox: Sandbox, exercise: Exercise) -> None:
    evidence = pipeline.observe(submission(LEAVES), exercise, sandbox, 3)
    assert evidence.turned_away.count >= 30
    assert len(evidence.turned_away.names) == 5
    assert len(pack(evidence)) < MEGABYTE // 8


class Watched:
    """A sandbox that remembers its attempts."""

    def __init__(self, place: Sandbox) -> None:
        self.attempts: list[Attempt] = []
        self._place = place

    def attempt(self, task: Any) -> Attempt:
        self.attempts.append(self._place.attempt(task))
        return self.attempts[-1]


def test_a_flood_is_dropped_while_it_is_read(place: Sandbox, exercise: Exercise) -> None:
    watched = Watched(place)
    pipeline.observe(submission(LEAVES), exercise, cast("Sandbox", watched), 3)
    assert watched.attempts
    assert not [name for each in watched.attempts for name in (*each.facts, *each.arrays) if "made up" in name]


def test_a_flood_beside_right_answers_costs_no_point(place: Sandbox, exercise: Exercise, solution: str) -> None:
    flooding = f"{solution}\n{FLOOD}\n_flood(0, False)\n"
    handed_in = submission(flooding)
    evidence = pipeline.observe(handed_in, exercise, place, 3)
    assert evidence.turned_away == TurnedAway(
        count=10, names=("made up 0 0", "made up 0 0/more", "made up 0 1", "made up 0 1/more", "made up 0 2")
    )
    grade = pipeline.judge(handed_in, exercise, evidence)
    assert (grade.earned, grade.evidence.turned_away) == (15, 10)


def test_answers_that_are_too_long_are_said_to_be_so(sandbox: Sandbox, exercise: Exercise, solution: str) -> None:
    long = f"{solution}\ndef backbone_blocks(model):\n    return ['x' * 70_000]\n"
    handed_in = submission(long)
    grade = pipeline.judge(handed_in, exercise, pipeline.observe(handed_in, exercise, sandbox, 3))
    messages = [outcome.message for outcome in grade.outcomes if outcome.function == "backbone_blocks"]
    assert any("larger than any answer needs" in message for message in messages)


def test_honest_work_is_not_turned_away(sandbox: Sandbox, exercise: Exercise) -> None:
    source = (SOLUTIONS / exercise.filename).read_text("utf-8")
    assert pipeline.observe(submission(source), exercise, sandbox, 3).turned_away == TurnedAway()


def test_evidence_that_was_stored_before_can_be_read_back(exercise: Exercise) -> None:
    evidence = Evidence(
        submission_sha256="",
        exercise=exercise.slug,
        seed=1,
        plan={},
        facts={},
        arrays={"a": np.zeros(2)},
        crash=None,
        interruptions=(),
        console="",
        seconds=0.0,
        peak_mb=0.0,
        wall=Wall(level="A", summary=""),
        versions={},
        turned_away=TurnedAway(count=1, names=("x",)),
    )
    packed = pack(evidence)
    assert unpack(packed).turned_away == evidence.turned_away
    told = ',\\"turned_away\\":{\\"count\\":1,\\"names\\":[\\"x\\"]}'
    assert told.encode() in packed
    older = packed.replace(told.encode(), b" " * len(told))
    assert unpack(older).turned_away == TurnedAway()


def test_a_door_is_open_where_nobody_says_what_may_come(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "has", lambda *_: False)
    assert course.door(exercise, {}) is None
    keeper = Keeper(None)
    keeper.take(attempt({"anything": 1}, {"at/all": np.zeros(3)}))
    assert (list(keeper.facts), list(keeper.arrays)) == (["anything"], ["at/all"])


TOWER = """
import os, sys
frame = sys._getframe()
while "writer" not in frame.f_locals or "prepared" not in frame.f_locals:
    frame = frame.f_back
from grader.inside.wire import Fact
for name in ("blocks/model-5", "made up"):
    value = []
    for _ in range(700):
        value = [value]
    frame.f_locals["writer"].write(Fact(name, value))
os._exit(0)
"""


def test_a_tower_of_brackets_in_a_notebook_is_unreadable_and_no_fault_of_ours(
    sandbox: Sandbox, exercise: Exercise, tmp_path: Path
) -> None:
    path = tmp_path / "03.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": TOWER}]}))
    handed_in = discover(path, learner="learner-01")
    grade = pipeline.judge(handed_in, exercise, pipeline.observe(handed_in, exercise, sandbox, 3))
    assert grade.earned == 0
    assert grade.evidence.ending is Ending.UNREADABLE
    assert b"brackets" in msgspec.json.encode(grade)


def test_what_is_said_about_the_process_has_known_names_and_is_short() -> None:
    broken = [Fact(f"@broken {index}", 1) for index in range(BROKEN_CAP + 5)]
    reader = through(DOOR, Fact("@made up", 1), *broken, Fact("@wall", "x" * 50), Fact("@done", None))
    assert reader.done
    assert reader.facts["@wall"] == "x" * 50
    assert reader.turned_away.count == 6
    long = json.dumps({"__metadata__": {"fact": "@crash", "value": json.dumps("x" * 70_000)}})
    reader = Reader(DOOR)
    reader.feed(frame(long.encode()))
    assert (reader.facts, reader.turned_away.names) == ({}, ("@crash",))


def test_of_that_only_a_crash_is_kept() -> None:
    keeper = Keeper(DOOR)
    keeper.take(attempt({"@crash": {}, "@wall": {}, "@broken x": {}, "a": 1}))
    assert (list(keeper.facts), keeper.turned_away) == (["@crash", "a"], TurnedAway())
