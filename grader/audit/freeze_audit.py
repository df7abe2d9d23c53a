"""The audit around a training run."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ContextDecorator
from traceback import format_exception_only
from types import TracebackType
from typing import Self

import torch
from torch import nn

from .judge import judge
from .records import Report
from .survey import unwrapped
from .watch import Watch


class FreezeAudit(ContextDecorator):
    """Watch a training run and prove that what was declared frozen was frozen, or say why it was not.

    ``with FreezeAudit(model, frozen=["conv1", "layer*"]) as audit: train(...)``, then look at ``audit.report``; or
    ``train = FreezeAudit(model, frozen=...)(train)``. The loop stays as it is.

    ``frozen`` holds names of parameters, buffers or modules (with everything inside) and globs of them; see also
    ``everything_but`` and ``frozen_at``. A name that the model does not have raises ValueError when the run starts.
    Fingerprints, not copies, are kept of every tensor; ``exact`` takes SHA-256 of all bytes.

    The audit may run again when its run has ended, and audits may be nested. It changes neither the model nor torch's
    random state, and leaves no hook behind, whatever ends the run.
    """

    def __init__(self, model: nn.Module, frozen: str | Iterable[str], *, exact: bool = False) -> None:
        self._model = model
        self._declared = (frozen,) if isinstance(frozen, str) else tuple(frozen)
        self._exact = exact
        self._watch: Watch | None = None
        self._report: Report | None = None

    @property
    def report(self) -> Report:
        """The report of the last run that ended; RuntimeError before that."""
        if self._report is None:
            raise RuntimeError("The audited run has not ended yet.")
        return self._report

    @property
    def is_watching(self) -> bool:
        """Whether a run has begun and not ended."""
        return self._watch is not None

    def start(self) -> None:
        """Begin to watch: what the with block does, for callbacks that have a beginning and an end.

        RuntimeError while it is watching a run already.
        """
        if self.is_watching:
            raise RuntimeError("This audit is already watching a run; make another one for a run inside it.")
        self._watch = Watch(self._model, self._declared, exact=self._exact)

    def stop(self, error: BaseException | None = None) -> None:
        """Remove every hook and write the report; ``error`` is what ended the run, if anything did.

        RuntimeError where no run was begun.
        """
        if self._watch is None:
            raise RuntimeError("This audit is not watching a run.")
        watch, self._watch = self._watch, None
        watch.stop()
        facts = watch.facts()
        verdict, why, findings = judge(facts)
        self._report = Report(
            verdict=verdict,
            why=why,
            findings=findings,
            declared=self._declared,
            model=type(unwrapped(self._model)).__name__,
            facts=facts,
            ended_by=format_exception_only(error)[-1].strip() if error else "",
            exact=self._exact,
            seed=torch.initial_seed(),
            torch=str(torch.__version__),
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self.stop(error)
