"""Classroom 50's result: by the rules of its validators in our own words, and by its runner where it is at hand."""

from __future__ import annotations

import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UsageError
from grader.export.classroom50 import result, status
from grader.handout import hand_out
from grader.places import EXERCISES, SOLUTIONS
from grader.records import Grade
from tests.whole import POSSIBLE

Job = Callable[..., "subprocess.CompletedProcess[str]"]
Fill = Callable[[Path, str], None]
REAL = os.environ.get("GRADE_CLASSROOM50_RUNNER")
KINDS = [("solutions", POSSIBLE), ("one-wrong", POSSIBLE - 6), ("stubs", 0), ("import-error", 0)]
RUNNER = {
    "CLASSROOM": "ml-2026",
    "ASSIGNMENT": "transfer",
    "SUBMISSION_TAG": "submit/2026-11-01T10-00-00Z-abc1234",
    "USERNAME": "learner-01",
    "COMMIT_URL": "https://example.org/c",
    "RELEASE_URL": "https://example.org/r",
}
TEXTS = ("owner", "commit", "release", "review")


def objections(data: dict[str, Any], runner: Mapping[str, str]) -> list[str]:
    """Return what classroom50/result/v1 forbids in a result: fields, identity, whole numbers and their order."""
    required = {"schema", "classroom", "assignment", "assignment_type", "submission", "datetime", "tests", *TEXTS}
    required |= {"score", "max-score"}
    found = [f"fields {required ^ data.keys()}"] if required ^ data.keys() - {"graded_at", "submitted_by"} else []
    fixed = {"schema": "classroom50/result/v1", "classroom": runner["CLASSROOM"], "assignment": runner["ASSIGNMENT"]}
    found += [name for name, value in fixed.items() if data[name] != value]
    found += [name for name in TEXTS if not isinstance(data[name], str) or not data[name]]
    found += ["type"] if data["assignment_type"] not in ("individual", "group") else []
    found += ["submission"] if not data["submission"].startswith("submit/") else []
    found += ["datetime"] if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", data["datetime"]) else []
    for row in (data, *data["tests"]):
        points, top = row["score"], row["max-score"]
        found += ["points"] if type(points) is not int or type(top) is not int or not 0 <= points <= top else []
    for test in data["tests"]:
        found += ["test"] if not test["test-name"] or type(test["passed"]) is not bool else []
    return found


def test_a_result_keeps_every_rule(grades: dict[str, Grade]) -> None:
    made = json.loads(result(list(grades.values()), RUNNER))
    assert objections(made, RUNNER) == []
    assert made["score"] == sum(grade.earned for grade in grades.values())
    assert made["max-score"] == sum(grade.possible for grade in grades.values())
    assert sum(test["score"] for test in made["tests"]) == made["score"]


@pytest.mark.parametrize(
    "broken",
    [{"score": 1.0}, {"score": True}, {"score": 99}, {"classroom": "other"}, {"more": 1}, {"datetime": "now"}],
    ids=str,
)
def test_the_rules_are_rules(grades: dict[str, Grade], broken: dict[str, Any]) -> None:
    assert objections({**json.loads(result([grades["full"]], RUNNER)), **broken}, RUNNER)


def test_without_its_runner_there_is_no_identity(grades: dict[str, Grade]) -> None:
    with pytest.raises(UsageError, match="COMMIT_URL"):
        result([grades["full"]], {**RUNNER, "COMMIT_URL": ""})


def test_the_status_says_points_and_never_that_all_tests_passed(grades: dict[str, Grade]) -> None:
    assert status([grades["full"]]) == {"status": "success", "summary": "15 of 15 points"}
    assert status([grades["full"], grades["exit"]])["status"] == "failure"


def test_a_job_leaves_the_result_the_body_and_the_status(job: Job, tmp_path: Path) -> None:
    shutil.copy(SOLUTIONS / "08_choose_depth.py", tmp_path / "exercises")
    done = job("--only", "8", **RUNNER)
    assert done.returncode == 0, done.stderr
    made = json.loads((tmp_path / "result.json").read_text())
    assert objections(made, RUNNER) == []
    assert (made["score"], made["max-score"]) == (8, 8)
    assert (tmp_path / "release-body.md").read_text().startswith("## 8 of 8 points\n")
    outputs = dict(line.split("=", 1) for line in (tmp_path / "github_output").read_text().splitlines())
    assert outputs["status"] == "success"
    assert outputs["summary"] == "8 of 8 points"
    assert not (tmp_path / "github_step_summary").exists(), "the runner copies the body there by itself"


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[str]:
    """Serve the autograder that a handout brings, as the teacher's pages would."""
    hand_out(tmp_path / "handout", "classroom50", notebooks=False)
    published = tmp_path / "pages" / RUNNER["CLASSROOM"]
    published.mkdir(parents=True)
    shutil.copy(tmp_path / "handout" / "classroom50" / "autograder.py", published)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(tmp_path / "pages"))

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.skipif(not REAL, reason="GRADE_CLASSROOM50_RUNNER does not point to Classroom 50's runner.py")
@pytest.mark.parametrize(("kind", "points"), KINDS)
def test_the_real_runner_takes_the_result(pages: str, fill: Fill, tmp_path: Path, kind: str, points: int) -> None:
    checkout = tmp_path / "checkout"
    if points:
        fill(checkout / "exercises", kind)
    else:
        shutil.copytree(EXERCISES, checkout / "exercises")
    if kind == "import-error":
        (checkout / "exercises" / "03_partial_unfreeze.py").write_text("import torhc\n")
    surroundings = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        **{name: RUNNER[name] for name in ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG")},
        "PAGES_BASE_URL": pages,
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "school/ml-2026-transfer-learner-01",
        "GITHUB_SHA": "a" * 40,
        "GITHUB_ACTOR": "learner-01",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "RUNNER_TEMP": str(tmp_path / "temp"),
    }
    done = subprocess.run(
        [sys.executable, str(REAL)], env=surroundings, cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines() if "=" in line)
    made = json.loads((checkout / "result.json").read_text())
    assert objections(made, RUNNER) == []
    assert made["owner"] == "learner-01"
    assert made["max-score"] == POSSIBLE
    assert outputs["status"] == ("success" if kind == "solutions" else "failure")
    assert made["score"] == points
    assert outputs["summary"] == f"{points} of {POSSIBLE} points"
    assert (tmp_path / "summary").read_text().count(f"## {points} of {POSSIBLE} points") == 1
