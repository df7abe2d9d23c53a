"""Exercise 05: the baselines that every transfer run has to beat.                        10 points

A score of 0.94 says nothing by itself. Two numbers give it a meaning:

- the *floor*: what a classifier scores that always gives one and the same answer. A model that is no better has
  learned nothing;
- the *scratch baseline*: the same architecture with the same budget, but without the pretraining. Only what the
  transfer run scores above it is owed to the pretraining.

The baseline is only as good as it is clean. A twin that keeps a few pretrained tensors, or the statistics that
BatchNorm measured during pretraining, is no beginner. One that is frozen because its original was frozen never had
a chance. And one that touches torch's global random generator changes the order of the next run's batches.

    pretrained model ── make_scratch_twin(model, seed=0) ── a beginner with the same keys and shapes
                     ── make_scratch_twin(model, seed=0) ── the very same beginner
                     ── make_scratch_twin(model, seed=1) ── another one

Models come as ResNets, as BERT classifiers and as Vision Transformers, some of them frozen. A Vision Transformer
has parameters (`cls_token`, `pos_embed`) that belong to the model itself and to none of its layers.

Run this file to see a floor and a twin:    python exercises/05_scratch_baseline.py
Have it graded:                             grade exercises/05_scratch_baseline.py

A tiny worked example. A layer can be made new, its BatchNorm cousin forgets its statistics as well, and the luck of
what comes after can be kept apart:

    >>> norm = nn.BatchNorm1d(2)
    >>> _ = norm(torch.tensor([[1.0, 2.0], [3.0, 6.0]]))
    >>> norm.running_mean
    tensor([0.2000, 0.4000])
    >>> norm.reset_parameters()
    >>> norm.running_mean
    tensor([0., 0.])
    >>> _ = torch.manual_seed(0)
    >>> with torch.random.fork_rng():
    ...     aside = torch.rand(1000)
    >>> torch.rand(1)
    tensor([0.4963])
"""

import torch
from torch import Tensor, nn


def make_scratch_twin(model: nn.Module, seed: int) -> nn.Module:
    """Return a new model of the same class as `model`, with the same keys, shapes and dtypes, that was never trained.

    Every parameter with two or more dimensions is drawn anew (any usual scheme); those that belong to no layer may
    also be zeros. Biases are drawn anew or zeros. No number of the original is left, in another place or mixed with
    noise either. Normalisation layers are as new: scales 1, shifts 0, and in BatchNorm no statistics (mean 0,
    variance 1, no batch counted). Every parameter requires grad.

    The twin shares no tensor with `model`, and `model` stays as it is. The same seed, 0 or any other, gives the same
    twin, another seed another twin. After the call torch's global random generator goes on exactly where it was,
    however many numbers it had given before.
    """
    # TODO: a copy has the right keys and shapes; which of its tensors does no layer's reset ever touch?
    raise NotImplementedError


def majority_floor(train_labels: Tensor, val_labels: Tensor) -> float:
    """Return the validation accuracy of always answering the most frequent training class.

    Both are int64 tensors of shape [examples]. When several classes are equally frequent in training, the
    smallest label is the answer.
    """
    # TODO: which labels decide what the answer is, and which decide how often it is right?
    raise NotImplementedError


if __name__ == "__main__":
    from grader.inside import models

    tiny = models.build({"family": "vit", "width": 8, "layers": 1, "num_classes": 5})
    print("What a small Vision Transformer holds, and who holds it:")
    for path, module in tiny.named_modules():
        for name, parameter in module.named_parameters(path, recurse=False):
            print(f"    {name:22} {tuple(parameter.shape)!s:14} {type(module).__name__}")
    twin = make_scratch_twin(tiny, seed=0)
    equal = [name for name, mine in twin.named_parameters() if torch.equal(mine, tiny.state_dict()[name])]
    print("Still the same in the twin:", equal)
