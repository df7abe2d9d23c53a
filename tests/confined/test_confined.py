"""A process for each request: nothing of one reaches the next, and nothing but what is named can be reached."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
import psutil
import pytest

from grader.confined import Confined, Request, Unanswered
from grader.confined.drill import MODULE, Drill, examine
from grader.errors import GraderFault

linux = pytest.mark.skipif(sys.platform != "linux", reason="there are no such walls elsewhere")
Ask = Callable[..., bytes]


@pytest.fixture(scope="module", params=[pytest.param(True, marks=linux, id="forks"), pytest.param(False, id="alone")])
def confined(request: pytest.FixtureRequest) -> Iterator[Confined]:
    with Confined([MODULE], forks=request.param) as opened:
        yield opened


@pytest.fixture(scope="module")
def walled() -> Iterator[Confined]:
    with Confined([MODULE]) as opened:
        yield opened


def ask(confined: Confined, drill: Drill, *, seconds: float = 20, memory_mb: int = 256, readable: str = "") -> bytes:
    request = Request(
        module=MODULE,
        payload=msgspec.msgpack.encode(drill),
        readable=(os.fsencode(readable),) if readable else (),
        seconds=seconds,
        memory_mb=memory_mb,
    )
    return confined.ask(request)


@pytest.mark.parametrize(
    ("drill", "why"),
    [
        (Drill(sleep=60), "took longer than 1 seconds"),
        (Drill(spin=60), "took longer than 1 seconds"),
        (Drill(end=3), "the process that did it ended"),
        (Drill(end=-signal.SIGKILL), "the process that did it ended"),
        (Drill(read="/no/such/file"), "FileNotFoundError"),
    ],
)
def test_a_request_that_ends_badly_is_told_and_the_next_is_answered(confined: Confined, drill: Drill, why: str) -> None:
    assert ask(confined, Drill(say=b"before")) == b"before"
    with pytest.raises(Unanswered, match=why):
        ask(confined, drill, seconds=1)
    assert ask(confined, Drill(say=b"after")) == b"after"


def test_memory_is_limited(confined: Confined) -> None:
    with pytest.raises(Unanswered, match=r"MB of memory|MemoryError"):
        ask(confined, Drill(hold_mb=2_000, sleep=0), memory_mb=200)
    assert ask(confined, Drill(say=b"after")) == b"after"


def test_answers_may_be_large_and_have_a_bound(walled: Confined) -> None:
    assert len(ask(walled, Drill(say_bytes=20 << 20))) == 20 << 20
    with pytest.raises(Unanswered):
        ask(walled, Drill(say_bytes=65 << 20))
    assert ask(walled, Drill(say=b"after")) == b"after"


@linux
def test_only_what_is_named_can_be_read_and_nothing_written_or_called(walled: Confined, tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    for path in (own, other):
        path.write_bytes(path.name.encode())
    assert ask(walled, Drill(read=str(own)), readable=str(own)) == b"own"
    with pytest.raises(Unanswered, match="PermissionError"):
        ask(walled, Drill(read=str(other)), readable=str(own))
    with pytest.raises(Unanswered, match="PermissionError"):
        ask(walled, Drill(read=str(own)))
    with pytest.raises(Unanswered, match="PermissionError"):
        ask(walled, Drill(write=str(tmp_path / "new")), readable=str(tmp_path))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(Unanswered, match="PermissionError"):
            ask(walled, Drill(connect=listener.getsockname()[1]))
    assert walled.missing == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "own"]


def test_where_nothing_is_forked_it_says_what_does_not_hold() -> None:
    with Confined([MODULE], forks=False) as alone:
        assert ask(alone, Drill(say=b"x")) == b"x"
        assert "it can read and write whatever files this user can" in alone.missing


@linux
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root reads what is others'")
def test_root_reads_what_its_owner_alone_may_and_only_where_that_is_named(walled: Confined, tmp_path: Path) -> None:
    for name in ("own", "other"):
        (tmp_path / name).write_bytes(name.encode())
        os.chown(tmp_path / name, 12_345, 12_345)
        (tmp_path / name).chmod(0o600)
    assert ask(walled, Drill(read=str(tmp_path / "own")), readable=str(tmp_path / "own")) == b"own"
    with pytest.raises(Unanswered, match="PermissionError"):
        ask(walled, Drill(read=str(tmp_path / "other")), readable=str(tmp_path / "own"))
    with pytest.raises(Unanswered, match="PermissionError"):
        ask(walled, Drill(write=str(tmp_path / "new")), readable=str(tmp_path))
    assert walled.missing == ()


@linux
def test_the_doctor_sees_that_it_holds_and_where_it_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert examine() == ()
    monkeypatch.setattr("grader.confined.drill.Confined", partial(Confined, forks=False))
    assert examine() == ("it can read files that it was not given", "it can write files")


def test_several_threads_may_ask(walled: Confined) -> None:
    told: list[bytes] = []
    threads = [
        threading.Thread(target=lambda n=number: told.append(ask(walled, Drill(say=b"%d" % n, sleep=0.05))))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [b"%d" % number for number in range(8)]


def test_a_process_that_was_killed_is_started_anew(walled: Confined) -> None:
    ask(walled, Drill(say=b"x"))
    assert walled._process
    walled._process._process.kill()
    walled._process._process.wait()
    with pytest.raises(Unanswered):
        ask(walled, Drill(say=b"lost"))
    assert ask(walled, Drill(say=b"after")) == b"after"


def test_what_cannot_start_is_our_fault() -> None:
    with Confined(["grader.no_such_module"]) as broken, pytest.raises(GraderFault, match="No module named"):
        ask(broken, Drill(say=b"x"))


def test_what_was_never_begun_is_our_fault_and_nobodys_refusal(confined: Confined) -> None:
    with pytest.raises(GraderFault, match="No module named"):
        confined.ask(Request(module="grader.no_such_module", payload=b"", seconds=5, memory_mb=64))
    assert ask(confined, Drill(say=b"after")) == b"after"


def test_nothing_is_left_behind() -> None:
    before = set(psutil.Process().children(recursive=True))
    opened = Confined([MODULE])
    ask(opened, Drill(say=b"x"))
    with pytest.raises(Unanswered):
        ask(opened, Drill(sleep=60), seconds=0.5)
    opened.close()
    time.sleep(0.2)
    assert set(psutil.Process().children(recursive=True)) == before
