"""A short name for the exact bits of a tensor, taken where the tensor lives.

The tensor's bytes are cut into stretches of 4 KiB, 1,024 words of 32 bits each. Every word is multiplied by its own
odd 64-bit weight, and the products of a stretch are summed modulo 2^64. BLAKE2b with 128 bits condenses dtype, shape,
the sums and the bytes after the last whole stretch. A tensor below 32 KiB is hashed as it is.

Which changes could go unseen?

- None within one word of a stretch, so no flipped bit: a difference below 2^32 times an odd weight is never 0 modulo
  2^64. The 128 bits of BLAKE2b then fail with probability 2^-128.
- A change of several words of one stretch is missed with probability 2^(k - 64), where k is the lowest bit that
  differs in any of them. Where mantissas move, k is 0 or close to it. The worst case, 2^-33, is a change of nothing
  but the sign bits of a few float32 values; no pair of those is missed, which a test makes sure of.
- A change of n stretches has to be missed in each of them: the exponents add up.

The probabilities are over the choice of the weights. These are fixed, so whoever wants a collision can construct one:
the fingerprint guards against accidents. Against malice there is ``exact``, SHA-256 of all the bytes.

Equal means bit for bit: a NaN equals itself, and -0.0 differs from 0.0. Strides, memory format and device make no
difference, so that a model may move to an accelerator between two fingerprints.
"""

from __future__ import annotations

import functools
import hashlib

import torch
from torch import Tensor

_STRETCH = 4096
"""Bytes under one sum."""
_WORDS = _STRETCH // 4
_SMALL = 32 << 10
"""Bytes below which hashing them all is quicker than summing first."""


def is_readable(tensor: Tensor) -> bool:
    """Whether a tensor has bytes of its own: not on meta, lazy, sparse, quantised or a wrapper around others."""
    wrapper = hasattr(tensor, "__tensor_flatten__") or torch.nn.parameter.is_lazy(tensor)
    return not (wrapper or tensor.is_meta or tensor.is_quantized) and tensor.layout is torch.strided


def fingerprint(tensor: Tensor, *, exact: bool = False) -> str:
    """Return dtype, shape and a hash of the bits, such as ``float32[10, 64]:8f6d…`` (32 or 64 hexadecimal digits).

    Any dtype and any strides; ``exact`` takes SHA-256 on the host. The tensor must be readable (``is_readable``).
    """
    whole = tensor.detach().resolve_conj().resolve_neg().contiguous()
    flat = whole.as_strided((whole.numel(),), (1,)).view(torch.uint8)  # a single value may keep an odd stride
    kind = f"{str(tensor.dtype).removeprefix('torch.')}{list(tensor.shape)}"
    digest = hashlib.sha256() if exact else hashlib.blake2b(kind.encode(), digest_size=16)
    digest.update((flat if exact else _condensed(flat)).cpu().numpy().data)
    return f"{kind}:{digest.hexdigest()}"


def _condensed(flat: Tensor) -> Tensor:
    """Return the sums of all whole stretches followed by the remaining bytes, uint8; or all the bytes of a few."""
    if flat.nbytes < _SMALL:
        return flat
    whole = flat.nbytes - flat.nbytes % _STRETCH
    aligned = flat[:whole] if flat.storage_offset() % 4 == 0 else flat[:whole].clone()
    return torch.cat([_sums(aligned.view(torch.int32).view(-1, _WORDS)).view(torch.uint8), flat[whole:]])


def _sums(stretches: Tensor) -> Tensor:
    """Return one weighted sum per row of an int32 ``[n, 1024]``, int64 ``[n]``."""
    sums = _sums_in_cache if stretches.device.type == "cpu" else _sums_by_kernels
    return sums(stretches, _weights(stretches.device))


def _sums_in_cache(stretches: Tensor, weights: Tensor) -> Tensor:
    """Widen 128 KiB at a time, again and again into the same place: the second-level cache holds them.

    32,768 values are also the most that torch does not share out among threads, whose meetings cost more on a busy
    machine than they bring.
    """
    blocks = torch.split(stretches, 32)
    wide = torch.empty(blocks[0].shape, dtype=torch.int64, device=stretches.device)
    return torch.cat([torch.mv(wide[: len(block)].copy_(block), weights) for block in blocks])


def _sums_by_kernels(stretches: Tensor, weights: Tensor) -> Tensor:
    """Widen and multiply in one kernel and sum in another: accelerators have no product of integer matrices."""
    return torch.cat([(block * weights).sum(-1) for block in torch.split(stretches, 4096)])


@functools.cache
def _weights(device: torch.device) -> Tensor:
    """Return the odd weights of the words of a stretch, int64 ``[1024]``; the same on every machine."""
    raw = hashlib.shake_256(b"transfer-grader fingerprint v1").digest(8 * _WORDS)
    numbers = [int.from_bytes(raw[i : i + 8], "little", signed=True) | 1 for i in range(0, len(raw), 8)]
    return torch.tensor(numbers, dtype=torch.int64, device=device)
