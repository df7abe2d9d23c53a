"""Exercise 07: what the headline hides: confusion matrices                                     12 points

Accuracy is one number. It says how often a model is right, not *which* examples it gets wrong and what it
takes them for. Two models with the same accuracy may fail in entirely different places, and a model that
seems to have gained nothing from more adaptation may have traded one kind of error for another. A confusion
matrix keeps what the headline throws away: row = the true class, column = the predicted class, and each cell
counts examples.

    true     0  0  0  1  1  2           predicted    0  1  2
    predicted 0  0  1  1  1  0        true 0    [    2  1  0 ]    one 0 was taken for a 1
                                      true 1    [    0  2  0 ]    both 1s were found
                                      true 2    [    1  0  0 ]    the only 2 was taken for a 0

Accuracy is 4 of 6. The recalls (the diagonal divided by its row's sum) are 2/3, 1 and 0; their mean, the
*balanced accuracy*, is 5/9. Small classes count as much as large ones there.

Here you build the tools with which the lab compares strategies: the matrix, its normalised form, the balanced
accuracy, the most confused pairs, and what changed between a run before and a run after more adaptation.
The same functions serve pictures and texts, so they know nothing but numbers.

For all of them: labels and matrices come as int64, a class without examples is still a class, and what is given
to a function stays unchanged.

Run this file to see a tiny pair of matrices:           python exercises/07_confusion_analysis.py
Have it graded:                                         grade exercises/07_confusion_analysis.py

A tiny worked example. A sum along a dimension can keep that dimension, and this decides how a division
broadcasts:

    >>> table = torch.tensor([[1, 3], [2, 2]])
    >>> table.sum(dim=0), table.sum(dim=0, keepdim=True).shape
    (tensor([3, 5]), torch.Size([1, 2]))
    >>> torch.tensor([4, 0]) / torch.tensor([2, 0])
    tensor([2., nan])
"""

import torch
from torch import Tensor


def confusion_matrix(y_true: Tensor, y_pred: Tensor, num_classes: int) -> Tensor:
    """Count the examples by true class (row) and predicted class (column): int64, [num_classes, num_classes].

    The shape never depends on which classes occur, not even when a class is absent from both inputs.
    """
    # TODO: every pair (true, predicted) is one cell; how do you count how often each cell occurs?
    raise NotImplementedError


def row_normalise(cm: Tensor) -> Tensor:
    """Divide each row by its own sum: float64. A row without examples stays zero; there is no NaN."""
    # TODO: which dimension do you sum over, and what would an empty row be divided by?
    raise NotImplementedError


def balanced_accuracy(cm: Tensor) -> float:
    """Return the mean recall over the classes that have examples."""
    # TODO: a recall exists for every class with examples; how many such classes are there?
    raise NotImplementedError


def most_confused(cm: Tensor, k: int) -> list[tuple[int, int, int]]:
    """Return the k largest cells off the diagonal as (true, predicted, count), by falling count.

    Equal counts come by rising (true, predicted). Only cells with a count above 0 are listed: the list is shorter
    than k when there are fewer of them.
    """
    # TODO: which cells are confusions at all? By what do you sort them?
    raise NotImplementedError


def confusion_delta(before: Tensor, after: Tensor) -> Tensor:
    """Return row-normalised `after` minus row-normalised `before`.

    Both matrices must come from the same validation set: ValueError when the sums of their rows differ.
    """
    # TODO: check first that the two can be compared, row by row.
    raise NotImplementedError


def headline_and_pattern(before: Tensor, after: Tensor) -> tuple[float, float]:
    """Return how far the headline moved, and how far the errors moved.

    The headline: accuracy after minus accuracy before. The pattern: half the sum of |after - before| over the
    cells off the diagonal, divided by the number of examples. An error that moved from one cell to another thus
    counts whole, one that appeared or vanished counts half. Both matrices have the same row sums.
    """
    # TODO: two numbers; when can the first be zero while the second is not?
    raise NotImplementedError


if __name__ == "__main__":
    before = torch.tensor([[8, 2, 0], [0, 7, 3], [1, 0, 4]])
    after = torch.tensor([[8, 0, 2], [0, 9, 1], [3, 0, 2]])
    for name, matrix in (("before", before), ("after", after)):
        print(f"{name}: {int(matrix.diagonal().sum())} of {int(matrix.sum())} right")
        print(matrix, end="\n\n")
    print("The headline is the same. Which confusions came, and which went?")
