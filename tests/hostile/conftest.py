"""A class in which somebody hands in what would stop a careless grader, in every layout."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.batch import intake
from grader.confined import Confined

SECONDS = 4.0
"""Reading one learner's files; what never ends costs that much."""


@pytest.fixture(scope="session")
def confined() -> Iterator[Confined]:
    with Confined([intake.READER]) as opened:
        yield opened


@pytest.fixture
def read(confined: Confined, monkeypatch: pytest.MonkeyPatch) -> intake.Reader:
    monkeypatch.setattr(intake, "SECONDS", SECONDS)
    return intake.apart(confined)
