"""A process of its own for what can be done to a process once only."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

Work = Callable[[], Any]


def in_a_fork(work: Work) -> Any:
    """Run *work* in a forked process; its JSON value, or its exception as text."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            answer = work()
        except BaseException as error:  # noqa: BLE001  reported, whatever it is
            answer = f"{type(error).__name__}: {error}"
        os.write(writer, json.dumps(answer).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        written = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(written) if written else f"died with status {status}"


def is_open(descriptor: int) -> bool:
    """Whether this process has a file open under this number."""
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
