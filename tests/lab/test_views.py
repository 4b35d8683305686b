"""Two views of a clip: of one clip, of different copies, and of the shape that clips have."""

from __future__ import annotations

import pytest
import torch
from torch import Generator, Tensor

from autograder.lab.views import draw_views, wave_bank


def waves(clips: int = 40, samples: int = 2000) -> Tensor:
    """Tones, each clip with its own pitch."""
    pitch = torch.linspace(150, 3000, clips)[:, None]
    return torch.sin(2 * torch.pi * pitch * torch.arange(samples) / 8000)


def louder_noise(wave: Tensor, generator: Generator) -> Tensor:
    return wave + 0.05 * torch.randn(wave.shape, generator=generator)


def identity(batch: Tensor, generator: Generator) -> Tensor:
    return batch


def numbered(copies: int, clips: int) -> Tensor:
    """A bank whose values are 100 times the copy plus the clip."""
    numbers = torch.arange(copies)[:, None] * 100 + torch.arange(clips)
    return numbers[:, :, None, None].expand(-1, -1, 40, 16).float()


def test_a_bank_holds_log_mels_of_different_copies_of_every_clip():
    bank = wave_bank(waves(), louder_noise, 3, Generator().manual_seed(0))
    assert bank.shape[:3] == (3, 40, 40)
    assert bank.isfinite().all()
    assert not torch.equal(bank[0], bank[1])


def test_the_same_generator_makes_the_same_bank():
    made = [wave_bank(waves(), louder_noise, 2, Generator().manual_seed(0)) for _ in range(2)]
    assert torch.equal(*made)


def test_an_augmentation_that_works_in_place_does_not_spoil_the_waves_or_the_bank():
    def in_place(batch: Tensor, generator: Generator) -> Tensor:
        return batch.mul_(0.5)

    given = waves()
    bank = wave_bank(given, in_place, 2, Generator())
    assert torch.equal(given, waves())
    before = bank.clone()
    next(draw_views(bank, in_place, 8, Generator()))
    assert torch.equal(bank, before)


@pytest.mark.parametrize("shape", [(1, 2000), (2000,), (4, 1, 2000)])
def test_one_clip_is_no_corpus(shape):
    with pytest.raises(ValueError, match="at least two clips"):
        wave_bank(torch.zeros(shape), louder_noise, 2, Generator())


def test_an_augmentation_that_changes_the_shape_is_named():
    def cropped(batch: Tensor, generator: Generator) -> Tensor:
        return batch[..., :-1]

    with pytest.raises(ValueError, match="cropped must return the shape"):
        wave_bank(waves(), cropped, 2, Generator())
    with pytest.raises(ValueError, match="cropped must return the shape"):
        next(draw_views(numbered(2, 30), cropped, 8, Generator()))


def test_what_is_no_tensor_is_named_too():
    with pytest.raises(ValueError, match="not tuple"):
        wave_bank(waves(), lambda batch, generator: (batch, batch), 2, Generator())


@pytest.mark.parametrize("copies", [1, 2, 3])
def test_both_views_are_of_one_clip_and_of_different_copies(copies):
    batches = draw_views(numbered(copies, 30), identity, 8, Generator().manual_seed(0))
    for _ in range(20):
        first, second = next(batches)[:, 0, 0].long().chunk(2)
        assert torch.equal(first % 100, second % 100)
        assert len(first.unique()) == 8
        assert copies == 1 or (first // 100 != second // 100).all()


def test_an_epoch_draws_no_clip_twice():
    batches = draw_views(numbered(2, 40), identity, 8, Generator().manual_seed(0))
    drawn = torch.cat([next(batches)[:8, 0, 0] % 100 for _ in range(5)])
    assert len(drawn.unique()) == 40


def test_fewer_clips_than_a_batch_are_one_batch():
    batches = draw_views(numbered(2, 5), identity, 1000, Generator().manual_seed(0))
    assert all(len(next(batches)) == 2 * 5 for _ in range(3))
