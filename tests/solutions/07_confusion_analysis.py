"""Exercise 07 solved in another style: one-hot products, masks and a stable sort, and no loop over cells."""

import torch
from torch.nn.functional import one_hot


def confusion_matrix(y_true, y_pred, num_classes):
    return one_hot(y_true, num_classes).T @ one_hot(y_pred, num_classes)


def row_normalise(cm):
    quotient = cm.to(torch.float64) / cm.to(torch.float64).sum(1)[:, None]
    return torch.where(quotient.isnan(), torch.zeros_like(quotient), quotient)


def balanced_accuracy(cm):
    found, wanted = cm.diag().tolist(), cm.sum(1).tolist()
    recalls = [right / total for right, total in zip(found, wanted) if total]
    return sum(recalls) / len(recalls)


def most_confused(cm, k):
    off = cm.masked_fill(torch.eye(len(cm), dtype=torch.bool), 0).flatten()
    order = torch.sort(off, descending=True, stable=True).indices[: min(k, int((off > 0).sum()))]
    true, predicted = torch.div(order, len(cm), rounding_mode="floor"), order % len(cm)
    return list(zip(true.tolist(), predicted.tolist(), off[order].tolist()))


def confusion_delta(before, after):
    support = after.sum(1)
    if (before.sum(1) != support).any():
        raise ValueError(f"{before.sum(1).tolist()} is not {support.tolist()}")
    return (after - before) / torch.clamp(support, min=1).double().unsqueeze(1)


def headline_and_pattern(before, after):
    change = (after - before).double() / before.sum()
    off = change - torch.diag(change.diag())
    return change.trace(), torch.linalg.vector_norm(off, ord=1) / 2
