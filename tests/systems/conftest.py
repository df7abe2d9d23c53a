"""A process of its own for what can be done to a process once only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.forking import Work, in_a_fork


@pytest.fixture
def forked() -> Callable[[Work], Any]:
    return in_a_fork
