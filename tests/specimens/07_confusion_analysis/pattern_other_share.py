import torch
from torch import Tensor


def confusion_matrix(y_true: Tensor, y_pred: Tensor, num_classes: int) -> Tensor:
    cm = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    for t, p in zip(y_true.tolist(), y_pred.tolist()):
        cm[t, p] += 1
    return cm


def row_normalise(cm: Tensor) -> Tensor:
    out = torch.zeros(cm.shape, dtype=torch.float64)
    for i, row in enumerate(cm):
        if row.sum() > 0:
            out[i] = row.double() / row.sum()
    return out


def balanced_accuracy(cm: Tensor) -> float:
    recalls = [float(cm[i, i] / cm[i].sum()) for i in range(len(cm)) if cm[i].sum() > 0]
    return sum(recalls) / len(recalls)


def most_confused(cm: Tensor, k: int) -> list[tuple[int, int, int]]:
    n = len(cm)
    pairs = [(-int(cm[i, j]), i, j) for i in range(n) for j in range(n) if i != j and cm[i, j] > 0]
    return [(i, j, -count) for count, i, j in sorted(pairs)[:k]]


def confusion_delta(before: Tensor, after: Tensor) -> Tensor:
    if before.sum(1).tolist() != after.sum(1).tolist():
        raise ValueError("not the same examples")
    return row_normalise(after) - row_normalise(before)


def headline_and_pattern(before: Tensor, after: Tensor) -> tuple[float, float]:
    n = int(before.sum())
    headline = int(after.trace() - before.trace()) / n
    off = ~torch.eye(len(before), dtype=torch.bool)
    moved = (after - before)[off].abs().sum()
    return headline, float(moved) / 2 / int(before[off].sum())
