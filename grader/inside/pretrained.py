"""The two pretrained models with a head of the job's, and the small sample of each: for probes that train for real."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from safetensors import safe_open
from torch import Tensor, nn

from . import corrupt, models
from .observe import tensors
from .wire import Job

HEADS = {"vision": "fc", "text": "classifier"}


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
    state, metadata = _read(job, f"{modality}-backbone")
    state |= {f"{HEADS[modality]}.{name}": tensor for name, tensor in tensors(job.arrays, head)}
    classes = len(state[f"{HEADS[modality]}.bias"])
    model = models.build({**metadata["spec"], **changes, "num_classes": classes})
    model.load_state_dict(state)
    return model


def sample(job: Job, modality: str) -> Sample:
    """Read the sample of a modality."""
    data, _ = _read(job, f"{modality}-sample")
    if modality == "text":
        return Sample(data["input_ids"], data["labels"], data["held_out_input_ids"])
    pixels = _read(job, "vision-backbone")[1]["pixels"]
    inputs, held_out = (corrupt.images(data[name], pixels, {}, seed=0) for name in ("images", "held_out_images"))
    return Sample(inputs, data["labels"], held_out)


def logits(model: nn.Module, inputs: Tensor) -> Tensor:
    """Return a model's scores ``[N, classes]`` for images or for word-piece ids."""
    if inputs.is_floating_point():
        scores: Tensor = model(inputs)
    else:
        scores = model(input_ids=inputs, attention_mask=(inputs != 0).long()).logits
    return scores


def _read(job: Job, name: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return the tensors of a public fixture and its metadata, decoded."""
    with safe_open(job.fixtures[name], framework="pt") as file:
        metadata = {key: json.loads(text) for key, text in (file.metadata() or {}).items()}
        return {key: file.get_tensor(key) for key in file.keys()}, metadata  # noqa: SIM118  not a dict
