"""Hidden suite of the part ``context``.

Nothing here depends on how a network is built: it is asked for the shapes of its layers, and for
what moves in the last of them when something in a clip is changed. Weights are random.

What a token hears is judged in units of the last layer's deviation. Where a token hears
nothing, rounding leaves up to 5e-7 of it; a transformer whose positions start as small as BERT's
(.02 of a normal distribution, in all layers) hears the order with 5e-5, and whatever else was
tried with 1e-3 and more. The bar is 1e-5.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import index

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Missing, Wrong
from autograder.lab.testing.student import Module, Student
from autograder.lab.testing.suite import demand, essential, presumes, weigh

LIMIT = 2_000_000
CLIPS, FRAMES = 4, 48
HEARD = 1e-5
"""Of the last layer's deviation: less is rounding."""
FAR, FURTHER = 4, 8
"""Tokens away from the one that is asked."""


def layers_of(result: object, mel: Tensor) -> list[Tensor]:
    """The layers that a network made of ``mel``, float64, if they are some."""
    demand(isinstance(result, list | tuple), "context.not_a_list", type(result).__name__)
    assert isinstance(result, list | tuple)
    demand(all(isinstance(x, Tensor) for x in result), "context.not_a_list", "not all tensors")
    demand(all(x.is_floating_point() for x in result), "context.not_a_list", "not all floats")
    demand(len(result) >= 2, "context.one_layer", len(result))
    batch, tokens = len(mel), mel.shape[2] // 2
    for layer in result:
        seen = (tuple(mel.shape), tuple(layer.shape))
        demand(layer.ndim == 3 and layer.shape[:2] == (batch, tokens), "context.shape", seen)
        demand(layer.shape == result[-1].shape, "context.shape", seen)
        demand(bool(layer.isfinite().all()), "context.not_finite", seen)
    return [x.detach().double() for x in result]


def prepared(student: Student, reference: Mapping[str, Tensor]) -> tuple[Module, Tensor]:
    """A network that has seen one batch in train mode, and that batch."""
    student.seed(7)
    network = student.Context()
    demand(isinstance(network, Module), "context.not_a_module", type(network).__name__)
    mel = reference["speech"][:CLIPS, :, :FRAMES].contiguous()
    layers_of(network.train()(mel), mel)
    return network, mel


def last(network: Module, mel: Tensor) -> Tensor:
    """The last layer, float64 [batch, tokens, dim]."""
    return layers_of(network(mel), mel)[-1]


def distance(a: Tensor, b: Tensor) -> float:
    """Largest difference, in units of the largest value."""
    return float((a - b).abs().max() / torch.maximum(a.abs().max(), b.abs().max()).clamp_min(1e-12))


def slack(layer: Tensor) -> float:
    """How far a layer may move, as :func:`distance` tells, by rounding alone.

    Another batch size may take another way to compute: 1e-5 of a value in float32, 1 % where
    a network works in bfloat16. Batch statistics move a layer by about as much as clips differ.
    """
    spread = float((layer - layer.mean(0)).abs().max() / layer.abs().max().clamp_min(1e-12))
    return 1e-4 + 0.02 * spread


def moved(network: Module, mel: Tensor, changed: Tensor, token: int) -> float:
    """By how much ``token`` of the last layer moves, in units of the layer's deviation."""
    before, after = last(network, mel), last(network, changed)
    scale = before.std().clamp_min(1e-12)
    return float((after - before)[:, token].abs().max() / scale)


def replaced(mel: Tensor, first: int, end: int) -> Tensor:
    """``mel`` with other speech in tokens ``first`` to ``end``, not included."""
    other = mel.clone()
    other[:, :, 2 * first : 2 * end] = mel.flip(0)[:, :, 2 * first : 2 * end]
    return other


def swapped(mel: Tensor, a: int, b: int) -> Tensor:
    """``mel`` with tokens ``a`` and ``b`` in each other's places."""
    other = mel.clone()
    for to, of in ((a, b), (b, a)):
        other[:, :, 2 * to : 2 * to + 2] = mel[:, :, 2 * of : 2 * of + 2]
    return other


@essential
def test_layers(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A network turns log-mels into at least two layers [batch, frames / 2, dim]."""
    network, mel = prepared(student, reference)
    dim = last(network, mel).shape[2]
    try:
        said = index(network.dim)
    except (Missing, TypeError, ValueError, RuntimeError):
        said = None
    demand(said == dim, "context.dim", (said, dim))


@presumes(test_layers)
def test_size(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The network has at most 2 million parameters."""
    network, _ = prepared(student, reference)
    try:
        size = network.parameter_count()
    except (Crashed, ValueError, RuntimeError):
        return  # a layer that never got its shape was never used
    demand(size <= LIMIT, "context.too_large", size)


@weigh(2)
@presumes(test_layers)
def test_any_length(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Clips of any even number of frames from 16 to 256 are taken, in train and in eval mode."""
    network, mel = prepared(student, reference)
    dim, failing = last(network, mel).shape[2], []
    for frames in (16, 18, 46, 64, 130, 256):
        network.train() if frames in (18, 64) else network.eval()
        part = reference["speech"][:2, :, :frames].contiguous()
        try:
            demand(last(network, part).shape[2] == dim, "context.shape", frames)
        except Crashed as error:
            failing.append((frames, error.kind, error.detail))
    odd = bool(failing) and all(frames % 4 for frames, *_ in failing)
    demand(not failing, "context.odd_tokens" if odd else "context.any_length", failing)


@presumes(test_layers)
def test_eval_repeats(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In eval mode the same clips always give the same layers, short and long ones."""
    network, mel = prepared(student, reference)
    network.eval()
    speech = reference["speech"][:2]
    for part in (mel[:2], speech[:, :, :18].contiguous(), speech[:, :, :256].contiguous()):
        try:
            first = last(network, part)
        except Crashed:
            continue  # test_any_length asks for short and long clips
        last(network, 2.0 * mel.flip(0) + 1.0)
        # Of two ways that are taken at random both are seen in 21 calls but for 1e-6.
        for _ in range(20):
            apart = distance(first, last(network, part))
            # The same sums in the same order: rounding does not enter, noise worth having does.
            demand(apart < 1e-5, "context.random_in_eval", (part.shape[2], apart))


@weigh(2)
@presumes(test_layers, test_eval_repeats)
def test_neighbours(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In the last layer a token hears those that are four or more away, on both sides."""
    network, mel = prepared(student, reference)
    network.eval()
    for clips, tokens in ((mel, 24), (reference["speech"][:2, :, :70].contiguous(), 35)):
        for token in (FURTHER, 12, tokens - 1 - FURTHER):
            left = moved(network, clips, replaced(clips, 0, token - FAR + 1), token)
            right = moved(network, clips, replaced(clips, token + FAR, tokens), token)
            if left < HEARD and right < HEARD:
                demand(False, "context.deaf", (token, left, right))
            one = min(left, right)
            demand(one >= HEARD, "context.one_sided", (token, left, right))


@presumes(test_layers, test_eval_repeats, test_neighbours)
def test_order(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In the last layer a token hears in which order its neighbours come."""
    network, mel = prepared(student, reference)
    network.eval()
    for token in (FURTHER, 12, 15):
        for sign in (-1, 1):
            changed = swapped(mel, token + sign * FAR, token + sign * FURTHER)
            heard = moved(network, mel, changed, token)
            demand(heard >= HEARD, "context.order", (token, sign, heard))


@weigh(2)
@presumes(test_layers, test_eval_repeats)
def test_eval_alone(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In eval mode a clip's layers do not depend on the clips beside it."""
    network, mel = prepared(student, reference)
    network.eval()
    usual, loud = layers_of(network(mel), mel), 3.0 * mel.flip(2) + 2.0
    mixed = torch.cat([mel[:2], loud[2:]])
    for layer, among in zip(usual, layers_of(network(mixed), mixed), strict=True):
        off = distance(layer[:2], among[:2])
        demand(off < slack(layer), "context.batch_mates", (off, slack(layer)))


@presumes(test_layers, test_eval_repeats, test_eval_alone)
def test_eval_one_clip(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In eval mode a batch of one clip gives the layers that the clip has among others."""
    network, mel = prepared(student, reference)
    network.eval()
    usual = layers_of(network(mel), mel)
    try:
        result = network(mel[-1:])
    except Crashed as error:
        raise Wrong("context.batch_of_one", error.detail) from error
    shapes = [x.shape for x in result] if isinstance(result, list | tuple) else []
    demand(shapes == [x[-1:].shape for x in usual], "context.batch_of_one", shapes)
    for layer, alone in zip(usual, layers_of(result, mel[-1:]), strict=True):
        off = distance(layer[-1:], alone)
        demand(off < slack(layer), "context.batch_of_one", (off, slack(layer)))


def test_input_is_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The log-mels that are given are not modified."""
    network, mel = prepared(student, reference)
    layers_of(network.eval()(mel), mel)
    demand(not network.mutated, "context.modifies_input")
