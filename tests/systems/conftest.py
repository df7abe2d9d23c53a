"""A process of its own for what can be done to a process once only."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest

Work = Callable[[], Any]


@pytest.fixture
def forked() -> Callable[[Work], Any]:
    """Run work in a forked process; return its JSON value, or its exception as text."""

    def run(work: Work) -> Any:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                answer = work()
            except BaseException as error:  # noqa: BLE001  reported, whatever it is
                answer = f"{type(error).__name__}: {error}"
            os.write(writer, json.dumps(answer).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            written = pipe.read()
        os.waitpid(child, 0)
        return json.loads(written)

    return run
