"""What the freeze audit costs, as ratios within one run: ``python benchmarks/audit.py [ROUNDS]``.

Three questions: how a fingerprint compares with ``tensor.clone()`` of the same bytes (and with SHA-256 of them); how
much longer an audited epoch takes; what is held in memory in between, against copies. Things that are compared are
measured in turn, round after round, and the ratios are medians over rounds. On the CPU it is one thread and its
processor time, which other programs disturb least; on a GPU, where there is one, it is wall time.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import psutil
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from grader.audit import FreezeAudit, everything_but, fingerprint
from grader.inside import models

BIG = 256 << 20
"""Bytes of the single tensor."""
TINY = {"block": "basic", "layers": [1, 1, 1, 1], "widths": [8, 16, 32, 64], "num_classes": 10}
RESNET18 = {"block": "basic", "layers": [2, 2, 2, 2], "widths": [64, 128, 256, 512], "num_classes": 10}
EPOCHS = {"tiny ResNet": (TINY, 28, 63), "ResNet-18": (RESNET18, 64, 63)}
"""Spec, pixels along an edge, and steps of 32 pictures: an epoch of 2,000."""


def devices() -> list[str]:
    """Return what there is to measure on."""
    return ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def seconds_of(thing: Callable[[], object], device: str) -> float:
    """Return how long one call takes, until the device has finished."""
    clock = time.process_time if device == "cpu" else time.perf_counter
    synchronise(device)
    started = clock()
    kept = thing()
    synchronise(device)
    taken = clock() - started
    del kept
    return taken


def synchronise(device: str) -> None:
    """Wait for a GPU."""
    if device == "cuda":
        torch.cuda.synchronize()


def in_turn(things: dict[str, Callable[[], object]], device: str, rounds: int) -> dict[str, tuple[float, float]]:
    """Return of every thing its median seconds and the median of its ratio to the first thing of the same round."""
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for number in range(rounds + 1):
        for name, thing in things.items():
            taken = seconds_of(thing, device)
            if number:  # the first round warms up
                seconds[name].append(taken)
    first = next(iter(seconds.values()))
    return {
        name: (
            statistics.median(values),
            statistics.median(value / base for value, base in zip(values, first, strict=True)),
        )
        for name, values in seconds.items()
    }


def tensors_of(name: str, device: str) -> list[Tensor]:
    """Return one big tensor, or every parameter and buffer of a ResNet-18."""
    if name == "one tensor":
        return [torch.randn(BIG // 4, device=device)]
    model = models.build({"family": "resnet", **RESNET18}).to(device)
    return [*model.parameters(), *model.buffers()]


def reading(device: str, rounds: int) -> None:
    """Print fingerprints against copies."""
    print(f"\nreading the bits, on {device}")
    for name in ("one tensor", "ResNet-18"):
        tensors = tensors_of(name, device)
        size = sum(tensor.nbytes for tensor in tensors)
        places = [torch.empty_like(tensor) for tensor in tensors]
        things: dict[str, Callable[[], object]] = {
            "clone()": lambda tensors=tensors: [tensor.detach().clone() for tensor in tensors],
            "copy_() in place": lambda tensors=tensors, places=places: [
                place.copy_(tensor.detach()) for place, tensor in zip(places, tensors, strict=True)
            ],
            "fingerprint": lambda tensors=tensors: [fingerprint(tensor) for tensor in tensors],
            "SHA-256": lambda tensors=tensors: [fingerprint(tensor, exact=True) for tensor in tensors],
        }
        for thing, (taken, ratio) in in_turn(things, device, rounds).items():
            rate = f"{taken * 1000:8.1f} ms {size / taken / 2**30:7.1f} GiB/s"
            print(f"  {name:12} {size >> 20:4} MiB  {thing:17} {rate}   {ratio:5.2f} of clone()")


def frozen_run(spec: dict[str, object], pixels: int, device: str) -> tuple[nn.Module, Callable[[], None]]:
    """Return a model whose head alone learns, and a step of its training."""
    model = models.build({"family": "resnet", **spec}).to(device).eval()
    model.requires_grad_(requires_grad=False)
    model.get_submodule("fc").requires_grad_(requires_grad=True)
    optimizer = torch.optim.SGD(model.get_submodule("fc").parameters(), lr=0.05, momentum=0.9)
    pictures = torch.randn(32, 3, pixels, pixels, device=device)
    labels = torch.arange(32, device=device) % 10

    def step() -> None:
        optimizer.zero_grad()
        F.cross_entropy(model(pictures), labels).backward()
        optimizer.step()

    return model, step


def epochs(device: str, rounds: int) -> None:
    """Print what the audit adds to an epoch: to each step, and once for its beginning and end.

    Twenty steps without the audit and twenty with it, in turn; the first step that an audit sees, when it meets the
    optimizer, counts as part of its beginning.
    """
    print(f"\nan epoch with a frozen backbone, on {device}")
    for name, (spec, pixels, steps) in EPOCHS.items():
        model, step = frozen_run(spec, pixels, device)
        audit = FreezeAudit(model, everything_but(model, "fc"))
        plain, more, once = [], [], []
        for _ in range(rounds):
            before = [seconds_of(step, device) for _ in range(20)]
            began = seconds_of(audit.start, device) + seconds_of(step, device)
            after = [seconds_of(step, device) for _ in range(20)]
            once.append(began + seconds_of(audit.stop, device) - statistics.median(before))
            plain += before
            more += [later - earlier for earlier, later in zip(before, after, strict=True)]
            if audit.report.verdict != "frozen as declared":
                raise SystemExit(audit.report.why)
        taken, each, both = map(statistics.median, (plain, more, once))
        print(
            f"  {name:12} {steps} steps of {taken * 1000:6.1f} ms   each {each * 1e6:+6.0f} µs {each / taken:+6.2%}   "
            f"begin and end {both * 1000:5.1f} ms {both / taken / steps:+6.2%}   "
            f"together {(each * steps + both) / taken / steps:+6.2%}"
        )


def held(device: str) -> None:
    """Print what is held between beginning and end: copies of everything, or fingerprints."""
    print(f"\nheld during the run, on {device}")
    model = nn.Sequential(*(nn.Linear(4096, 4096) for _ in range(8))).to(device)
    size = sum(parameter.nbytes for parameter in model.parameters())
    for name, keep in (
        ("fingerprints", lambda: FreezeAudit(model, "0").start()),
        ("clones", lambda: [tensor.clone() for tensor in model.state_dict().values()]),
    ):
        before = memory(device)
        kept = keep()
        print(f"  {name:12} {(memory(device) - before) / 2**20:8.1f} MiB more for a model of {size >> 20} MiB")
        del kept


def memory(device: str) -> int:
    """Return the bytes in use."""
    return torch.cuda.memory_allocated() if device == "cuda" else psutil.Process().memory_info().rss


def main() -> None:
    """Print the tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    where = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, {where}; medians of {rounds} rounds in turn")
    for device in devices():
        held(device)
        reading(device, rounds)
        epochs(device, 3 * rounds)


if __name__ == "__main__":
    main()
