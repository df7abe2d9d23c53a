"""The lab: a first tour, and the comparison of the four strategies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from .app import COMPARE, Switch, command


@command("grade tour", group=COMPARE)
def tour() -> int:
    """Take a first look: what is frozen, what learns, what each depth costs, and a frozen run that is not."""
    from grader.commands import lab

    return lab.tour()


@command("grade compare", "grade compare --modality text --seeds 5 --mine", group=COMPARE)
def compare(
    *,
    modality: Literal["vision", "text", "both"] | None = None,
    scenario: str | None = None,
    seeds: int = 3,
    depth: Annotated[list[int] | None, Parameter(negative=())] = None,
    min_recall: float = 0.4,
    mine: Annotated[bool | Path, Parameter(negative=())] = False,
    out: Path = Path("reports"),
    note: Switch = False,
    weaker_wall: Switch = False,
) -> int:
    """Train all four strategies on a scenario, several seeds each, and say which is the cheapest acceptable one.

    Writes a page and 09_evidence.json: exercise 09 is handed in as the note and this file together.

    Parameters
    ----------
    modality
        vision, text or both [default: both, or the scenario's own]; the other one's results stay.
    scenario
        A scenario by its name; a wrong name lists them all.
    seeds
        Runs of each strategy.
    depth
        Also train this many last blocks; may be given more than once.
    min_recall
        The gate: a strategy that finds some class less often is not acceptable.
    mine
        Use your own functions where their exercise has full marks: alone for exercises/, or with a folder.
    out
        The folder for what is written; unless named, the evidence goes beside your note.
    note
        Also write a template of the adaptation note beside the evidence, with the figures left to you.
    weaker_wall
        With --mine: run even where the walls around the code do not hold; only for code that you trust.
    """
    from grader.commands import lab

    return lab.compare(
        modality=None if modality == "both" else modality,
        scenario=scenario,
        seeds=seeds,
        depths=depth or [],
        min_recall=min_recall,
        mine=Path("exercises") if mine is True else mine or None,
        out=out,
        note=note,
        weaker_wall=weaker_wall,
    )
