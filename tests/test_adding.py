"""The page on adding an exercise, followed to the letter; and what `grade new` writes, which passes the same gates."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import courses, drafting
from grader.errors import UsageError
from grader.selfcheck import TODO

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "adding-an-exercise.md"
BLOCK = re.compile(r"^`([^`\n]+)`\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILES = dict(BLOCK.findall(PAGE.read_text("utf-8")))
COMMANDS = re.findall(r"^\$ (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".git", ".*_cache", ".venv", ".nox", "build", "reports")
SNAPSHOTS = Path("tests", "course", "__snapshots__", "test_every_exercise.ambr")
Run = Callable[[str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the repository."""
    shutil.copytree(ROOT, tmp_path / "tree", ignore=LEFT_OUT)
    return tmp_path / "tree"


@pytest.fixture
def run(tree: Path) -> Run:
    """Run a command line there, with the programs of this environment."""

    def call(line: str) -> subprocess.CompletedProcess[str]:
        program, *words = shlex.split(line)
        beside = Path(sys.executable).with_name(program)
        starts = {
            "grade": [sys.executable, "-c", "from grader.cli import main; main()"],
            "python": [sys.executable],
        }
        return subprocess.run(
            [*starts.get(program, [str(beside)]), *words],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree)},
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def lay(tree: Path) -> None:
    """Write the files of the page."""
    for path, text in FILES.items():
        file = tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def test_the_page_adds_an_exercise_in_five_places() -> None:
    places = {re.sub(r"(10_\w+)/.*", r"\1", path) for path in FILES}
    assert len(places) == 5
    misconception = PAGE.read_text("utf-8").partition("\n## Add a misconception\n")[2].partition("\n## Add ")[0]
    room = "grader/course/10_count_trainable"
    assert [path for path, _ in BLOCK.findall(misconception)] == [
        f"{room}/misconceptions.md",
        f"{room}/misconceptions.py",
        "tests/specimens/10_count_trainable/counts_tensors.py",
    ]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_who_follows_the_page_passes_every_gate_that_it_names(tree: Path, run: Run) -> None:
    lay(tree)
    assert len(COMMANDS) == 9
    before = (tree / SNAPSHOTS).read_text("utf-8").splitlines()
    for line in COMMANDS:
        done = run(line)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        if line.startswith("grade selfcheck"):
            for what in (
                "stub 10_count_trainable earns nothing",
                "solution 10_count_trainable",
                "specimen counts-tensors",
            ):
                assert f"✓ {what}" in done.stdout
        if "snapshot" in line:
            assert "1 snapshot generated" in done.stdout
            assert "passed" in done.stdout
    after = iter((tree / SNAPSHOTS).read_text("utf-8").splitlines())
    assert all(line in after for line in before), "nothing that was recorded is lost or changed"


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_what_grade_new_writes_passes_them_too_but_for_what_is_to_be_written(tree: Path, run: Run) -> None:
    lay(tree)
    begun = run("grade new exercise 11_measure_the_whole_length")
    assert begun.returncode == 0, begun.stderr
    written = [path for path in begun.stdout.partition("\n\n")[0].splitlines() if path]
    assert len(written) == 12
    assert all((tree / path).is_file() for path in written)
    for line in COMMANDS[1:]:
        done = run(line.replace("10_ or counts-tensors", "11_ or adds-two-11").replace("-k 10_", "-k 11_"))
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    checked = run("grade selfcheck --exercises 11")
    assert checked.returncode == 1
    refused = [line for line in checked.stdout.splitlines() if line.startswith("✗")]
    assert refused == [line for line in refused if "11_measure_the_whole_length is written" in line] != []
    for path in written:
        (tree / path).write_text((tree / path).read_text("utf-8").replace(TODO, "Done"), "utf-8")
    assert run("grade selfcheck --exercises 11").returncode == 0

    for name, number, function in (
        ("counts-layers", "10", "count_trainable"),
        ("frees-by-age", "03", "partial_unfreeze"),
    ):
        added = run(f"grade new misconception {name} --exercise {number} --function {function}")
        assert added.returncode == 0, added.stderr
    for line in COMMANDS[3:-1]:
        done = run(line)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    checked = run("grade selfcheck --exercises 10")
    refused = [line for line in checked.stdout.splitlines() if line.startswith("✗")]
    assert [line.partition(":")[0] for line in refused] == [
        "✗ 10_count_trainable is written",
        "✗ specimen counts-layers",
    ]
    assert "✓ specimen frees-by-age" not in run("grade selfcheck --exercises 03").stdout


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small course of its own."""
    shutil.copytree(ROOT / "tests" / "second_course", tmp_path / "tiny", ignore=LEFT_OUT)
    monkeypatch.setattr(courses._Choice, "used", courses.read(tmp_path / "tiny"))
    return tmp_path / "tiny"


def test_a_new_exercise_is_written_into_the_course_that_is_named(tiny: Path) -> None:
    written = drafting.begin_exercise("03_count_all")
    assert len(written) == 11
    assert all(path.is_relative_to(tiny) and path.is_file() for path in written)


@pytest.mark.parametrize(
    "slug",
    [
        "3_count",
        "03",
        "03_wire",
        "03_prepare",
        "03_Count",
        "03_count-all",
        "03_class",
        "../03_count",
        "03_count/../../x",
        "03_",
        "",
    ],
)
def test_a_name_that_no_exercise_can_have_is_refused(tiny: Path, slug: str) -> None:
    before = sorted(tiny.rglob("*"))
    with pytest.raises(UsageError, match="is no name for an exercise"):
        drafting.begin_exercise(slug)
    assert sorted(tiny.rglob("*")) == before


def test_nothing_is_overwritten(tiny: Path) -> None:
    with pytest.raises(UsageError, match="There is an exercise 02: 02_one_layer"):
        drafting.begin_exercise("02_other")
    for kept in (tiny / "solutions" / "03_count.py", tiny / "specimens" / "01_double" / "too_much.py"):
        kept.write_text("mine = True\n")
    before = {path: path.read_bytes() for path in tiny.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match=r"03_count\.py is there already, and nothing was written"):
        drafting.begin_exercise("03_count")
    with pytest.raises(UsageError, match=r"too_much\.py is there already, and nothing was written"):
        drafting.begin_misconception("too-much", exercise("01"), "double")
    assert {path: path.read_bytes() for path in tiny.rglob("*") if path.is_file()} == before


def exercise(number: str) -> drafting.Exercise:
    from grader import course

    return course.named(number)


@pytest.mark.parametrize(
    ("name", "function", "sentence"),
    [
        ("Adds_Two", "double", "is no name for a misconception"),
        ("class", "double", "is no name for a misconception"),
        ("../x", "double", "is no name for a misconception"),
        ("too-much", "triple", "01_double has no function 'triple'"),
        ("keeps-the-bias", "double", "02_one_layer has a misconception keeps-the-bias already"),
    ],
)
@pytest.mark.usefixtures("tiny")
def test_a_misconception_that_cannot_be_is_refused(name: str, function: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        drafting.begin_misconception(name, exercise("01"), function)


PAGES = "# Pages\n\n## one\n\n### a-b: A\n\nWhy.\n\n## two\n\n### c-d: C\n\nWhy.\n"
CODE = """from x import Seen


def a_b(seen):
    return _h(seen)


def _h(seen):
    return None


def c_d(seen):
    return None
"""


@pytest.mark.parametrize(
    ("function", "names"),
    [("one", ["a-b", "new", "c-d"]), ("two", ["a-b", "c-d", "new"]), ("three", ["a-b", "c-d", "new"])],
)
def test_page_and_function_come_behind_those_of_the_same_function(function: str, names: list[str]) -> None:
    pages = drafting._with_page(PAGES, "### new: N\n\nWhy.\n", f"## {function}\n", "01")
    assert re.findall(r"^### ([\w-]+)", pages, re.MULTILINE) == names
    assert "\n\n\n" not in pages
    assert pages.endswith("Why.\n")
    code = drafting._with_function(CODE, "def new(_seen):\n    return None\n", drafting._before(pages, "new"))
    functions = [name.replace("_", "-") for name in re.findall(r"^def ([a-z]\w*)", code, re.MULTILINE)]
    assert functions == names
    assert code.count("\n\n\ndef ") == 4
    assert "\n\n\n\n" not in code


def test_the_first_misconception_of_a_course_gets_both_files() -> None:
    pages = drafting._with_page("", "### new: N\n", "## one\n", "01")
    assert pages == "# Misconceptions of exercise 01\n\n## one\n\n### new: N\n"
    code = drafting._with_function("from .seen import Seen\n", "def new(_seen):\n    pass\n", "")
    assert code == "from .seen import Seen\n\n\ndef new(_seen):\n    pass\n"


def test_a_new_first_one_comes_before_all_others() -> None:
    code = drafting._with_function(CODE, "def new(_seen):\n    pass\n", "")
    assert code.startswith("from x import Seen\n\n\ndef new(_seen):\n    pass\n\n\ndef a_b(seen):\n")
    tight = "import x\n# About it.\n@x.kept\ndef a_b(seen):\n    pass\n"
    code = drafting._with_function(tight, "def new(_seen):\n    pass\n", "")
    assert code == "import x\ndef new(_seen):\n    pass\n\n\n# About it.\n@x.kept\ndef a_b(seen):\n    pass\n"


def test_without_a_solution_there_is_no_specimen_either(tiny: Path) -> None:
    (tiny / "solutions" / exercise("01").filename).unlink()
    with pytest.raises(UsageError, match="01_double has no solution yet"):
        drafting.begin_misconception("too-much-again", exercise("01"), "double")


def test_an_installed_course_is_not_written_into(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tiny.parent / "site-packages" / "tiny"
    shutil.move(tiny, place)
    monkeypatch.setattr(courses._Choice, "used", courses.read(place))
    with pytest.raises(UsageError, match="The course is installed here"):
        drafting.begin_exercise("03_count_all")
