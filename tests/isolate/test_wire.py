"""The wire: what both sides import is light, and says on one side what was said on the other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from grader.places import PACKAGE
from grader.records import Wall
from grader.wire import messages, tensors
from grader.wire.job import Job, Setting, read_job
from grader.wire.wall import Level

WIRE = sorted(path.stem for path in (PACKAGE / "wire").glob("[a-z]*.py"))


@pytest.mark.parametrize("name", WIRE)
def test_the_wire_brings_neither_torch_nor_anything_else_of_grader(name: str) -> None:
    code = f"import grader.wire.{name}, sys; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent, check=True)
    loaded = set(said.stdout.split())
    assert "torch" not in loaded
    assert {each for each in loaded if each.startswith("grader.")} <= {
        "grader.wire",
        *(f"grader.wire.{n}" for n in WIRE),
    }


def test_a_stronger_wall_is_the_greater_one() -> None:
    assert Level.A > Level.B > Level.C > Level.D > Level.NONE
    assert Level.NONE <= Level.D <= Level.D
    assert min([Level.B, Level.NONE, Level.A]) is Level.NONE
    assert max([Level.C, Level.A, Level.B]) is Level.A


def test_a_level_is_its_letter_in_json_and_in_a_sentence() -> None:
    wall = Wall(level=Level.B, summary="")
    assert msgspec.json.decode(msgspec.json.encode(wall))["level"] == "B"
    assert msgspec.json.decode(msgspec.json.encode(wall), type=Wall).level is Level.B
    assert f"{wall.level}" == "B"


def test_a_job_comes_as_it_went_a_tensor_without_sides_too(tmp_path: Path) -> None:
    arrays = {"none": np.array(3), "turned": np.arange(6.0).reshape(2, 3).T, "empty": np.zeros((0, 2), np.float32)}
    job = Job(
        filename="a.py", source=b"x = '\xff'", probe=str(tmp_path), parts=("one", "two"), seconds=1.5,
        plan={"rows": [1, None]}, fixtures={"name": "path"}, arrays=arrays,
    )  # fmt: skip
    again = read_job(job.encode())
    assert msgspec.structs.replace(again, arrays={}) == msgspec.structs.replace(job, arrays={})
    for name, array in arrays.items():
        assert (again.arrays[name].dtype, again.arrays[name].shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(again.arrays[name], array)


def test_a_folder_whose_name_is_no_text_comes_through() -> None:
    setting = Setting(imports=(), memory_mb=1, seconds=1.0, hidden=("/srv/\udcff/checks.py",))
    assert messages.decode(messages.encode(setting), Setting) == setting


def test_a_cap_on_the_header_is_kept() -> None:
    blob = tensors.write({}, fact="x" * 1000)
    assert tensors.read_header(blob).about == {"fact": "x" * 1000}
    with pytest.raises(tensors.Damaged, match="a header claims"):
        tensors.read_header(blob, cap=1000)
