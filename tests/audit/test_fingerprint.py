"""The fingerprint tells bits apart, and nothing else."""

from __future__ import annotations

import hashlib

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from grader.audit.fingerprint import _sums_by_kernels, _sums_in_cache, _weights, fingerprint, is_readable

DTYPES = [
    torch.float32,
    torch.float64,
    torch.float16,
    torch.bfloat16,
    torch.float8_e4m3fn,
    torch.complex64,
    torch.int64,
    torch.int32,
    torch.int8,
    torch.uint8,
    torch.bool,
]
LENGTHS = st.one_of(st.integers(2, 40), st.integers(32_768, 45_000))
"""Hashed as it is, and summed in stretches of 4 KiB with a rest."""


def drawn(length: int, dtype: torch.dtype, seed: int) -> Tensor:
    """Random bits of a dtype (truth values only, where the dtype has no others); NaNs included."""
    generator = torch.Generator().manual_seed(seed)
    if dtype is torch.bool:
        return torch.randint(2, (length,), generator=generator).bool()
    raw = torch.randint(256, (length * dtype.itemsize,), generator=generator, dtype=torch.uint8)
    return raw.view(dtype)


def with_flipped_bit(tensor: Tensor, byte: int, bit: int) -> Tensor:
    flipped = tensor.clone()
    raw = flipped.view(torch.uint8)
    raw[byte % len(raw)] ^= 1 << (0 if tensor.dtype is torch.bool else bit)
    return flipped


@given(LENGTHS, st.sampled_from(DTYPES), st.integers(0, 2**31), st.integers(0, 2**40), st.integers(0, 7))
@settings(max_examples=300, deadline=None)
def test_any_flipped_bit_changes_it(length: int, dtype: torch.dtype, seed: int, byte: int, bit: int) -> None:
    tensor = drawn(length, dtype, seed)
    assert fingerprint(tensor) == fingerprint(tensor.clone())
    assert fingerprint(with_flipped_bit(tensor, byte, bit)) != fingerprint(tensor)


@given(LENGTHS, st.sampled_from(DTYPES), st.integers(0, 2**31), st.data())
@settings(max_examples=300, deadline=None)
def test_two_unlike_values_changing_places_change_it(
    length: int, dtype: torch.dtype, seed: int, data: st.DataObject
) -> None:
    tensor = drawn(length, dtype, seed)
    first, second = data.draw(st.integers(0, length - 1)), data.draw(st.integers(0, length - 1))
    swapped = tensor.clone()
    swapped[[first, second]] = tensor[[second, first]]
    alike = torch.equal(swapped.view(torch.uint8), tensor.view(torch.uint8))
    assert (fingerprint(swapped) == fingerprint(tensor)) is alike


@pytest.mark.parametrize("length", [40, 30_000])
def test_any_permutation_of_unlike_values_changes_it(length: int) -> None:
    tensor = torch.arange(length, dtype=torch.float32)
    seen = {fingerprint(tensor[torch.randperm(length, generator=torch.Generator().manual_seed(s))]) for s in range(50)}
    assert len({*seen, fingerprint(tensor), fingerprint(tensor.flip(0)), fingerprint(tensor.roll(1))}) == 53


def test_no_pair_of_sign_flips_in_a_stretch_goes_unseen() -> None:
    weights = _weights(torch.device("cpu"))
    lowest = weights & (2**33 - 1)
    either_sign = torch.cat([lowest, (2**33 - lowest) & (2**33 - 1)])
    assert len(either_sign.unique()) == len(either_sign)
    assert bool((weights % 2 == 1).all())


@given(st.integers(9000, 20_000), st.integers(0, 2**31), st.integers(2, 9000))
@settings(max_examples=100, deadline=None)
def test_sign_flips_change_it(length: int, seed: int, flips: int) -> None:
    tensor = drawn(length, torch.float32, seed)
    flipped = tensor.clone()
    where = torch.randperm(length, generator=torch.Generator().manual_seed(seed))[:flips]
    flipped.view(torch.int32)[where] ^= -(2**31)
    assert fingerprint(flipped) != fingerprint(tensor)
    assert fingerprint(-tensor) != fingerprint(tensor)


def test_it_is_bitwise() -> None:
    nan = torch.full((20_000,), float("nan"))
    assert fingerprint(nan) == fingerprint(nan.clone())
    zero = torch.zeros(20_000)
    assert fingerprint(zero) != fingerprint(-zero)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1,), (3, 10_240), (10_231, 3)])
def test_strides_do_not_matter_and_shapes_do(shape: tuple[int, ...]) -> None:
    tensor = torch.randn(shape)
    strided = torch.empty((*shape, 2))[..., 0].copy_(tensor)
    assert fingerprint(strided) == fingerprint(tensor)
    assert fingerprint(tensor.unsqueeze(0)) != fingerprint(tensor)


def test_memory_format_views_and_lazy_signs_do_not_matter() -> None:
    image = torch.randn(8, 16, 16, 16)
    assert fingerprint(image.contiguous(memory_format=torch.channels_last)) == fingerprint(image)
    assert fingerprint(image.transpose(0, 1)) == fingerprint(image.transpose(0, 1).contiguous())
    assert fingerprint(torch.ones(1).expand(30_000)) == fingerprint(torch.ones(30_000))
    wave = torch.randn(30_000, dtype=torch.complex64)
    assert fingerprint(wave.conj()) == fingerprint(wave.conj().resolve_conj())
    lazily_negative = torch._neg_view(image)  # what the imaginary part of a conjugate is
    assert fingerprint(lazily_negative) == fingerprint(-image)


@pytest.mark.parametrize("offset", [1, 2, 3, 4])
def test_a_view_at_an_odd_place_is_read_as_it_is(offset: int) -> None:
    raw = torch.randint(256, (90_000,), dtype=torch.uint8)
    assert fingerprint(raw[offset:]) == fingerprint(raw[offset:].clone())


def test_equal_bytes_of_another_dtype_are_something_else() -> None:
    tensor = torch.randn(30_000)
    assert fingerprint(tensor) != fingerprint(tensor.view(torch.int32))


def test_the_bits_are_the_same_on_every_machine() -> None:
    assert fingerprint(torch.arange(30_000)) == "int64[30000]:3ae7b7897e227e169eb32b2d92d4c638"
    assert fingerprint(torch.arange(3)) == "int64[3]:c13e098dea35c5ccc55e3f7031306bf4"


def test_the_sums_are_those_of_the_docstring() -> None:
    tensor = torch.randint(-(2**31), 2**31, (10_240,), dtype=torch.int32)
    weights = _weights(torch.device("cpu")).tolist()
    stretches = tensor.view(10, 1024).tolist()
    sums = [sum(word * weight for word, weight in zip(words, weights, strict=True)) % 2**64 for words in stretches]
    digest = hashlib.blake2b(b"int32[10240]", digest_size=16)
    digest.update(b"".join(number.to_bytes(8, "little") for number in sums))
    assert fingerprint(tensor) == f"int32[10240]:{digest.hexdigest()}"


@given(LENGTHS, st.sampled_from(DTYPES), st.integers(0, 2**31))
@settings(max_examples=60, deadline=None)
def test_exact_is_sha256_of_all_bytes(length: int, dtype: torch.dtype, seed: int) -> None:
    tensor = drawn(length, dtype, seed)
    whole = hashlib.sha256(bytes(tensor.view(torch.uint8).tolist())).hexdigest()
    assert fingerprint(tensor, exact=True).endswith(f":{whole}")


def test_it_leaves_the_random_state_and_the_graph_alone() -> None:
    state = torch.random.get_rng_state()
    weight = torch.randn(30_000, requires_grad=True)
    torch.random.set_rng_state(state)
    fingerprint(weight)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert weight.grad_fn is None


def test_what_has_no_bits_of_its_own_is_not_readable() -> None:
    assert is_readable(torch.zeros(3))
    assert not is_readable(torch.zeros(3, device="meta"))
    assert not is_readable(torch.eye(3).to_sparse())
    assert not is_readable(torch.nn.LazyLinear(3).weight)


def test_what_accelerators_compute_is_what_the_cpu_computes() -> None:
    stretches = torch.randint(-(2**31), 2**31, (5000, 1024), dtype=torch.int32)
    weights = _weights(stretches.device)
    assert torch.equal(_sums_by_kernels(stretches, weights), _sums_in_cache(stretches, weights))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_gives_the_same_fingerprint() -> None:
    tensors = [drawn(length, dtype, 5) for length in (1, 1000, 6_000_001) for dtype in DTYPES]
    assert [fingerprint(tensor.cuda()) for tensor in tensors] == [fingerprint(tensor) for tensor in tensors]
