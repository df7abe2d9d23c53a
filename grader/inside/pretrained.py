"""The two pretrained models with a head of the job's, and the small sample of each: for probes that train for real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from grader.wire.job import Job
from grader.wire.names import HEADS

from . import corrupt, models
from .observe import tensors
from .stored import read


@dataclass(frozen=True)
class Sample:
    """A few examples of a target task, ready for the model, and inputs whose pristine features are known outside."""

    inputs: Tensor
    """Float images ``[N, 3, 28, 28]``, or int64 word-piece ids ``[N, 32]`` in which 0 is padding."""
    labels: Tensor
    """int64 ``[N]``."""
    held_out: Tensor
    """Inputs ``[32, ...]``."""


def pretrained(job: Job, modality: str, head: str, **changes: Any) -> nn.Module:
    """Build a pretrained model under the head that the job brings as ``head`` + ``weight`` and ``bias``.

    ``changes`` go into the spec, as far as they leave every shape as it is.
    """
    state, metadata = read(job.fixtures[f"{modality}-backbone"])
    state |= {f"{HEADS[modality]}.{name}": tensor for name, tensor in tensors(job.arrays, head)}
    classes = len(state[f"{HEADS[modality]}.bias"])
    model = models.build({**metadata["spec"], **changes, "num_classes": classes})
    model.load_state_dict(state)
    return model


def sample(job: Job, modality: str) -> Sample:
    """Read the sample of a modality."""
    data, _ = read(job.fixtures[f"{modality}-sample"])
    if modality == "text":
        return Sample(data["input_ids"], data["labels"], data["held_out_input_ids"])
    _, backbone = read(job.fixtures["vision-backbone"])
    inputs, held_out = (
        corrupt.images(data[name], backbone["pixels"], {}, seed=0) for name in ("images", "held_out_images")
    )
    return Sample(inputs, data["labels"], held_out)


def logits(model: nn.Module, inputs: Tensor) -> Tensor:
    """Return a model's scores ``[N, classes]`` for images or for word-piece ids."""
    if inputs.is_floating_point():
        scores: Tensor = model(inputs)
    else:
        scores = model(input_ids=inputs, attention_mask=(inputs != 0).long()).logits
    return scores
