"""The audit as a callback of Lightning's Trainer: ``pip install 'transfer-grader[lightning]'``."""

from __future__ import annotations

from lightning.pytorch import Callback, LightningModule, Trainer

from .freeze_audit import FreezeAudit


class FreezeAuditCallback(Callback):  # type: ignore[misc]  # Lightning is not looked into
    """Audits ``trainer.fit`` from its first epoch to the end of training, or to the exception that ends it.

    The audit is of the LightningModule, so that names start with an attribute of it, such as ``backbone``.
    """

    def __init__(self, audit: FreezeAudit) -> None:
        self._audit = audit

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:  # noqa: ARG002  Lightning's names
        """Begin to watch."""
        self._audit.start()

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:  # noqa: ARG002
        """Write the report."""
        self._audit.stop()

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:  # noqa: ARG002
        """Write the report of a run that failed; one that failed before its first epoch has none."""
        if self._audit.is_watching:
            self._audit.stop(exception)
