"""A private root and private processes: what is not there, what still is, and what is left where they are refused."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.errors import SandboxFault
from grader.inside.walls import Policy, confine, doctor, names_of_roots, namespaces, own_processes, private_root
from grader.inside.walls.attempts import ATTEMPTS
from grader.inside.walls.private_root import FOLDER
from grader.isolate.wall import examined as reported
from grader.isolate.wall import private
from grader.wire.wall import Examination, Level, Result, WallReport
from tests.forking import Work, in_a_fork, is_open

from .conftest import ORDINARY, REPOSITORY, open_descriptors

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's"),
]

SCRIPT = """
import json, sys, types
for name in ("grader", "grader.inside"):
    module = types.ModuleType(name)
    module.__path__ = ["/".join([sys.argv[1], *name.split(".")])]
    sys.modules[name] = module
from grader.inside.walls import Policy, default_readable_roots, names_of_roots, own_processes, private_root
from grader.inside.walls.doctor import examine
readable = default_readable_roots()
crowd = own_processes.move()
root, why = private_root.make(readable, names_of_roots())
policy = Policy(readable=readable, private_root=root, private_processes=not crowd, folder="/empty" if root else "/")
found = examine(policy, [sys.argv[1] + "/pyproject.toml"])
print(json.dumps([found.level, found.wall.as_dict(), dict(found.results), crowd, why]))
"""


@pytest.fixture(scope="module")
def names() -> tuple[str, ...]:
    return names_of_roots()


@pytest.fixture
def rooted(roots: tuple[str, ...], names: tuple[str, ...]) -> Callable[[Work], Any]:
    """Run work in a private root, without another wall; skip where there is none to be had."""

    def run(work: Work) -> Any:
        def there() -> Any:
            root, why = private_root.make(roots, names)
            if root is None:
                return {"refused": why}
            root.enter()
            return work()

        answer = in_a_fork(there)
        if isinstance(answer, Mapping) and "refused" in answer:
            pytest.skip(f"no private root here ({answer['refused']})")
        return answer

    return run


@pytest.mark.parametrize("user", [0, ORDINARY])
def test_the_doctor_finds_neither_hidden_files_nor_other_processes(public_python: str, user: int) -> None:
    who: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
    command = [public_python, "-I", "-B", "-c", SCRIPT, str(REPOSITORY)]
    answer = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, timeout=60, **who)
    assert answer.returncode == 0, answer.stderr
    level, wall, results, crowd, why = json.loads(answer.stdout)
    if crowd or why:
        pytest.skip(f"not for user {user} here: {crowd or why}")
    assert (level, wall["private_root"], wall["private_processes"], wall["missing"]) == ("A", True, True, [])
    assert set(results.values()) == {"blocked"}


def test_without_them_level_a_is_what_it_was(roots: tuple[str, ...]) -> None:
    found = doctor.examine(Policy(readable=roots, without=("no private root (not asked for)",)))
    assert found.level == "A"
    assert (found.wall.private_root, found.wall.private_processes) == (False, False)
    assert found.wall.without == ("no private root (not asked for)",)
    assert {name for name, result in found.results.items() if result == "allowed"} == {
        "stat-hidden-file",
        "list-processes",
    }


def test_nothing_is_there_but_what_may_be_read(rooted: Callable[[Work], Any], roots: tuple[str, ...]) -> None:
    def look() -> list[Any]:
        listed = [[entry.name for entry in Path(folder).iterdir()] for folder in ("/", "/proc")]
        return [*listed, Path("/etc/passwd").exists(), (REPOSITORY / "pyproject.toml").exists()]

    top, proc, *exist = rooted(look)
    links = {path.name for path in Path("/").iterdir() if path.is_symlink()}
    assert set(top) <= links | {path.split("/")[1] for path in (*roots, FOLDER)}
    assert set(proc) <= {"cpuinfo", "meminfo"}
    assert exist == [False, False]


def test_what_may_be_read_lies_where_it_was(rooted: Callable[[Work], Any], names: tuple[str, ...]) -> None:
    def look() -> dict[str, str]:
        return {name: str(Path(name).resolve()) for name in names if Path(name).exists()}

    outside, inside = look(), rooted(look)
    assert inside.items() <= outside.items()
    assert {"/lib", "/dev/null", os.__file__} <= inside.keys()


def test_folders_have_their_time_of_change_by_which_imports_remember_them(
    rooted: Callable[[Work], Any], roots: tuple[str, ...]
) -> None:
    folders = [str(Path(path).parent) for path in roots if Path(path).parent != Path("/")]

    def times() -> list[int]:
        return [Path(folder).stat().st_mtime_ns for folder in folders if not folder.startswith("/proc")]

    assert rooted(times) == times()


def test_no_file_can_be_made_or_changed(rooted: Callable[[Work], Any], roots: tuple[str, ...]) -> None:
    library = next(path for path in roots if Path(path).is_dir())

    def attempt(step: Callable[[], object]) -> int:
        try:
            step()
        except OSError as error:
            return error.errno or 0
        return 0

    def tried() -> list[int]:
        return [
            attempt(lambda: Path("/file").touch()),
            attempt(lambda: Path(library, "file").touch()),
            attempt(lambda: os.utime(library)),
            attempt(lambda: Path(FOLDER, "file").touch()),
            attempt(lambda: Path(FOLDER, "folder").mkdir()),
        ]

    assert rooted(tried) == [errno.EROFS] * 3 + [errno.ENOSPC] * 2
    assert rooted(lambda: os.access(FOLDER, os.W_OK))


def test_devices_work_and_are_the_only_ones(rooted: Callable[[Work], Any]) -> None:
    def use() -> list[Any]:
        Path(os.devnull).write_text("nothing")
        kinds = [stat.S_ISCHR(path.stat().st_mode) for path in Path("/dev").iterdir()]
        return [len(os.urandom(3)), len(os.read(os.open("/dev/urandom", os.O_RDONLY), 3)), all(kinds)]

    assert rooted(use) == [3, 3, True]


def test_a_mount_that_fails_leaves_everything_as_it_was(
    roots: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    bind, seen = namespaces.bind, []

    def fail_late(source: str, target: str) -> None:
        seen.append(source)
        if len(seen) > 3:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), "mount")
        bind(source, target)

    def place() -> list[str]:
        return [str(Path("/proc/self/ns", kind).readlink()) for kind in ("mnt", "user", "pid")]

    if private_root.make(roots)[0] is None:
        pytest.skip("no private root here")
    before = place(), open_descriptors(), Path("/proc/self/mountinfo").read_text()
    monkeypatch.setattr(namespaces, "bind", fail_late)
    assert private_root.make(roots) == (None, "mount: Permission denied")
    assert (place(), open_descriptors(), Path("/proc/self/mountinfo").read_text()) == before


def test_a_maker_that_dies_is_a_refusal(roots: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespaces, "separate", lambda: os._exit(1))
    root, why = private_root.make(roots)
    assert (root, why) == (None, "the process that makes it ended without a word")


@pytest.mark.parametrize("step", ["separate", "mount"])
def test_refused_processes_of_its_own_leave_this_one_as_it_was(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), step)

    monkeypatch.setattr(namespaces, step, refuse)

    def move() -> list[Any]:
        before = os.getpid(), Path("/proc/self/ns/pid").readlink()
        why = own_processes.move()
        return [why, (os.getpid(), Path("/proc/self/ns/pid").readlink()) == before, in_a_fork(lambda: "forks")]

    why, same, forks = in_a_fork(move)
    if not why.startswith(step):
        pytest.skip(f"refused earlier here: {why}")
    assert (why, same, forks) == (f"{step}: Operation not permitted", True, "forks")


@pytest.mark.parametrize("ending", [0, 7, -signal.SIGKILL, -signal.SIGTERM])
def test_who_waits_ends_like_the_one_it_waits_for(ending: int) -> None:
    child = os.fork()
    if child == 0:
        inner = os.fork()
        if inner == 0:
            if ending < 0:
                os.kill(os.getpid(), -ending)
            os._exit(ending)
        own_processes._end_like(inner)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == ending


def test_a_root_that_cannot_be_entered_is_on_record(forked: Callable[..., Any], roots: tuple[str, ...]) -> None:
    def work() -> list[Any]:
        lost = private_root.PrivateRoot(mounts=os.open(os.devnull, os.O_RDONLY), user=None)
        wall = confine(Policy(readable=roots, private_root=lost, keep_fds=tuple(range(100))))
        return [wall.private_root, *wall.missing]

    assert forked(work) == [False, "it is outside of its private root ([Errno 22] Invalid argument: 'setns')"]


def test_a_hidden_file_that_is_not_there_proves_nothing(roots: tuple[str, ...], tmp_path: Path) -> None:
    root, why = private_root.make(roots)
    if root is None:
        pytest.skip(why)
    with pytest.raises(FileNotFoundError):
        doctor.examine(Policy(readable=roots, private_root=root), [str(tmp_path / "nothing.py")])
    for descriptor in filter(None, (root.mounts, root.user)):
        os.close(descriptor)
        assert not is_open(descriptor)


REPORT = WallReport(
    landlock_abi=7, seccomp=True, no_new_privs=True, uid_is_root=False, capabilities="none", network="none", rlimits={},
    memory="data+as", processes="impossible", missing=(), without=("no private root (mount)",),
)  # fmt: skip
RESULTS: dict[str, Result] = {**dict.fromkeys(ATTEMPTS, "blocked"), "stat-hidden-file": "allowed"}


def test_what_nobody_promised_is_reported_as_that() -> None:
    wall = reported(Examination(Level.A, REPORT, RESULTS), REPORT.as_dict())
    assert wall.details["attempts"]["stat-hidden-file"] == "allowed, and not promised"
    assert (wall.details["attempts"]["list-processes"], "private" in wall.summary) == ("blocked", False)
    root, processes, why = private(wall)
    assert root.startswith("private root: no.")
    assert processes.startswith("private processes: no.")
    assert why == "no private root (mount)"


def test_a_worker_outside_of_the_private_root_that_was_examined_is_our_fault() -> None:
    rooted = dataclasses.replace(REPORT, private_root=True)
    examination = Examination(Level.A, rooted, RESULTS)
    assert "in a private root" in reported(examination, rooted.as_dict()).summary
    with pytest.raises(SandboxFault):
        reported(examination, REPORT.as_dict())
