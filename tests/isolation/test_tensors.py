"""Tensors as bytes: what is written is the known format, what is read is checked."""

from __future__ import annotations

import json
import struct

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.isolation.tensors import DTYPES, MalformedTensors, dump, load

shapes = st.lists(st.integers(0, 4), max_size=4)


def made(dtype: torch.dtype, shape: list[int]) -> torch.Tensor:
    return torch.arange(1, 1 + torch.Size(shape).numel()).reshape(shape).to(dtype)


def body(header: object, data: bytes = b"") -> bytearray:
    told = header if isinstance(header, bytes) else json.dumps(header).encode()
    return bytearray(struct.pack("<Q", len(told)) + told + data)


@given(st.lists(st.tuples(st.sampled_from(list(DTYPES)), shapes), max_size=5))
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_again_here_and_by_the_library(kinds):
    tensors = [made(*kind) for kind in kinds]
    written = b"".join(dump(tensors))
    for found in (load(bytearray(written)), safetensors.torch.load(written)):
        assert set(found) == {str(number) for number in range(len(tensors))}
        for number, tensor in enumerate(tensors):
            again = found[str(number)]
            assert (again.dtype, again.shape) == (tensor.dtype, tensor.shape)
            assert torch.equal(again, tensor)


def test_a_tensor_that_was_read_can_be_written_to_and_leaves_the_others_alone():
    found = load(bytearray(b"".join(dump([torch.zeros(3), torch.zeros(3)]))))
    found["0"].add_(1)
    assert found["0"].tolist() == [1, 1, 1]
    assert found["1"].tolist() == [0, 0, 0]


def entry(dtype: object = "F32", shape: object = (2,), offsets: object = (0, 8)) -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


@pytest.mark.parametrize(
    "malformed",
    [
        pytest.param(bytearray(b"short"), id="no header"),
        pytest.param(bytearray(struct.pack("<Q", 2**63) + b"{}"), id="a header beyond the end"),
        pytest.param(body(b"{" + b" " * (5 << 20) + b"}"), id="a huge header"),
        pytest.param(body(["0"]), id="a list"),
        pytest.param(body({}, b"1234"), id="bytes of no tensor"),
        pytest.param(body({"0": 1}, b"12345678"), id="an entry that is a number"),
        pytest.param(body({"0": entry() | {"more": 1}}, b"12345678"), id="an entry with more"),
        pytest.param(body({"0": entry("F8_E4M3")}, b"12345678"), id="an unknown dtype"),
        pytest.param(body({"0": entry(["F32"])}, b"12345678"), id="a dtype that is a list"),
        pytest.param(body({"0": entry(shape=2)}, b"12345678"), id="a shape that is a number"),
        pytest.param(body({"0": entry(shape=[-1, -2])}, b"12345678"), id="negative sizes"),
        pytest.param(body({"0": entry(shape=[True, 2])}, b"12345678"), id="a size that is a truth"),
        pytest.param(body({"0": entry(shape=[2.0])}, b"12345678"), id="a size that is a fraction"),
        pytest.param(body({"0": entry(shape=[0, 2**62], offsets=[0, 0])}), id="a huge size"),
        pytest.param(body({"0": entry(shape=[1] * 65)}, b"1234"), id="too many dimensions"),
        pytest.param(body({"0": entry(shape=[3])}, b"12345678"), id="more than there is"),
        pytest.param(body({"0": entry(offsets=[4, 12])}, b"x" * 12), id="a gap before"),
        pytest.param(body({"0": entry(), "1": entry()}, b"12345678"), id="two in one place"),
        pytest.param(body({"0": entry(), "1": entry(offsets=[-8, 0])}, b"x" * 8), id="backwards"),
        pytest.param(body(b'{"0": %s }' % json.dumps(entry()).encode(), b"12345678"), id="askew"),
    ],
)
def test_a_claim_that_does_not_fit_is_refused(malformed):
    with pytest.raises(MalformedTensors):
        load(malformed)
