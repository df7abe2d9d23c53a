"""The command as a user meets it: sentences, exit codes, and what goes to which stream."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.places import EXERCISES, FIXTURES, SOLUTIONS

STUB = EXERCISES / "03_partial_unfreeze.py"
SOLUTION = SOLUTIONS / "03_partial_unfreeze.py"
TIMES = ("seconds", "peak_mb", "path")


def grade(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from grader.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, timeout=240)


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_times(item) for name, item in value.items() if name not in TIMES}
    return [without_times(item) for item in value] if isinstance(value, list) else value


def test_a_stub_exits_1_with_a_report_and_a_solution_0(tmp_path: Path) -> None:
    done = grade(STUB, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "0 of 15 points" in done.stdout
    assert done.stdout.startswith("Checking ")
    assert (tmp_path / "reports" / "03_partial_unfreeze.html").is_file()
    assert grade(SOLUTION, cwd=tmp_path).returncode == 0


def test_json_is_alone_on_stdout_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    copy = tmp_path / "answer.py"
    copy.write_bytes(STUB.read_bytes())
    first, second = (grade(p, "--exercise", "03", "--seed", 7, "--format", "json", cwd=tmp_path) for p in (copy, STUB))
    one, two = json.loads(first.stdout), json.loads(second.stdout)
    assert json.dumps(without_times(one)) == json.dumps(without_times(two))
    assert one["provenance"]["seed"] == 7
    assert one["schema"] == "transfer-grader/grade/v1"
    assert {"exercise", "learner", "earned", "possible", "outcomes", "diagnoses", "evidence", "provenance"} <= set(one)
    assert not (tmp_path / "reports").exists()


def test_several_files_share_one_sandbox_and_make_a_list(tmp_path: Path) -> None:
    done = grade(SOLUTION, STUB, "--format", "json", "--seed", 7, cwd=tmp_path)
    assert done.returncode == 1
    assert [each["earned"] for each in json.loads(done.stdout)] == [15, 0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing.py"], "There is no file nothing.py"),
        (["."], "is a folder"),
        (["empty.py"], "empty.py is empty"),
        (["strange.py"], "Say it with --exercise"),
        (["strange.py", "--exercise", "77"], "There is no exercise '77'"),
        (["03_note.txt"], "does not end in .py, .ipynb or .md"),
        (["--seed", "x", "strange.py"], "--seed"),
        ([], "`grade init FOLDER` starts it"),
        (["explain", "blocks-reverse"], "Did you mean blocks-reversed"),
        (["strange.py", "strange.py", "--exercise", "03", "--report", "r.html"], "--report names one file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_usage_error_is_a_sentence_and_exit_code_2(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    (tmp_path / "empty.py").touch()
    for name in ("strange.py", "03_note.txt"):
        (tmp_path / name).write_text("x = 1\n")
    done = grade(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_fixture_is_our_fault_and_never_a_score(tmp_path: Path) -> None:
    damage = (
        "import shutil, pathlib, grader.places as places\n"
        f"shutil.copytree({str(FIXTURES)!r}, 'fixtures')\n"
        "places.FIXTURES = pathlib.Path('fixtures').resolve()\n"
        "file = places.FIXTURES / 'learner' / 'vision-backbone.safetensors'\n"
        "file.write_bytes(file.read_bytes()[:-1] + b'x')\n"
        "from grader.cli import main; main()\n"
    )
    command = [sys.executable, "-c", damage, str(SOLUTION)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=240)
    assert done.returncode == 3
    assert "The fixture vision-backbone is damaged" in done.stderr
    assert "of 15 points" not in done.stdout


def test_the_parent_never_imports_torch(tmp_path: Path) -> None:
    watch = (
        "import sys\n"
        "from grader.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print([name for name in ('torch', 'torchvision', 'transformers') if name in sys.modules])\n"
    )
    command = [sys.executable, "-c", watch, str(SOLUTION)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=240)
    assert done.stdout.splitlines()[-1] == "[]"


def test_explain_shows_the_page(tmp_path: Path) -> None:
    done = grade("explain", "blocks-reversed", cwd=tmp_path)
    assert done.returncode == 0
    assert "The blocks are listed from the output side" in done.stdout
    assert "partial-off-by-one" in grade("explain", cwd=tmp_path).stdout


def test_help_and_version_start_without_the_heavy_imports(tmp_path: Path) -> None:
    watch = (
        "import sys\n"
        "from grader.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print('numpy' in sys.modules, 'pytest' in sys.modules)"
    )
    command = [sys.executable, "-c", watch, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stdout.splitlines()[-1] == "False False"
    assert "Start with: grade watch" in done.stdout
