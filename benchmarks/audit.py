"""What the freeze audit costs, as ratios within one run: ``python benchmarks/audit.py [ROUNDS]``.

Three questions: how a fingerprint compares with ``tensor.clone()`` of the same bytes (and with SHA-256 of them); how
much longer an audited epoch takes; what is held in memory in between, against copies. Things that are compared are
measured in turn, round after round, so that a noisy machine slows all of them alike. On a GPU too, where there is one.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator

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
EPOCHS = {"tiny ResNet": (TINY, 28, 63), "ResNet-18": (RESNET18, 64, 20)}
"""Spec, pixels along an edge, and steps of 32 pictures."""


def devices() -> list[str]:
    """Return what there is to measure on."""
    return ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def seconds_of(thing: Callable[[], object], device: str) -> float:
    """Return how long one call takes, until the device has finished."""
    synchronise(device)
    started = time.perf_counter()
    kept = thing()
    synchronise(device)
    taken = time.perf_counter() - started
    del kept
    return taken


def synchronise(device: str) -> None:
    """Wait for a GPU."""
    if device == "cuda":
        torch.cuda.synchronize()


def in_turn(things: dict[str, Callable[[], object]], device: str, rounds: int) -> dict[str, float]:
    """Return the median seconds of every thing, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for number in range(rounds + 1):
        for name, thing in things.items():
            taken = seconds_of(thing, device)
            if number:
                seconds[name].append(taken)
    return {name: statistics.median(values) for name, values in seconds.items()}


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
        median = in_turn(things, device, rounds)
        for thing, taken in median.items():
            rate = f"{taken * 1000:8.1f} ms {size / taken / 2**30:7.1f} GiB/s"
            print(f"  {name:12} {size >> 20:4} MiB  {thing:17} {rate}   {taken / median['clone()']:5.2f} of clone()")


def frozen_run(spec: dict[str, object], pixels: int, steps: int, device: str) -> tuple[nn.Module, Callable[[], None]]:
    """Return a model whose head alone learns, and an epoch of its training."""
    model = models.build({"family": "resnet", **spec}).to(device)
    model.requires_grad_(requires_grad=False)
    model.get_submodule("fc").requires_grad_(requires_grad=True)
    optimizer = torch.optim.SGD(model.get_submodule("fc").parameters(), lr=0.05, momentum=0.9)
    pictures = torch.randn(32, 3, pixels, pixels, device=device)
    labels = torch.arange(32, device=device) % 10

    def epoch() -> None:
        model.eval()
        for _ in range(steps):
            optimizer.zero_grad()
            F.cross_entropy(model(pictures), labels).backward()
            optimizer.step()

    return model, epoch


def epochs(device: str, rounds: int) -> None:
    """Print audited against plain epochs; the model's head learns and nothing else does."""
    print(f"\nan epoch with a frozen backbone, on {device}")
    for name, (spec, pixels, steps) in EPOCHS.items():
        model, epoch = frozen_run(spec, pixels, steps, device)
        audit = FreezeAudit(model, everything_but(model, "fc"))
        nothing = FreezeAudit(model, everything_but(model, "fc"))

        def begin_and_end(nothing: FreezeAudit = nothing) -> None:
            with nothing:
                pass

        median = in_turn({"plain": epoch, "audited": audit(epoch), "begin and end": begin_and_end}, device, rounds)
        if audit.report.verdict != "frozen as declared":
            raise SystemExit(audit.report.why)
        more = median["audited"] / median["plain"] - 1
        print(
            f"  {name:12} {steps:3} steps  plain {median['plain'] * 1000:8.1f} ms  audited {more:+7.2%}  "
            f"of which begin and end {median['begin and end'] / median['plain']:6.2%} "
            f"({median['begin and end'] * 1000:.1f} ms)"
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


def sections(rounds: int) -> Iterator[None]:
    """Measure everything."""
    for device in devices():
        held(device)
        reading(device, rounds)
        epochs(device, rounds)
        yield


def main() -> None:
    """Print the tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    where = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, {where}; medians of {rounds} rounds in turn")
    for _ in sections(rounds):
        pass


if __name__ == "__main__":
    main()
