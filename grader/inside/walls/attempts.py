"""Attempts on the walls: what learner code could try, tried for real inside one confined process.

Every attempt has a target that exists and would give way if the wall were missing, so that "blocked" is
never a matter of luck. Whatever is not clearly refused counts as allowed.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import signal
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from grader.wire.wall import Result

from . import kernel
from .targets import Targets

_REFUSALS = frozenset(
    {
        errno.EPERM,
        errno.EACCES,
        errno.ENOMEM,
        errno.EAGAIN,
        errno.ENETUNREACH,
        errno.EAFNOSUPPORT,
    }
)
_PTRACE_SEIZE = 0x4206
_CLONE_NEWUSER = 0x10000000
_NEW_PROCESS_KEYRING = (0, -2, 1)
_IPC_PRIVATE, _IPC_CREAT, _IPC_RMID = 0, 0o1000, 0
_RLIMIT_CORE = 4
_EXCESS = 64 << 20
_DESCRIPTORS = 1024
_NUMBERS = 1024
"""Numbers of processes that are tried; whatever runs a system has the lowest."""

EXTRAS = frozenset({"stat-hidden-file", "list-processes"})
"""Attempts that no level asks to be blocked: a private root and private processes do that, where there are any."""


class NotApplicableError(Exception):
    """The system has nothing that could be attempted."""


def _read_hidden(targets: Targets) -> None:
    for path in targets.hidden:
        try:
            Path(path).read_bytes()
        except PermissionError:
            continue
        return
    raise PermissionError


def _list_hidden(targets: Targets) -> None:
    list(Path(targets.folder).iterdir())


def _write_file(targets: Targets) -> None:
    Path(targets.folder, "written").write_text("")


def _empty_file(targets: Targets) -> None:
    os.truncate(targets.own_file, 0)


def _change_mode(targets: Targets) -> None:
    Path(targets.own_file).chmod(0o600)


def _read_parent_memory(targets: Targets) -> None:
    with _proc(targets, f"{targets.parent}/mem").open("rb", buffering=0) as memory:
        memory.seek(targets.address)
        memory.read(targets.length)


def _read_parent_environment(targets: Targets) -> None:
    _proc(targets, f"{targets.parent}/environ").read_bytes()


def _read_own_environment(targets: Targets) -> None:
    _proc(targets, "self/environ").read_bytes()


def _proc(targets: Targets, name: str) -> Path:
    if not targets.proc:
        raise NotApplicableError
    return Path("/proc", name)


def _stat_hidden(targets: Targets) -> None:
    for path in targets.hidden:
        with suppress(OSError):
            Path(path).stat()
            return
    raise PermissionError


def _list_processes(_: Targets) -> None:
    # The one that forked this process is known to it anyway.
    known = {os.getpid(), os.getppid()}
    if not any(map(_is_seen, {*_listed(), *range(1, _NUMBERS)} - known)):
        raise PermissionError


def _listed() -> Iterator[int]:
    with suppress(OSError):
        yield from [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _is_seen(process: int) -> bool:
    try:
        os.getsid(process)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _connect_tcp(targets: Targets) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.connect(("127.0.0.1", targets.tcp))


def _send_udp(targets: Targets) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"out", ("127.0.0.1", targets.udp))


def _connect_abstract(targets: Targets) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(targets.abstract)


def _connect_path(targets: Targets) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(targets.path)


def _fork(_: Targets) -> None:
    # Not os.fork: its hooks would run in a process that is of no further use.
    child = kernel.syscall("clone", signal.SIGCHLD, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _run_program(targets: Targets) -> None:
    os.execv(targets.program, [targets.program])  # noqa: S606  it must fail


def _signal_parent(targets: Targets) -> None:
    os.kill(targets.parent, 0)


def _trace_parent(targets: Targets) -> None:
    # Seizing does not stop the parent, and ends with this process.
    kernel.syscall("ptrace", _PTRACE_SEIZE, targets.parent, 0, 0)


def _copy_parent_memory(targets: Targets) -> None:
    copy = ctypes.create_string_buffer(targets.length)
    here, there = (
        ctypes.create_string_buffer(struct.pack("QQ", address, targets.length), 16)
        for address in (ctypes.addressof(copy), targets.address)
    )
    vectors = ctypes.addressof(here), 1, ctypes.addressof(there), 1
    kernel.syscall("process_vm_readv", targets.parent, *vectors, 0)


def _limit_parent(targets: Targets) -> None:
    present = ctypes.create_string_buffer(16)
    kernel.syscall("prlimit64", targets.parent, _RLIMIT_CORE, 0, ctypes.addressof(present))


def _slow_parent(targets: Targets) -> None:
    os.setpriority(os.PRIO_PROCESS, targets.parent, targets.priority)


def _memory_file(_: Targets) -> None:
    os.close(os.memfd_create("attempt"))


def _shared_mapping(_: Targets) -> None:
    mmap.mmap(-1, mmap.PAGESIZE).close()


def _shared_segment(_: Targets) -> None:
    segment = kernel.syscall("shmget", _IPC_PRIVATE, mmap.PAGESIZE, _IPC_CREAT | 0o600)
    kernel.syscall("shmctl", segment, _IPC_RMID, 0)


def _io_uring(_: Targets) -> None:
    parameters = ctypes.create_string_buffer(120)
    os.close(kernel.syscall("io_uring_setup", 1, ctypes.addressof(parameters)))


def _memory_key(_: Targets) -> None:
    kernel.syscall("pkey_free", kernel.syscall("pkey_alloc", 0, 0))


def _keyring(_: Targets) -> None:
    kernel.syscall("keyctl", *_NEW_PROCESS_KEYRING)


def _use_inherited(targets: Targets) -> None:
    for descriptor in set(range(_DESCRIPTORS)) - targets.kept:
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        return
    raise PermissionError


def _exceed_memory(targets: Targets) -> None:
    size = targets.memory + _EXCESS
    mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()


def _change_user(_: Targets) -> None:
    os.setuid(0 if os.getuid() else 1)


def _user_namespace(_: Targets) -> None:
    kernel.syscall("unshare", _CLONE_NEWUSER)


ATTEMPTS: Mapping[str, Callable[[Targets], None]] = {
    "read-hidden-file": _read_hidden,
    "list-hidden-folder": _list_hidden,
    "write-file": _write_file,
    "empty-file": _empty_file,
    "change-mode": _change_mode,
    "read-parent-memory": _read_parent_memory,
    "read-parent-environment": _read_parent_environment,
    "read-own-environment": _read_own_environment,
    "stat-hidden-file": _stat_hidden,
    "list-processes": _list_processes,
    "connect-tcp": _connect_tcp,
    "send-udp": _send_udp,
    "connect-abstract-socket": _connect_abstract,
    "connect-path-socket": _connect_path,
    "start-process": _fork,
    "run-program": _run_program,
    "signal-parent": _signal_parent,
    "trace-parent": _trace_parent,
    "copy-parent-memory": _copy_parent_memory,
    "limit-parent": _limit_parent,
    "slow-parent": _slow_parent,
    "memory-file": _memory_file,
    "shared-mapping": _shared_mapping,
    "shared-segment": _shared_segment,
    "io-uring": _io_uring,
    "memory-key": _memory_key,
    "keyring": _keyring,
    "use-inherited-descriptor": _use_inherited,
    "exceed-memory": _exceed_memory,
    "change-user": _change_user,
    "user-namespace": _user_namespace,
}
"""In this order: the last two change the process when they succeed."""


def attempt_all(targets: Targets) -> dict[str, Result]:
    """Make every attempt in this process, which is fit for nothing else afterwards."""
    return {name: _outcome(attempt, targets) for name, attempt in ATTEMPTS.items()}


def _outcome(attempt: Callable[[Targets], None], targets: Targets) -> Result:
    try:
        attempt(targets)
    except NotApplicableError:
        return "n/a"
    except OSError as error:
        if error.errno == errno.ENOSYS:
            return "n/a"
        absent = targets.private_root and error.errno == errno.ENOENT
        return "blocked" if absent or error.errno in _REFUSALS or type(error) is PermissionError else "allowed"
    return "allowed"
