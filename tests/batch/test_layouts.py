"""The layout is named, known, or follows without a doubt: no learner's name decides whose the others' files are."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.batch.intake import Layout, survey
from grader.batch.journal import Journal, Ledger
from grader.cli import app
from grader.errors import UsageError

Folders = Callable[[Mapping[str, str | bytes]], Path]
NAME = "08_choose_depth.py"
TWO = {f"learner-01/{NAME}": "x = 1\n", f"learner-02/{NAME}": "x = 2\n"}


def owners(root: Path, wanted: Layout | None = None) -> list[str]:
    return [lot.owner.learner for lot in survey(root, wanted).lots]


def nested(files: Mapping[str, str], folder: str = "week 3") -> dict[str, str]:
    return {f"{folder}/{name}": content for name, content in files.items()}


def test_a_learner_called_like_a_folder_of_the_handout_is_asked_about(folders: Folders) -> None:
    root = folders(nested({**TWO, f"exercises/{NAME}": ""}))
    with pytest.raises(UsageError, match="--layout folders if it is one learner's, or --layout nested"):
        survey(root)
    assert owners(root, Layout.NESTED) == ["exercises", "learner-01", "learner-02"]
    assert owners(root, Layout.FOLDERS) == ["week 3"]


def test_names_that_are_known_settle_it(folders: Folders) -> None:
    root = folders(nested({**TWO, f"exercises/{NAME}": ""}))
    assert len(survey(root, None, lambda name: name == "learner-01").lots) == 3
    assert len(survey(root, None, lambda name: name == "week 3").lots) == 1


def test_what_nbgrader_collected_needs_no_question(folders: Folders) -> None:
    files = {f"{learner}/ps8/{NAME}": "" for learner in ("learner-01", "learner-02", "exercises")}
    root = folders(nested(files, "submitted"))
    assert survey(root).laid.layout is Layout.NBGRADER
    assert survey(root / "submitted").laid.layout is Layout.NBGRADER
    assert owners(root) == owners(root / "submitted") == ["exercises", "learner-01", "learner-02"]


def test_files_named_as_another_platform_would_change_nothing(folders: Folders) -> None:
    root = folders({
        f"onelearner_101_900_{NAME}": "",
        f"twolearner_102_901_x_101_assignsubmission_file_{NAME}": "",
    })  # fmt: skip
    assert survey(root).laid.layout is Layout.CANVAS
    assert [lot.owner.number for lot in survey(root).lots] == ["101", "102"]


def test_a_folder_named_as_a_platform_would_beside_others_is_asked_about(folders: Folders) -> None:
    root = folders({**TWO, f"x_102_assignsubmission_file_/{NAME}": ""})
    with pytest.raises(UsageError, match="--layout moodle, --layout canvas or --layout folders"):
        survey(root)
    assert owners(root, Layout.FOLDERS) == ["learner-01", "learner-02", "x_102_assignsubmission_file_"]
    assert owners(root, Layout.MOODLE) == ["x"]


def test_two_learners_with_git_folders_do_not_rename_the_others(folders: Folders) -> None:
    root = folders({**TWO, f"learner-03/{NAME}": "", "learner-01/.git/HEAD": "", "learner-02/.git/HEAD": ""})
    assert owners(root) == ["learner-01", "learner-02", "learner-03"]


def test_the_learners_own_folders_are_not_looked_at(folders: Folders) -> None:
    root = folders(TWO)
    plain = survey(root)
    for number in range(30):
        (root / "learner-02" / f"x_{number}_assignsubmission_file_").mkdir()
        (root / "learner-02" / f"x_{number}_9_{NAME}").write_text("")
    assert survey(root) == plain


def test_a_link_beside_the_folders_is_nobodys(folders: Folders, tmp_path: Path) -> None:
    root = folders(TWO)
    (root / "learner-03").symlink_to(tmp_path)
    assert owners(root) == ["learner-01", "learner-02"]


def test_nested_needs_one_folder(folders: Folders) -> None:
    with pytest.raises(UsageError, match=r"all lie in one folder, and .* has 2"):
        survey(folders(TWO), Layout.NESTED)


@pytest.fixture
def batch(monkeypatch: pytest.MonkeyPatch, here: Any, in_process: Any, tmp_path: Path) -> Callable[..., int]:
    monkeypatch.setattr("grader.cli.cohort._executor", lambda *_, **__: here)
    monkeypatch.setattr("grader.confined.Confined", in_process)

    def run(root: Path, *options: str) -> int:
        code: int = app(["batch", str(root), "--out", str(tmp_path / "results"), *options], exit_on_error=False)
        return code

    return run


def two_and_then_one(batch: Callable[..., int], folders: Folders) -> Path:
    """Grade two learners, then take all that one of them handed in away."""
    root = folders(TWO)
    assert batch(root, "--exercises", "08") == 0
    (root / "learner-02" / NAME).unlink()
    (root / "learner-02").rmdir()
    return root


def test_the_layout_is_kept_and_a_later_learner_does_not_change_it(
    batch: Callable[..., int], folders: Folders, tmp_path: Path
) -> None:
    root = folders(nested(TWO))
    assert batch(root, "--exercises", "08") == 0
    folders(nested({f"exercises/{NAME}": ""}))
    assert batch(root, "--exercises", "08") == 0
    with Journal.read(tmp_path / "results") as journal:
        assert {row.learner for row in journal.rows()} == {"exercises", "learner-01", "learner-02"}


def test_learners_who_are_gone_are_asked_about_and_nothing_is_lost(
    batch: Callable[..., int], folders: Folders, tmp_path: Path
) -> None:
    root = two_and_then_one(batch, folders)
    with pytest.raises(UsageError, match=r"learner-02 handed in something.*--layout.*--forget-missing"):
        batch(root, "--exercises", "08")
    with Journal.read(tmp_path / "results") as journal:
        assert {row.learner for row in journal.rows()} == {"learner-01", "learner-02"}
    assert batch(root, "--exercises", "08", "--forget-missing") == 0
    with Journal.read(tmp_path / "results") as journal:
        assert {row.learner for row in journal.rows()} == {"learner-01"}


def policy(path: Path, more: str = "") -> str:
    path.write_text(f'kind = "zero"\ndeadline = 2020-01-01T00:00:00Z\n{more}\n')
    return str(path)


def test_a_commits_time_counts_only_where_staff_say_so(
    batch: Callable[..., int], folders: Folders, tmp_path: Path, right: str, committed: Callable[[Path, str], None]
) -> None:
    root = folders({f"hw-learner-0{number}/{NAME}": right for number in (1, 2)})
    for folder in root.iterdir():
        committed(folder, "2019-06-01T00:00:00+00:00")
    late = tmp_path / "late.toml"
    with pytest.raises(UsageError, match="believe_commits = true"):
        batch(root, "--exercises", "08", "--late", policy(late))
    assert batch(root, "--exercises", "08", "--late", policy(late, "believe_commits = true")) == 0
    assert points(tmp_path) == [8, 8]
    assert batch(root, "--exercises", "08", "--late", policy(late, "believe_commits = false")) == 0
    assert points(tmp_path) == [0, 0]


def points(tmp_path: Path) -> list[int | None]:
    with Journal.read(tmp_path / "results") as journal:
        return [row.points for row in journal.rows()]


@pytest.fixture
def committed() -> Callable[[Path, str], None]:
    import subprocess

    def commit(folder: Path, when: str) -> None:
        who = {f"GIT_{role}_{what}": "a" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        own = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_COMMITTER_DATE": when, **who}
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
            subprocess.run(["git", *arguments], cwd=folder, env=own, check=True, capture_output=True)

    return commit


def test_a_refused_intake_leaves_the_roster_and_policy_as_they_were(
    batch: Callable[..., int], folders: Folders, tmp_path: Path
) -> None:
    root = two_and_then_one(batch, folders)
    with pytest.raises(UsageError):
        batch(root, "--exercises", "08", "--late", policy(tmp_path / "late.toml"))
    with Ledger.open(tmp_path / "results") as ledger:
        assert ledger.policy is None
