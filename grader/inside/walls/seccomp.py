"""The system call filter: :mod:`rules` compiled to a classic BPF program and installed.

A filter can only look at numbers: the machine, the call and its arguments. It never follows a pointer, so
nothing here decides about paths; that is Landlock's part.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import NamedTuple

from . import kernel
from .numbers import find
from .rules import ALLOWED, REFUSED, Rule, Test, argument_rules

ALLOW, ERRNO, KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_AT_LEAST = 0x15, 0x35
_NR, _ARCH, _ARGUMENTS = 0, 4, 16
_SET_MODE_FILTER, _ALL_THREADS = 1, 1


class Instruction(NamedTuple):
    """One BPF instruction; *yes* and *no* count the instructions a jump skips."""

    code: int
    yes: int
    no: int
    value: int


def build(machine: str, own: int) -> list[Instruction]:
    """Build the filter for *machine* (a key of ``AUDIT_ARCH``) and the process whose id is *own*.

    UnknownCallError when a rule names a call that is not in the table of numbers.
    """
    program = _prologue(machine)
    for name in sorted(ALLOWED):
        program += _case(machine, name, [_return(ALLOW)])
    for name, rule in argument_rules(own).items():
        program += _case(machine, name, _conditional(rule))
    for name in sorted(REFUSED):
        program += _case(machine, name, [_return(ERRNO | errno.EPERM)])
    return [*program, _return(ERRNO | errno.ENOSYS)]


def encode(program: list[Instruction]) -> bytes:
    """Lay *program* out as the kernel reads it: eight bytes an instruction."""
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def install() -> bool:
    """Put the filter in force for every thread of this process, for good; False where there is no such thing.

    Needs no_new_privs. OSError when the kernel has filters but refuses this one. What it learns of the
    process is its id: call it in the process that is to be confined, after the fork.
    """
    if not kernel.machine():
        return False
    code = encode(build(kernel.machine(), os.getpid()))
    instructions = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(instructions))
    handle = ctypes.create_string_buffer(header, len(header))
    try:
        stray = kernel.syscall("seccomp", _SET_MODE_FILTER, _ALL_THREADS, ctypes.addressof(handle))
    except OSError as error:
        if error.errno == errno.ENOSYS or (error.errno == errno.EINVAL and not _has_filters()):
            return False
        raise
    if stray:
        raise OSError(errno.EBUSY, f"thread {stray} could not be brought under the filter")
    return True


def _has_filters() -> bool:
    """Ask for a filter at no address: a kernel that was built without any does not even look for it (EINVAL)."""
    try:
        kernel.syscall("seccomp", _SET_MODE_FILTER, 0, 0)
    except OSError as error:
        return error.errno == errno.EFAULT
    return True


def _prologue(machine: str) -> list[Instruction]:
    """Kill what speaks for another machine, and know no call of the x32 kind; then load the call's number."""
    return [
        Instruction(_LOAD, 0, 0, _ARCH),
        Instruction(_IF_EQUAL, 1, 0, AUDIT_ARCH[machine]),
        _return(KILL_PROCESS),
        Instruction(_LOAD, 0, 0, _NR),
        Instruction(_IF_AT_LEAST, 0, 1, X32_BIT),
        _return(ERRNO | errno.ENOSYS),
    ]


def _case(machine: str, name: str, body: list[Instruction]) -> list[Instruction]:
    """Run *body*, which must return, when the call is *name*; nothing where *machine* never had it."""
    number = find(machine, name)
    return [] if number is None else [Instruction(_IF_EQUAL, 0, len(body), number), *body]


def _conditional(rule: Rule) -> list[Instruction]:
    tests = [step for test in rule.tests for step in _test(test, ERRNO | rule.otherwise)]
    return [*tests, _return(ALLOW)]


def _test(test: Test, refusal: int) -> list[Instruction]:
    """Return *refusal* unless the test holds; fall through when it does."""
    offset = _ARGUMENTS + 8 * test.argument + 4 * test.upper
    last = len(test.values) - 1
    compare = [
        Instruction(_IF_EQUAL, last - i + test.wanted, int(i == last and not test.wanted), value)
        for i, value in enumerate(test.values)
    ]
    return [Instruction(_LOAD, 0, 0, offset), Instruction(_AND, 0, 0, test.mask), *compare, _return(refusal)]


def _return(action: int) -> Instruction:
    return Instruction(_RETURN, 0, 0, action)
