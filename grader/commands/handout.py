"""Handing the course out."""

from __future__ import annotations

from pathlib import Path

from grader import course
from grader.handout import Judge, Platform
from grader.handout import hand_out as write
from grader.text import clean_line, shown


def hand_out(folder: Path, platform: Platform, judge: Judge, *, notebooks: bool) -> int:
    """Write the learners' repository and say what to do with it."""
    course.expect_judges("grade handout")
    written = write(folder, platform, judge, notebooks=notebooks)
    for path in written:
        print(clean_line(path))
    print(f"\n{len(written)} files in {shown(folder)}. Look through them, then push them as the learners' template.")
    return 0
