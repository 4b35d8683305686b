"""Tensors as bytes: what is written is read again, and every claim is checked."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.isolation.remote.tensors import DTYPES, MalformedTensors, Reader, Writer

shapes = st.lists(st.integers(0, 4), max_size=4)


def made(dtype: torch.dtype, shape: list[int]) -> torch.Tensor:
    return torch.arange(1, 1 + torch.Size(shape).numel()).reshape(shape).to(dtype)


def written(*tensors: torch.Tensor) -> tuple[list[list[str | int]], bytearray]:
    writer = Writer()
    claims = [writer.add(tensor) for tensor in tensors]
    body = bytearray(b"".join(writer.parts))
    assert len(body) == writer.n_bytes
    return claims, body


@given(st.lists(st.tuples(st.sampled_from(list(DTYPES)), shapes), max_size=5))
@settings(max_examples=100)
def test_what_is_written_is_read_again(kinds):
    tensors = [made(*kind) for kind in kinds]
    claims, body = written(*tensors)
    reader = Reader(body)
    for tensor, claim in zip(tensors, claims, strict=True):
        again = reader.take(claim)
        assert (again.dtype, again.shape) == (tensor.dtype, tensor.shape)
        assert torch.equal(again, tensor)
    reader.end()


def test_numbers_lie_as_numpy_lays_them():
    _, body = written(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([5], dtype=torch.uint8))
    numbers = torch.tensor([1.0, 2.0, 3.0, 4.0]).numpy().astype("<f4").tobytes()
    assert bytes(body) == numbers + b"\x05" + bytes(7)


def test_a_tensor_that_was_read_can_be_written_to_and_leaves_the_others_alone():
    claims, body = written(torch.zeros(3), torch.zeros(3))
    reader = Reader(body)
    first, second = map(reader.take, claims)
    first.add_(1)
    assert first.tolist() == [1, 1, 1]
    assert second.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(None, id="nothing"),
        pytest.param(1, id="a number"),
        pytest.param("F32", id="a dtype alone"),
        pytest.param({"dtype": "F32", "shape": [2]}, id="a dict"),
        pytest.param([], id="an empty list"),
        pytest.param(["F8_E4M3", 2], id="an unknown dtype"),
        pytest.param([["F32"], 2], id="a dtype that is a list"),
        pytest.param([2, "F32"], id="the wrong way round"),
        pytest.param(["F32", [2]], id="a size that is a list"),
        pytest.param(["F32", -1, -2], id="negative sizes"),
        pytest.param(["F32", True, 2], id="a size that is a truth"),
        pytest.param(["F32", 2.0], id="a size that is a fraction"),
        pytest.param(["F32", 0, 2**62], id="a huge size"),
        pytest.param(["U8", *[1] * 65], id="too many dimensions"),
        pytest.param(["F32", 3], id="more than there is"),
        pytest.param(["F32", 2**38], id="more than there is memory"),
        pytest.param(["F64", 2**39, 2**39], id="more than can be counted"),
    ],
)
def test_a_claim_that_does_not_fit_is_refused(claim):
    with pytest.raises(MalformedTensors):
        Reader(bytearray(8)).take(claim)


def test_no_two_tensors_lie_in_one_place():
    reader = Reader(bytearray(8))
    reader.take(["F32", 2])
    with pytest.raises(MalformedTensors):
        reader.take(["U8", 1])


@pytest.mark.parametrize("claim", [["U8", 8], ["U8", 0], ["U8", 1]])
def test_bytes_of_no_tensor_are_refused(claim):
    reader = Reader(bytearray(16))
    reader.take(claim)
    with pytest.raises(MalformedTensors):
        reader.end()
