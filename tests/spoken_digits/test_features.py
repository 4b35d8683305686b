"""Log-mel features depend on what was said, not on level, padding or the rest of the corpus."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from spoken_digits import features
from spoken_digits.corpus import Corpus
from spoken_digits.features import HOP, MEAN, SAMPLES, STD, corpus_log_mel, cut_silence, log_mel


def tone(hertz: float, samples: int = 3200, rate: int = 8000) -> torch.Tensor:
    return 0.3 * torch.sin(2 * math.pi * hertz * torch.arange(samples) / rate)[None]


def noise(clips: int, samples: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(clips, samples, generator=torch.Generator().manual_seed(seed))


def corpus(clips: int = 6, seed: int = 0, digest: str = "d" * 64) -> Corpus:
    return Corpus(
        name="made",
        waves=0.1 * noise(clips, 4000, seed),
        lengths=torch.full((clips,), 4000),
        digits=torch.arange(clips) % 10,
        speaker_ids=torch.zeros(clips, dtype=torch.int64),
        speaker_names=("ada",),
        takes=torch.arange(clips),
        sample_rate=8000,
        digest=digest,
    )


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SPEECHMARK_CACHE", str(tmp_path))
    return tmp_path


@given(clips=st.integers(1, 3), samples=st.integers(256, 3000))
@settings(max_examples=10)
def test_there_are_40_bands_and_a_frame_every_128_samples(clips, samples):
    assert log_mel(noise(clips, samples)).shape == (clips, 40, samples // HOP + 1)


def test_a_higher_tone_excites_a_higher_band():
    loudest = [int(log_mel(tone(f))[0, :, 5].argmax()) for f in (200, 500, 1000, 2000, 3500)]
    assert loudest == sorted(set(loudest))


@given(gain=st.floats(1e-3, 1e3))
@settings(max_examples=10)
def test_level_does_not_matter(gain):
    wave = noise(2, 2000)
    torch.testing.assert_close(log_mel(gain * wave), log_mel(wave), rtol=1e-3, atol=1e-3)


def test_zero_padding_adds_frames_of_silence_and_changes_no_other():
    wave = torch.cat([noise(2, 2048), torch.zeros(2, 512)], 1)
    longer = log_mel(torch.nn.functional.pad(wave, (0, 1024)))
    torch.testing.assert_close(longer[:, :, :20], log_mel(wave)[:, :, :20])
    silence = (math.log(0.01) - MEAN) / STD
    torch.testing.assert_close(longer[:, :, 22:], torch.full_like(longer[:, :, 22:], silence))


def test_a_clip_does_not_depend_on_its_batch():
    waves = noise(5, 2000)
    torch.testing.assert_close(log_mel(waves)[3:4], log_mel(waves[3:4]))


def test_a_silent_clip_is_finite():
    assert log_mel(torch.zeros(1, 2000)).isfinite().all()


def test_a_single_wave_without_a_batch_is_refused():
    with pytest.raises(ValueError, match=r"\[clips, samples\]"):
        log_mel(torch.zeros(2000))


@given(before=st.integers(0, 4000), speech=st.integers(300, 3000), after=st.integers(0, 4000))
@settings(max_examples=30)
def test_speech_is_moved_to_the_start_whole(before, speech, after):
    wave = torch.cat([torch.zeros(before), 1 + torch.rand(speech), torch.zeros(after)])[None]
    cut = cut_silence(wave)
    assert cut.shape == (1, SAMPLES)
    start = int(cut[0].nonzero()[0])
    assert start == before % HOP
    assert torch.equal(cut[0, start : start + speech], wave[0, before : before + speech])
    assert not cut[0, start + speech :].any()


def test_what_lies_40_db_below_the_loudest_block_is_silence():
    wave = torch.cat([0.005 * noise(1, 1280), noise(1, 1280, 1), 0.005 * noise(1, 1280, 2)], 1)
    cut = cut_silence(wave)
    assert torch.equal(cut[:, :1280], wave[:, 1280:2560])
    assert not cut[:, 1280:].any()


def test_speech_longer_than_the_buffer_loses_its_end():
    wave = noise(1, 9000)
    assert torch.equal(cut_silence(wave), wave[:, :SAMPLES])


def test_silence_stays_silence():
    assert torch.equal(cut_silence(torch.zeros(2, 1000)), torch.zeros(2, SAMPLES))


def test_features_of_a_corpus_are_those_of_its_clips(cache):
    made = corpus()
    expected = log_mel(cut_silence(made.waves))
    assert torch.equal(corpus_log_mel(made), expected)
    assert torch.equal(corpus_log_mel(made), expected)


def test_features_are_computed_once(cache, monkeypatch):
    first = corpus_log_mel(corpus())
    monkeypatch.setattr("spoken_digits.features.log_mel", lambda *_: pytest.fail("computed again"))
    assert torch.equal(corpus_log_mel(corpus()), first)


@pytest.mark.parametrize("changed", ["digest", "clips"])
def test_another_corpus_is_computed_anew(cache, changed):
    corpus_log_mel(corpus())
    other = corpus(seed=1, digest="e" * 64)
    if changed == "clips":
        other = corpus(seed=1).subset([4, 2, 0])
    assert torch.equal(corpus_log_mel(other), log_mel(cut_silence(other.waves)))


def test_what_an_earlier_version_has_computed_is_computed_anew(cache, tmp_path):
    before = corpus_log_mel(corpus())
    text = Path(features.__file__).read_text()
    edited = tmp_path / "edited.py"
    edited.write_text(text.replace("waves / power.sqrt()", "waves / power"))
    assert edited.read_text() != text
    spec = importlib.util.spec_from_file_location("edited", edited)
    later = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(later)
    made = corpus()
    assert torch.equal(later.corpus_log_mel(made), later.log_mel(later.cut_silence(made.waves)))
    assert torch.equal(corpus_log_mel(made), before)
    assert not torch.equal(later.corpus_log_mel(made), before)


def test_a_damaged_cache_is_computed_anew(cache):
    first = corpus_log_mel(corpus())
    for file in cache.rglob("*.safetensors"):
        file.write_bytes(file.read_bytes()[:100])
    assert torch.equal(corpus_log_mel(corpus()), first)


def test_a_cache_that_cannot_be_written_costs_a_warning_only(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SPEECHMARK_CACHE", str(tmp_path / "file"))
    with pytest.warns(UserWarning, match="cached"):
        mels = corpus_log_mel(corpus())
    assert mels.shape == (6, 40, 48)
