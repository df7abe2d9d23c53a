"""One submission from import to last fact, in a process that does nothing else."""

from __future__ import annotations
import __future__

import ast
import contextlib
import faulthandler
import functools
import importlib.util
import itertools
import linecache
import operator
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, TypeVar

import msgspec
import numpy as np
import torch

from grader.wire.job import Job

from .observe import Submitted, describe
from .wire import Fact, Writer

_Made = TypeVar("_Made")
Part = Callable[[Submitted, Any], Iterable[Fact]]
"""A part of a probe takes the learner's functions and what the probe's ``prepare(job)`` returned."""


def _import_what_makes_folders() -> None:
    """Import, before the walls are closed, what makes itself a folder on import and comes along with torchvision.

    It did so up to torch 2.10. The folder is made in HOME, which ends with this process.
    """
    kept, tempfile.tempdir = tempfile.tempdir, os.environ.get("HOME")
    try:
        importlib.import_module("torch.distributed.nn.jit.instantiator")
    except ImportError:  # a torch that was built without it does not bring it along either
        return
    finally:
        tempfile.tempdir = kept


_import_what_makes_folders()


def load_probe(path: str) -> ModuleType:
    """Import a probe from its path, and before it the ``wire`` beside it, if any; ImportError where there is no probe.

    They are modules of a package without a path, in which nothing else of the exercise can be found; and once they
    are imported, no other module can import them.
    """
    package = ModuleType(_PACKAGE)
    package.__path__ = []
    sys.modules[_PACKAGE] = package
    try:
        wire = Path(path).with_name("wire.py")
        if wire.is_file():
            _load("wire", wire)
        return _load("probe", Path(path))
    finally:
        for name in (_PACKAGE, f"{_PACKAGE}.wire", f"{_PACKAGE}.probe"):
            sys.modules.pop(name, None)


_PACKAGE = "asked"


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{_PACKAGE}.{name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no {name} at {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def work(job: Job, probe: ModuleType, writer: Writer) -> None:
    """Import the submission and ask every part of the probe; facts go out as they are found.

    Once the probe is prepared, the job's plan and arrays are let go: what a probe keeps of them, it needs to ask. What
    a file defines is asked about even when some line of it raises.
    """
    with contextlib.suppress(RuntimeError):  # where no thread may start, a time-out just has no line
        faulthandler.dump_traceback_later(max(job.seconds - 0.5, job.seconds * 0.8), file=2)
    prepared = probe.prepare(job)
    _same_start(job)
    tells_calls = "tells_calls" in job.plan
    job = msgspec.structs.replace(job, plan={}, arrays={})
    writer.write(Fact("@part", "import"))
    module, error = import_submission(job)
    if error is not None:
        writer.write(Fact("@crash", describe(error, job.filename)))
    learner = Submitted(module, job.filename, tells_calls=tells_calls, broke_off=error is not None)
    for name in job.parts if error is None or _defines_anything(module) else ():
        writer.write(Fact("@part", name))
        try:
            _ask(getattr(probe, name), learner, prepared, writer)
        except BaseException as error:  # noqa: BLE001  the learner's code left what the probe cannot use
            writer.write(Fact(f"@broken {name}", describe(error, job.filename)))
        if learner.calls is not None:
            writer.write(Fact(f"calls/{name}", learner.calls))
            learner.calls.clear()
    writer.write(Fact("@done", None))


def _defines_anything(module: ModuleType) -> bool:
    return any(callable(value) and name not in _OF_NOTEBOOKS for name, value in vars(module).items())


def _ask(part: Part, learner: Submitted, prepared: Any, writer: Writer) -> None:
    for fact in part(learner, prepared):
        writer.write(fact)


def import_submission(job: Job) -> tuple[ModuleType, BaseException | None]:
    """Execute the learner's source as a module, without a file and without its folder on the path.

    Return it with the first exception, if any. A statement that raises is left behind like a notebook's cell: what
    comes after it is executed, so that a plot, or a file that is not here, takes no function with it.
    """
    module = ModuleType("submission")
    vars(module).update(_OF_NOTEBOOKS, __file__=job.filename)
    sys.modules["submission"] = module
    errors: list[BaseException] = []
    for code in _statements(job, errors):
        try:
            exec(code, module.__dict__)  # noqa: S102  running it is what this process is for
        except BaseException as error:  # noqa: BLE001  sys.exit() at import is the learner's trouble
            errors.append(error)
    return module, errors[0] if errors else None


class _Kernel:
    """Stands for a notebook's kernel in what was exported from one: whatever is asked of it does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_args, **_named: None


_OF_NOTEBOOKS: Mapping[str, Any] = {"display": print, "get_ipython": _Kernel}
"""What every cell finds there without an import."""


def _statements(job: Job, errors: list[BaseException]) -> Iterator[CodeType]:
    """Compile statement after statement of what is Python, of a notebook cell by cell; the rest goes to ``errors``."""
    flags = 0
    for text in _pieces(job, errors):
        for statement in _kept(lambda: ast.parse(text, job.filename).body, errors) or ():  # noqa: B023  called at once
            alone = ast.Module([statement], type_ignores=[])
            code = _kept(lambda: compile(alone, job.filename, "exec", flags, dont_inherit=True), errors)  # noqa: B023
            if code:
                flags |= code.co_flags & _FUTURE
                yield code


def _kept(compiled: Callable[[], _Made], errors: list[BaseException]) -> _Made | None:
    """Return what was compiled, or keep why it cannot be."""
    try:
        return compiled()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        errors.append(error)
        return None


_FUTURE = functools.reduce(operator.or_, (getattr(__future__, n).compiler_flag for n in __future__.all_feature_names))
"""What ``from __future__ import`` switches on for all that follows."""


def _pieces(job: Job, errors: list[BaseException]) -> Iterator[str]:
    """Yield the source in pieces of which each is Python or not, every line at its place."""
    try:
        source = _decode(job)
    except SyntaxError as error:
        errors.append(error)
        return
    lines = [f"{line}\n" for line in source.split("\n")]
    linecache.cache[job.filename] = (len(source), None, lines, job.filename)
    if not job.pieces:
        yield source
    for first, end in itertools.pairwise((*job.pieces, len(lines))):
        yield "\n" * first + "".join(lines[first:end])


def _decode(job: Job) -> str:
    """Decode the source as Python would; raise SyntaxError at the first line that is not text."""
    try:
        source = importlib.util.decode_source(job.source)
    except (SyntaxError, UnicodeDecodeError):
        wrong = next((n for n, line in enumerate(job.source.splitlines(), 1) if not _is_utf8(line)), 1)
        raise SyntaxError("the file is not UTF-8 text; save it as UTF-8", _at(job, wrong)) from None
    if "\0" in source:
        line = source.count("\n", 0, source.index("\0")) + 1
        raise SyntaxError("the file holds a null byte, which no Python file may", _at(job, line))
    return source


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _at(job: Job, line: int) -> tuple[str, int, int, str]:
    text = job.source.splitlines()[line - 1].decode("ascii", "backslashreplace")
    return job.filename, line, 1, text.replace("\0", "\\0")


def _same_start(job: Job) -> None:
    """Seed every generator from the plan, so that a run can be repeated and no fork inherits a stream."""
    seed: Any = job.plan.get("worker_seed", 0)
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  the learner's code may use the global generator
    torch.manual_seed(seed)
