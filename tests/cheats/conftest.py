"""The museum's staff: exhibits with their plaques, one warm sandbox, and what must not be left lying about."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import course
from grader.isolate import Sandbox, open_sandbox

HERE = Path(__file__).parent
SECRETS = ("MUSEUM_SECRET", "GITHUB_TOKEN", "GRADER_TOKEN")
_PLAQUE = re.compile(r"^# ([a-z]+(?: \w+)?): (.+)$", re.MULTILINE)
_CHEAT = re.compile(r"^# --- the cheat\n.*?^# --- end of the cheat\n", re.MULTILINE | re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Exhibit:
    """One submission that cheats, and what its plaque says."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def row(self) -> int:
        """Its row in the catalogue of cheats."""
        return int(self.name[:2])

    @property
    def source(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def plaque(self) -> dict[str, str]:
        """The comments below its docstring: ``seconds``, ``ends``, ``naive``, ``weakness ASPECT``."""
        return dict(_PLAQUE.findall(self.source.partition("\n\n")[0]))

    @property
    def seconds(self) -> float:
        return float(self.plaque.get("seconds", 4))

    @property
    def twin(self) -> str | None:
        """The same code without the cheat, where the cheat is marked; None where all of it is cheat."""
        honest = _CHEAT.sub("", self.source)
        return None if honest == self.source else honest

    @property
    def neighbours(self) -> dict[str, str]:
        """Files that come along with it; read, never run."""
        for node in ast.parse(self.source).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "NEIGHBOURS":
                return dict(ast.literal_eval(node.value))
        return {}

    def lay_out(self, folder: Path) -> Path:
        """Copy it with its neighbours into a folder, as a learner would hand it in."""
        for name, text in self.neighbours.items():
            (folder / name).write_text(text, "utf-8")
        copy = folder / "submission.py"
        copy.write_bytes(self.path.read_bytes())
        return copy


def exhibits() -> list[Exhibit]:
    return [Exhibit(path) for path in sorted((HERE / "exhibits").glob("[0-9][0-9]_*.py"))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask each test about each exhibit; a known weakness is expected in the one test that shows it."""
    aspect = metafunc.function.__name__.removeprefix("test_").partition("_")[0]
    for wanted, chosen in (("exhibit", exhibits()), ("fallen", [e for e in exhibits() if "naive" in e.plaque])):
        if wanted in metafunc.fixturenames:
            metafunc.parametrize(wanted, [_parameter(each, aspect) for each in chosen], scope="module")


def _parameter(exhibit: Exhibit, aspect: str) -> object:
    weakness = exhibit.plaque.get(f"weakness {aspect}")
    marks = [pytest.mark.xfail(strict=True, reason=weakness)] if weakness else []
    return pytest.param(exhibit, id=exhibit.name, marks=marks)


@pytest.fixture(scope="session")
def shelf() -> list[Exhibit]:
    return exhibits()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One warm sandbox for all exhibits, started where secrets lie about in the environment."""
    exercise = course.exercises()["03_partial_unfreeze"]
    with pytest.MonkeyPatch.context() as patch:
        for name in SECRETS:
            patch.setenv(name, f"{name}=do-not-tell")
        with open_sandbox([exercise], warm=True) as opened:
            level = opened.wall().level
            if level != "A":
                pytest.skip(f"the sandbox is level {level} here; the museum opens behind level A only")
            yield opened
