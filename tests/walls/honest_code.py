"""Ordinary course work behind the walls, run as a script: warm up, fork once, confine, try each thing.

Prints one JSON object: what was tried, and "ok" or what went wrong, and how long confine() took.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import json
import os
import resource
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from grader.inside import models
from grader.inside.walls import Policy, confine, default_readable_roots, doctor

SUBMISSION = "def freeze(model):\n    return [p.requires_grad_(False) for p in model.parameters()]\n"
RESNET = {"family": "resnet", "block": "basic", "layers": [1] * 4, "widths": [8] * 4, "num_classes": 3}
BERT = {
    "family": "bert", "hidden": 16, "layers": 1, "heads": 2, "intermediate": 32, "vocab": 50, "positions": 16,
    "num_classes": 2, "pooler": True,
}  # fmt: skip
BUDGET = 512 << 20


def train(model: nn.Module, optimizer: type[torch.optim.Optimizer], *inputs: torch.Tensor) -> None:
    """Take one step, and see that something moved."""
    before = [parameter.detach().clone() for parameter in model.parameters()]
    steps = optimizer(model.parameters(), lr=0.1)
    output = model(*inputs)
    logits = output if isinstance(output, torch.Tensor) else output.logits
    nn.functional.cross_entropy(logits, torch.zeros(len(logits), dtype=torch.long)).backward()
    steps.step()
    assert any(not torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True))


def resnet_with_sgd() -> None:
    train(models.build(RESNET), torch.optim.SGD, torch.randn(4, 3, 32, 32))


def resnet_with_adamw() -> None:
    train(models.build(RESNET), torch.optim.AdamW, torch.randn(4, 3, 32, 32))


def bert_with_adamw() -> None:
    train(models.build(BERT), torch.optim.AdamW, torch.randint(0, 50, (4, 8)))


def save_and_load() -> None:
    model, buffer = models.build(RESNET), io.BytesIO()
    torch.save(model.state_dict(), buffer)
    buffer.seek(0)
    model.load_state_dict(torch.load(buffer, weights_only=True))


def data_loader() -> None:
    data = torch.utils.data.TensorDataset(torch.randn(8, 2), torch.zeros(8))
    assert len(list(torch.utils.data.DataLoader(data, batch_size=2, shuffle=True))) == 4


def lazy_imports() -> None:
    names = (
        "torchvision.transforms.v2",
        "torch.optim.swa_utils",
        "transformers.optimization",
        "numpy.polynomial",
    )
    fresh = [name for name in (*names, "sqlite3", "colorsys", "wave", "tqdm.auto") if name not in sys.modules]
    assert fresh, "nothing left to import lazily"
    for name in fresh:
        importlib.import_module(name)


def with_numpy() -> None:
    generator = np.random.default_rng(0)
    assert np.linalg.svd(generator.normal(size=(64, 64)))[1].shape == (64,)


def progress_bar() -> None:
    from tqdm import tqdm

    assert sum(tqdm(range(100))) == 4950


def printing() -> None:
    print("a line", flush=True)  # noqa: T201  as a learner might
    sys.stderr.write("another\n")


def python_threads() -> None:
    done: list[int] = []
    threads = [threading.Thread(target=done.append, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 8


def source_of_the_submission() -> None:
    specification = importlib.util.spec_from_file_location("submission", "submission.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    assert "requires_grad_" in inspect.getsource(module.freeze)
    assert not any(parameter.requires_grad for parameter in module.freeze(nn.Linear(2, 2)))


def too_much_memory_is_an_error_and_no_more() -> None:
    with contextlib.suppress(RuntimeError, MemoryError):
        torch.zeros(BUDGET // 2)
        raise AssertionError("the budget was not kept")
    assert torch.zeros(1 << 20).sum() == 0


def eight_threads() -> None:
    torch.set_num_threads(8)
    product = torch.randn(600, 600) @ torch.randn(600, 600)
    assert product.isfinite().all()
    torch.nn.functional.conv2d(torch.randn(8, 8, 64, 64), torch.randn(8, 8, 3, 3))


TRIED: tuple[Callable[[], None], ...] = (
    resnet_with_sgd, resnet_with_adamw, bert_with_adamw, save_and_load, data_loader, lazy_imports, with_numpy,
    progress_bar, printing, python_threads, source_of_the_submission, too_much_memory_is_an_error_and_no_more,
    eight_threads, resnet_with_sgd,
)  # fmt: skip


def outcome(tried: Callable[[], None]) -> str:
    try:
        tried()
    except BaseException as error:  # noqa: BLE001  reported, whatever it is
        return f"{type(error).__name__}: {error}"
    return "ok"


def main(folder: str, switches: str) -> None:
    torch.set_num_threads(1)
    resnet_with_sgd()
    Path(folder, "submission.py").write_text(SUBMISSION)
    output = os.open(Path(folder, "output"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    # stands in for the evidence pipe: the one descriptor that stays open
    evidence = os.dup(1)
    policy = Policy(
        readable=(*default_readable_roots(), folder), folder=folder, output=output, keep_fds=(evidence,),
        memory=BUDGET, cpu=60, **json.loads(switches),
    )  # fmt: skip
    examined = [_timed_examination(policy) for _ in range(3)]
    child = os.fork()
    if child == 0:
        before = processor_time()
        wall = confine(policy)
        seconds = {"confine": processor_time() - before, "doctor": min(examined)}
        results = {tried.__name__: outcome(tried) for tried in TRIED}
        answer = {"wall": wall.as_dict(), "seconds": seconds, "results": results}
        os.write(evidence, json.dumps(answer).encode())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status))


def _timed_examination(policy: Policy) -> float:
    before = processor_time()
    assert doctor.examine(policy).level in "AB"
    return processor_time() - before


def processor_time() -> float:
    """Add up what this process and its children took: unlike the clock, it hardly minds a busy machine."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main(*sys.argv[1:])
