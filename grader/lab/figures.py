"""The report's figures: functions of a comparison that draw on a matplotlib figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from grader.adaptation import Comparison, Strategy

from .judgement import Choice
from .svg import COLD, INK, LINE, LIVE, QUIET, inline, styled

Array = np.ndarray[Any, Any]
_LETTERS = 2
"""Class names up to this length stand upright."""
_DARKEST = 0.55
"""Opacity of a full cell: its number stays readable in light and in dark."""


def scores(comparison: Comparison, choice: Choice) -> Markup:
    """Draw every seed's score by strategy, paired by lines, with mean ± sd and the bar to reach."""
    with styled():
        figure, axes = _canvas(6.0, 3.0)
        table = np.array([row.scores for row in comparison.strategies])
        places = np.arange(len(table))
        axes.plot(places, table, color=LINE, linewidth=0.8, zorder=1)
        for place, row in zip(places, comparison.strategies, strict=True):
            colour = LIVE if row.strategy == choice.strategy else COLD
            axes.errorbar(place + 0.12, row.mean, row.std, color=colour, fmt="o", markersize=6, capsize=3, zorder=3)
            axes.scatter([place] * row.n, row.scores, color=QUIET, s=8, zorder=2)
        if choice.bar is not None:
            axes.axhline(choice.bar, color=INK, linewidth=0.8, linestyle="--")
        axes.set_xticks(places, [row.strategy for row in comparison.strategies])
        axes.set_ylabel("validation accuracy")
    told = "; ".join(f"{row.strategy} {row.mean:.3f} ± {row.std:.3f}" for row in comparison.strategies)
    bar = "" if choice.bar is None else f" The dashed bar is at {choice.bar:.3f}."
    title = f"Scores of the four strategies on {comparison.scenario}"
    return inline(figure, f"{comparison.modality}-scores", title, f"Mean and standard deviation: {told}.{bar}")


def depths(comparison: Comparison) -> Markup:
    """Draw accuracy against the number of blocks that learn, where it was trained; every depth has its cost below."""
    with styled():
        figure, axes = _canvas(6.0, 3.0)
        tried = [row for row in comparison.depths if row.scores]
        means = [float(np.mean(row.scores)) for row in tried]
        spread = [float(np.std(row.scores, ddof=1)) if len(row.scores) > 1 else 0.0 for row in tried]
        places = [row.depth for row in tried]
        axes.errorbar(places, means, spread, color=LIVE, fmt="o-", linewidth=1.2, markersize=5, capsize=3)
        scratch = comparison.strategy("scratch")
        axes.axhline(scratch.mean, color=QUIET, linewidth=0.8, linestyle=":")
        axes.annotate("scratch", (0, scratch.mean), xytext=(0, 3), textcoords="offset points", color=QUIET, fontsize=9)
        costs = [f"{row.depth}\n{_short(row.trainable)}" for row in comparison.depths]
        axes.set_xticks([row.depth for row in comparison.depths], costs)
        axes.set_xlabel("last blocks that learn, and trainable scalars")
        axes.set_ylabel("validation accuracy")
    told = "; ".join(f"depth {row.depth} {mean:.3f}" for row, mean in zip(tried, means, strict=True))
    title = f"Accuracy against depth on {comparison.scenario}"
    text = f"Trained depths: {told}. Scratch: {scratch.mean:.3f}. Depths without a point were not trained."
    return inline(figure, f"{comparison.modality}-depths", title, text)


def confusion(comparison: Comparison, strategy: Strategy) -> Markup:
    """Draw a strategy's confusion matrix: counts, shaded by the share of the row."""
    counts = np.array(strategy.confusion)
    shares = counts / counts.sum(1, keepdims=True)
    with styled():
        figure = _grid(comparison.classes, counts.astype(str), shares, LIVE)
    title = f"Confusion matrix of {strategy.strategy} on {comparison.scenario}"
    rows = zip(comparison.classes, np.diag(shares), strict=True)
    text = "Rows are the truth, columns the prediction. Recall by class: " + ", ".join(
        f"{name} {recall:.2f}" for name, recall in rows
    )
    return inline(figure, f"{comparison.modality}-{strategy.strategy}", title, f"{text}.")


def change(comparison: Comparison, before: Strategy, after: Strategy) -> Markup:
    """Draw how counts change from one strategy to another; more is warm, fewer is cold."""
    counts = np.array(after.confusion) - np.array(before.confusion)
    shares = counts / np.array(after.confusion).sum(1, keepdims=True)
    labels = np.where(counts == 0, "", np.char.mod("%+d", counts))
    with styled():
        figure = _grid(comparison.classes, labels, shares, LIVE, COLD)
    title = f"What changes from {before.strategy} to {after.strategy} on {comparison.scenario}"
    order = np.argsort(-np.abs(counts), axis=None)[:5]
    cells = [tuple(map(int, np.unravel_index(index, counts.shape))) for index in order]
    names = comparison.classes
    told = ", ".join(f"{names[t]} taken for {names[p]} {counts[t, p]:+d}" for t, p in cells)
    return inline(
        figure,
        f"{comparison.modality}-{before.strategy}-{after.strategy}",
        title,
        f"Rows are the truth, columns the prediction. The largest changes: {told}.",
    )


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height))
    return figure, figure.add_subplot()


def _grid(names: Sequence[str], labels: Array, shares: Array, more: str, fewer: str = COLD) -> Figure:
    """Draw cells ``[C, C]``, each with its label, as dark as its share is large."""
    figure, axes = _canvas(3.6, 3.6)
    for (true, predicted), share in np.ndenumerate(shares):
        colour = more if share > 0 else fewer
        shade = _DARKEST * float(abs(share)) ** 0.6
        axes.add_patch(Rectangle((predicted, true), 1, 1, facecolor=colour, alpha=shade, edgecolor="none"))
        axes.text(
            predicted + 0.5, true + 0.5, str(labels[true, predicted]), ha="center", va="center", fontsize=8, color=INK
        )
    places = np.arange(len(names)) + 0.5
    axes.set(xlim=(0, len(names)), ylim=(len(names), 0), aspect="equal", xlabel="predicted", ylabel="true")
    slanted: dict[str, Any] = (
        {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if max(map(len, names)) > _LETTERS else {}
    )
    axes.set_xticks(places, names, **slanted)
    axes.set_yticks(places, names)
    axes.tick_params(length=0, labelsize=8)
    axes.add_patch(Rectangle((0, 0), len(names), len(names), fill=False, edgecolor=LINE))
    return figure


def _short(count: int) -> str:
    return f"{count / 1000:.3g}k" if count > 9999 else f"{count:,}"  # noqa: PLR2004  five digits are one too many
