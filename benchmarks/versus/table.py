"""The tables, from rows that were kept."""

from __future__ import annotations

from collections.abc import Iterator

from . import assignment
from .ours import OURS as GRADER
from .peers import PEERS
from .rows import COMPUTE, IMPORTS, OURS, Cell, Kept, Row, Series

TITLES = {
    OURS: GRADER.title,
    IMPORTS: "the imports alone",
    COMPUTE: "the compute alone",
    **{name: peer.title for name, peer in PEERS.items()},
}


def timed(kept: Kept) -> Iterator[str]:
    """Yield the lines of the tables on time and memory."""
    versions = ", ".join(f"{name} {number}" for name, number in kept.versions.items())
    yield f"{kept.date}, {kept.machine}"
    yield f"{versions}; one thread per process"
    batches = any(row.what == "batch" for row in kept.rows)
    tables = (_cold, _batch, _memory, _targets, _wrong) if batches else (_cold, _cold_target, _wrong)
    for part in (table(kept.rows) for table in tables):
        yield ""
        yield from part


def _cold(rows: list[Row]) -> Iterator[str]:
    cold, one = Series(rows, "cold"), Series(rows, "one")
    yield f"One submission, from the command to its result; median of {_rounds(cold)}"
    yield _line("", "s", "min-max", "of the imports", "of compute", "times ours", "cpu s", "largest MB")
    for name in cold.graders():
        walls = cold.values(name, "wall").values()
        yield _line(
            TITLES[name],
            f"{cold.median(name, 'wall'):.2f}",
            f"{min(walls):.2f}-{max(walls):.2f}",
            f"{cold.ratio(name, 'wall', IMPORTS):.2f}",
            f"{cold.ratio(name, 'wall', COMPUTE, one):.0f}",
            f"{cold.ratio(name, 'wall', OURS):.2f}",
            f"{cold.median(name, 'cpu'):.2f}",
            f"{cold.median(name, 'largest_mb'):.0f}",
        )


def _batch(rows: list[Row]) -> Iterator[str]:
    batch, mix = Series(rows, "batch"), Series(rows, "mix")
    first = next(row for row in rows if row.what == "batch")
    yield f"{first.count} submissions, {first.jobs} at a time; median of {_rounds(batch)}"
    yield _line("", "s", "min-max", "a second", "times ours", "cpu s each", "of imports' cpu", "of compute")
    for name in batch.graders():
        yield _batch_line(TITLES[name], name, batch, first.count, rows, f"{batch.ratio(name, 'wall', OURS):.1f}")
    whole = mix.median(COMPUTE, "wall")
    rate, each = f"{first.count / whole:.2f}", f"{whole / first.count:.3f}"
    yield _line(TITLES[COMPUTE], f"{whole:.2f}", "one core", rate, "", each)
    cohort = Series(rows, "cohort")
    many = next(row.count for row in rows if row.what == "cohort")
    yield _batch_line(f"ours, {many} of them", OURS, cohort, many, rows, "")


def _batch_line(title: str, name: str, series: Series, count: int, rows: list[Row], times: str) -> str:
    walls, each = series.values(name, "wall").values(), series.median(name, "cpu") / count
    mixed = Series(rows, "mix")
    return _line(
        title,
        f"{series.median(name, 'wall'):.2f}",
        f"{min(walls):.2f}-{max(walls):.2f}",
        f"{count / series.median(name, 'wall'):.2f}",
        times,
        f"{each:.3f}",
        f"{each / Series(rows, 'cold').median(IMPORTS, 'cpu'):.3f}",
        f"{each / (mixed.median(COMPUTE, 'wall') / mixed.count):.1f}",
    )


def _memory(rows: list[Row]) -> Iterator[str]:
    memory = Series(rows, "memory")
    few, many = memory.rounds()
    yield "Memory in a batch, MB: largest process; whole tree, shared pages counted once"
    yield _line("", "largest", f"tree, {few} at once", f"tree, {many} at once", "each more", "times ours")
    each = {
        name: (trees[many] - trees[few]) / (many - few)
        for name in memory.graders()
        for trees in [memory.values(name, "tree_mb")]
    }
    for name, more in each.items():
        trees = memory.values(name, "tree_mb")
        largest = max(memory.values(name, "largest_mb").values())
        yield _line(
            TITLES[name], f"{largest:.0f}", f"{trees[few]:.0f}", f"{trees[many]:.0f}", f"{more:.0f}",
            f"{more / each[OURS]:.1f}",
        )  # fmt: skip


def _targets(rows: list[Row]) -> Iterator[str]:
    """Compare ours with the best peer of each column."""
    batch, cohort, memory = (Series(rows, what) for what in ("batch", "cohort", "memory"))
    peers = [name for name in batch.graders() if name != OURS]
    yield from _cold_target(rows)
    if not peers:
        return
    quickest = min(peers, key=lambda name: batch.median(name, "wall"))
    grown = cohort.count / batch.count
    for series, times in ((batch, 1.0), (cohort, grown)):
        ratio = times * batch.ratio(quickest, "wall", OURS, series)
        yield f"{ratio:6.1f}   throughput with {series.count} submissions, of {TITLES[quickest]}'s: at least 20"
    few, many = memory.rounds()
    more = {name: trees[many] - trees[few] for name in memory.graders() for trees in [memory.values(name, "tree_mb")]}
    leanest = min(peers, key=lambda name: more[name])
    share = more[OURS] / more[leanest]
    yield f"{share:6.2f}   memory of one more at once, of {TITLES[leanest]}'s: at most 0.20"


def _cold_target(rows: list[Row]) -> Iterator[str]:
    yield f"{Series(rows, 'cold').ratio(OURS, 'wall', IMPORTS):6.2f}   cold, of the imports it needs: at most 1.25"


def _wrong(rows: list[Row]) -> Iterator[str]:
    wrong = [f"{TITLES[row.grader]}, {row.what}: {', '.join(row.wrong)}" for row in rows if row.wrong]
    yield "Every submission got the score it deserves, in every run." if not wrong else "Other scores than deserved:"
    yield from wrong


def robust(kept: Kept) -> Iterator[str]:
    """Yield the lines of the table on trouble."""
    cells = {(cell.grader, cell.kind): cell for cell in kept.cells}
    kinds = [kind for kind in assignment.TROUBLE if any(cell.kind == kind for cell in kept.cells)]
    deserved = {cell.kind: cell.deserved for cell in kept.cells}
    yield f"{kept.date}, {kept.machine}"
    yield ""
    yield "A submission in trouble, then a right one; its score, ! where it is not the deserved one"
    yield _line("", *kinds, "survives", "scores", "keeps")
    yield _line("deserved", *(f"{deserved[kind]:.0f}/{assignment.POSSIBLE}" for kind in kinds))
    for grader in dict.fromkeys(cell.grader for cell in kept.cells):
        row = [cells[grader, kind] for kind in kinds if (grader, kind) in cells]
        counts = (sum(map(test, row)) for test in (survives, scores, keeps))
        yield _line(TITLES[grader], *map(_told, row), *(f"{count} of {len(row)}" for count in counts))
    yield ""
    yield from _LEGEND


def survives(cell: Cell) -> bool:
    """Whether grading came to its end by itself, and the submission after it was graded right."""
    return "time" not in cell.killed and cell.following == assignment.POSSIBLE


def scores(cell: Cell) -> bool:
    """Whether the submission got what it deserves, and none of the checks' text."""
    return cell.score == cell.deserved and not cell.leaked


def keeps(cell: Cell) -> bool:
    """Whether nothing that was earned before the trouble is lost."""
    return cell.score is not None and cell.score >= cell.deserved


_LEGEND = (
    "hangs: still running after 90 s, and stopped from outside; check50 and nbgrader, with limits per check, had",
    "240 and 300 s. none: no result at all. read: the checks' text came out. killed: by this benchmark, above 8 GB, as",
    "a kernel would that is short of memory. survives: grading ends by itself, and the next submission is scored",
    "right. scores: the deserved score, and no text read. keeps: what was earned before the trouble counts.",
)


def _told(cell: Cell) -> str:
    if "time" in cell.killed:
        return "hangs"
    score = "none" if cell.score is None else f"{cell.score:.0f}/{assignment.POSSIBLE}"
    lost = cell.following != assignment.POSSIBLE
    marks = {"read": cell.leaked, "killed": "memory" in cell.killed, "next lost": lost}
    return " ".join([score + "!" * (not scores(cell)), *(mark for mark, holds in marks.items() if holds)])


def _rounds(series: Series) -> str:
    count = len(series.values(OURS, "wall"))
    return f"{count} round{'s' * (count > 1)}"


def _line(title: str, *cells: str) -> str:
    return (f"{title:24}" + "".join(f"{cell:>16}" for cell in cells)).rstrip()
