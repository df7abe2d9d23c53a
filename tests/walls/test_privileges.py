from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.inside.walls import limits, privileges

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

root_only = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root has powers to give up")


def capability_sets() -> dict[str, int]:
    status = Path("/proc/self/status").read_text()
    return {name: int(bits, 16) for name, bits in re.findall(r"^Cap(\w+):\s+(\w+)$", status, re.MULTILINE)}


@pytest.fixture
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    for place in (folder, *folder.parents[:2]):
        place.chmod(0o755)
    (folder / "file").write_text("for all")
    return folder


@pytest.fixture
def private(public: Path) -> Path:
    (public / "closed").mkdir(mode=0o700)
    (public / "closed" / "file").write_text("for its owner")
    return public / "closed" / "file"


def test_mode_bits_decide_what_a_stranger_can_read(public: Path, private: Path) -> None:
    assert privileges.open_to_strangers([str(public)])
    assert privileges.open_to_strangers([str(public / "file")])
    assert not privileges.open_to_strangers([str(private.parent)])
    assert not privileges.open_to_strangers([str(private)])


def test_a_folder_must_be_open_for_passing_through_too(public: Path) -> None:
    (public / "half").mkdir(mode=0o744)
    assert not privileges.open_to_strangers([str(public / "half")])


def test_links_are_judged_by_what_they_lead_to(public: Path, private: Path) -> None:
    (public / "link").symlink_to(private)
    assert not privileges.open_to_strangers([str(public / "link")])


def test_a_missing_path_is_no_loss(public: Path) -> None:
    assert privileges.open_to_strangers([str(public / "nowhere")])


@root_only
def test_root_becomes_nobody_for_good(forked: Callable[..., Any], public: Path) -> None:
    def work() -> list[object]:
        os.setgroups([5, 6])
        left = privileges.give_up([str(public)])
        regained = True
        try:
            os.setuid(0)
        except PermissionError:
            regained = False
        held = {name: bits for name, bits in capability_sets().items() if bits}
        return [
            left.uid_is_root,
            left.capabilities,
            os.getresuid(),
            os.getresgid(),
            os.getgroups(),
            regained,
            held,
        ]

    nobody = privileges.NOBODY
    assert forked(work) == [False, "none", [nobody] * 3, [nobody] * 3, [], False, {}]


@root_only
def test_root_stays_without_a_single_capability(forked: Callable[..., Any], public: Path, private: Path) -> None:
    os.chown(public / "file", 1234, 1234)
    (public / "file").chmod(0o600)

    def work() -> list[object]:
        left = privileges.give_up([str(private)])
        refused = []
        for name, power in {
            "read a file of another user": (public / "file").read_text,
            "change user": lambda: os.setuid(1),
            "change root": lambda: os.chroot("/"),
            "take a file over": lambda: os.chown(public, 5, 5),
        }.items():
            try:
                power()
            except PermissionError:
                refused.append(name)
        return [
            left.uid_is_root,
            left.capabilities,
            [bits for bits in capability_sets().values() if bits],
            refused,
        ]

    everything = ["read a file of another user", "change user", "change root", "take a file over"]
    assert forked(work) == [True, "none", [], everything]


@root_only
def test_looking_for_a_stranger_changes_nothing(public: Path, private: Path) -> None:
    before = os.getresuid(), os.getresgid(), os.getgroups(), capability_sets()
    assert privileges.stranger([str(public)]) == privileges.NOBODY
    assert privileges.stranger([str(public), str(private)]) is None
    assert (os.getresuid(), os.getresgid(), os.getgroups(), capability_sets()) == before


@root_only
def test_mode_bits_that_promise_too_much_are_found_out(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privileges, "open_to_strangers", lambda _: True)
    assert privileges.stranger([str(private)]) is None
    assert os.geteuid() == 0


@root_only
def test_powers_are_seen_as_they_are() -> None:
    assert privileges.powers().uid_is_root
    assert privileges.powers().capabilities in {"all", "some"}


@root_only
def test_memory_of_a_stranger_stays_hidden(forked: Callable[..., Any], public: Path) -> None:
    def work() -> str:
        privileges.give_up([str(public)])
        limits.hide_memory()
        try:
            return str(len(Path("/proc/self/environ").read_bytes()))
        except PermissionError:
            return "hidden"

    assert forked(work) == "hidden"


def test_an_ordinary_user_has_nothing_left_to_inherit(forked: Callable[..., Any], public: Path) -> None:
    def work() -> list[int]:
        privileges.give_up([str(public)])
        held = capability_sets()
        return [held["Inh"], held["Amb"], held["Prm"], held["Eff"]]

    assert forked(work) == [0, 0, 0, 0]
