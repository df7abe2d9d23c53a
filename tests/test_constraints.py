"""constraints.txt: one allowed version of everything that the course asks for, and no word of where it comes from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tools import tool

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LINES = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
PINS = [Requirement(line) for line in LINES]
GROUPS = (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
ASKED = [Requirement(asked) for group in GROUPS for asked in group]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_everything_asked_for_has_a_version_that_is_allowed(asked: Requirement) -> None:
    pins = [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(asked.name)]
    assert pins or asked.name == PROJECT["name"], "run: nox -s constraints"
    for pin in pins:
        (version,) = (each.version for each in pin.specifier)
        assert asked.specifier.contains(version), "run: nox -s constraints"


def test_every_line_is_one_version_from_nowhere_in_particular() -> None:
    for line in LINES:
        assert re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)?", line), line


def test_the_pair_in_the_file_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script: ModuleType = tool("constraints")
    monkeypatch.setattr(script, "FILE", tmp_path / "constraints.txt")
    script.FILE.write_text("torch==2.9.1\ntorchmetrics==1.9.0\ntorchvision==0.24.1\n", "utf-8")
    asked = []
    monkeypatch.setattr(script, "compiled", lambda pair: asked.append(pair) or "torch==1\n")
    monkeypatch.setattr("sys.argv", ["constraints.py", "--torchvision", "0.25.0"])
    script.main()
    assert asked == [{"torch": "2.9.1", "torchvision": "0.25.0"}]
    assert script.FILE.read_text("utf-8") == script.HEAD + "torch==1\n"
