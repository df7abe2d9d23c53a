"""The summary that a CI job shows, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from grader.records import Account, Grade

from . import markdown

CAP = 1_000_000
"""Bytes; GitHub refuses a step's summary beyond 1 MiB."""


def summary(headline: str, results: Sequence[Grade | Account]) -> str:
    """Return the summary of a job's results; where it would be too long, without their details."""
    judged = all(isinstance(result, Grade) for result in results)
    template = markdown.environment().get_template("summary.md")
    whole, short = (
        template.render(headline=headline, results=results, judged=judged, detailed=detailed)
        for detailed in (True, False)
    )
    return whole if len(whole.encode()) <= CAP else short
