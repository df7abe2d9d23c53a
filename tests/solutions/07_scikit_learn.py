"""Exercise 07 as scikit-learn's users go about it: its metrics do the counting, NumPy the rest."""

import numpy as np
import torch
from sklearn.metrics import confusion_matrix as count
from sklearn.metrics import recall_score
from sklearn.preprocessing import normalize


def confusion_matrix(y_true, y_pred, num_classes):
    return torch.from_numpy(count(y_true.numpy(), y_pred.numpy(), labels=np.arange(num_classes)))


def row_normalise(cm):
    return torch.from_numpy(normalize(cm.numpy().astype(np.float64), norm="l1", axis=1))


def balanced_accuracy(cm):
    true, predicted = np.indices(cm.shape)
    counts = cm.numpy().ravel()
    present = np.flatnonzero(cm.numpy().sum(1))
    return recall_score(
        true.ravel(), predicted.ravel(), labels=present, sample_weight=counts, average="macro", zero_division=0
    )


def most_confused(cm, k):
    off = cm.numpy().copy()
    np.fill_diagonal(off, 0)
    true, predicted = np.nonzero(off)
    order = np.lexsort((predicted, true, -off[true, predicted]))[:k]
    return [(int(t), int(p), int(off[t, p])) for t, p in zip(true[order], predicted[order])]


def confusion_delta(before, after):
    if not np.array_equal(before.sum(1), after.sum(1)):
        raise ValueError("not the same validation set")
    return row_normalise(after) - row_normalise(before)


def headline_and_pattern(before, after):
    change = (after - before).numpy() / before.numpy().sum()
    headline = np.trace(change)
    np.fill_diagonal(change, 0)
    return float(headline), float(np.abs(change).sum() / 2)
