"""This grader beside its peers, on the same assignment and in the same run.

    python -m benchmarks.versus [--peers pytest,otter] [--rounds 5] [--batches 2] [--count 30]
    python -m benchmarks.versus --robust
    python -m benchmarks.versus --show [--robust]

Every peer is set up once, in a virtual environment of its own outside the repository. Floor, this grader and peers run
in turn, with one thread per process: one submission by one command, then a batch on two cores. The rows are kept as
JSON beside the documentation's tables; --show prints the tables from them and runs nothing.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
from pathlib import Path

from grader.places import ROOT

from . import robust, rows, series, table
from .measure import adopt_orphans
from .peers import PEERS
from .place import kit, versions
from .running import set_up


def main() -> None:
    """Measure, keep the rows, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default=",".join(PEERS), help="short names, without spaces; none for none")
    parser.add_argument("--rounds", type=int, default=5, help="of one submission")
    parser.add_argument("--batches", type=int, default=2, help="rounds of batches, which take minutes each; 0: none")
    parser.add_argument("--count", type=int, default=30, help="submissions in a batch")
    parser.add_argument("--place", type=Path, default=Path(tempfile.gettempdir()) / "versus")
    parser.add_argument("--keep", type=Path, help="where the rows go [default: below docs/measured]")
    parser.add_argument("--robust", action="store_true", help="meet trouble instead of measuring time")
    parser.add_argument("--show", action="store_true", help="print the tables of the rows that were kept")
    asked = parser.parse_args()
    keep = asked.keep or ROOT / "docs" / "measured" / ("versus_robust.json" if asked.robust else "versus.json")
    names = [name for name in asked.peers.split(",") if name != "none"]
    if unknown := set(names) - set(PEERS):
        parser.error(f"there is no peer {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    kept = rows.load(keep) if asked.show else _found(asked, names, keep)
    print("\n".join((table.robust if asked.robust else table.timed)(kept)))


def _found(asked: argparse.Namespace, names: list[str], keep: Path) -> rows.Kept:
    """Set everything up and run it; what was found is kept after every run, and nothing outlives an early end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    adopt_orphans()
    graders = set_up(asked.place, names)
    kept = rows.begin(versions())
    if asked.robust:
        for cell in robust.met(graders, asked.place):
            kept.cells.append(cell)
            kept.save(keep)
        return kept
    floor = kit(asked.place, "floor", ())
    much = series.Asked(asked.rounds, asked.batches, asked.count)
    for row in series.measured(graders, floor, asked.place, much):
        kept.rows.append(row)
        kept.save(keep)
    return kept


if __name__ == "__main__":
    main()
