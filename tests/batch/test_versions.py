"""A batch that goes on under other versions of the libraries says so, and never in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.batch import versions
from grader.cli import app, cohort

LIGHT = "08_choose_depth"
SINCE = {"torch": "2.9.1+cu128", "numpy": "2.4.6", "course": "1"}


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([], {}),
        ([SINCE, SINCE | {"torch": "2.9.1+cpu"}, {"numpy": "2.4.6", "course": "2"}], {}),
        ([SINCE, SINCE | {"torch": "2.15.0"}], {"torch": ["2.15.0", "2.9.1"]}),
        (
            [SINCE | {"python": "3.11.7"}, {"python": "3.14.0", "numpy": "1.26.4"}],
            {
                "python": ["3.11.7", "3.14.0"],
                "numpy": ["1.26.4", "2.4.6"],
            },
        ),
    ],
)
def test_builds_of_one_version_are_one_and_versions_are_several(
    runs: list[dict[str, str]], told: dict[str, list[str]]
) -> None:
    assert versions.differing(runs) == told
    assert bool(versions.warning(runs)) == bool(told)


def test_what_is_installed_is_what_a_run_meets(graded: Callable[..., Any], right: str) -> None:
    met = graded(right, slug=LIGHT).provenance.versions
    assert met["torch"]
    assert versions.differing([met, versions.installed()]) == {}


def test_a_resumed_batch_warns_of_other_versions(
    folders: Any,
    tmp_path: Path,
    here: Any,
    right: str,
    stub: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cohort, "_executor", lambda *_, **__: here)

    def batch(files: dict[str, str]) -> str:
        command = ["batch", str(folders(files)), "--out", str(tmp_path / "results"), "--exercises", "08"]
        assert app(command, exit_on_error=False, print_error=False) == 0
        return capsys.readouterr().out

    assert "several versions" not in batch({f"learner-01/{LIGHT}.py": right})
    monkeypatch.setattr(versions, "installed", lambda: {"torch": "1.0.0"})
    assert "several versions" not in batch({}), "nothing is to be run"
    said = batch({f"learner-02/{LIGHT}.py": stub})
    assert "This batch meets several versions: torch 1.0.0 and " in said
