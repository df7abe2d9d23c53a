"""The table of numbers: what is in it, where it comes from, and that no name is passed over in silence."""

from __future__ import annotations

import errno
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from grader.inside.walls import kernel, rules, seccomp
from grader.inside.walls.numbers import NUMBERS, TABLE, UnknownCallError, find
from grader.wire.names import PROCESSORS

TOOL = Path(__file__).parents[2] / "tools" / "syscalls.py"
OWN = 4321
LISTS = {
    "allowed": rules.ALLOWED,
    "judged by arguments": frozenset(rules.argument_rules(OWN)),
    "refused": rules.REFUSED,
    "left out": rules.LEFT_OUT,
}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("syscalls", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_holds_every_name_that_is_used_and_no_other(tool: ModuleType) -> None:
    assert sorted(tool.used() ^ TABLE.keys()) == [], "run: python tools/syscalls.py"


def test_the_table_is_what_the_kernels_headers_say(tool: ModuleType) -> None:
    if missing := tool.lacking():
        pytest.skip(f"not installed here: {missing}")
    answer = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True, check=False)
    assert not answer.returncode, answer.stderr


def test_a_name_that_no_header_knows_is_an_error(tool: ModuleType) -> None:
    headers = {machine: {"read": 1, "write": 2} for machine in PROCESSORS}
    assert tool.table(["read"], headers) == {"read": (1, 1)}
    with pytest.raises(LookupError, match=r"number 2, do not know raed, wirte$"):
        tool.table(["raed", "read", "wirte"], headers)


def test_a_call_that_one_machine_never_had_is_none_and_one_newer_than_the_headers_stays(tool: ModuleType) -> None:
    headers = {"x86_64": {"open": 2, "fchmodat2": 452}, "aarch64": {"openat": 56}}
    rows = tool.table(["open", "fchmodat2"], headers)
    assert rows == {"fchmodat2": (452, 452), "open": (2, None)}
    assert tool.too_new(rows, headers) == ["fchmodat2"]


def test_every_difference_is_said(tool: ModuleType) -> None:
    rows = {**TABLE, "read": (7, 63), "no_such_call": (9999, 9999)}
    del rows["write"]
    assert [line.split(":")[0] for line in tool.differences(rows)] == ["no_such_call", "read", "write"]


@pytest.mark.parametrize("kind", LISTS)
def test_every_name_in_the_rules_has_a_number_on_some_machine(kind: str) -> None:
    assert sorted(LISTS[kind] - NUMBERS["x86_64"].keys() - NUMBERS["aarch64"].keys()) == []


def test_no_call_is_in_two_lists_where_the_first_would_win() -> None:
    names = [name for names in LISTS.values() for name in names]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


@pytest.mark.parametrize("machine", PROCESSORS)
def test_a_number_is_given_once(machine: str) -> None:
    assert len(set(NUMBERS[machine].values())) == len(NUMBERS[machine])


def test_a_call_the_machine_never_had_is_not_a_call_nobody_knows() -> None:
    assert (find("x86_64", "open"), find("aarch64", "open")) == (2, None)
    with pytest.raises(UnknownCallError, match=r"'opne' in the table.*python tools/syscalls\.py"):
        find("aarch64", "opne")


@pytest.mark.parametrize("machine", PROCESSORS)
@pytest.mark.parametrize("names", ["ALLOWED", "REFUSED"])
def test_a_rule_without_a_number_is_no_filter_at_all(monkeypatch: pytest.MonkeyPatch, machine: str, names: str) -> None:
    monkeypatch.setattr(seccomp, names, getattr(seccomp, names) | {"no_such_call"})
    with pytest.raises(UnknownCallError, match="'no_such_call'"):
        seccomp.build(machine, OWN)


@pytest.mark.parametrize("machine", PROCESSORS)
def test_a_rule_about_arguments_without_a_number_is_no_filter_either(
    monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    rule = {"no_such_call": rules.only(rules.one_of(0, 0))}
    monkeypatch.setattr(seccomp, "argument_rules", lambda own: {**rules.argument_rules(own), **rule})
    with pytest.raises(UnknownCallError, match="'no_such_call'"):
        seccomp.build(machine, OWN)


@pytest.mark.parametrize("machine", [*PROCESSORS, ""])
def test_a_misspelt_call_of_our_own_is_not_taken_for_an_old_kernel(
    monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    monkeypatch.setattr(kernel, "machine", lambda: machine)
    with pytest.raises(UnknownCallError):
        kernel.syscall("landlock_restrict_slef", 0, 0)


def test_a_call_that_this_machine_never_had_is_enosys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "machine", lambda: "aarch64")
    with pytest.raises(OSError, match=re.escape(os.strerror(errno.ENOSYS))):
        kernel.syscall("open", 0, 0)
