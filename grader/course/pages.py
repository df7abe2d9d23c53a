"""Read the pages of an exercise's misconceptions from ``misconceptions.md``.

A section for each of the learner's functions, in it one for each misconception, the most specific story first::

    ## count_trainable

    ### counts-tensors: Tensors are counted, not scalars

    Why it matters: …

and as a paragraph each ``Ask yourself``, ``Where to look`` and ``Source``.
"""

from __future__ import annotations

import functools
from pathlib import Path

from grader.errors import CourseFault
from grader.records import Page

_SECTIONS = ("Why it matters", "Ask yourself", "Where to look", "Source")


@functools.cache
def read(folder: Path) -> dict[str, Page]:
    """Return the pages of an exercise's folder by id, in their order; none where there are none.

    Raise CourseFault when a section is missing, or two pages have one id.
    """
    path = folder / "misconceptions.md"
    if not path.is_file():
        return {}
    pages: dict[str, Page] = {}
    for section in path.read_text("utf-8").split("\n## ")[1:]:
        heading, *told = section.split("\n### ")
        for page in (_page(heading.splitlines()[0], text) for text in told):
            if page.misconception in pages:
                raise CourseFault(f"{folder.name}/{path.name} has two pages of {page.misconception}.")
            pages[page.misconception] = page
    return pages


def _page(function: str, text: str) -> Page:
    heading, _, body = text.partition("\n")
    name, _, title = heading.partition(": ")
    paragraphs = [paragraph.partition(": ") for paragraph in body.strip().split("\n\n")]
    texts = [" ".join(text.split()) for _, _, text in paragraphs]
    if not title or tuple(label for label, _, _ in paragraphs) != _SECTIONS or not all(texts):
        raise CourseFault(f"The page of {name} needs a title and exactly these sections: {', '.join(_SECTIONS)}.")
    why, question, look, source = texts
    return Page(
        misconception=name, function=function, title=title, why=why, question=question, look=look, source=source
    )
