"""The naive grader: one warm process, a fork per submission, pytest in the same process as the learner's code.

A line of JSON comes in on standard input and names a folder that holds the checks and a submission; a line of
JSON goes out and says how the fork ended. There are no walls here: run nothing with it but the exhibits that
are meant for it.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import tempfile
from pathlib import Path

import pytest
import torch
import transformers  # noqa: F401  what the checks need, once for all forks

from grader.inside import models

OPTIONS = (
    "-q",
    "-s",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:unraisableexception",
    "-p",
    "no:threadexception",
    "--tb=short",
)


def warm_up() -> None:
    model = models.build({"family": "resnet", "block": "basic", "layers": [1] * 4, "widths": [2] * 4, "num_classes": 2})
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.ones(2, 3, 8, 8)).sum().backward()
    optimizer.step()


def serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            sys.exit(run_tests(Path(order["folder"])))
        tell(follow(child, order["seconds"]))


def tell(answer: dict[str, int | bool]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def run_tests(folder: Path) -> int:
    """Run the checks in this very process and give pytest's exit code."""
    os.setsid()
    output = os.open(folder / "output.txt", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, standard in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, standard)
    os.chdir(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    sys.dont_write_bytecode = False  # as it is for most
    arguments = ["checks_visible.py", "--rootdir=.", "--junitxml=junit.xml", f"--basetemp={folder / 'temporary'}"]
    return int(pytest.main([*OPTIONS, *arguments]))


def follow(child: int, seconds: float) -> dict[str, int | bool]:
    """Wait for a child, kill its process group at the deadline, and say how it ended."""
    handle = os.pidfd_open(child)
    ended = select.poll()
    ended.register(handle, select.POLLIN)
    hung = not ended.poll(seconds * 1000)
    if hung:
        os.kill(child, signal.SIGKILL)
    os.close(handle)
    _, status = os.waitpid(child, 0)
    return {"status": os.waitstatus_to_exitcode(status), "hung": hung}


if __name__ == "__main__":
    warm_up()
    gc.collect()
    gc.freeze()
    tell({"ready": True})
    serve()
