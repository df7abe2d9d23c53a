"""What changed on disk is seen whether or not the file system says so."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import watchfiles

from grader.learning.changes import LOOK_SECONDS, changes
from grader.learning.keys import _SEQUENCE
from grader.records import Exercise

if TYPE_CHECKING:
    from .conftest import Desk


def no_watch(*_: object, **__: object) -> Iterator[Any]:
    raise OSError(28, "no space left on device: the system has no watch to give")


def silent(*_: object, stop_event: threading.Event, **__: object) -> Iterator[Any]:
    """A file system that never tells: WSL's and network mounts do so."""
    while not stop_event.wait(LOOK_SECONDS):
        yield set()


@pytest.fixture(params=[None, no_watch, silent], ids=["events", "no watch", "silent"])
def seen(desk: Desk, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Any]]:
    """Return a function that waits for the next change."""
    if request.param:
        monkeypatch.setattr(watchfiles, "watch", request.param)
    stop, found = threading.Event(), []
    arrived = threading.Condition()

    def look() -> None:
        for changed in changes(desk.folder, stop):
            with arrived:
                found.append(changed)
                arrived.notify()

    def wait() -> list[Exercise]:
        with arrived:
            assert arrived.wait_for(lambda: found, timeout=60), "the change was never seen"
            return found.pop(0)

    thread = threading.Thread(target=look)
    thread.start()
    time.sleep(2 * LOOK_SECONDS)  # the first look has to come before the first change
    yield wait
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert found == []


def test_saves_deletions_and_returns_are_seen_and_other_files_are_not(desk: Desk, seen: Callable[[], Any]) -> None:
    (desk.folder.exercises / "notes.txt").write_text("not an exercise")
    (desk.folder.exercises / ".03_partial_unfreeze.py.swp").write_text("an editor's own")
    content = desk.file.read_bytes()
    desk.file.write_bytes(b"x = 1\n")
    assert seen() == [desk.exercise]
    desk.file.unlink()
    assert seen() == [desk.exercise]
    desk.file.write_bytes(content)
    assert seen() == [desk.exercise]


def test_evidence_that_comes_is_news_of_the_note(desk: Desk, seen: Callable[[], Any]) -> None:
    (desk.folder.exercises / "09_evidence.json").write_text("{}")
    assert [exercise.slug for exercise in seen()] == ["09_adaptation_note"]


def test_another_file_in_its_place_is_a_change_even_when_size_and_time_are_the_same(
    desk: Desk, seen: Callable[[], Any]
) -> None:
    other = desk.file.with_name("other")
    other.write_bytes(desk.file.read_bytes()[::-1])
    status = desk.file.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(desk.file)
    assert seen() == [desk.exercise]


def test_a_burst_is_few_changes(desk: Desk) -> None:
    stop = threading.Event()
    stream = changes(desk.folder, stop)
    writer = threading.Timer(1.0, lambda: [desk.file.write_bytes(bytes([n])) for n in range(100)])
    closer = threading.Timer(3.0, stop.set)
    writer.start()
    closer.start()
    assert 1 <= sum(1 for _ in stream) < 10


@pytest.mark.parametrize(
    ("pressed", "keys"),
    [
        ("h", "h"),
        ("\x1b[A", ""),
        ("\x1bOP", ""),
        ("\x1b[15~\n", "\n"),
        ("h\x1b[1;5Cq", "hq"),
        ("\x1b", ""),
        ("xx", "xx"),
    ],
)
def test_arrows_and_function_keys_are_no_letters(pressed: str, keys: str) -> None:
    assert _SEQUENCE.sub("", pressed) == keys
