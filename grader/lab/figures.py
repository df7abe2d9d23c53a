"""The page's figures: functions of a comparison that say what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.adaptation import Comparison, Strategy
from grader.report.drawing import Grid, Square

from .chart import Chart, Column
from .judgement import Decision, gain
from .table import gain_text, score_text

Array = np.ndarray[Any, Any]
_WIDEST = 328
"""Pixels between the margins of a narrow phone."""


def scores(comparison: Comparison, choice: Decision) -> Chart:
    """Show every seed's score by strategy, paired by lines, with mean ± sd."""
    told = "; ".join(f"{row.strategy} {score_text(row)}" for row in comparison.strategies)
    return Chart(
        title=f"Scores of the four strategies on {comparison.scenario}",
        description=f"Mean and standard deviation: {told}.",
        columns=tuple(
            Column(
                lines=_lines(row.strategy),
                scores=row.scores,
                mean=row.mean,
                spread=row.std,
                is_chosen=row.strategy == choice.strategy,
            )
            for row in comparison.strategies
        ),
        level=None,
    )


def against_best(comparison: Comparison, choice: Decision) -> Chart | None:
    """Show each strategy's mean less the best one's, ± se, but for those turned away; None where less than two stay."""
    kept = [row for row in comparison.strategies if row.strategy not in choice.dropped]
    if choice.best is None or len(kept) == 1:
        return None
    best = comparison.strategy(choice.best)
    gains = {row.strategy: gain(comparison, row, best) for row in kept}
    told = "; ".join(f"{name} {gain_text(its)}" for name, its in gains.items() if name != choice.best)
    return Chart(
        title=f"Distance to {choice.best}, the best of the admitted on {comparison.scenario}",
        description=f"Difference of accuracy and its standard error: {told}.",
        columns=tuple(
            Column(
                lines=_lines(name),
                mean=its.mean,
                spread=its.error,
                is_chosen=name == choice.strategy,
            )
            for name, its in gains.items()
        ),
        level=("best", 0.0),
        axis="less the best",
        least=-1.0,
    )


def _lines(strategy: str) -> tuple[str, ...]:
    return tuple(strategy.replace("_", "_ ").split())


def depths(comparison: Comparison) -> Chart:
    """Show accuracy against the number of blocks that learn, where it was trained; every depth has its cost below."""
    means = {row.depth: float(np.mean(row.scores)) for row in comparison.depths if row.scores}
    scratch = comparison.strategy("scratch").mean
    told = "; ".join(f"depth {depth} {mean:.3f}" for depth, mean in means.items())
    return Chart(
        title=f"Accuracy against depth on {comparison.scenario}",
        description=f"Trained depths: {told}. Scratch: {scratch:.3f}. Depths without a point were not trained.",
        columns=tuple(
            Column(
                lines=(str(row.depth), _short(row.trainable)),
                mean=means.get(row.depth),
                spread=float(np.std(row.scores, ddof=1)) if len(row.scores) > 1 else 0.0,
            )
            for row in comparison.depths
        ),
        level=("scratch", scratch),
        is_joined=True,
        caption="last blocks that learn, and trainable scalars",
    )


def confusion(comparison: Comparison, strategy: Strategy) -> Grid:
    """Show a strategy's confusion matrix: counts, shaded by the share of the row."""
    counts = np.array(strategy.confusion)
    shares = counts / counts.sum(1, keepdims=True)
    rows = zip(comparison.classes, np.diag(shares), strict=True)
    told = ", ".join(f"{name} {recall:.2f}" for name, recall in rows)
    title = f"Confusion matrix of {strategy.strategy} on {comparison.scenario}"
    return _grid(comparison.classes, title, f"Recall by class: {told}.", counts.astype(str), shares)


def change(comparison: Comparison, before: Strategy, after: Strategy) -> Grid:
    """Show how counts change from one strategy to another; more is warm, fewer is cold."""
    counts = np.array(after.confusion) - np.array(before.confusion)
    shares = counts / np.array(after.confusion).sum(1, keepdims=True)
    labels = np.where(counts == 0, "", np.char.mod("%+d", counts))
    order = np.argsort(-np.abs(counts), axis=None)[:5]
    cells = [tuple(map(int, np.unravel_index(index, counts.shape))) for index in order]
    names = comparison.classes
    told = ", ".join(f"{names[t]} taken for {names[p]} {counts[t, p]:+d}" for t, p in cells)
    title = f"What changes from {before.strategy} to {after.strategy} on {comparison.scenario}"
    return _grid(names, title, f"The largest changes: {told}.", labels, shares)


def _grid(names: Sequence[str], title: str, told: str, labels: Array, shares: Array) -> Grid:
    """Lay out cells ``[C, C]``, each with its label, as dark as its share is large."""
    return Grid(
        title=title,
        description=f"Rows are the truth, columns the prediction. {told}",
        names=tuple(names),
        rows=tuple(
            tuple(
                Square(text=str(label), share=abs(float(share)), is_less=bool(share < 0))
                for label, share in zip(*row, strict=True)
            )
            for row in zip(labels, shares, strict=True)
        ),
        widest=_WIDEST,
    )


def _short(count: int) -> str:
    return f"{count / 1000:.3g}k" if count > 9999 else f"{count:,}"  # noqa: PLR2004  five digits are one too many
