"""Where everything is set up: one virtual environment per peer, outside the repository, kept for the next run.

All of them share the torch, torchvision and transformers of the interpreter that runs this, through a folder of links
that holds these packages and what they require, and nothing else: no plugin of ours loads into a peer's pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

STACK = ("torch", "torchvision", "transformers")
_TOLD = f"from importlib.metadata import version; print(*map(version, {STACK}))"


class Kit(NamedTuple):
    """The rooms of one peer."""

    bin: Path
    """The virtual environment's programs."""
    work: Path
    """The peer's own files, such as its tests."""

    def environment(self) -> dict[str, str]:
        """Return what its commands see: its own programs first, one thread per process, no network for models."""
        return {**plain_environment(), "PATH": f"{self.bin}:{os.environ['PATH']}", "WORK": str(self.work)}

    def run(self, *command: str) -> None:
        """Run a command of the peer in its folder; what it says is shown only if it fails."""
        done = subprocess.run(
            command, cwd=self.work, env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def plain_environment() -> dict[str, str]:
    """Return the environment of every measured command: one thread per process, nothing from this interpreter."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL_"))}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**ours, **threads, "HF_HUB_OFFLINE": "1", "NO_COLOR": "1"}


def kit(place: Path, name: str, installs: tuple[str, ...]) -> Kit:
    """Make a peer's environment, or take the one that was made before; insist on the same torch stack as ours."""
    venv, work = place / "venvs" / name, place / "work" / name
    work.mkdir(parents=True, exist_ok=True)
    made = Kit(venv / "bin", work)
    done = venv / "installed.txt"
    if not done.exists() or done.read_text("utf-8").split() != list(installs):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
        (site,) = venv.glob("lib/python*/site-packages")
        (site / "stack.pth").write_text(f"{_shared(place)}\n", "utf-8")
        if installs:
            made.run("python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *installs)
        done.write_text("\n".join(installs), "utf-8")
    _expect_same_stack(made, name)
    return made


def versions() -> dict[str, str]:
    """Return the versions of what all share."""
    return {name: version(name) for name in STACK}


def _expect_same_stack(made: Kit, name: str) -> None:
    command = [str(made.bin / "python"), "-c", _TOLD]
    told = subprocess.run(command, env=made.environment(), capture_output=True, text=True, check=True).stdout.split()
    if told != list(versions().values()):
        raise SystemExit(f"{name} has {told} where ours has {versions()}; delete {made.bin.parent} and run again.")


def _shared(place: Path) -> Path:
    """Return the folder of links to the packages of the stack and to all that they require."""
    folder = place / "stack"
    folder.mkdir(parents=True, exist_ok=True)
    for found in _closure():
        site = Path(str(found.locate_file("")))
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            link = folder / top
            if not link.is_symlink():
                link.symlink_to(site / top)
    return folder


def _closure() -> Iterator[Distribution]:
    waiting, seen = list(STACK), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        yield found
        wanted = map(Requirement, found.requires or ())
        waiting += [each.name for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})]
