"""A worker without a zygote: one job from standard input, facts to standard output, then the end.

This is the weaker wall for systems without a safe fork: a process of its own with limits on memory and
time, and nothing that keeps it from the user's files or the network. The wall it reports says so.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from .versions import versions
from .walls import Policy, confine
from .wire import Fact, Writer, read_job
from .work import load_probe, work


def once(imports: list[str], memory_mb: int, seconds: float) -> None:
    """Serve the job on standard input and exit; ``memory_mb`` beyond the imports, ``seconds`` of processor."""
    evidence = os.dup(1)
    os.dup2(2, 1)
    job = read_job(sys.stdin.buffer.read())
    for name in imports:
        importlib.import_module(name)
    probe = load_probe(job.probe)
    policy = Policy(
        readable=(),
        memory=memory_mb << 20,
        cpu=int(seconds) + 1 + int(sum(os.times()[:2])),
        keep_fds=(evidence,),
        folder=str(Path.cwd()),
        environment=os.environ.copy(),
        supervised=True,
        landlock_abi=0,
        seccomp=False,
        limit_processes=False,
        keep_powers=True,
    )
    writer = Writer(evidence)
    writer.write(Fact("@wall", {"wall": confine(policy).as_dict(), "versions": versions()}))
    work(job, probe, writer)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
