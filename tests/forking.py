"""A process of its own for what can be done to a process once only."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

Work = Callable[[], Any]


def in_a_fork(work: Work) -> Any:
    """Run *work* in a forked process; its JSON value, or its exception as text."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:  # whatever happens, the fork never goes on as a second test session, which would end what both have
            os.close(reader)
            os.write(writer, json.dumps(_answer(work)).encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        written = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(written) if written else f"died with status {status}"


def _answer(work: Work) -> Any:
    try:
        return work()
    except BaseException as error:  # noqa: BLE001  reported, whatever it is
        return f"{type(error).__name__}: {error}"


def is_open(descriptor: int) -> bool:
    """Whether this process has a file open under this number."""
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def forking(started: int) -> int:
    """Return the process that forks the workers: in a namespace of its own it is number 1, and the other one waits."""
    for process in psutil.Process(started).children(recursive=True):
        if "\t1\nNSpgid" in Path(f"/proc/{process.pid}/status").read_text():
            return process.pid
    return started
