"""Both wheels, installed as anybody would install them, in environments that know nothing of this checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import VERSION
from grader.handout.wheels import build_full
from grader.places import EXERCISES, HOUSE, SOLUTIONS

Run = Callable[..., "subprocess.CompletedProcess[str]"]
IMPORT_ALL = """
import importlib, pkgutil, grader
names = [found.name for found in pkgutil.walk_packages(grader.__path__, "grader.")]
skipped = [name for name in names if name.endswith(("probe", "__main__", "lightning_callback"))]
for name in set(names) - set(skipped):
    importlib.import_module(name)
print(grader.__file__)
"""


def installed(folder: Path, wheel: Path) -> Run:
    """Install a wheel into a new environment that borrows its dependencies; return what runs programs of it."""
    venv.create(folder / "venv", with_pip=False)
    (packages,) = (folder / "venv" / "lib").glob("python3*/site-packages")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed"]
    subprocess.run([*install, "--prefix", folder / "venv", wheel], check=True, capture_output=True)
    (packages / "borrowed.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()

    def run(program: str, *arguments: object, cwd: Path = elsewhere) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        python = folder / "venv" / "bin" / "python"
        script = [python, folder / "venv" / "bin" / program] if program == "grade" else [python]
        command = [*script, *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, check=False, timeout=240)

    return run


@pytest.fixture(scope="module")
def learner(tmp_path_factory: pytest.TempPathFactory, learners_wheel: Path) -> Run:
    return installed(tmp_path_factory.mktemp("learner"), learners_wheel)


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory, full_wheel: Path) -> Run:
    return installed(tmp_path_factory.mktemp("staff"), full_wheel)


@pytest.mark.slow
def test_nothing_that_learners_have_needs_what_they_have_not(learner: Run) -> None:
    done = learner("python", "-I", "-c", IMPORT_ALL)
    assert done.returncode == 0, done.stderr
    assert "/venv/lib/" in done.stdout
    assert not Path(done.stdout.strip()).is_relative_to(HOUSE)


@pytest.mark.slow
def test_the_learners_shows_what_the_code_did_and_gives_no_points(learner: Run, tmp_path: Path) -> None:
    for source, status, said in (
        (EXERCISES, 1, "`backbone_blocks` is still to be written (line "),
        (SOLUTIONS, 0, "Your code answered everything."),
    ):
        shutil.copy(source / "03_partial_unfreeze.py", tmp_path)
        done = learner("grade", "03_partial_unfreeze.py", cwd=tmp_path)
        assert done.returncode == status, done.stdout + done.stderr
        assert said in done.stdout
        assert "No points: the hidden checks" in done.stdout
        assert "of 15" not in done.stdout
        assert "wall A" in done.stdout or "see grade doctor" in done.stdout
        page = (tmp_path / "reports" / "03_partial_unfreeze.html").read_text("utf-8")
        assert "no points: the hidden checks did not run" in page


@pytest.mark.slow
def test_a_learners_run_can_be_repeated_with_its_seed(learner: Run, tmp_path: Path) -> None:
    shutil.copy(SOLUTIONS / "08_choose_depth.py", tmp_path)
    refused = learner("grade", "--seed", "1", "08_choose_depth.py", cwd=tmp_path)
    assert refused.returncode == 2
    seeds = [word.strip(",.") for word in refused.stderr.split() if word.strip(",.").isdigit()]
    assert len(seeds) == 3
    first, second = (
        learner("grade", "--seed", seeds[0], "--format", "json", "08_choose_depth.py", cwd=tmp_path) for _ in range(2)
    )
    assert '"schema": "transfer-grader/account/v1"' in first.stdout
    assert f'"seed": {seeds[0]}' in first.stdout
    lines = [line for line in first.stdout.splitlines() if '"seconds"' not in line and '"peak_mb"' not in line]
    assert set(lines) <= set(second.stdout.splitlines())


@pytest.mark.slow
def test_what_needs_the_hidden_checks_says_so(learner: Run) -> None:
    for command in (["explain"], ["selfcheck"], ["ci", ".", "--gradescope", "r.json"]):
        done = learner("grade", *command)
        assert done.returncode == 2, (command, done.stdout, done.stderr)
        assert "needs the staff's distribution" in done.stderr
    helped = learner("grade", "--help").stdout
    lacked = ("handout", "batch", "export", "cohort", "selfcheck", "explain", "solution")
    assert not any(f" {word} " in helped for word in lacked)


@pytest.mark.slow
def test_a_learners_job_leaves_no_points_behind(learner: Run, tmp_path: Path) -> None:
    shutil.copytree(SOLUTIONS, tmp_path / "exercises")
    done = learner("grade", "ci", "--only", "7", "8", "9", "--junit", "junit.xml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" not in done.stdout.lower()
    assert 'skipped="1"' in (tmp_path / "junit.xml").read_text()


@pytest.mark.slow
def test_the_staffs_grades_and_checks_itself_from_any_folder(staff: Run, tmp_path: Path) -> None:
    shutil.copy(SOLUTIONS / "08_choose_depth.py", tmp_path)
    done = staff("grade", "08_choose_depth.py", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 of 8 points" in done.stdout
    checked = staff("grade", "selfcheck", "--exercises", "08", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "specimen choice-highest-score" in checked.stdout
    handed = staff("grade", "handout", "learners", cwd=tmp_path)
    assert handed.returncode == 0, handed.stdout + handed.stderr
    assert (tmp_path / "learners" / "wheels").is_dir()


@pytest.mark.slow
def test_the_source_distribution_builds_the_same_staffs_wheel(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path / "dist", HOUSE]
    subprocess.run(command, check=True, capture_output=True)
    assert [path.name for path in (tmp_path / "dist").glob("*.tar.gz")] == [f"transfer_grader-{VERSION}.tar.gz"]
    (built,) = (tmp_path / "dist").glob("*.whl")  # out of the source distribution, not out of this checkout
    ours, theirs = (
        {info.filename: info.CRC for info in zipfile.ZipFile(path).infolist() if info.filename.startswith("grader/")}
        for path in (build_full(tmp_path / "ours"), built)
    )
    assert ours == theirs
