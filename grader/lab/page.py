"""The comparison as one HTML file: no network, no script, readable on a phone, in print, light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import ChoiceLoader, PackageLoader

from grader.adaptation import STRATEGIES, Adaptation, Comparison
from grader.adaptation.records import PRICES
from grader.report.page import environment

from . import figures, headings
from .changes import deltas
from .judgement import choose, hidden_by_headline, worth
from .table import (
    COSTS,
    ONE_SEED,
    cheaper_text,
    choice_text,
    cost_text,
    depth_title,
    gain_text,
    gate_text,
    headline_lines,
    pattern_lines,
    recall_text,
    score_text,
    undecided_lines,
)

LADDER = (("scratch", "frozen"), ("frozen", "partial_unfreeze"), ("partial_unfreeze", "full_finetune"))
"""The changes that are drawn; the rest are told in a table."""


def html(evidence: Adaptation) -> str:
    """Render the page of every comparison in the evidence."""
    loader = ChoiceLoader([PackageLoader("grader.lab"), PackageLoader("grader.report")])
    views = [_view(comparison) for comparison in evidence.comparisons]
    return (
        environment()
        .overlay(loader=loader)
        .get_template("comparison.html")
        .render(
            views=views,
            headings=headings,
            one_seed=ONE_SEED,
            costs=COSTS,
            prices=PRICES,
            gain_text=gain_text,
            gate_text=gate_text,
            score_text=score_text,
            recall_text=recall_text,
            cost_text=cost_text,
            depth_title=depth_title,
        )
    )


def _view(comparison: Comparison) -> Mapping[str, Any]:
    """Gather what the template shows of one comparison."""
    choice, row = choose(comparison), comparison.strategy
    return {
        "it": comparison,
        "choice": choice,
        "choice_text": choice_text(choice),
        "undecided": undecided_lines(comparison, choice),
        "cheaper": cheaper_text(comparison),
        "worth": {row.strategy: row for row in worth(comparison)},
        "pattern": pattern_lines(comparison),
        "headline": headline_lines(comparison),
        "deltas": deltas(comparison),
        "most_hidden": hidden_by_headline(comparison),
        "scores": figures.scores(comparison, choice),
        "against_best": figures.against_best(comparison, choice),
        "depths": figures.depths(comparison),
        "confusions": [(name, figures.confusion(comparison, row(name))) for name in STRATEGIES],
        "changes": [
            (f"{before} to {after}", figures.change(comparison, row(before), row(after))) for before, after in LADDER
        ],
    }
