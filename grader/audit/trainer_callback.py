"""The audit as a callback of the transformers Trainer: ``pip install 'transfer-grader[trainer]'``."""

from __future__ import annotations

from typing import Any

from transformers import TrainerCallback

from .freeze_audit import FreezeAudit


class FreezeAuditCallback(TrainerCallback):  # type: ignore[misc]  # transformers is not looked into
    """Audits ``trainer.train()``.

    The Trainer does not tell its callbacks when a run fails: the audit then watches until the next run begins.
    ``with audit: trainer.train()`` sees the same and always ends.
    """

    def __init__(self, audit: FreezeAudit) -> None:
        self._audit = audit

    def on_train_begin(self, *_state: Any, **_more: Any) -> None:
        """Begin to watch, after letting go of a run that failed."""
        if self._audit.is_watching:
            self._audit.stop()
        self._audit.start()

    def on_train_end(self, *_state: Any, **_more: Any) -> None:
        """Write the report."""
        self._audit.stop()
