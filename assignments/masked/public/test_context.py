"""Public checks of the part ``context``."""

from __future__ import annotations

from operator import index

import torch
from torch import Tensor

from autograder.lab.testing.failures import Wrong
from autograder.lab.testing.student import Module, Student
from autograder.lab.testing.suite import demand


def noise(clips: int, frames: int) -> Tensor:
    """Random numbers in the shape of log-mels."""
    return torch.randn(clips, 40, frames, generator=torch.Generator().manual_seed(0))


def training_network(student: Student) -> Module:
    module = student.Context()
    demand(isinstance(module, Module), "Context should be a class that extends nn.Module.")
    module.train()
    return module


def layers(network: Module, mel: Tensor) -> list[Tensor]:
    """The layers, if they have the shapes that the text asks for."""
    try:
        dim = index(network.dim)
    except (TypeError, ValueError, RuntimeError) as error:
        raise Wrong("The attribute dim should be a whole number.") from error
    made, shape = network(mel), (len(mel), mel.shape[2] // 2, dim)
    several = isinstance(made, list | tuple) and len(made) > 1
    demand(several, "Return a list of at least two layers.")
    fits = all(isinstance(x, Tensor) and x.shape == shape for x in made)
    demand(fits, f"For log-mels {[*mel.shape]} every layer should be {[*shape]}.")
    return list(made)


def test_shapes(student: Student) -> None:
    """Layers are [batch, frames / 2, dim], for clips of several lengths."""
    network = training_network(student)
    for frames in (48, 16, 50, 256):
        layers(network, noise(2, frames))


def test_neighbours(student: Student) -> None:
    """In the last layer a token hears tokens far to its left and far to its right."""
    network, mel = training_network(student), noise(2, 48)
    layers(network, mel)
    network.eval()
    for side, frames in (("left", slice(0, 18)), ("right", slice(32, 48))):
        changed = mel.clone()
        changed[:, :, frames] += 1.0
        difference = (layers(network, changed)[-1] - layers(network, mel)[-1])[:, 12]
        scale = layers(network, mel)[-1].std()
        demand(
            bool(difference.abs().max() > 1e-5 * scale),
            f"Token 12 does not change when tokens 4 and more to its {side} do.",
        )


def test_size(student: Student) -> None:
    """The network has at most 2 million parameters."""
    network = training_network(student)
    layers(network, noise(2, 48))
    demand(network.parameter_count() <= 2_000_000, "More than 2 million parameters.")


def test_eval(student: Student) -> None:
    """In eval mode a clip alone gets the layers that it gets among others."""
    network, mel = training_network(student), noise(4, 48)
    layers(network, mel)
    network.eval()
    for alone, among in zip(layers(network, mel[:1]), layers(network, mel), strict=True):
        off = (alone - among[:1]).abs().max()
        demand(
            bool(off <= 0.01 * among.abs().max() + 1e-6),
            "In eval mode a layer changes with the clips beside it, or from call to call. What in "
            "your network mixes clips, or draws random numbers?",
        )
