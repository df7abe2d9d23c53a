"""Exercise 07 with torchmetrics, whose arguments come in the other order: predictions first."""

import torch
from torchmetrics.functional.classification import multiclass_confusion_matrix, multiclass_recall
from torchmetrics.utilities.compute import _safe_divide


def confusion_matrix(y_true, y_pred, num_classes):
    return multiclass_confusion_matrix(y_pred, y_true, num_classes)


def row_normalise(cm):
    return _safe_divide(cm.double(), cm.sum(1, keepdim=True).double())


def examples(cm):
    cells = cm.nonzero()
    return cells.repeat_interleave(cm[cells[:, 0], cells[:, 1]], dim=0).T


def balanced_accuracy(cm):
    true, predicted = examples(cm)
    recalls = multiclass_recall(predicted, true, len(cm), average=None)
    return recalls[cm.sum(1) > 0].double().mean()


def most_confused(cm, k):
    cells = (cm * (1 - torch.eye(len(cm), dtype=cm.dtype))).nonzero().tolist()
    listed = [(true, predicted, int(cm[true, predicted])) for true, predicted in cells]
    listed.sort(key=lambda cell: cell[2], reverse=True)
    return listed[:k]


def confusion_delta(before, after):
    if before.sum(1).ne(after.sum(1)).any():
        raise ValueError
    return row_normalise(after) - row_normalise(before)


def headline_and_pattern(before, after):
    true, predicted = examples(before)
    total = true.numel()
    moved = (after - before).abs().sum() - (after - before).diagonal().abs().sum()
    return (after.trace() - before.trace()).item() / total, moved.item() / (2 * total)
