from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.inside.walls import default_readable_roots, roots

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def covered(path: Path, granted: Sequence[str]) -> bool:
    real = os.path.realpath(path)
    return any(real == root or real.startswith(f"{root}/") for root in granted)


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages, the first on the path, with all kinds of things to hide."""
    packages = tmp_path / "lib" / "site-packages"
    write(packages / "torch_like" / "__init__.py")
    write(packages / "torch_like-1.0.dist-info" / "METADATA")
    write(packages / "single.py")
    write(packages / "grader" / "course" / "checks.py")
    write(packages / "grader_extras.py")
    write(packages / "__editable___other_finder.py")
    write(packages / "other.pth", str(tmp_path / "checkout"))
    write(packages / "other.egg-link")
    write(packages / "other-1.0.dist-info" / "direct_url.json", json.dumps({"url": "file:///x", "dir_info": {}}))
    write(
        packages / "wheel-1.0.dist-info" / "direct_url.json",
        json.dumps({"url": "file:///x.whl", "archive_info": {}}),
    )
    write(packages / "broken-1.0.dist-info" / "direct_url.json", "{")
    monkeypatch.setattr(sys, "path", [str(packages), *sys.path])
    return packages


def test_packages_are_granted_without_grader_and_pointers(installed: Path) -> None:
    granted = default_readable_roots()
    seen = {entry.name for entry in installed.iterdir() if covered(entry, granted)}
    assert seen == {"torch_like", "torch_like-1.0.dist-info", "single.py", "wheel-1.0.dist-info"}
    assert str(installed) not in granted


def test_a_course_is_closed_wherever_it_is_installed(installed: Path) -> None:
    checks = write(installed / "course_like" / "hidden" / "01_x" / "checks.py")
    assert covered(checks, default_readable_roots())
    granted = default_readable_roots([str(installed / "course_like")])
    assert not covered(checks, granted)
    assert covered(installed / "torch_like", granted)


def test_an_installed_grader_is_hidden_under_any_name(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(installed / "marker" / "course" / "checks.py")
    monkeypatch.setattr(roots, "_PACKAGE", installed / "marker")
    granted = default_readable_roots()
    assert not covered(installed / "marker" / "course" / "checks.py", granted)
    assert covered(installed / "torch_like", granted)


def test_a_link_into_the_checkout_is_not_followed(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = write(tmp_path / "checkout" / "grader" / "course" / "checks.py")
    (installed / "innocent").symlink_to(tmp_path / "checkout")
    monkeypatch.setattr(roots, "_PACKAGE", tmp_path / "checkout" / "grader")
    assert not covered(checks, default_readable_roots())


def test_an_environment_inside_the_checkout_stays_readable(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = write(tmp_path / "grader" / "course" / "checks.py")
    monkeypatch.setattr(roots, "_PACKAGE", tmp_path / "grader")
    monkeypatch.setattr(roots, "_PREFIX", str(tmp_path / "lib"))
    granted = default_readable_roots()
    assert covered(installed / "torch_like", granted)
    assert not covered(checks, granted)
    assert not covered(write(tmp_path / "solutions" / "01.py"), granted)


def test_a_checkout_below_the_interpreter_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = write(tmp_path / "lib" / "src" / "grader" / "course" / "checks.py")
    library = write(tmp_path / "lib" / "library.so")
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    monkeypatch.setattr(roots, "_PREFIX", str(tmp_path))
    monkeypatch.setattr(roots, "_PACKAGE", tmp_path / "lib" / "src" / "grader")
    granted = default_readable_roots()
    assert covered(library, granted)
    assert not covered(checks, granted)


def test_a_grader_of_the_base_interpreter_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = write(tmp_path / "lib" / "python3.11" / "site-packages" / "grader" / "checks.py")
    module = write(tmp_path / "lib" / "python3.11" / "json" / "__init__.py")
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    granted = default_readable_roots()
    assert covered(module, granted)
    assert not covered(checks, granted)


def test_nothing_of_this_repository_is_granted(roots: tuple[str, ...]) -> None:
    repository = Path(__file__).parents[2]
    for name in ("grader/__init__.py", "grader/inside/walls/__init__.py", "tests", "solutions", "fixtures"):
        assert not covered(repository / name, roots)


@pytest.mark.parametrize(
    "path", ["/", "/home", "/root", "/tmp", "/etc", "/etc/passwd", "/proc", "/dev", "/dev/zero", "/dev/shm"]
)
def test_private_places_are_not_granted(roots: tuple[str, ...], path: str) -> None:
    assert not covered(Path(path), [root for root in roots if not root.startswith(f"{sys.prefix}/")])


def test_imports_work_from_a_folder_that_cannot_be_listed(confined: Callable[..., Any], installed: Path) -> None:
    write(installed / "torch_like" / "later.py", "value = 7")
    importlib.invalidate_caches()
    granted = default_readable_roots()

    def work() -> list[object]:
        try:
            list(installed.iterdir())
        except PermissionError:
            return [importlib.import_module(name).__name__ for name in ("single", "torch_like.later")]
        return ["listed"]

    assert confined(work, readable=granted) == ["single", "torch_like.later"]
