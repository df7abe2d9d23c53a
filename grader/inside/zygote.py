"""The warm process: it imports torch once, then forks one confined worker per job.

It is trusted and knows nothing: no hidden check, no expected value, no result, no token. What it holds
when it forks is what a learner's process could find in memory.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import gc
import importlib
import os
import re
import select
import signal
import socket
import sys
import time
from collections.abc import Collection
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from grader.wire import messages
from grader.wire.ending import FAULT_STATUS, End, Verdict
from grader.wire.job import Order, Setting, read_job
from grader.wire.wall import Ready

from .versions import versions
from .walls import Policy, confine, default_readable_roots, limits, names_of_roots, own_processes, private_root
from .walls.doctor import examine

_MESSAGE_CAP = 1 << 16
_FOR_LIBRARIES = re.compile("_NUM_THREADS$|^(?:HF|TRANSFORMERS|TOKENIZERS|CUDA)_")
"""Variables that libraries read when they are imported, for some that is in a worker: how to do without a network."""
_TICK_MS = 50


def serve(control_fd: int) -> None:
    """Import, warm up, examine the walls, then fork a worker for every order until the supervisor hangs up."""
    control = socket.socket(fileno=control_fd)
    control.set_inheritable(False)
    setting = messages.decode(control.recv(_MESSAGE_CAP), Setting)
    policy = _policy(setting)
    # With torch, which comes with the work, the forks that only wait would keep a copy of what changes later.
    importlib.import_module(".work", __package__)
    for module in map(importlib.import_module, setting.imports):
        if setting.warm and hasattr(module, "warm_up"):
            module.warm_up()
    gc.collect()
    gc.freeze()
    gc.disable()
    limits.hide_memory()
    limits.adopt_orphans()
    limits.die_with_parent()
    _expect_safe_fork()
    found = examine(policy, setting.hidden)
    del setting
    control.send(messages.encode(Ready(found, versions())))
    _take_orders(control, policy)


def _take_orders(control: socket.socket, policy: Policy) -> None:
    """Do what the supervisor asks until it hangs up."""
    twins: list[int] = []
    while received := _receive(control):
        order, descriptors = received
        if order.probe:
            answer = messages.encode(_obey(order, policy, twins, *descriptors))
        else:
            twins = [twin for twin in twins if os.waitpid(twin, os.WNOHANG) == (0, 0)]
            sweep(spared=twins)
            twins.append(_fork_twin(control, policy, *descriptors))
            answer = b"{}"
        control.send(answer)


def _fork_twin(control: socket.socket, policy: Policy, descriptor: int) -> int:
    """Fork a zygote that shares what was imported and takes orders of its own; return its process id."""
    _expect_safe_fork()
    twin = os.fork()
    if twin:
        os.close(descriptor)
        return twin
    try:
        control.close()
        limits.adopt_orphans()
        limits.die_with_parent()
        if os.getppid() == policy.parent:
            _take_orders(socket.socket(fileno=descriptor), dataclasses.replace(policy, parent=os.getpid()))
    except BaseException:  # noqa: BLE001  a fault of ours inside the fork: say so, never unwind
        sys.excepthook(*sys.exc_info())
    os._exit(FAULT_STATUS)


def _policy(setting: Setting) -> Policy:
    """Say what a worker may do, and go where there is less to be seen; as a fork of this process, perhaps."""
    environment = {name: value for name, value in os.environ.items() if _FOR_LIBRARIES.search(name)}
    readable = (*default_readable_roots(setting.closed), *setting.readable)
    crowd = own_processes.move() if setting.private else _UNASKED
    root, exposed = private_root.make(readable, names_of_roots()) if setting.private else (None, _UNASKED)
    lacks = {"processes of its own": crowd, "private root": exposed}
    return Policy(
        readable=readable,
        memory=setting.memory_mb << 20,
        environment={**environment, "LANG": "C.UTF-8"},
        parent=os.getpid(),
        supervised=True,
        folder=private_root.FOLDER if root else str(Path.cwd()),  # where libraries look for a home that is theirs
        private_root=root,
        private_processes=not crowd,
        without=tuple(f"no {what} ({why})" for what, why in lacks.items() if why),
    )


_UNASKED = "not asked for"


def _receive(control: socket.socket) -> tuple[Order, list[int]] | None:
    message, descriptors, _, _ = socket.recv_fds(control, _MESSAGE_CAP, 3)
    if not message:
        return None
    return messages.decode(message, Order), descriptors


def _obey(order: Order, policy: Policy, twins: Collection[int], job: int, evidence: int, console: int) -> End:
    """Fork a worker, watch it to its end, and say how it ended."""
    probe = _probe(order.probe, Path(order.probe).stat().st_mtime_ns)
    _expect_safe_fork()
    started = time.monotonic()
    worker = os.fork()
    if worker == 0:
        own = dataclasses.replace(policy, output=console, keep_fds=(evidence,), cpu=int(order.seconds) + 1)
        _be_worker(own, probe, job, evidence)
    for descriptor in (job, evidence, console):
        os.close(descriptor)
    verdict = _watch(worker, policy.memory, started + order.seconds)
    _, status, usage = os.wait4(worker, 0)
    sweep(spared=twins)
    return End(
        verdict,
        os.waitstatus_to_exitcode(status),
        seconds=round(time.monotonic() - started, 4),
        peak_mb=round(usage.ru_maxrss / 1024, 1),
    )


@functools.lru_cache(maxsize=32)
def _probe(path: str, changed: int) -> ModuleType:  # noqa: ARG001  an author's change asks for another module
    """Import a probe once; every fork gets its own copy of it."""
    from .work import load_probe

    return load_probe(path)


def _expect_safe_fork() -> None:
    """Raise RuntimeError when a fork would copy locks that nobody holds, or share memory with its parent."""
    tasks = len(list(Path("/proc/self/task").iterdir()))
    if tasks != 1:
        raise RuntimeError(f"the zygote has {tasks} threads")
    shared = [line for line in Path("/proc/self/maps").read_text().splitlines() if " rw-s " in line]
    if shared:
        raise RuntimeError(f"the zygote shares writable memory with its forks: {shared[0]}")


def _be_worker(policy: Policy, probe: ModuleType, job_fd: int, evidence: int) -> NoReturn:
    """Turn this fork into a confined worker and do the job; never return to the zygote's code."""
    try:
        from .wire import Fact, Writer
        from .work import work

        with open(job_fd, "rb") as file:
            file.seek(0)
            jobs = [read_job(file.read())]
        writer = Writer(evidence)
        writer.write(Fact("@wall", confine(policy).as_dict()))
        gc.enable()
        work(jobs.pop(), probe, writer)
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
    except BaseException:  # noqa: BLE001  a fault of ours inside the fork: say so, never unwind
        sys.excepthook(*sys.exc_info())
        os._exit(FAULT_STATUS)
    os._exit(0)


def _watch(worker: int, memory: int, deadline: float) -> Verdict:
    """Wait for the worker's end; kill it at the deadline or when it holds too much memory."""
    handle = os.pidfd_open(worker)
    ended = select.poll()
    ended.register(handle, select.POLLIN)
    ceiling = limits.resident(os.getpid()) + memory * 1.25
    verdict: Verdict = "ended"
    try:
        while not ended.poll(_TICK_MS):
            if time.monotonic() > deadline:
                verdict = "timed-out"
            elif limits.resident(worker) > ceiling:
                verdict = "out-of-memory"
            else:
                continue
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            ended.poll()
            break
    finally:
        os.close(handle)
    return verdict


def sweep(spared: Collection[int] = ()) -> None:
    """Kill and reap whatever the worker left behind; as subreaper the zygote inherits every orphan."""
    listing = Path(f"/proc/self/task/{os.getpid()}/children")
    while children := {int(pid) for pid in listing.read_text().split()}.difference(spared):
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for child in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, number)
        for child in children:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)
