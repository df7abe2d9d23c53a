"""Every promise is put to the test by an attempt, and every attempt answers for a promise."""

from __future__ import annotations

import pytest

from grader.inside.walls import Policy, doctor, landlock, promises
from grader.inside.walls.attempts import ATTEMPTS
from grader.inside.walls.privileges import Powers
from grader.wire.wall import WallReport

POWERLESS = Powers(uid_is_root=False, capabilities="none")
LIMITS = {"DATA": 1, "AS": 1}


def wall(abi: int = landlock.NEWEST, *, filtered: bool = True) -> WallReport:
    held = promises.Held(
        POWERLESS, abi, filtered, no_new_privs=True, rlimits=LIMITS, private_root=True, private_processes=True
    )
    return promises.wall(Policy(readable=()), held, [])


def test_the_whole_wall_promises_that_every_attempt_fails() -> None:
    assert sorted(promises.promised(wall()) ^ ATTEMPTS.keys()) == []


@pytest.mark.parametrize("abi", sorted(promises._LANDLOCK_BLOCKS))
def test_what_landlock_promises_is_attempted_and_comes_with_a_right_that_is_known(abi: int) -> None:
    names = set(promises._LANDLOCK_BLOCKS[abi].split())
    assert sorted(names - ATTEMPTS.keys()) == []
    assert landlock.handled(abi) != landlock.handled(abi - 1)
    assert names <= promises.promised(wall(filtered=False))


def test_a_promise_that_nothing_puts_to_the_test_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "_FILTER_BLOCKS", promises._FILTER_BLOCKS | {"io-urnig"})
    with pytest.raises(LookupError, match=r"never attempted: io-urnig$"):
        doctor.level(wall(), dict.fromkeys(ATTEMPTS, "blocked"))


def test_every_right_of_landlock_comes_once_and_no_later_than_the_newest_known() -> None:
    for since in (landlock._FILES_SINCE, landlock._NETWORK_SINCE, landlock._SCOPES_SINCE):
        assert max(since) <= landlock.NEWEST
        bits = "".join(f"{rights:b}" for rights in since.values()).count("1")
        assert bits == f"{landlock._rights(since, landlock.NEWEST):b}".count("1")
