"""The statistics that tell separate draws from others, and the rules of random functions."""

from __future__ import annotations

import pytest
import torch

from autograder.lab.testing.failures import Wrong
from autograder.lab.testing.randomness import (
    CALLS,
    CLIPS,
    DEPENDENT,
    REPEATED,
    SHARED,
    Rules,
    dependence,
    loud_clips,
    real,
    repeated,
    shared,
    twin,
)
from autograder.lab.testing.student import LocalStudent

SEEDS = range(5)


def uniform(seed, *shape):
    return torch.rand(*shape or (CALLS, CLIPS), generator=twin(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_separate_draws_pass_whatever_their_distribution(seed):
    for a, b in (
        (uniform(seed), uniform(seed + 100)),
        ((5 * uniform(seed)).floor(), (uniform(seed + 100) < 0.1).float()),
        ((17 * uniform(seed) ** 2).floor(), torch.full((CALLS, CLIPS), torch.nan)),
        (torch.ones(CALLS, CLIPS), torch.ones(CALLS, CLIPS)),
    ):
        assert shared(a) < SHARED
        assert shared(b) < SHARED
        assert repeated(a, b) < REPEATED
    assert dependence(uniform(seed, 600), (3 * uniform(seed + 100, 600)).floor()) < DEPENDENT
    assert dependence(torch.zeros(0), torch.zeros(0)) < DEPENDENT


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_call_draws_once_is_seen(seed):
    clip, call = uniform(seed), uniform(seed + 100, CALLS, 1)
    for draws in (
        (call < 0.5) * (1 + clip),
        (call < 0.7) * (1 + clip),
        call * clip,
        (call + clip) / 2,
        call.expand(CALLS, CLIPS),
    ):
        assert shared(draws) > SHARED


@pytest.mark.parametrize("seed", SEEDS)
def test_the_draws_of_another_clip_are_seen(seed):
    half = uniform(seed, CALLS, CLIPS // 2)
    whole = uniform(seed + 100)
    for draws in (
        [half.repeat(1, 2)],
        [half.repeat_interleave(2, dim=1)],
        [torch.cat([half, half.flip(1)], dim=1)],
        [torch.cat([half, 1 - half], dim=1)],
        [whole.sort(dim=1).values],
        [whole, whole.roll(1, dims=1)],
        [whole, whole.flip(1)],
    ):
        assert repeated(*draws) > REPEATED


@pytest.mark.parametrize("seed", SEEDS)
def test_draws_that_go_together_are_seen(seed):
    u, v = uniform(seed, 1000), uniform(seed + 100, 1000)
    for other in (u, 1 - u, (2 * u - 1).abs(), torch.minimum(u, v), (u + v) / 2):
        assert dependence(u, other) > DEPENDENT


def test_a_result_is_real_or_refused():
    plain = torch.ones(2, requires_grad=True)
    assert torch.equal(real(plain), torch.ones(2))
    assert not real(plain).requires_grad
    for odd in (
        None,
        1.0,
        [plain],
        torch.ones(2, dtype=torch.cfloat),
        torch.ones(2, dtype=torch.long),
        torch.ones(2, device="meta"),
        torch.ones(2).to_sparse(),
    ):
        assert real(odd) is None


def told(function, seed=3):
    """The hint that a function's draws from the generator are answered with."""
    student = LocalStudent({"f": function})
    rules = Rules("part")
    wave = loud_clips(8, 50, seed=0)

    def call(generator=None):
        return rules.checked(student.f(wave.clone(), generator=generator), wave)

    try:
        rules.comes_from_generator(student, call, seed)
        rules.varies_by_default(call)
        rules.keeps_input(student)
    except Wrong as failure:
        return failure.hint
    return None


def test_rules_of_the_generator():
    def good(wave, generator):
        return wave + torch.rand(wave.shape, generator=generator)

    def elsewhere(wave, generator):
        return good(wave, generator) + (torch.rand(1) < 0.5)

    def fixed(wave, generator):
        return good(wave, twin(0))

    def restarts(wave, generator):
        return good(wave, generator and twin(generator.initial_seed()))

    def by_default(wave, generator):
        return good(wave, generator or twin(0))

    def in_place(wave, generator):
        return wave.add_(torch.rand(wave.shape, generator=generator))

    assert told(good) is None
    assert told(elsewhere) == "part.ignores_generator"
    assert told(fixed) == "part.fixed_seed"
    assert told(restarts) == "part.restarts_generator"
    assert told(by_default) == "part.default_generator"
    assert told(in_place) == "part.modifies_input"
    assert told(lambda wave, generator: wave.cfloat()) == "part.dtype"
    assert told(lambda wave, generator: wave[:1]) == "part.shape"
    assert told(lambda wave, generator: None) == "part.not_a_tensor"
