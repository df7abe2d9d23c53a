"""Names that both sides share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Modality = Literal["vision", "text"]
MODALITIES: tuple[Modality, ...] = get_args(Modality)
HEADS: Mapping[str, str] = {"vision": "fc", "text": "classifier"}
"""Name of the pretrained model's head, by modality."""

StrategyName = Literal["scratch", "frozen", "partial_unfreeze", "full_finetune"]
STRATEGIES: tuple[StrategyName, ...] = get_args(StrategyName)
"""The cheapest idea first."""

LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""Classes by number, one letter each, where every example's class is told."""

PROCESSORS = ("x86_64", "aarch64")
"""Those whose system calls are known: the columns of ``inside/walls/numbers.py``."""
