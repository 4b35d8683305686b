"""The run in ``public/training.py``: tokens, clusters, and what the network is shown."""

from __future__ import annotations

import scipy.fft
import torch

RECIPE = {
    "steps": 6,
    "clips": 8,
    "clusters": 8,
    "cluster_steps": 3,
    "cluster_tokens": 400,
    "fraction": 0.5,
    "span": 5,
    "alpha": 0.5,
    "max_lr": 4e-3,
    "weight_decay": 1e-4,
}


def trained(training, student, clips, seed=0):
    torch.manual_seed(seed)
    model = training.build(student, RECIPE, seed, "cpu")
    curves, signals = training.train(model, {"train_mels": clips}, RECIPE, range)
    return model, curves, signals


def test_speech_is_a_prefix(training, clips):
    speech = training.is_speech(clips)
    assert speech.shape == (40, 24)
    assert set(speech.sum(1).tolist()) <= set(range(14, 25))
    assert not (speech[:, 1:] & ~speech[:, :-1]).any()
    silent = torch.full((1, 40, 48), training._SILENCE)
    assert not training.is_speech(silent).any()


def test_a_pause_is_speech(training, clips):
    paused = clips[:1].clone()
    paused[:, :, 8:12] = training._SILENCE
    assert training.is_speech(paused).sum() == training.is_speech(clips[:1]).sum()


def test_cepstra_are_cosine_transforms_less_the_mean_of_speech(training, clips):
    found = training.cepstra(clips)
    assert found.shape == (40, 24, 26)
    frame = torch.from_numpy(scipy.fft.dct(clips.numpy(), axis=1, norm="ortho"))[:, :13]
    tokens = torch.cat([frame[:, :, ::2], frame[:, :, 1::2]], 1).mT
    speech = training.is_speech(clips)
    for clip, own, expected in zip(found, speech, tokens, strict=True):
        centred = expected - expected[own].mean(0)
        # Orthonormal, but for one scale of all numbers.
        torch.testing.assert_close(clip / clip.std(), centred / centred.std(), rtol=0, atol=1e-4)


def test_tempo(training):
    ramp = torch.arange(48.0).expand(2, 40, 48)
    assert training.at_tempo(ramp, 1.0) is ramp
    faster = training.at_tempo(ramp, torch.tensor([1.5, 0.5]))
    torch.testing.assert_close(faster[0, 0, :30], 1.5 * torch.arange(30.0))
    torch.testing.assert_close(faster[1, 0, :40], 0.5 * torch.arange(40.0))
    assert (faster[0, :, 33:] == training._SILENCE).all()


def test_a_run_can_be_repeated(training, student, clips):
    (one, *_), (two, *_) = (trained(training, student, clips) for _ in range(2))
    for a, b in zip(one.state_dict().values(), two.state_dict().values(), strict=True):
        assert torch.equal(a, b)
    other, *_ = trained(training, student, clips, seed=1)
    assert not torch.equal(one.vector, other.vector)


def test_curves_and_signals(training, student, clips):
    _, curves, signals = trained(training, student, clips)
    assert {name: len(curve) for name, curve in curves.items()} == {"loss": 6, "found": 6}
    assert 0.5 <= signals["masked"] <= 0.8
    assert 1 <= signals["perplexity"] <= 8
    assert training.levels(RECIPE)["loss"][0] > 2


def test_an_answer_knows_nothing_of_what_is_hidden(training, student, clips):
    model, *_ = trained(training, student, clips)
    mask = student.span_mask(training.is_speech(clips))
    frames = mask.repeat_interleave(2, 1)[:, None]
    one, two = (
        training.answer(model, {"mels": clips.masked_fill(frames, value), "mask": mask})
        for value in (0.0, 7.0)
    )
    assert torch.equal(one["predicted"], two["predicted"])
    assert one["predicted"].shape == mask.shape
    assert one["centroids"].shape == (8, 26)


def test_embeddings_of_every_layer(training, student, clips):
    model, *_ = trained(training, student, clips)
    found = training.embed(model, {"mels": clips})
    assert list(found) == ["layer_1", "layer_2", "layer_3"]
    alone = training.embed(model, {"mels": clips[:1]})
    for name, layer in found.items():
        assert layer.shape == (40, 256)
        torch.testing.assert_close(layer[:1], alone[name], rtol=1e-4, atol=1e-4)


def test_labels_come_from_the_clip_as_it_is(training, student, clips):
    seen = []

    class Watching:
        def __getattr__(self, name):
            return getattr(student, name)

        def make_input(self, mel, generator):
            return torch.zeros_like(mel)

        def hubert_loss(self, logits, labels, mask, speech, alpha):
            seen.append(labels[speech].unique().numel())
            return student.hubert_loss(logits, labels, mask, speech, alpha)

    trained(training, Watching(), clips)
    assert min(seen) > 4
