"""All wheels, installed as anybody would install them, in environments that know nothing of this checkout."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import VERSION
from grader.cli import expect_one_edition
from grader.errors import UsageError
from grader.handout.wheels import build_full, build_learners
from grader.places import COURSE, EXERCISES, ROOT, SOLUTIONS, SPECIMENS

Run = Callable[..., "subprocess.CompletedProcess[str]"]
IMPORT_ALL = """
import importlib, pkgutil, grader
names = [found.name for found in pkgutil.walk_packages(grader.__path__, "grader.")]
skipped = [name for name in names if name.endswith(("probe", "__main__", "lightning_callback"))]
for name in set(names) - set(skipped):
    importlib.import_module(name)
print(grader.__file__)
"""


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["learner", "examinee"])
def test_nothing_that_learners_have_needs_what_they_have_not(edition: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(edition)
    done = run("python", "-I", "-c", IMPORT_ALL)
    assert done.returncode == 0, done.stderr
    assert "/venv/lib/" in done.stdout
    assert not Path(done.stdout.strip()).is_relative_to(ROOT)


@pytest.mark.slow
def test_without_a_judge_it_is_shown_what_the_code_did_and_nothing_looks_solved(examinee: Run, tmp_path: Path) -> None:
    for source, status, said in (
        (EXERCISES / "03_partial_unfreeze.py", 1, "`backbone_blocks` is still to be written (line "),
        (SPECIMENS / "03_partial_unfreeze" / "partial_off_by_one.py", 0, "Every question got an answer;"),
        (SOLUTIONS / "03_partial_unfreeze.py", 0, "Every question got an answer;"),
    ):
        shutil.copy(source, tmp_path / "03_partial_unfreeze.py")
        done = examinee("grade", "03_partial_unfreeze.py", cwd=tmp_path)
        assert done.returncode == status, done.stdout + done.stderr
        assert said in done.stdout
        assert "Not judged: nothing that judges was handed out." in done.stdout
        assert not re.search(r"✓|of 15|\w+/\w+/|returned", done.stdout.replace("reports/", ""))
        assert "wall A" in done.stdout or "see grade doctor" in done.stdout
        page = (tmp_path / "reports" / "03_partial_unfreeze.html").read_text("utf-8")
        assert "nothing that judges was handed out" in page


@pytest.mark.slow
def test_a_run_without_a_judge_can_be_repeated_with_its_seed(examinee: Run, tmp_path: Path) -> None:
    shutil.copy(SOLUTIONS / "08_choose_depth.py", tmp_path)
    refused = examinee("grade", "--seed", "1", "08_choose_depth.py", cwd=tmp_path)
    assert refused.returncode == 2
    seeds = [word.strip(",.") for word in refused.stderr.split() if word.strip(",.").isdigit()]
    assert len(seeds) == 3
    first, second = (
        examinee("grade", "--seed", seeds[0], "--format", "json", "08_choose_depth.py", cwd=tmp_path) for _ in range(2)
    )
    assert '"schema": "transfer-grader/account/v2"' in first.stdout
    assert f'"seed": {seeds[0]}' in first.stdout
    lines = [line for line in first.stdout.splitlines() if '"seconds"' not in line and '"peak_mb"' not in line]
    assert set(lines) <= set(second.stdout.splitlines())


@pytest.mark.slow
def test_what_needs_a_judge_is_not_there_or_says_so(examinee: Run) -> None:
    done = examinee("grade", "ci", ".", "--gradescope", "r.json")
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert "this handout came without them (`--judge none`)" in done.stderr
    helped = examinee("grade", "--help").stdout
    assert "watch" in helped
    assert not re.search(r"^│ (explain|solution|selfcheck|handout|batch|export|cohort) ", helped, re.MULTILINE)


@pytest.mark.slow
def test_a_job_without_a_judge_leaves_no_points_behind(examinee: Run, tmp_path: Path) -> None:
    shutil.copytree(SOLUTIONS, tmp_path / "exercises")
    shutil.copy(COURSE / "09_adaptation_note" / "example-evidence.json", tmp_path / "exercises" / "09_evidence.json")
    done = examinee("grade", "ci", "--only", "7", "8", "9", "--junit", "junit.xml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" not in done.stdout.lower()
    assert 'tests="1" failures="0" errors="0" skipped="1"' in (tmp_path / "junit.xml").read_text()


@pytest.mark.slow
def test_another_handout_is_another_version_and_the_same_handout_the_same(
    handout: Path, exam: Path, tmp_path: Path
) -> None:
    versions = {}
    for name, wheel in {
        "judge": next((handout / "wheels").iterdir()),
        "again": build_learners(tmp_path / "judge", "included"),
        "exam": next((exam / "wheels").iterdir()),
        "other exam": build_learners(tmp_path / "none", "none"),
    }.items():
        version = rf"{re.escape(VERSION)}\+h[0-9a-f]{{7}}"
        found = re.fullmatch(rf"transfer_grader_learner-({version})-py3-none-any\.whl", wheel.name)
        assert found, wheel.name
        versions[name] = found[1]
    assert versions["judge"] == versions["again"]
    assert len(set(versions.values())) == 3


def test_two_editions_in_one_environment_are_refused(tmp_path: Path) -> None:
    (tmp_path / "transfer_grader_learner-0.1.0.dist-info").mkdir()
    expect_one_edition(tmp_path)
    (tmp_path / "transfer_grader-0.1.0.dist-info").mkdir()
    with pytest.raises(UsageError, match="transfer-grader and transfer-grader-learner are installed over each other"):
        expect_one_edition(tmp_path)


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
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path / "dist", ROOT]
    subprocess.run(command, check=True, capture_output=True)
    assert [path.name for path in (tmp_path / "dist").glob("*.tar.gz")] == [f"transfer_grader-{VERSION}.tar.gz"]
    (built,) = (tmp_path / "dist").glob("*.whl")  # out of the source distribution, not out of this checkout
    ours, theirs = (
        {info.filename: info.CRC for info in zipfile.ZipFile(path).infolist() if info.filename.startswith("grader/")}
        for path in (build_full(tmp_path / "ours"), built)
    )
    assert ours == theirs
