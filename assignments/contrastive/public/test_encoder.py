"""Public checks of the part ``encoder``."""

from __future__ import annotations

from operator import index

import torch
from torch import Tensor

from autograder.lab.testing.failures import Wrong
from autograder.lab.testing.student import Module, Student
from autograder.lab.testing.suite import demand


def spectrograms(clips: int, frames: int) -> Tensor:
    """Random numbers in the shape of spectrograms."""
    generator = torch.Generator().manual_seed(0)
    return torch.randn(clips, 40, frames, generator=generator)


def build(student: Student, name: str, *args: int) -> Module:
    module = student.call(name, *args)
    demand(isinstance(module, Module), f"{name} should be a class that extends nn.Module.")
    assert isinstance(module, Module)
    return module


def training_encoder(student: Student) -> Module:
    module = build(student, "Encoder")
    return module.train()


def dim(encoder: Module) -> int:
    """The length that the encoder says its embeddings have."""
    try:
        told = encoder.dim
        return index(told)
    except (TypeError, ValueError, RuntimeError) as error:
        raise Wrong("The attribute dim should be a whole number.") from error


def is_shaped(z: object, *shape: int) -> bool:
    return isinstance(z, Tensor) and z.shape == shape


def test_shape(student: Student) -> None:
    """Spectrograms of several lengths become embeddings [batch, dim], in train mode too."""
    encoder = training_encoder(student)
    length = dim(encoder)  # read before any clip, as the training run does
    for frames in (48, 16, 18, 100, 1000):
        demand(
            is_shaped(encoder(spectrograms(2, frames)), 2, length),
            "An encoder returns [batch, dim], dim being its attribute, for any number of frames "
            "from 16 on.",
        )


def test_gradients(student: Student) -> None:
    """Every parameter gets a gradient, and some gradient is not zero."""
    encoder = training_encoder(student)
    reached: set[str] = set()
    moved = False
    for _ in range(8):  # some layers may be skipped at random
        grads = encoder.gradients(spectrograms(4, 48), torch.randn(4, dim(encoder)))
        moved = moved or any(grad is not None and bool(grad.any()) for grad in grads.values())
        reached |= {name for name, grad in grads.items() if grad is not None}
        if len(reached) == len(grads):
            break
    idle = [name for name in grads if name not in reached]
    demand(not reached or moved, "All gradients are zero. Where is your encoder without a slope?")
    demand(
        bool(reached) and not idle,
        f"No gradient reaches {', '.join(idle[:4]) or 'anything'}. Is it used in forward?",
    )


def test_size(student: Student) -> None:
    """The encoder has at most 2 million parameters."""
    encoder = training_encoder(student)
    encoder(spectrograms(2, 48))
    demand(
        encoder.parameter_count() <= 2_000_000,
        "More than 2 million parameters. Which layer holds most of them?",
    )


def test_eval(student: Student) -> None:
    """In eval mode a clip alone gets the embedding that it gets among others."""
    encoder = training_encoder(student)
    mel = spectrograms(4, 48)
    encoder(mel)
    alone, among = encoder.eval()(mel[:1]), encoder(mel)
    demand(is_shaped(alone, 1, dim(encoder)), "A batch of one clip should give [1, dim].")
    demand(is_shaped(among, 4, dim(encoder)), "An encoder returns [batch, dim].")
    scale = among.detach().abs().max()
    demand(bool(scale.isfinite()), "The embeddings are not finite numbers.")
    demand(
        bool((alone - among[:1]).detach().abs().max() <= 0.01 * scale + 1e-6),
        "In eval mode the embedding of a clip changes with the clips beside it, or from call to "
        "call. What in your encoder mixes clips, or draws random numbers?",
    )


def test_head(student: Student) -> None:
    """A projection head maps [batch, in_dim] to [batch, out_dim]."""
    x = torch.randn(4, 96)
    demand(
        is_shaped(build(student, "ProjectionHead", 96).train()(x), 4, 64)
        and is_shaped(build(student, "ProjectionHead", 96, 20).train()(x), 4, 20),
        "ProjectionHead(in_dim, out_dim=64) returns [batch, out_dim].",
    )
