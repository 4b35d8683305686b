"""Public checks of the part ``add_noise``."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import demand

SECOND = torch.linspace(0, 2 * math.pi, 8000)
TONES = torch.stack([0.8 * torch.sin(440 * SECOND), 0.1 * torch.sin(90 * SECOND)])
"""A loud tone and a quiet one, a second each."""


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def added(noisy: object) -> Tensor:
    """What was added to the tones."""
    demand(isinstance(noisy, Tensor), "Return one torch tensor.")
    assert isinstance(noisy, Tensor)
    plain = noisy.layout == torch.strided and noisy.is_floating_point() and noisy.is_cpu
    demand(noisy.shape == TONES.shape, "The result should have the shape of the clips.")
    demand(plain, "The result should be an ordinary tensor of floating-point numbers.")
    return noisy.as_subclass(Tensor) - TONES


def test_same_kind(student: Student) -> None:
    """Float32 clips give a float32 result of the same shape."""
    noisy = student.add_noise(TONES.clone(), 20.0, generator=source())
    demand(bool(added(noisy).abs().max() > 0), "No noise was added.")
    demand(noisy.dtype == torch.float32, "The result should have the dtype of the clips.")


def test_ten_decibels(student: Student) -> None:
    """At 10 dB the noise has a tenth of the power of its clip, of the quiet one too."""
    noise = added(student.add_noise(TONES.clone(), 10.0, generator=source()))
    share = noise.square().mean(dim=1) / TONES.square().mean(dim=1)
    demand(
        bool(((share > 0.08) & (share < 0.125)).all()),
        "Subtract the clip from your result and take the mean square of the rest, for each of "
        "the two clips: which part of the clip's own mean square is it?",
    )


def test_decibels_per_clip(student: Student) -> None:
    """A tensor of decibels gives each clip its own ratio: here 0 dB and 20 dB."""
    noise = added(student.add_noise(TONES.clone(), torch.tensor([0.0, 20.0]), generator=source()))
    share = noise.square().mean(dim=1) / TONES.square().mean(dim=1)
    demand(
        0.8 < float(share[0]) < 1.25 and 0.008 < float(share[1]) < 0.0125,
        "Which shape should the decibels have to meet clips of shape [batch, time]?",
    )


def test_silent_clip(student: Student) -> None:
    """A clip of zeros comes back as it is."""
    wave = TONES * torch.tensor([[1.0], [0.0]])
    noisy = student.add_noise(wave, 10.0, generator=source())
    demand(
        bool((added(noisy) + TONES)[1].abs().max() < 3e-5),
        "What does your function compute for a clip whose power is zero?",
    )


def test_own_noise(student: Student) -> None:
    """Two copies of a clip get different noise."""
    twins = TONES[:1].repeat(2, 1)
    noise = added(student.add_noise(twins, 10.0, generator=source()))
    demand(not torch.equal(noise[0], noise[1] + TONES[1] - TONES[0]), "The clips share one noise.")


def test_same_state(student: Student) -> None:
    """A generator in the same state gives the same noise; the next call gives another."""
    generator = source(1)
    one, two = (added(student.add_noise(TONES.clone(), 10.0, generator=generator)) for _ in "12")
    same = added(student.add_noise(TONES.clone(), 10.0, generator=source(1)))
    demand(torch.equal(one, same), "Does every random number come from the generator?")
    demand(not torch.equal(one, two), "Two calls in a row give the same noise.")


def test_clips_are_left_alone(student: Student) -> None:
    """The clips passed in keep their values."""
    student.add_noise(TONES.clone(), 10.0, generator=source())
    demand(not student.mutated, "Your function writes into the clips it was given.")
