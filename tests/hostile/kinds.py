"""What a hostile learner hands in: each kind is written into a folder of theirs, or is the content of one file."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

CODE = "x = 1\n"
NAME = "03_partial_unfreeze"


def zipped(*entries: tuple[str, bytes], when: tuple[int, ...] = (2026, 11, 1, 10, 0, 0)) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name, when), content, zipfile.ZIP_DEFLATED)  # type: ignore[arg-type]
    return held.getvalue()


def notebook(source: str, form: int = 4) -> bytes:
    if form == 3:
        cells = [{"cell_type": "code", "input": source, "outputs": [], "language": "python"}]
        told = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    else:
        told = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": source}]}
    return json.dumps(told).encode()


FILES: dict[str, tuple[str, bytes]] = {
    "a zip bomb": ("all.zip", zipped((f"{NAME}.py", b"#" * (100 << 20)))),
    "a damaged zip": ("all.zip", b"PK\x03\x04" + bytes(100)),
    "a zip of names that lead out": ("all.zip", zipped((f"../../{NAME}.py", CODE.encode()))),
    "a zip of many names": ("all.zip", zipped(*((f"{number}/{NAME}.py", b"") for number in range(3_000)))),
    "a zip of a deep name": ("all.zip", zipped(("a/" * 20_000 + f"{NAME}.py", b""))),
    "a zip from 1999": ("all.zip", zipped((f"{NAME}.py", CODE.encode()), when=(1999, 1, 1, 0, 0, 0))),
    "a zip from no day": ("all.zip", zipped((f"{NAME}.py", CODE.encode()), when=(1980, 0, 0, 0, 0, 0))),
    "a notebook of newlines": (f"{NAME}.ipynb", notebook("\n" * (6 << 20))),
    "a zipped notebook of newlines": ("all.zip", zipped((f"{NAME}.ipynb", notebook("\n" * (20 << 20))))),
    "an old notebook of newlines": (f"{NAME}.ipynb", notebook("\n" * (2 << 20), 3)),
    "a nested notebook": (f"{NAME}.ipynb", b'{"nbformat": 4, "cells": ' + b"[" * 100_000),
    "bytes": (f"{NAME}.py", os.urandom(1000)),
    "zeros": (f"{NAME}.py", bytes(1 << 20)),
    "a note of nothing but quotes": ("09_adaptation_note.md", b">" * (30 << 10)),
    "nested evidence": ("09_evidence.json", b"[" * 1_000_000),
}
"""What one file can be, whatever folder it lies in: its name and content."""


def _deep(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1_200):
        os.mkdir("d" * 60, dir_fd=here)
        inner = os.open("d" * 60, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def _many(folder: Path) -> None:
    (folder / "data").mkdir()
    for number in range(21_000):
        (folder / "data" / f"{number}.txt").touch()


def _unreadable(folder: Path) -> None:
    (folder / "work").mkdir(mode=0o000)


def _no_text(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe" + NAME.encode() + b".py")).write_text(CODE)


def _escapes(folder: Path) -> None:
    (folder / f"\x1b[2J\n::set-output name=x::y\u202e {NAME}.py").write_text(CODE)


def _timestamp(folder: Path) -> None:
    (folder / f"{NAME}.py").write_text(CODE)
    (folder / "timestamp.txt").write_text("0001-01-01 00:00:00+14:00")


def _far_future(folder: Path) -> None:
    path = folder / f"{NAME}.py"
    path.write_text(CODE)
    os.utime(path, (10**12, 10**12))


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / f"{NAME}.py")


def _device(folder: Path) -> None:
    (folder / f"{NAME}.py").symlink_to("/dev/zero")


def _loop(folder: Path) -> None:
    (folder / "more").symlink_to(folder)
    (folder / f"{NAME}.py").symlink_to(f"{NAME}.py")


def _sparse(folder: Path) -> None:
    with (folder / f"{NAME}.ipynb").open("wb") as file:
        file.truncate(1 << 40)


def _evidence_fifo(folder: Path) -> None:
    (folder / "09_adaptation_note.md").write_text("# note\n")
    os.mkfifo(folder / "09_evidence.json")


def _git(folder: Path) -> Path:
    (folder / f"{NAME}.py").write_text(CODE)
    git = folder / ".git"
    (git / "objects").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    return git


def _head_is_endless(folder: Path) -> None:
    head = _git(folder) / "HEAD"
    head.unlink()
    head.symlink_to("/dev/zero")


def _head_is_a_pipe(folder: Path) -> None:
    head = _git(folder) / "HEAD"
    head.unlink()
    os.mkfifo(head)


def _head_leads_out(folder: Path) -> None:
    git = _git(folder)
    (git / "HEAD").write_text("ref: refs/../../../../../../dev/zero\n")


def _objects_are_pipes(folder: Path) -> None:
    git = _git(folder)
    (git / "HEAD").write_text("ab" + "c" * 38)
    (git / "objects" / "ab").mkdir()
    os.mkfifo(git / "objects" / "ab" / ("c" * 38))


def _objects_are_elsewhere(folder: Path) -> None:
    git = _git(folder)
    (git / "HEAD").write_text("ab" + "c" * 38)
    (git / "objects" / "info").mkdir()
    (git / "objects" / "info" / "alternates").write_text("/dev\n/proc/self\n" + "\n".join(["../objects"] * 50))


def _a_pack_of_noise(folder: Path) -> None:
    git = _git(folder)
    (git / "HEAD").write_text("ab" + "c" * 38)
    (git / "objects" / "pack").mkdir()
    for ending in ("idx", "pack"):
        (git / "objects" / "pack" / f"pack-{'0' * 40}.{ending}").write_bytes(b"\xfftOc\0\0\0\2" + os.urandom(5000))


def _handed_out_names(folder: Path) -> None:
    for name in ("exercises", "submitted", "learner-02", "x_102_assignsubmission_file_", "onelearner_101_900_"):
        (folder / name).mkdir()
        (folder / name / f"{NAME}.py").write_text(CODE)


FOLDERS: dict[str, Callable[[Path], None]] = {
    "folders too deep": _deep,
    "too many files": _many,
    "a folder that nobody may read": _unreadable,
    "a name that is no text": _no_text,
    "a name that speaks to terminals": _escapes,
    "a timestamp before the calendar": _timestamp,
    "a file from the far future": _far_future,
    "a pipe": _fifo,
    "a device": _device,
    "links in a circle": _loop,
    "a file of a terabyte": _sparse,
    "evidence that is a pipe": _evidence_fifo,
    "a head without end": _head_is_endless,
    "a head that is a pipe": _head_is_a_pipe,
    "a head that leads out": _head_leads_out,
    "objects that are pipes": _objects_are_pipes,
    "objects that are elsewhere": _objects_are_elsewhere,
    "a pack of noise": _a_pack_of_noise,
    "folders named like somebody's": _handed_out_names,
}
"""What a folder can be."""
