"""One run of one grader over some submissions."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from . import ours
from .assignment import WORTH, Submission
from .measure import Cost, Watch, measure
from .peers import PEERS, Peer, Scores
from .place import Kit, kit
from .rows import OURS


class Ready(NamedTuple):
    """A grader that has been set up."""

    name: str
    kit: Kit
    environment: dict[str, str]
    one: Peer
    """How it grades a single submission; for a peer that is a batch of one."""
    many: Peer


class Outcome(NamedTuple):
    """What came of a run."""

    cost: Cost
    scores: Scores
    wrong: tuple[str, ...]
    """Submissions whose score is not what they deserve, with the score."""


def set_up(place: Path, names: list[str]) -> list[Ready]:
    """Set up this grader and the named peers."""
    rooms = ours.kit(place)
    ready = [Ready(OURS, rooms, ours.environment(rooms), ours.COLD, ours.OURS)]
    for name in names:
        peer = PEERS[name]
        rooms = kit(place, name, peer.installs)
        peer.prepare(rooms)
        ready.append(Ready(name, rooms, rooms.environment(), peer, peer))
    return ready


def run(
    grader: Ready, peer: Peer, folder: Path, submissions: list[Submission], jobs: int, watch: Watch | None = None
) -> Outcome:
    """Lay submissions out in a fresh folder, have them graded, and read the scores."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    peer.lay(grader.kit, folder, submissions)
    command = ["sh", "-c", peer.command(jobs)]
    cost = measure(command, cwd=folder, env=grader.environment, output=folder / "output.txt", watch=watch)
    try:
        scores = peer.scores(folder)
    except Exception as error:  # noqa: BLE001  whatever a grader left behind, it is no result
        (folder / "unreadable.txt").write_text(repr(error), "utf-8")
        scores = {}
    deserved = {each.name: WORTH[each.kind] for each in submissions}
    wrong = tuple(f"{name}: {scores.get(name)}" for name, worth in deserved.items() if scores.get(name) != worth)
    return Outcome(cost, scores, wrong)
