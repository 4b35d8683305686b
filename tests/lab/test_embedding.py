"""An embedding is a mean over tempi, the same in chunks, and leaves its network as it was."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from autograder.lab.embedding import apply, at_tempo, embed


class Encoder(nn.Module):
    def __init__(self, dim: int = 16) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Conv1d(40, dim, 3), nn.BatchNorm1d(dim), nn.ReLU())

    def forward(self, mel: Tensor) -> Tensor:
        return self.net(mel).mean(2)


@pytest.mark.parametrize("training", [True, False])
def test_a_network_is_left_in_the_mode_it_was_found_in(training):
    encoder = Encoder().train(training)
    mels = torch.randn(10, 40, 20)
    before = {name: x.clone() for name, x in encoder.state_dict().items()}
    whole, parts = apply(encoder, mels), apply(encoder, mels, chunk=3)
    assert encoder.training is training
    assert whole.shape == (10, 16)
    assert not whole.requires_grad
    torch.testing.assert_close(whole, parts)
    assert all(torch.equal(x, before[name]) for name, x in encoder.state_dict().items())


def test_a_network_that_raises_is_left_in_its_mode_too():
    class Broken(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise KeyError("mine")

    broken = Broken().train()
    with pytest.raises(KeyError, match="mine"):
        embed(broken, torch.randn(4, 40, 20))
    assert broken.training


def test_an_embedding_is_the_mean_over_what_a_clip_might_have_sounded_like():
    encoder, mels = Encoder().eval(), torch.randn(6, 40, 20)
    with torch.no_grad():
        heard = [encoder(at_tempo(mels, tempo)) for tempo in (1, 0.6, 0.8, 1.25, 1.6)]
    torch.testing.assert_close(embed(encoder, mels), sum(heard) / 5)
    with torch.no_grad():
        torch.testing.assert_close(embed(encoder, mels, tempi=(1.0,)), encoder(mels))


def test_its_own_tempo_is_the_clip_itself():
    mels = torch.randn(2, 40, 20)
    assert torch.equal(at_tempo(mels, 1), mels)


@given(st.floats(0.5, 2.0), st.integers(1, 30))
def test_another_tempo_reads_frames_at_multiples_of_their_place(tempo, frames):
    band, frame = torch.arange(40.0).double(), torch.arange(float(frames)).double()
    mels = (100 * band[:, None] + frame).expand(2, -1, -1)
    expected = 100 * band[:, None] + (tempo * frame).clamp(max=frames - 1)
    torch.testing.assert_close(
        at_tempo(mels, tempo), expected.expand(2, -1, -1), atol=1e-2, rtol=1e-5
    )
