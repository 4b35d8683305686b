"""A training run learns, is the same every time, and passes on what student code raises."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from autograder.lab.pretraining import (
    Recipe,
    at_tempo,
    draw_views,
    embed,
    pretrain,
    wave_bank,
)
from autograder.lab.testing.seeding import seed_everything

SHORT = Recipe(steps=6, pairs=8)


class Encoder(nn.Module):
    def __init__(self, dim: int = 16) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Conv1d(40, dim, 3), nn.BatchNorm1d(dim), nn.ReLU())
        self.dim = dim

    def forward(self, mel: Tensor) -> Tensor:
        return self.net(mel).mean(2)


def head() -> nn.Module:
    return nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 8))


def waves(clips: int = 40, samples: int = 2000) -> Tensor:
    """Tones, each clip with its own pitch."""
    pitch = torch.linspace(150, 3000, clips)[:, None]
    return torch.sin(2 * torch.pi * pitch * torch.arange(samples) / 8000)


def info_nce(z_a: Tensor, z_b: Tensor) -> Tensor:
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    similarity = (z @ z.T / 0.2).masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(similarity, torch.arange(len(z)).roll(len(z_a)))


def louder_noise(wave: Tensor, generator: torch.Generator) -> Tensor:
    return wave + 0.05 * torch.randn(wave.shape, generator=generator)


def shifted(mel: Tensor, generator: torch.Generator) -> Tensor:
    return mel + 0.2 * torch.randn(len(mel), 1, 1, generator=generator)


def run(recipe: Recipe = SHORT, seed: int = 0, **parts):
    seed_everything(1)
    parts = {
        "encoder": Encoder(),
        "head": head(),
        "loss": info_nce,
        "augment_wave": louder_noise,
        "augment_mel": shifted,
        **parts,
    }
    return pretrain(waves(), *parts.values(), recipe=recipe, seed=seed, progress=False)


def weights(trained) -> list[Tensor]:
    return list(trained.encoder.state_dict().values())


def test_training_lowers_the_loss_and_tells_clips_apart():
    trained = run(Recipe(steps=60, pairs=16))
    assert len(trained.losses) == 60
    assert sum(trained.losses[-5:]) < 0.8 * sum(trained.losses[:5])
    assert trained.diagnostics()["retrieval_top1"] > 0.5
    assert trained.diagnostics()["loss_ratio"] < 0.8
    assert abs(trained.diagnostics()["negative_cosine"]) < 0.3


def test_a_collapsed_run_shows_in_its_diagnostics():
    def alike(z_a: Tensor, z_b: Tensor) -> Tensor:
        z = F.normalize(torch.cat([z_a, z_b]), dim=1)
        return (z - z.mean(0)).square().sum()

    trained = run(Recipe(steps=60, pairs=16), loss=alike)
    assert trained.diagnostics()["negative_cosine"] > 0.95


def test_the_same_seed_gives_bit_identical_weights_whatever_ran_before():
    first = run()
    torch.rand(7), random.random(), np.random.rand()
    second = run()
    assert second.losses == first.losses
    assert all(torch.equal(a, b) for a, b in zip(weights(first), weights(second), strict=True))


def test_global_random_sources_are_seeded_for_students_who_use_them():
    def careless(mel: Tensor, generator: torch.Generator) -> Tensor:
        return mel + random.random() + np.random.rand() + torch.rand(len(mel), 1, 1)

    assert run(augment_mel=careless).losses == run(augment_mel=careless).losses


def test_another_seed_gives_other_weights():
    assert run(seed=1).losses != run(seed=0).losses


def test_the_encoder_is_trained_in_place_and_comes_back_in_eval_mode():
    encoder = Encoder()
    before = [p.clone() for p in encoder.parameters()]
    trained = run(encoder=encoder)
    assert trained.encoder is encoder
    assert not encoder.training
    after = zip(before, encoder.parameters(), strict=True)
    assert all(not torch.equal(a, b) for a, b in after)


@pytest.mark.parametrize("part", ["augment_wave", "augment_mel", "loss", "head"])
def test_what_student_code_raises_arrives_unchanged(part):
    class Oops(Exception):
        pass

    error = Oops("mine")

    def broken(*_: Tensor) -> Tensor:
        raise error

    class Broken(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise error

    with pytest.raises(Oops) as caught:
        run(**{part: Broken() if part == "head" else broken})
    assert caught.value is error


@pytest.mark.parametrize("part", ["augment_wave", "augment_mel"])
def test_an_augmentation_that_changes_the_shape_is_named(part):
    with pytest.raises(ValueError, match=f"{part} must return the shape"):
        run(**{part: lambda x, generator: x[..., :-1]})


def test_lazy_layers_are_trained_too():
    lazy = nn.Sequential(nn.LazyLinear(16), nn.ReLU(), nn.LazyLinear(8))
    run(head=lazy)
    assert all(p.grad is not None for p in lazy.parameters())


def test_an_augmentation_that_works_in_place_does_not_spoil_the_bank():
    def in_place(mel: Tensor, generator: torch.Generator) -> Tensor:
        return mel.mul_(0)

    bank = wave_bank(waves(), louder_noise, 2, torch.Generator())
    before = bank.clone()
    next(draw_views(bank, in_place, 8, torch.Generator()))
    assert torch.equal(bank, before)


def test_one_clip_is_no_corpus():
    with pytest.raises(ValueError, match="at least two clips"):
        wave_bank(waves(1), louder_noise, 2, torch.Generator())


def test_fewer_clips_than_a_batch_are_one_batch():
    assert len(run(Recipe(steps=2, pairs=1000)).losses) == 2


def identity(batch: Tensor, generator: torch.Generator) -> Tensor:
    return batch


@pytest.mark.parametrize("copies", [1, 2, 3])
def test_both_views_are_of_one_clip_and_of_different_copies(copies):
    clips = 30
    numbers = torch.arange(copies)[:, None] * 100 + torch.arange(clips)
    bank = numbers[:, :, None, None].expand(-1, -1, 40, 16).float()
    batches = draw_views(bank, identity, 8, torch.Generator().manual_seed(0))
    for _ in range(20):
        first, second = next(batches)[:, 0, 0].long().chunk(2)
        assert torch.equal(first % 100, second % 100)
        assert len(first.unique()) == 8
        assert copies == 1 or (first // 100 != second // 100).all()


def test_an_epoch_draws_no_clip_twice():
    bank = torch.arange(40.0)[None, :, None, None].expand(2, -1, 40, 16)
    batches = draw_views(bank, identity, 8, torch.Generator().manual_seed(0))
    drawn = torch.cat([next(batches)[:8, 0, 0] for _ in range(5)])
    assert len(drawn.unique()) == 40


def test_embedding_leaves_the_encoder_in_the_mode_it_was_found_in():
    encoder = Encoder().train()
    mels = torch.randn(10, 40, 20)
    whole, parts = embed(encoder, mels), embed(encoder, mels, batch=3)
    assert encoder.training
    assert whole.shape == (10, 16)
    assert not whole.requires_grad
    torch.testing.assert_close(whole, parts)


def test_an_embedding_is_the_mean_over_what_a_clip_might_have_sounded_like():
    encoder, mels = Encoder().eval(), torch.randn(6, 40, 20)
    with torch.no_grad():
        heard = [encoder(at_tempo(mels, tempo)) for tempo in (1, 0.6, 0.8, 1.25, 1.6)]
    torch.testing.assert_close(embed(encoder, mels), sum(heard) / 5)


@given(st.floats(0.5, 2.0), st.integers(1, 30))
def test_another_tempo_reads_frames_at_multiples_of_their_place(tempo, frames):
    band, frame = torch.arange(40.0).double(), torch.arange(float(frames)).double()
    mels = (100 * band[:, None] + frame).expand(2, -1, -1)
    expected = 100 * band[:, None] + (tempo * frame).clamp(max=frames - 1)
    torch.testing.assert_close(
        at_tempo(mels, tempo), expected.expand(2, -1, -1), atol=1e-2, rtol=1e-5
    )
