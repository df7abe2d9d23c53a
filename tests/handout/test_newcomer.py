"""The rehearsal in docs/instructor.md, command by command, as it stands there."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from grader.places import ROOT

GUIDE = ROOT / "docs" / "instructor.md"
INSTALLING = {
    "python3.11 -m venv build/learner",
    "build/learner/bin/pip install -c constraints.txt build/learners/wheels/*.whl",
}
"""Done here without the network; what they install is what the handout brings."""
EXPECTED = {
    "grade handout build/learners": r"files in build/learners\. Look through them",
    "build/learner/bin/grade build/submissions": r"10 of 15 points",
    "build/learner/bin/grade ci": r"10 of 15 points",
    "grade export canvas": "",
}
"""Start of a command to what it has to say."""


def rehearsal() -> str:
    text = GUIDE.read_text("utf-8")
    return text[text.index("## Rehearse it once") : text.index("## Gradescope")]


def run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-ec", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    judged = command.startswith("build/learner/bin/grade build")
    assert done.returncode in ((0, 1) if judged else (0,)), (command, done.stdout, done.stderr)
    return done.stdout


def borrow(folder: Path) -> None:
    """Install the handout's wheel into the learner's environment, with this one's packages beside it."""
    venv.create(folder / "build" / "learner", with_pip=False)
    (packages,) = (folder / "build" / "learner" / "lib").glob("python3*/site-packages")
    (wheel,) = (folder / "build" / "learners" / "wheels").iterdir()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed"]
    subprocess.run([*install, "--prefix", folder / "build" / "learner", wheel], check=True, capture_output=True)
    script = folder / "build" / "learner" / "bin" / "grade"
    body = script.read_text().partition("\n")[2]
    script.write_text(f"#!{folder}/build/learner/bin/python\n{body}")
    (packages / "borrowed.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))


@pytest.mark.slow
def test_the_rehearsal_leads_from_a_handout_to_a_gradebook(tmp_path: Path) -> None:
    for room in ("solutions", "tests"):
        (tmp_path / room).symlink_to(ROOT / room)
    (tmp_path / "build").mkdir()
    (gradebook,) = re.findall(r"```csv\n(.*?)```", rehearsal(), re.DOTALL)
    (tmp_path / "build" / "gradebook.csv").write_text(gradebook)
    commands = re.findall(r"^\$ (.*)$", rehearsal(), re.MULTILINE)
    assert set(commands) >= INSTALLING
    batches = []
    for command in commands:
        if command in INSTALLING:
            if "wheels" in command:
                borrow(tmp_path)
            continue
        said = run(command, tmp_path)
        batches += [said] if command.startswith("grade batch") else []
        for start, expected in EXPECTED.items():
            assert not command.startswith(start) or re.search(expected, said), (command, said)
    assert [re.findall(r"([\d.]+)/15", said) for said in batches] == [["10.0"], ["15.0"]]
    feedback = "".join(path.read_text("utf-8") for path in (tmp_path / "build/results/feedback").rglob("*.md"))
    assert "15 of 15 points" in feedback
    with (tmp_path / "build" / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [float(row[-1]) for row in rows if "learner-01" in row] == [15.0]


def test_every_command_of_the_guides_exists() -> None:
    for page in (GUIDE, GUIDE.with_name("ci.md")):
        named = set(re.findall(r"(?:^\$ |`)grade ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
        known = run("grade --help", ROOT)
        assert {name for name in named if f" {name} " not in known} == set()
