"""A worked answer to exercise 07.

The idea: the matrix is the only thing that counts examples; everything else is arithmetic on it. Two questions
come back in every function: along which dimension, and what about a class without examples?
"""

import torch
from torch import Tensor


def confusion_matrix(y_true: Tensor, y_pred: Tensor, num_classes: int) -> Tensor:
    """Count the examples by true class (row) and predicted class (column)."""
    # Number the cells row by row, then count how often each number occurs. `minlength` keeps the absent classes.
    cells = y_true * num_classes + y_pred
    return torch.bincount(cells, minlength=num_classes**2).reshape(num_classes, num_classes)


def row_normalise(cm: Tensor) -> Tensor:
    """Divide each row by its own sum; an empty row stays zero."""
    support = cm.sum(dim=1, keepdim=True)
    # An empty row holds only zeros: divided by one instead of zero, it stays as it is.
    return cm.double() / support.clamp(min=1)


def balanced_accuracy(cm: Tensor) -> float:
    """Return the mean recall over the classes that have examples."""
    recalls = row_normalise(cm).diagonal()
    return recalls[cm.sum(dim=1) > 0].mean().item()


def most_confused(cm: Tensor, k: int) -> list[tuple[int, int, int]]:
    """Return the k largest cells off the diagonal as (true, predicted, count)."""
    cells = [
        (true, predicted, count)
        for true, row in enumerate(cm.tolist())
        for predicted, count in enumerate(row)
        if true != predicted and count > 0
    ]
    # Python's sort is stable: cells with equal counts stay in the order of (true, predicted).
    return sorted(cells, key=lambda cell: -cell[2])[:k]


def confusion_delta(before: Tensor, after: Tensor) -> Tensor:
    """Return row-normalised `after` minus row-normalised `before`."""
    if not torch.equal(before.sum(dim=1), after.sum(dim=1)):
        raise ValueError("the row sums differ: these matrices come from different validation sets")
    return row_normalise(after) - row_normalise(before)


def headline_and_pattern(before: Tensor, after: Tensor) -> tuple[float, float]:
    """Return how far the headline moved, and how far the errors moved."""
    examples = before.sum().item()
    change = after - before
    headline = change.diagonal().sum().item()
    moved = change.abs().sum().item() - change.diagonal().abs().sum().item()
    return headline / examples, moved / 2 / examples
