"""Write the table of system call numbers from the kernel's headers: ``python tools/syscalls.py``.

The table, in ``grader/inside/walls/numbers.py``, holds exactly the names that the rules of the filter judge and
that the walls call themselves. Run this after naming a new call; ``--check`` compares and writes nothing.

It needs a C compiler and Debian's linux-libc-dev, which describes x86_64 (``asm/unistd_64.h``) and the generic
table that aarch64 follows. linux-libc-dev-arm64-cross has aarch64's own header, which is read where it is there.
A number that is newer than the headers is taken over from the present table, and said to be.
"""

from __future__ import annotations

import argparse
import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from grader.inside.walls import rules
from grader.inside.walls.numbers import TABLE
from grader.wire.names import PROCESSORS

WALLS = Path(__file__).parent.parent / "grader" / "inside" / "walls"
NUMBERS = WALLS / "numbers.py"
START, END = "None, int | None]] = {\n", '}\n"""Name: (x86_64, aarch64);'
"""What stands around the rows."""
HEADERS = {
    "x86_64": (
        "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
        "/usr/x86_64-linux-gnu/include/asm/unistd_64.h",
    ),
    "aarch64": (
        "/usr/include/aarch64-linux-gnu/asm/unistd.h",
        "/usr/aarch64-linux-gnu/include/asm/unistd.h",
        "/usr/include/asm-generic/unistd.h",
    ),
}
"""Where Debian puts them: the machine's own package, the one for cross compilers, the generic table."""
ARM64_WANTS = ("RENAMEAT", "NEW_STAT", "SET_GET_RLIMIT", "TIME32_SYSCALLS", "SYS_CLONE3", "MEMFD_SECRET")
"""What arm64 asks of the generic table."""

Numbers = Mapping[str, int]
Row = tuple[int | None, ...]


def used() -> frozenset[str]:
    """Return every name that a rule judges or that the walls, attempts included, call themselves."""
    judged = rules.ALLOWED | rules.REFUSED | rules.LEFT_OUT | rules.argument_rules(1).keys()
    return judged.union(*map(_called, sorted(WALLS.glob("*.py"))))


def lacking() -> str:
    """Say what is not installed here; nothing when all is."""
    headers = [f"headers of {machine}" for machine in PROCESSORS if not _header(machine)]
    return ", ".join([*headers, *(() if shutil.which("cc") else ("a C compiler",))])


def defined(machine: str) -> Numbers:
    """Return what the headers of *machine* define, by name; FileNotFoundError without headers."""
    header = _header(machine)
    if header is None:
        raise FileNotFoundError(f"no headers of {machine}")
    wants = ARM64_WANTS if header.parent.name == "asm-generic" else ()
    command = ["cc", "-E", "-dM", "-D__BITS_PER_LONG=64", *(f"-D__ARCH_WANT_{each}=" for each in wants)]
    command += [f"-I{header.parent.parent}", str(header)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    macros: dict[str, str] = dict(re.findall(r"^#define __NR(\w+) (\w+)$", text, re.MULTILINE))
    # fcntl, on a machine that has had 64 bits from the start, is defined as __NR3264_fcntl.
    numbers = {name: macros.get(value.removeprefix("__NR"), value) for name, value in macros.items()}
    return {name[1:]: int(number) for name, number in numbers.items() if name[0] == "_" and name != "_syscalls"}


def table(names: Collection[str], headers: Mapping[str, Numbers]) -> Mapping[str, Row]:
    """Return the rows for *names*; LookupError for names that no header knows."""
    rows = {name: tuple(_number(name, machine, headers[machine]) for machine in PROCESSORS) for name in sorted(names)}
    if unknown := [name for name, row in rows.items() if not any(number is not None for number in row)]:
        newest = min(map(_newest, headers.values()))
        raise LookupError(f"the headers, which end with number {newest}, do not know {', '.join(unknown)}")
    return rows


def too_new(rows: Mapping[str, Row], headers: Mapping[str, Numbers]) -> list[str]:
    """Return the names whose numbers the headers cannot vouch for."""
    return [
        name
        for name, row in rows.items()
        if any((number or 0) > _newest(headers[machine]) for number, machine in zip(row, PROCESSORS, strict=True))
    ]


def differences(rows: Mapping[str, Row]) -> Iterator[str]:
    """Say, a line each, where the present table differs from *rows*."""
    for name in sorted(rows.keys() | TABLE.keys()):
        if rows.get(name) != TABLE.get(name):
            yield f"{name}: {TABLE.get(name, 'not in the table')}, should be {rows.get(name, 'not there: unused')}"


def main() -> None:
    """Write the table, or compare it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--check", action="store_true", help="compare, and write nothing")
    check = options.parse_args().check
    if missing := lacking():
        sys.exit(f"Not installed here: {missing}.")
    headers = {machine: defined(machine) for machine in PROCESSORS}
    try:
        rows = table(used(), headers)
    except LookupError as error:
        sys.exit(f"{error}: misspelt, or newer than they are.")
    if names := too_new(rows, headers):
        sys.stderr.write(f"Too new for these headers, left as they are: {', '.join(names)}.\n")
    if not check:
        _write(rows)
    elif found := list(differences(rows)):
        sys.exit("\n".join([*found, "Run: python tools/syscalls.py"]))


def _called(path: Path) -> set[str]:
    """Find the names in calls of ``kernel.syscall`` and ``kernel.number``."""
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call) and node.args)
    named = (call.args[0] for call in calls if ast.unparse(call.func).split(".")[-1] in {"syscall", "number"})
    return {name.value for name in named if isinstance(name, ast.Constant) and isinstance(name.value, str)}


def _header(machine: str) -> Path | None:
    return next((path for path in map(Path, HEADERS[machine]) if path.exists()), None)


def _number(name: str, machine: str, known: Numbers) -> int | None:
    """Give the number in the headers, else the present one if it is newer than the headers."""
    present = TABLE[name][PROCESSORS.index(machine)] if name in TABLE else None
    too_old = present is not None and present > _newest(known)
    return known.get(name, present if too_old else None)


def _newest(known: Numbers) -> int:
    return max(known.values())


def _write(rows: Mapping[str, Row]) -> None:
    before, _, rest = NUMBERS.read_text("utf-8").partition(START)
    lines = (f'    "{name}": {row},\n' for name, row in rows.items())
    NUMBERS.write_text(before + START + "".join(lines) + END + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
