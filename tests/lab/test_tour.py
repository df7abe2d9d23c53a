"""The tour shows the models, and a frozen epoch that is not frozen beside one that is."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from rich.console import Console

from grader.lab import headings
from grader.lab.tour import tour


@pytest.fixture(scope="module")
def shown() -> str:
    console = Console(file=StringIO(), width=200)
    for stop in tour():
        console.print(stop)
    return console.file.getvalue()  # type: ignore[attr-defined]


def row(shown: str, first: str) -> list[list[str]]:
    return [line.split() for line in shown.splitlines() if line.split()[:1] == [first]]


def test_it_shows_where_the_head_is_replaced(shown: str) -> None:
    assert "The head is model.fc. Pretrained: Linear(in_features=64, out_features=26, bias=True). Here: " in shown
    assert "The head is model.classifier. Pretrained: Linear(in_features=64, out_features=39, bias=True)." in shown


def test_it_shows_what_is_frozen_and_what_learns(shown: str) -> None:
    assert row(shown, "layer4") == [["layer4", "57,728", "frozen", "learns", "learns"]]
    assert row(shown, "stem") == [["stem", "232", "frozen", "frozen", "learns"]]
    assert row(shown, "embeddings") == [["embeddings", "135,424", "frozen", "frozen", "learns"]]
    assert row(shown, "trainable") == [
        ["trainable", "650", "58,378", "78,002"],
        ["trainable", "390", "71,494", "240,390"],
    ]


def test_it_shows_what_each_depth_costs(shown: str) -> None:
    counts = [line[-1] for depth in "012345" for line in row(shown, depth)]
    assert counts == ["650", "390", "58,378", "38,022", "72,906", "71,494", "76,586", "104,966", "77,770", "240,390",
                      "78,002"]  # fmt: skip


def test_it_shows_a_frozen_epoch_done_wrongly_and_rightly(shown: str) -> None:
    _, _, stop = shown.partition(headings.FROZEN)
    verdicts = re.findall(r"(vision|text), an epoch that begins with: (\S+).*\n  (.+)\n", stop)
    assert verdicts == [
        ("vision", "model.train()", "NOT frozen"),
        ("vision", "what", "frozen as declared"),
        ("text", "model.train()", "NOT frozen"),
        ("text", "what", "frozen as declared"),
    ]
    assert "frozen-buffer-moved (36)" in stop


def test_it_shows_what_the_drift_costs(shown: str) -> None:
    before, after = (float(share) for share in re.findall(r"names ([\d.]+)%", shown))
    assert before > 95
    assert after < 50


def test_it_ends_with_the_question_about_scratch(shown: str) -> None:
    assert shown.index("when should a scratch baseline still be your first comparison?") > shown.index("epoch")
