"""What the doctor finds under every Landlock this kernel has, with and without the filter."""

from __future__ import annotations

import dataclasses
import errno
import itertools
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.inside.walls import Policy, doctor, landlock, promises
from grader.inside.walls.attempts import ATTEMPTS, _outcome
from grader.inside.walls.privileges import Powers
from grader.inside.walls.targets import Targets, targets
from grader.wire.wall import WallReport

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(landlock.supported() == 0, reason="this kernel has no Landlock"),
]

NEVER = 99
# Attempt: the Landlock ABI that blocks it, and whether the filter does.
BLOCKED_BY: Mapping[str, tuple[int, bool]] = {
    "read-hidden-file": (1, False),
    "list-hidden-folder": (1, False),
    "write-file": (1, False),
    "empty-file": (3, True),
    "change-mode": (NEVER, True),
    "read-parent-memory": (1, False),
    "read-parent-environment": (1, False),
    "read-own-environment": (1, False),
    "stat-hidden-file": (NEVER, False),
    "list-processes": (NEVER, False),
    "connect-tcp": (4, True),
    "send-udp": (10, True),
    "connect-abstract-socket": (6, True),
    "connect-path-socket": (9, True),
    "start-process": (NEVER, True),
    "run-program": (1, True),
    "signal-parent": (6, True),
    "trace-parent": (1, True),
    "copy-parent-memory": (1, True),
    "limit-parent": (NEVER, True),
    "slow-parent": (NEVER, True),
    "memory-file": (NEVER, True),
    "shared-mapping": (NEVER, True),
    "shared-segment": (NEVER, True),
    "io-uring": (NEVER, True),
    "memory-key": (NEVER, True),
    "keyring": (NEVER, True),
    "use-inherited-descriptor": (0, True),
    "exceed-memory": (0, True),
    "change-user": (0, True),
    "user-namespace": (NEVER, True),
}
# What succeeds for anybody on any kernel when nothing stands in the way: proof that the attempts are real.
EASY = [
    "read-hidden-file",
    "stat-hidden-file",
    "list-processes",
    "list-hidden-folder",
    "write-file",
    "empty-file",
    "change-mode",
    "connect-tcp",
    "send-udp",
    "connect-abstract-socket",
    "connect-path-socket",
    "run-program",
    "memory-file",
    "shared-mapping",
]
# … and what succeeds against a process of the same user.
EASY_ON_ONESELF = ["signal-parent", "limit-parent"]

ABIS = range(min(landlock.supported(), landlock.NEWEST) + 1)
EVERY_ABI = list(itertools.product(range(landlock.NEWEST + 1), (True, False)))
MATRIX = [(abi, filtered) for abi, filtered in itertools.product(ABIS, (True, False))]


def open_attempts(abi: int, *, filtered: bool) -> set[str]:
    return {name for name, (first, by) in BLOCKED_BY.items() if first > abi and not (filtered and by)}


def compare(results: Mapping[str, str], abi: int, *, filtered: bool, same_user: bool) -> None:
    leaks = open_attempts(abi, filtered=filtered)
    allowed = {name for name, result in results.items() if result == "allowed"}
    assert allowed <= leaks
    easy = {*EASY, *(EASY_ON_ONESELF if same_user else ())}
    assert easy & leaks <= allowed


def test_every_attempt_is_in_the_table() -> None:
    assert BLOCKED_BY.keys() == ATTEMPTS.keys()


@pytest.mark.parametrize(("abi", "filtered"), EVERY_ABI)
def test_no_less_is_promised_than_what_is_blocked(abi: int, *, filtered: bool) -> None:
    held = promises.Held(Powers(uid_is_root=False, capabilities="none"), abi, filtered, rlimits={"DATA": 1, "AS": 1})
    claims = promises.promised(promises.wall(Policy(readable=()), held, []))
    assert sorted(claims) == sorted(ATTEMPTS.keys() - open_attempts(abi, filtered=filtered))


@pytest.mark.parametrize(("abi", "filtered"), MATRIX)
def test_here(roots: tuple[str, ...], abi: int, *, filtered: bool) -> None:
    found = doctor.examine(Policy(readable=roots, landlock_abi=abi, seccomp=filtered))
    assert (found.wall.landlock_abi, found.wall.seccomp) == (abi, filtered)
    compare(found.results, abi, filtered=filtered, same_user=found.wall.uid_is_root or os.geteuid() != 0)
    strong = "A" if abi and filtered else "D" if found.wall.uid_is_root else "B" if abi or filtered else "C"
    assert found.level == strong


@pytest.mark.parametrize(("abi", "filtered"), MATRIX)
def test_as_an_ordinary_user(examined: Callable[..., Any], abi: int, *, filtered: bool) -> None:
    level, wall, results = examined(65534, landlock_abi=abi, seccomp=filtered)
    assert (wall["uid_is_root"], wall["capabilities"]) == (False, "none")
    compare(results, abi, filtered=filtered, same_user=True)
    assert level == ("A" if abi and filtered else "B" if abi or filtered else "C")


@pytest.mark.parametrize("filtered", [True, False])
def test_root_becomes_nobody_where_the_interpreter_is_public(examined: Callable[..., Any], *, filtered: bool) -> None:
    level, wall, results = examined(0, seccomp=filtered)
    assert (wall["uid_is_root"], wall["capabilities"]) == (False, "none")
    compare(results, ABIS[-1], filtered=filtered, same_user=False)
    assert level == ("A" if filtered else "B")
    assert results["start-process"] == "blocked"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has powers to keep")
def test_powers_of_root_are_refused_whatever_the_walls(roots: tuple[str, ...]) -> None:
    found = doctor.examine(Policy(readable=roots, keep_powers=True))
    assert found.level == "D"
    assert "it holds powers of root" in found.wall.missing


def test_a_readable_secret_is_refused(roots: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "checks.py").write_text("expected = 3")
    assert doctor.examine(Policy(readable=roots), [str(tmp_path / "checks.py")]).level == "A"
    careless = Policy(readable=(*roots, str(tmp_path)))
    found = doctor.examine(careless, [str(tmp_path / "checks.py")])
    assert (found.level, found.results["read-hidden-file"]) == ("D", "allowed")


def processor_time() -> float:
    """Add up what this process and its children took: unlike the clock, it hardly minds a busy machine."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def test_it_costs_no_more_than_starting_a_few_interpreters(roots: tuple[str, ...]) -> None:
    def seconds(work: Callable[[], object]) -> float:
        before = processor_time()
        work()
        return processor_time() - before

    doctored = min(seconds(lambda: doctor.examine(Policy(readable=roots))) for _ in range(5))
    started = min(seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True)) for _ in range(5))
    assert doctored < 8 * started


@pytest.mark.parametrize(
    ("code", "private_root", "expected"),
    [
        (errno.EPERM, False, "blocked"),
        (errno.ENOENT, False, "allowed"),
        (errno.ENOENT, True, "blocked"),
        (errno.ENOSYS, False, "n/a"),
        (errno.ENOEXEC, True, "allowed"),
    ],
)
def test_what_an_error_says_about_the_walls(code: int, private_root: bool, expected: str) -> None:  # noqa: FBT001
    def fail(_: Targets) -> None:
        raise OSError(code, os.strerror(code))

    with targets(Policy(readable=()), [], kept=3) as made:
        assert _outcome(fail, dataclasses.replace(made, private_root=private_root)) == expected


def test_a_silent_death_is_our_fault(roots: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "attempt_all", lambda _: os._exit(3))
    with pytest.raises(ChildProcessError, match="without a report"):
        doctor.examine(Policy(readable=roots))


WHOLE = WallReport(
    landlock_abi=1,
    seccomp=True,
    no_new_privs=True,
    uid_is_root=False,
    capabilities="none",
    network="none",
    rlimits={},
    memory="data+as",
    processes="impossible",
    missing=(),
)
BLOCKED = dict.fromkeys(ATTEMPTS, "blocked")


@pytest.mark.parametrize(
    ("changes", "results", "expected"),
    [
        ({}, {}, "A"),
        ({"uid_is_root": True}, {}, "A"),
        ({"uid_is_root": True, "seccomp": False}, {}, "D"),
        ({"uid_is_root": True, "landlock_abi": 0}, {}, "D"),
        ({"capabilities": "some"}, {}, "D"),
        ({}, {"io-uring": "allowed"}, "D"),
        ({}, {"io-uring": "n/a"}, "A"),
        ({}, {"read-hidden-file": "n/a"}, "B"),
        ({}, {"stat-hidden-file": "allowed", "list-processes": "allowed"}, "A"),
        ({"private_root": True}, {"stat-hidden-file": "allowed"}, "D"),
        ({"private_root": True}, {"list-processes": "allowed"}, "A"),
        ({"private_processes": True}, {"list-processes": "allowed"}, "D"),
        ({"seccomp": False}, {"io-uring": "allowed"}, "B"),
        ({"landlock_abi": 0}, {"read-hidden-file": "allowed"}, "B"),
        ({"landlock_abi": 0, "seccomp": False}, {"read-hidden-file": "allowed"}, "C"),
        ({"no_new_privs": False}, {}, "B"),
        ({"memory": "watchdog"}, {"exceed-memory": "allowed"}, "B"),
        ({"missing": ("it inherits signal handlers",)}, {}, "B"),
    ],
)
def test_levels(changes: dict[str, object], results: dict[str, str], expected: str) -> None:
    assert doctor.level(dataclasses.replace(WHOLE, **changes), BLOCKED | results) == expected


def test_an_examination_that_is_not_complete_is_refused() -> None:
    assert doctor.level(WHOLE, {"read-hidden-file": "blocked"}) == "D"


def test_a_wall_goes_into_json_and_back() -> None:
    fields = json.loads(json.dumps(WHOLE.as_dict()))
    assert WallReport.of(fields) == WHOLE
