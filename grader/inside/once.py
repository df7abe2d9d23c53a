"""A worker without a zygote: one job on standard input, facts on standard output.

This is the weaker wall for systems without a safe fork: a process of its own with limits on memory and
time, and nothing that keeps it from the user's files or the network. The wall it reports says so.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from grader.wire.job import Setting, read_job

from .versions import versions
from .walls import Policy, confine
from .wire import Fact, Writer
from .work import load_probe, work


def once(setting: Setting) -> None:
    """Serve the job on standard input and exit; its memory is counted beyond the imports, its time on the processor."""
    evidence = os.dup(1)
    os.dup2(2, 1)
    jobs = [read_job(sys.stdin.buffer.read())]
    for name in setting.imports:
        importlib.import_module(name)
    probe = load_probe(jobs[0].probe)
    policy = Policy(
        readable=(),
        memory=setting.memory_mb << 20,
        cpu=int(setting.seconds) + 1 + int(sum(os.times()[:2])),
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
    work(jobs.pop(), probe, writer)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
