"""Whatever can be said comes back the same; whatever arrives is a message or a WireError."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.isolation.remote.deadlines import Deadline
from autograder.isolation.remote.wire import (
    Channel,
    GeneratorState,
    Handle,
    Opaque,
    WireError,
    WireTimeout,
    decode,
    encode,
)

PREFIX = 16

plain = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text() | st.floats()
shapes = st.lists(st.integers(0, 3), max_size=3)
dtypes = st.sampled_from([torch.float32, torch.float64, torch.int64, torch.bool, torch.float16])
tensors = st.builds(lambda s, d: torch.randn(s).to(d), shapes, dtypes)
values = st.recursive(
    plain | tensors,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def same(a: object, b: object) -> bool:
    if isinstance(a, torch.Tensor):
        return (
            isinstance(b, torch.Tensor)
            and a.dtype == b.dtype
            and a.shape == b.shape
            and torch.equal(a.nan_to_num(), b.nan_to_num())
        )
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return a == b or (a != a and b != b)


def roundtrip(message: dict[str, object]) -> dict[str, object]:
    frame = b"".join(encode(message))
    _, n_header, _ = struct.unpack(">4sIQ", frame[:PREFIX])
    return decode(frame[PREFIX : PREFIX + n_header], bytearray(frame[PREFIX + n_header :]))


@given(values)
@settings(max_examples=150)
def test_plain_values_and_tensors_come_back_as_they_were(value):
    assert same({"value": value}, roundtrip({"value": value}))


def test_handles_generators_and_the_wish_for_gradients_cross():
    state = torch.Generator().manual_seed(1).get_state()
    message = roundtrip(
        {"m": Handle(3), "x": torch.ones(1, requires_grad=True), "g": GeneratorState(state)}
    )
    assert message["m"] == Handle(3)
    assert message["x"].requires_grad
    assert torch.equal(message["g"].state, state)


@pytest.mark.parametrize(
    "value",
    [
        object(), {1: 2}, {3}, lambda: 0, b"bytes", torch.ones(2).to_sparse(),
        torch.ones(2, dtype=torch.complex128), torch.ones(2, dtype=torch.uint16),
        torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
    ],
)  # fmt: skip
def test_what_is_neither_number_nor_tensor_crosses_as_a_name(value):
    assert isinstance(roundtrip({"value": value})["value"], Opaque)


def test_a_value_without_end_crosses_as_a_name():
    loop: list[object] = []
    loop.append(loop)
    roundtrip({"value": loop})


@pytest.mark.parametrize(
    "value",
    [
        torch.arange(12.0).reshape(3, 4).T,
        torch.arange(6.0)[::2],
        torch.tensor([1 + 2j, 3 - 4j], dtype=torch.complex64).conj(),
        torch.tensor([1 + 2j], dtype=torch.complex64).conj().imag,
        torch.ones(1).expand(5),
        torch.arange(4, dtype=torch.bfloat16),
    ],
)
def test_a_view_arrives_as_what_it_shows(value):
    assert same(value, roundtrip({"value": [value, value]})["value"][1])


def test_more_tensors_than_one_system_call_takes_all_arrive():
    message = {"value": [torch.full((n % 7,), n) for n in range(1500)]}
    left, right = socket.socketpair()
    with left, right:
        sender = threading.Thread(target=Channel(left).send, args=(message,))
        sender.start()
        assert same(message, Channel(right).receive())
        sender.join()


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=5), st.integers(1, 20_000))
@settings(max_examples=50)
def test_messages_arrive_in_order_however_the_stream_is_cut(sizes, step):
    messages = [{"value": [torch.arange(n), "x" * n]} for n in sizes]
    stream = b"".join(part for message in messages for part in encode(message))
    left, right = socket.socketpair()

    def trickle() -> None:
        for start in range(0, len(stream), step):
            left.sendall(stream[start : start + step])

    with left, right:
        sender = threading.Thread(target=trickle)
        sender.start()
        channel = Channel(right)
        assert all(same(message, channel.receive()) for message in messages)
        sender.join()


def test_a_tensor_subclass_arrives_as_a_plain_tensor():
    class Liar(torch.Tensor):
        pass

    value = roundtrip({"value": torch.ones(2).as_subclass(Liar)})["value"]
    assert type(value) is torch.Tensor


@given(st.binary(max_size=300), st.binary(max_size=300))
@settings(max_examples=300)
def test_random_bytes_are_refused_or_understood(header, body):
    with contextlib.suppress(WireError):
        decode(header, bytearray(body))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(list("TgGMltdo")) | st.text(max_size=2), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(json_values)
@settings(max_examples=300)
def test_any_json_header_is_refused_or_understood(value):
    body = b"".join(encode({"x": torch.ones(2)}))
    n_header = struct.unpack(">4sIQ", body[:PREFIX])[1]
    with contextlib.suppress(WireError):
        decode(json.dumps({"d": {"v": value}}).encode(), bytearray(body[PREFIX + n_header :]))


claims = st.none() | st.lists(
    st.sampled_from(
        ["F32", "F64", "I64", "BOOL", "U8", "BF16", "C64", "?", 0, 1, 2, 3, 2**31, 2**62, -1]
    ),
    max_size=4,
)


@given(st.lists(st.tuples(st.sampled_from("TgG"), claims), max_size=3), st.binary(max_size=32))
@settings(max_examples=300)
def test_any_claims_on_a_body_are_refused_or_understood(claimed, body):
    message = {"d": {"v": {"l": [{kind: claim} for kind, claim in claimed]}}}
    with contextlib.suppress(WireError):
        decode(json.dumps(message).encode(), bytearray(body))


@given(st.data())
@settings(max_examples=200)
def test_a_damaged_frame_is_refused_or_understood(data):
    frame = bytearray(b"".join(encode({"value": [torch.arange(4.0), "text", {"a": (1, None)}]})))
    for _ in range(data.draw(st.integers(1, 3))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(frame)))
    ours, theirs = socket.socketpair()
    theirs.sendall(frame[:cut] if data.draw(st.booleans()) else frame)
    theirs.close()
    channel = Channel(ours)
    try:
        channel.receive()
    except WireError:
        pass
    finally:
        channel.close()


@pytest.mark.parametrize("prefix", [b"SPM1" + b"\xff" * 12, b"HTTP" + b"\0" * 12])
def test_a_claim_of_a_huge_message_is_refused_before_it_is_read(prefix):
    ours, theirs = socket.socketpair()
    theirs.sendall(prefix)
    with pytest.raises(WireError):
        Channel(ours).receive()


def test_waiting_ends_when_time_is_up():
    ours, theirs = socket.socketpair()
    theirs.send(b"SP")
    with pytest.raises(WireTimeout):
        Channel(ours).receive(Deadline(0.05, 0.1).started(lambda: 0.0, 0.0))
