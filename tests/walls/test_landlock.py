from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.inside.walls import kernel, landlock

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(landlock.supported() == 0, reason="this kernel has no Landlock"),
]

ABIS = range(1, min(landlock.supported(), landlock.NEWEST) + 1)


def failure(action: Callable[[], object]) -> str:
    try:
        action()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Two rooms with a file each, and a door from the public one to the private."""
    for room in ("public", "private"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "file").write_text(room)
    (tmp_path / "public" / "door").symlink_to(tmp_path / "private" / "file")
    (tmp_path / "way-in").symlink_to(tmp_path / "public")
    program = tmp_path / "public" / "program"
    program.write_text("no program")
    program.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("abi", ABIS)
def test_only_what_is_readable_can_be_read(confined: Callable[..., Any], house: Path, abi: int) -> None:
    def work() -> list[str]:
        public, private = house / "public", house / "private"
        actions = [
            (public / "file").read_text,
            lambda: list(public.iterdir()),
            (private / "file").read_text,
            lambda: list(private.iterdir()),
            (public / "door").read_text,
            lambda: (public / "file").open("r+"),
        ]
        return [failure(action) for action in actions]

    refused = ["EACCES"] * 4
    assert confined(work, readable=(str(house / "public"),), landlock_abi=abi) == ["done", "done", *refused]


@pytest.mark.parametrize("abi", ABIS)
def test_nothing_can_be_run_even_where_it_can_be_read(confined: Callable[..., Any], house: Path, abi: int) -> None:
    program = str(house / "public" / "program")
    answer = confined(
        lambda: failure(lambda: os.execv(program, [program])),
        readable=(str(house),),
        landlock_abi=abi,
        seccomp=False,
    )
    assert answer == "EACCES"


def test_a_symbolic_link_gives_what_it_leads_to(confined: Callable[..., Any], house: Path) -> None:
    answer = confined((house / "public" / "file").read_text, readable=(str(house / "way-in"),))
    assert answer == "public"


def test_missing_paths_are_skipped(confined: Callable[..., Any], house: Path) -> None:
    readable = (str(house / "nowhere"), str(house / "public" / "file" / "below"), str(house / "public"))
    assert confined((house / "public" / "file").read_text, readable=readable) == "public"


def test_the_null_device_can_be_written(confined: Callable[..., Any]) -> None:
    assert confined(lambda: Path(os.devnull).write_text("gone")) == 4


def test_a_file_that_is_named_can_be_written_and_its_neighbours_cannot(
    confined: Callable[..., Any], house: Path
) -> None:
    def work() -> list[str]:
        return [failure(lambda name=name: (house / "public" / name).open("r+")) for name in ("file", "program")]

    named = (str(house / "public" / "file"),)
    assert confined(work, readable=(str(house),), writable_files=named) == ["done", "EACCES"]


def test_it_says_which_abi_is_in_force(forked: Callable[..., Any]) -> None:
    def work() -> list[int]:
        from grader.inside.walls import limits

        limits.forbid_new_privileges()
        return [landlock.restrict((), (), abi=abi) for abi in (0, 1, None)]

    assert forked(work) == [0, 1, min(landlock.supported(), landlock.NEWEST)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may restrict itself without no_new_privs")
def test_without_no_new_privs_it_is_refused(forked: Callable[..., Any]) -> None:
    assert forked(lambda: landlock.restrict(())).startswith("PermissionError")


def test_a_kernel_newer_than_we_know_is_asked_and_reported_for_what_we_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def note(version: int) -> None:
        asked.append(version)
        raise OSError(errno.EINVAL, "enough")

    monkeypatch.setattr(landlock, "supported", lambda: landlock.NEWEST + 3)
    monkeypatch.setattr(landlock, "_ruleset", note)
    for abi in (None, landlock.NEWEST + 1, landlock.NEWEST + 9):
        with pytest.raises(OSError, match="enough"):
            landlock.restrict((), (), abi)
    assert asked == [landlock.NEWEST] * 3


def accepts(files: int = 0, network: int = 0, scopes: int = 0) -> bool:
    attributes = ctypes.create_string_buffer(struct.pack("QQQ", files, network, scopes), 24)
    try:
        os.close(kernel.syscall("landlock_create_ruleset", ctypes.addressof(attributes), 24, 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("kind", ["files", "network", "scopes"])
def test_every_right_that_this_kernel_knows_is_taken_away(kind: str) -> None:
    abi = landlock.supported()
    asked = landlock.handled(abi)[["files", "network", "scopes"].index(kind)]
    known = sum(1 << bit for bit in range(64) if accepts(**{kind: 1 << bit}))
    assert f"{asked:b}" == f"{known:b}", f"ABI {abi}: the tables of landlock.py and its NEWEST lag behind, or promise"


def test_a_stale_errno_is_no_failure(forked: Callable[..., Any]) -> None:
    def work() -> int:
        failure(lambda: Path("/no/such/file").stat())
        return landlock.supported()

    assert forked(work) == landlock.supported()
