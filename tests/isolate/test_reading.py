"""The reader of evidence takes whatever bytes come: it gives facts or a reason, never a crash and never a hang."""

from __future__ import annotations

import contextlib
import json
import os
import random
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from grader.inside.wire import Fact, Writer
from grader.isolate.reading import FRAME_CAP, Malformed, Reader, decode

MUTATIONS = int(os.environ.get("GRADE_FUZZ", "300"))
"""Mutated evidences; set GRADE_FUZZ=10000 for the long run."""


def written(*facts: Fact) -> bytes:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as pipe:
        out = Writer(writer)
        for fact in facts:
            out.write(fact)
        os.close(writer)
        return pipe.read()


def frame(header: bytes, body: bytes = b"") -> bytes:
    blob = struct.pack("<Q", len(header)) + header + body
    return struct.pack("<I", len(blob)) + blob


def read(data: bytes) -> Reader:
    reader = Reader()
    reader.feed(data)
    return reader


HONEST = written(
    Fact("@part", "import"),
    Fact("blocks/a", {"returned": [["conv1.weight"], ["layer1.0.conv1.weight"]]}),
    Fact("unfreeze/a/fresh", [{"returned": ["x"]}], {"moved": np.arange(6, dtype=np.uint64).reshape(2, 3)}),
    Fact("run/vision/0", {"trained": True}, {"logits": np.ones((4, 2), np.float32), "bias": np.zeros(2, np.float32)}),
    Fact("@done", None),
)


def test_what_a_probe_writes_is_read_back() -> None:
    reader = read(HONEST)
    assert reader.done
    assert not reader.trouble
    assert reader.part == "import"
    assert reader.facts["blocks/a"] == {"returned": [["conv1.weight"], ["layer1.0.conv1.weight"]]}
    np.testing.assert_array_equal(reader.arrays["unfreeze/a/fresh/moved"], [[0, 1, 2], [3, 4, 5]])


def test_bytes_may_come_one_by_one() -> None:
    reader = Reader()
    for index in range(len(HONEST)):
        reader.feed(HONEST[index : index + 1])
    assert reader.facts.keys() == read(HONEST).facts.keys()


def test_facts_before_the_trouble_survive_it() -> None:
    reader = read(HONEST[: len(HONEST) // 2] + b"\xff" * 100)
    assert "blocks/a" in reader.facts
    assert not reader.done


META = '"__metadata__":{"fact":"f","value":"1"}'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (struct.pack("<I", FRAME_CAP + 1), "one fact claims"),
        (frame(b"[" * 50_000 + b"]" * 50_000), "malformed JSON: maximum recursion"),
        (frame(b"{" * 100_000), "malformed JSON"),
        (frame(b"[]"), "not an object"),
        (frame(b"{}"), "malformed"),
        (frame(b'{"__metadata__":{"fact":"f"}}'), "no proper name"),
        (frame(b'{"__metadata__":{"fact":"f\\n::notice","value":"1"}}'), "no proper name"),
        (frame(b'{"__metadata__":{"fact":"f","value":"NaN"}}'), "malformed"),
        (frame(b'{"__metadata__":{"fact":"f","value":"1e999"}}'), "malformed"),
        (frame(b'{"__metadata__":{"fact":"f","value":"\\"\\ud800\\""}}'), "malformed"),
        (frame(f'{{{META},"t":{{"dtype":"F32","shape":[1099511627776,0],"data_offsets":[0,0]}}}}'.encode()), "shape"),
        (frame(f'{{{META},"t":{{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}}}'.encode(), b"ab"), "dtype"),
        (frame(f'{{{META},"t":{{"dtype":"U8","shape":[4],"data_offsets":[0,2]}}}}'.encode(), b"ab"), "size differs"),
        (frame(f'{{{META},"t":{{"dtype":"U8","shape":[-1],"data_offsets":[0,-1]}}}}'.encode()), "shape"),
        (frame(f'{{{META},"t":{{"dtype":"U8","shape":[2],"data_offsets":[5,7]}}}}'.encode(), b"ab"), "damaged"),
        (struct.pack("<IQ", 8, 1 << 60), "a header claims"),
        (struct.pack("<I", 3) + b"abc", "shorter than its header"),
        (written(Fact("f", 1), Fact("f", 2)), "came twice"),
        (written(Fact("@part", "start")), "part has no proper name"),
        (written(Fact("@done", None), Fact("f", 2)), "spoke again"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_of_lie_has_its_reason(data: bytes, reason: str) -> None:
    assert reason in read(data).trouble


def test_a_header_bomb_is_refused_before_it_is_decoded() -> None:
    tensors = {f"t{i}": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]} for i in range(200_000)}
    header = json.dumps({"__metadata__": {"fact": "f", "value": "1"}, **tensors}).encode()
    assert "a header claims" in read(frame(header)).trouble


def test_too_many_tensors_or_facts_are_refused() -> None:
    arrays = {f"t{index}": np.zeros(1, np.uint8) for index in range(1_001)}
    assert "carries 1001 tensors" in read(written(Fact("f", 1, arrays))).trouble
    many = b"".join(
        struct.pack("<I", len(blob)) + blob
        for blob in (save({}, {"fact": f"f{index}", "value": "1"}) for index in range(5_001))
    )
    assert "more than 5000 facts" in read(many).trouble


def test_learner_text_is_harmless_once_read() -> None:
    spoof = "\x1b[2J\u202egnp.exe\ud7ff\x00::notice::hi"
    value = read(written(Fact("f", {"returned": spoof}))).facts["f"]["returned"]
    assert "\x1b" not in value
    assert "\u202e" not in value
    assert value.startswith("\\x1b[2J\\u202e")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_crash_the_reader(data: bytes) -> None:
    read(data)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200), st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.floats(), max_size=4)
)
def test_random_headers_give_a_frame_or_a_reason(body: bytes, header: dict[str, Any]) -> None:
    encoded = json.dumps(header).encode()
    with contextlib.suppress(Malformed):
        decode(struct.pack("<Q", len(encoded)) + encoded + body)


def test_mutated_evidence_is_read_or_refused() -> None:
    rng = random.Random(7)
    for _ in range(MUTATIONS):
        data = bytearray(HONEST)
        for _ in range(rng.randint(1, 8)):
            index = rng.randrange(len(data))
            match rng.randrange(3):
                case 0:
                    data[index] = rng.randrange(256)
                case 1:
                    del data[index : index + rng.randint(1, 20)]
                case _:
                    data[index:index] = rng.randbytes(rng.randint(1, 20))
        reader = read(bytes(data))
        assert isinstance(reader.trouble, str)
        assert all(isinstance(array, np.ndarray) for array in reader.arrays.values())
