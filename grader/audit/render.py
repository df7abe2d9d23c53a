"""The report in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from .records import Finding, Report, Verdict

_STYLES = {Verdict.FROZEN: "bold green", Verdict.NOT_FROZEN: "bold red", Verdict.NOT_PROVEN: "bold yellow"}
_SHOWN = 3
"""Names before the rest is counted."""


def render(report: Report) -> RenderableType:
    """Return verdict, reason, findings and what is needed to repeat the run."""
    return Group(*_lines(report))


def _lines(report: Report) -> Iterator[RenderableType]:
    yield Text.assemble(("Freeze audit: ", "bold"), (report.verdict, _STYLES[report.verdict]))
    yield Text(report.why)
    if report.ended_by:
        yield Text(f"The run was ended by {report.ended_by}", style="yellow")
    for finding in report.findings:
        yield Text()
        yield Text.assemble((finding.kind, "bold"), f"  {finding.count or ''}")
        yield Padding(_told(finding), (0, 0, 0, 2))
    yield Text()
    yield Text(_footer(report), style="dim")


def _told(finding: Finding) -> Text:
    rest = finding.count - _SHOWN
    names = ", ".join(finding.entries[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
    told = Text(finding.cause)
    told.append(f"\nLook at {finding.look_at}.", style="italic")
    return told.append(f"\n{names}", style="dim") if names else told


def _footer(report: Report) -> str:
    frozen = sum(row.frozen for row in report.facts.entries)
    steps = ", ".join(f"{row.label} {row.steps}" for row in report.facts.optimizers) or "none"
    return (
        f"{report.model}: {frozen} of {len(report.facts.entries)} tensors declared frozen · optimizer steps: {steps} · "
        f"torch {report.torch} · seed {report.seed}"
    )
