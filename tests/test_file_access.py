"""Who opens files: only ``grader.files`` opens what a learner may have made, and only it writes an output."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = "only what ships with the program is read"
INSIDE = "behind the walls"
ALLOWED: Mapping[str, str] = {
    "grader/files.py": "the door itself",
    "grader/steps.py": "the way to it",
    "grader/ending.py": "a new file of the system's temporary folder, and the null device",
    "grader/judging/diagnose.py": OURS,
    "grader/fixtures.py": OURS,
    "grader/note.py": OURS,
    "grader/cli/learning.py": OURS,
    "grader/batch/alike.py": OURS,
    "grader/drafting/__init__.py": OURS,
    "grader/handout/__init__.py": OURS,
    "grader/handout/contents.py": OURS,
    "grader/handout/wheels.py": OURS,
    "grader/lab/note.py": OURS,
    "grader/learning/edition.py": OURS,
    "grader/learning/folder.py": OURS,
    "grader/isolate/unconfined.py": "a fresh temporary folder",
    "grader/batch/journal/": "the journal's own folder and database",
    "grader/cli/cohort.py": "opens the journal",
    "grader/batch/intake/archive.py": "the download that staff name, and archives that were read already",
    "grader/confined/drill.py": "attempts what has to fail, on a fresh temporary folder",
    "grader/confined/server.py": "the null device and /proc",
    "grader/course/": OURS,
    "grader/inside/": INSIDE,
}
"""A module, or a folder of modules, that opens, makes or moves files in another way, and why that is harmless."""
CALLS = frozenset((
    "hardlink_to", "makedirs", "mkdir", "mkfifo", "mknod", "mkstemp", "open", "read_bytes", "read_text", "rename",
    "rmdir", "symlink", "symlink_to", "touch", "unlink", "write_bytes", "write_text", "NamedTemporaryFile", "TarFile",
    "ZipFile",
))  # fmt: skip
"""Names of functions and methods that open, make, move or remove files, whatever they belong to."""
OF_OS = frozenset(("link", "remove", "removedirs", "renames", "replace", "truncate"))
"""Those of ``os`` whose names others have too."""
DOORS = {"grader.files", "files"}


def openings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and name of every call that opens, makes, moves or removes a file."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if owner in DOORS or ((owner, name) == ("zipfile", "ZipFile") and _is_given_open_file(node)):
            continue
        if name in CALLS or owner == "shutil" or (owner == "os" and name in OF_OS):
            yield node.lineno, f"{owner}.{name}" if owner else name
        elif name == "replace" and len(node.args) == 1 and not node.keywords:  # a text's takes two
            yield node.lineno, f"{owner}.replace"


def _is_given_open_file(call: ast.Call) -> bool:
    return ast.unparse(call.args[0]) == "written"


def is_allowed(name: str) -> bool:
    return any(name == place or (place.endswith("/") and name.startswith(place)) for place in ALLOWED)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


MODULES = {named(path): path for path in sorted((ROOT / "grader").rglob("*.py"))}


@pytest.mark.parametrize("name", [name for name in MODULES if not is_allowed(name)])
def test_files_are_opened_and_written_in_one_way(name: str) -> None:
    assert [*openings(ast.parse(MODULES[name].read_text("utf-8")))] == []


@pytest.mark.parametrize("place", ALLOWED)
def test_no_permission_outlives_its_reason(place: str) -> None:
    about = [path for name, path in MODULES.items() if name == place or name.startswith(place)]
    assert any(True for path in about for _ in openings(ast.parse(path.read_text("utf-8"))))


READ_ONLY = [place for place, why in ALLOWED.items() if why == OURS and place.endswith(".py")]


@pytest.mark.parametrize("place", READ_ONLY)
def test_what_only_reads_what_ships_writes_nothing(place: str) -> None:
    names = {called.rpartition(".")[2] for _, called in openings(ast.parse(MODULES[place].read_text("utf-8")))}
    assert names <= {"read_bytes", "read_text"}


@pytest.mark.parametrize(
    "line",
    [
        "Path('x').write_text('')",
        "path.write_bytes(b'')",
        "open('x')",
        "with path.open('rb') as file: pass",
        "os.open('x', os.O_RDONLY)",
        "folder.mkdir(parents=True)",
        "os.makedirs('x')",
        "path.touch()",
        "path.rename(other)",
        "path.replace(other)",
        "os.replace('a', 'b')",
        "shutil.copyfile('a', 'b')",
        "shutil.rmtree(folder)",
        "path.read_bytes()",
        "path.read_text('utf-8')",
        "path.unlink()",
        "path.symlink_to('x')",
        "zipfile.ZipFile(target, 'w')",
        "tempfile.NamedTemporaryFile()",
    ],
)
def test_every_other_way_is_seen(line: str) -> None:
    assert [*openings(ast.parse(line))]


@pytest.mark.parametrize(
    "line",
    [
        "text.replace('a', 'b')",
        "moment.replace(microsecond=0)",
        "msgspec.structs.replace(one, two=2)",
        "files.new(path)",
    ],
)
def test_what_only_looks_like_one_is_not(line: str) -> None:
    assert not [*openings(ast.parse(line))]
