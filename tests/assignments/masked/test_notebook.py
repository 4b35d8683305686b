"""What the notebook shows: pictures, the other two families, pretrained models."""

from __future__ import annotations

import pytest
import torch
import torchaudio
from matplotlib.figure import Figure

RECIPE = {
    "steps": 3,
    "clips": 6,
    "fraction": 0.5,
    "span": 5,
    "max_lr": 4e-3,
    "weight_decay": 1e-4,
}


def test_pictures(released, training, student, clips):
    pictures = released.pictures
    speech, some = training.is_speech(clips), clips[:3]
    units = torch.randint(32, speech.shape, generator=torch.Generator().manual_seed(0))
    mask = student.span_mask(speech)
    figures = [
        pictures.tokens(some, speech[:3], [1, 2, 3]),
        pictures.units(some, units[:3], speech[:3]),
        pictures.masks(some, student.mask_input(some, mask[:3], torch.zeros(40)), mask[:3]),
        pictures.shares(mask.sum(1) / speech.sum(1)),
        pictures.gap(clips[0], mask[0], units[0], units[1], torch.zeros(32, 40, 2), speech[0]),
        pictures.reach(student.Context(), clips[0]),
        pictures.layers({"trained": [0.1, 0.2], "untrained": [0.1, 0.1]}, "digit"),
    ]
    assert all(isinstance(figure, Figure) for figure in figures)


def test_layers_that_differ_by_a_few_clips_do_not_look_like_a_slope(released):
    figure = released.pictures.layers({"trained": [0.99, 0.982]}, "speaker")
    low, high = figure.axes[0].get_ylim()
    assert high - low > 0.099  # rounding
    assert low < 0.982 < 0.99 < high


def test_the_sound_of_a_unit(released, training, clips):
    speech = training.is_speech(clips)
    waves = torch.randn(len(clips), 6016)
    units = torch.zeros(speech.shape, dtype=torch.long)
    sound = released.pictures.sound_of_unit(waves, units, speech, 0, most=5)
    assert sound.shape == (5 * 256,)
    assert not released.pictures.sound_of_unit(waves, units, speech, 1).any()


@pytest.mark.parametrize("family", ["wav2vec", "data2vec"])
def test_other_families(released, student, clips, family):
    context, losses = getattr(released.families, family)(student, clips, RECIPE, list)
    assert len(losses) == 3
    assert torch.tensor(losses).isfinite().all()
    assert len(context(clips[:2])) == 3


@pytest.mark.parametrize("kind", ["hubert", "wav2vec2"])
def test_layers_of_a_pretrained_model(released, kind):
    """The architecture with random weights, made small."""
    if kind == "hubert":
        model = torchaudio.models.hubert_base()
    else:
        model = torchaudio.models.wav2vec2_base()
    model.encoder.transformer.layers = model.encoder.transformer.layers[:2]
    layers = released.pretrained.embed_layers(model.eval(), torch.randn(3, 6016), 8000, chunk=2)
    assert [layer.shape for layer in layers] == [(3, 768)] * 2


def test_a_model_that_cannot_be_had_is_left_out(released, monkeypatch, capsys):
    def fails(self):
        raise OSError("no internet")

    monkeypatch.setattr(torchaudio.pipelines.HUBERT_BASE.__class__, "get_model", fails)
    assert released.pretrained.load("HuBERT base") is None
    assert "cannot be downloaded" in capsys.readouterr().out
