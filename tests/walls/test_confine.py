"""The one call: what a worker is left with, what is reported when a step fails, and other platforms."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.inside import walls
from grader.inside.walls import Policy, confine, kernel, limits

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(sys.platform != "linux", reason="walls stand on Linux"),
]

REPOSITORY = Path(__file__).parents[2]


def test_a_worker_has_its_own_session_folder_and_environment(confined: Callable[..., Any], tmp_path: Path) -> None:
    def work() -> list[object]:
        return [os.getsid(0) == os.getpid(), str(Path.cwd()), dict(os.environ)]

    folder = str(tmp_path)
    alone, cwd, environment = confined(work, folder=folder, environment={"LANG": "C.UTF-8"})
    assert (alone, cwd) == (True, folder)
    written = ("HOME", "TMPDIR", "MPLCONFIGDIR", "TORCHINDUCTOR_CACHE_DIR")
    assert environment == {"LANG": "C.UTF-8", **dict.fromkeys(written, folder)}


def test_its_memory_is_hidden_from_its_own_user(confined: Callable[..., Any]) -> None:
    assert confined(lambda: kernel.prctl(kernel.PR_GET_DUMPABLE)) == 0


def test_files_it_would_make_are_its_own(forked: Callable[..., Any], roots: tuple[str, ...]) -> None:
    def work() -> int:
        confine(Policy(readable=roots, landlock_abi=0, seccomp=False, keep_fds=tuple(range(100))))
        return os.umask(0)

    assert forked(work) == 0o077


def test_standard_input_is_empty_and_output_goes_where_it_should(confined: Callable[..., Any], tmp_path: Path) -> None:
    output = os.open(tmp_path / "output", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def work() -> str:
        os.write(1, b"out ")
        os.write(2, b"err")
        return os.read(0, 10).decode()

    assert confined(work, output=output) == ""
    os.close(output)
    assert (tmp_path / "output").read_text() == "out err"


def test_more_than_one_thread_is_refused(forked: Callable[..., Any], roots: tuple[str, ...]) -> None:
    def work() -> None:
        threading.Thread(target=threading.Event().wait, args=(5,), daemon=True).start()
        confine(Policy(readable=roots))

    assert forked(work).startswith("RuntimeError: 2 threads")


def test_an_orphan_refuses_to_start(forked: Callable[..., Any], roots: tuple[str, ...]) -> None:
    parent = os.getpid()
    assert forked(lambda: confine(Policy(readable=roots, parent=parent + 1))).startswith("ProcessLookupError")


@pytest.mark.parametrize(
    ("module", "step", "promise"),
    [
        (limits, "hide_memory", "this user's processes may read its memory"),
        (limits, "forbid_new_privileges", "a program it runs may gain powers"),
        (limits, "die_with_parent", "it may outlive its parent"),
        (limits, "close_all_but", "it inherits open files"),
        (limits, "memory_limits", "memory is not limited"),
        (walls.landlock, "restrict", "Landlock refused its rules"),
        (walls.seccomp, "install", "the system call filter was refused"),
    ],
)
def test_a_step_that_fails_is_on_record(
    forked: Callable[..., Any], roots: tuple[str, ...], module: ModuleType, step: str, promise: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(5, "no")

    def work() -> list[str]:
        setattr(module, step, refuse)
        wall = confine(Policy(readable=roots, keep_fds=tuple(range(100))))
        return [*wall.missing]

    assert f"{promise} ([Errno 5] no)" in forked(work)


def test_without_the_filter_processes_are_limited_in_number(forked: Callable[..., Any], roots: tuple[str, ...]) -> None:
    def work() -> int | None:
        return confine(Policy(readable=roots, seccomp=False, keep_fds=tuple(range(100)))).rlimits.get("NPROC")

    assert forked(work) == 1


@pytest.mark.parametrize(("supervised", "expected"), [(True, "swept"), (False, "best-effort")])
@pytest.mark.skipif(sys.platform == "linux" and os.geteuid() != 0, reason="only user 0 escapes the limit")
def test_what_user_0_may_start_is_for_the_parent_to_sweep(
    forked: Callable[..., Any], roots: tuple[str, ...], expected: str, *, supervised: bool
) -> None:
    def work() -> str:
        switches = {"seccomp": False, "keep_powers": True, "supervised": supervised}
        return confine(Policy(readable=roots, keep_fds=tuple(range(100)), **switches)).processes

    assert forked(work) == expected


ELSEWHERE = """
import ctypes, json, os, platform, sys, tempfile
sys.platform, missing = sys.argv[1], sys.argv[2:]
for name in missing:
    sys.modules[name] = None
if sys.platform == "win32":
    os.name = "nt"
    import ntpath
    ntpath.realpath = lambda path, **_: path  # off Windows it is a stand-in that knows less
    del os.getuid, os.geteuid, os.setsid, os.O_PATH
from grader.inside.walls import Policy, attempts, confine, doctor, landlock, limits, privileges, seccomp
wall = confine(Policy(readable=()))
level = doctor.level(wall, {})
print(json.dumps([landlock.supported(), seccomp.install(), wall.as_dict(), level]))
"""


@pytest.mark.parametrize(("platform", "missing"), [("win32", ["resource", "fcntl", "termios"]), ("darwin", [])])
def test_elsewhere_it_imports_and_claims_nothing(platform: str, missing: list[str]) -> None:
    command = [sys.executable, "-c", ELSEWHERE, platform, *missing]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    answer = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, timeout=60, check=False, env=plain)
    assert not answer.returncode, answer.stderr
    abi, filtered, wall, _ = json.loads(answer.stdout)
    assert (abi, filtered, wall["landlock_abi"], wall["seccomp"]) == (0, False, 0, False)
    assert wall["network"] == "open"
    assert "it can read and write whatever files this user can" in wall["missing"]


def test_only_the_standard_library_is_needed() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('torch', 'numpy'), None))\n"
        "from grader.inside.walls import doctor\n"
        "print({name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names)"
    )
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); {code}",
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert set(eval(answer.stdout)) <= {"grader", "__main__", "torch", "numpy"}
