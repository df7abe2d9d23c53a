"""The report: JSON with a version, a picture in the terminal, and an import that costs nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError
from io import StringIO

import msgspec
import pytest
import torch
from rich.console import Console

from grader import FreezeAudit
from grader.audit import SCHEMA, Kind, Report, Verdict
from tests.audit.runs import BACKBONE, freeze, head, resnet, sgd, steps, train_mode


@pytest.fixture(scope="module")
def drifting() -> Report:
    model = resnet()
    freeze(model)
    torch.manual_seed(11)
    with FreezeAudit(model, frozen=BACKBONE) as audit:
        model.train()
        steps(model, sgd(head(model)))
    return audit.report


def test_json_says_what_is_needed_to_repeat_and_to_check_it(drifting: Report) -> None:
    told = json.loads(drifting.to_json())
    assert told["schema"] == SCHEMA == "transfer-grader/freeze-audit/v1"
    assert (told["verdict"], told["seed"], told["torch"]) == ("NOT frozen", 11, torch.__version__)
    assert (told["declared"], told["model"], told["facts"]["steps"]) == (list(BACKBONE), "NarrowResNet", 3)
    assert {finding["kind"]: len(finding["entries"]) for finding in told["findings"]} == {
        "frozen-buffer-moved": 36,
        "ran-in-train-mode": 12,
    }
    entries = {entry["name"]: entry for entry in told["facts"]["entries"]}
    assert len(entries) == 74
    assert entries["conv1.weight"]["before"] == entries["conv1.weight"]["after"]
    assert entries["conv1.weight"]["required_grad"] == [False]
    assert entries["fc.weight"]["optimizers"] == ["SGD"]
    assert entries["bn1.num_batches_tracked"]["before"].startswith("int64[]:")


def test_json_holds_the_whole_report(drifting: Report) -> None:
    assert msgspec.json.decode(drifting.to_json(), type=Report) == drifting


def test_a_report_cannot_be_changed(drifting: Report) -> None:
    with pytest.raises(FrozenInstanceError):
        drifting.verdict = Verdict.FROZEN


def shown(report: Report, width: int) -> str:
    console = Console(width=width, file=StringIO())
    with console.capture() as captured:
        console.print(report)
    return captured.get()


def test_it_is_readable_in_a_terminal(drifting: Report) -> None:
    text = shown(drifting, 100)
    assert "Freeze audit: NOT frozen" in text
    assert "36 frozen buffers moved and 12 frozen modules ran in training mode." in text
    assert "frozen-buffer-moved  36" in text
    assert "bn1.running_mean, bn1.running_var, bn1.num_batches_tracked and 33 more" in text
    assert "72 of 74 tensors declared frozen · optimizer steps: SGD 3" in text


def test_a_narrow_terminal_loses_no_word(drifting: Report) -> None:
    assert shown(drifting, 30).split() == shown(drifting, 200).split()


def test_the_proof_says_what_was_proved() -> None:
    model = resnet()
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, sgd(head(model)))
    assert audit.report.why == (
        "72 frozen tensors have the same bits as before 3 optimizer steps, none of their modules ran in training "
        "mode, and 2 other parameters moved."
    )
    assert "frozen as declared" in shown(audit.report, 80)


def test_an_exception_is_shown() -> None:
    audit = FreezeAudit(resnet(), BACKBONE)
    with pytest.raises(ValueError, match="no"), audit:
        raise ValueError("no [bold]markup[/bold]")
    assert "The run was ended by ValueError: no [bold]markup[/bold]" in shown(audit.report, 80)
    assert "no-optimizer-step" in shown(audit.report, 80)


def test_every_kind_reads_well_and_is_told_in_full_sentences(drifting: Report) -> None:
    assert all(kind == kind.lower().replace(" ", "-") for kind in Kind)
    assert all(finding.cause.endswith(".") and not finding.look_at.endswith(".") for finding in drifting.findings)


def loaded(statement: str) -> set[str]:
    """Names of the modules that a fresh interpreter has after a statement."""
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_grader_imports_neither_the_audit_nor_torch() -> None:
    assert not {"torch", "grader.audit"} & loaded("import grader")


def test_the_audit_needs_torch_and_nothing_else_of_the_grader() -> None:
    modules = loaded("from grader import FreezeAudit")
    others = {name for name in modules if name.startswith("grader.") and not name.startswith("grader.audit")}
    assert others == set()
    assert not {"pytest", "rich", "msgspec", "transformers", "torchvision", "torch._dynamo"} & modules
