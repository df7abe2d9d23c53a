"""Configuration of the walls."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping

from .private_root import PrivateRoot


@dataclasses.dataclass(frozen=True)
class Policy:
    """What one worker may do; everything that is not named here is refused."""

    readable: tuple[str, ...]
    """Files and folders it may read: ``default_readable_roots()`` and what this worker needs besides."""
    memory: int = 1 << 30
    """Bytes it may use beyond what the process has when it is confined."""
    cpu: int = 10
    """Seconds of processor time; a second later it is told, another later killed."""
    file_size: int = 1 << 20
    """Bytes to which a file may grow by its writing: its own output, that is."""
    keep_fds: tuple[int, ...] = ()
    """Descriptors that stay open besides 0, 1 and 2, with whatever rights they have."""
    writable_files: tuple[str, ...] = (os.devnull,)
    """Existing files it may open for writing."""
    output: int | None = None
    """Descriptor that becomes its standard output and error; None leaves those as they are."""
    folder: str = "/"
    """Working folder, HOME and TMPDIR: the copy of the submission."""
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """All that is left of the environment, besides HOME and TMPDIR."""
    parent: int | None = None
    """Process id of the one that forked it; a worker that has lost its parent refuses to start."""
    supervised: bool = False
    """The parent watches resident memory, and sweeps up processes that outlive the worker."""
    private_root: PrivateRoot | None = None
    """Where it is to go before the walls go up, so that what it may not read is not there."""
    private_processes: bool = False
    """It is forked where nobody is but the one that forks it, and what else that one forked."""
    without: tuple[str, ...] = ()
    """Why it has not both of them."""
    reads_all: bool = False
    """Root may read files of others, among those that it may read at all: for code of ours that reads what people
    handed in, never for learners' code."""
    landlock_abi: int | None = None
    """For tests: pretend that the kernel has an older Landlock; 0 for none."""
    seccomp: bool = True
    """For tests: False leaves the system call filter out."""
    limit_processes: bool = True
    """Where the filter is missing, allow no further process; on Linux that forbids threads as well."""
    keep_powers: bool = False
    """For tests: True leaves root what it has."""
