"""The synthetic corpus has the same bits on every build, and speakers worth telling apart."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from spoken_digits import Corpus, CorpusError, card, espeak, load, store, synthetic
from spoken_digits.recordings import everyone

CARD = card("synthetic")
FEW = replace(CARD, speakers=("Andrea", "grandma", "m8"), test_speakers=(), dev_speakers=())


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> dict[str, Corpus]:
    """Both languages, built anew and checked against the digests of the card."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPEECHMARK_CACHE", str(tmp_path_factory.mktemp("cache")))
        return {language: load("synthetic", language=language) for language in ("en", "ru")}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_build_has_the_digest_of_the_card(built, language):
    corpus = built[language]
    assert corpus.digest == CARD.digests[language]
    assert corpus.waves.shape == (1920, 8192)
    assert corpus.sample_rate == 8000
    assert corpus.speaker_names == tuple(sorted(CARD.speakers))
    assert corpus.digits.bincount().tolist() == [192] * 10


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_process_with_other_surroundings_builds_the_same(language):
    # What was spoken before, the locale, the hash seed, what malloc returns and which
    # instructions the mathematics may use must not matter.
    here = synthetic.digest(synthetic.build(FEW, language))
    assert synthetic.digest(synthetic.build(FEW, language)) == here
    code = (
        "from dataclasses import replace; from spoken_digits import card, synthetic;"
        "few = replace(card('synthetic'), speakers=('Andrea', 'grandma', 'm8'),"
        " test_speakers=(), dev_speakers=());"
        f"print(synthetic.digest(synthetic.build(few, {language!r})))"
    )
    surroundings = {
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "7",
        "MALLOC_PERTURB_": "165",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2",
        "NPY_DISABLE_CPU_FEATURES": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == here


@pytest.mark.parametrize("language", ["en", "ru"])
def test_clips_are_speech_of_a_sensible_length_and_level(built, language):
    corpus = built[language]
    seconds = corpus.lengths / corpus.sample_rate
    assert seconds.min() > 0.1
    assert seconds.max() < 1.024, "no clip is cut"
    peaks = corpus.waves.abs().amax(1)
    assert peaks.min() > 0.1
    assert peaks.max() < 0.9


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_two_clips_are_the_same(built, language):
    assert len(torch.unique(built[language].waves, dim=0)) == 1920


@pytest.mark.parametrize("side", ["test_speakers", "dev_speakers"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_accent_is_on_both_sides_of_the_split(language, side):
    accents = synthetic.ACCENTS[language]
    of = {name: accents[i % len(accents)] for i, name in enumerate(sorted(CARD.speakers))}
    held_out = set(getattr(CARD, side))
    assert len(held_out) == len(CARD.speakers) / 4
    assert {of[name] for name in held_out} == set(accents)
    assert {of[name] for name in set(of) - held_out} == set(accents)


@pytest.mark.parametrize("side", ["test_speakers", "dev_speakers"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_log_mel_alone_does_not_give_an_unheard_voice_away(built, language, side):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from torchaudio.transforms import MelSpectrogram

    corpus = built[language]
    mel = MelSpectrogram(8000, n_fft=256, hop_length=128, n_mels=40, f_min=60.0)(corpus.waves)
    mel = (mel / mel.mean((1, 2), keepdim=True) + 1e-3).log()
    pooled = torch.cat([mel.mean(2), mel.std(2)], 1).numpy()
    train, test = corpus.split_by_speaker(getattr(CARD, side))
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    probe.fit(pooled[train], corpus.digits[train])
    assert 0.3 < probe.score(pooled[test], corpus.digits[test]) < 0.8


def test_what_is_cached_is_verified_and_made_again_when_it_is_not_that(cache_folder, monkeypatch):
    clips = synthetic.build(FEW, "en")
    few = replace(FEW, digests={"en": synthetic.digest(clips)})
    assert synthetic.digest(synthetic.corpus(few, "en")) == few.digests["en"]
    with monkeypatch.context() as patch:
        patch.setattr(synthetic, "build", None)
        kept = synthetic.corpus(few, "en")
    assert all(np.array_equal(clips[clip], kept[clip]) for clip in everyone(few))
    forged = [np.zeros_like(wave) for wave in clips.values()]
    store.save(f"synthetic-en-{few.digests['en']}", forged)
    assert synthetic.digest(synthetic.corpus(few, "en")) == few.digests["en"]


def test_a_build_with_other_bits_is_refused_unless_told_otherwise(cache_folder):
    other = replace(FEW, digests={"en": "0" * 64})
    with pytest.raises(CorpusError, match=r"espeakng-loader 0\.2\.4 .* verify=False"):
        synthetic.corpus(other, "en")
    assert len(synthetic.corpus(other, "en", verify=False)) == FEW.clips
    assert not list(cache_folder.rglob("*.safetensors")), "and is not kept"


def test_a_language_it_does_not_speak_and_a_folder_are_refused(cache_folder, tmp_path):
    with pytest.raises(CorpusError, match="spoken in en, ru, not in 'de'"):
        load("synthetic", language="de")
    with pytest.raises(CorpusError, match="leave folder out"):
        load("synthetic", tmp_path)


def test_a_synthesiser_that_does_not_work_is_named(cache_folder, monkeypatch):
    monkeypatch.setattr(espeak.sys, "executable", "/no/such/python")
    with pytest.raises(CorpusError, match=r"cannot be built.*espeakng-loader"):
        synthetic.corpus(FEW, "en")


def test_an_unknown_voice_is_named():
    with pytest.raises(RuntimeError, match="no voice xx"):
        espeak.speak([espeak.Utterance("xx+f1", "six", 175, 50, 50)])


def test_it_can_be_had_at_another_sample_rate(built, monkeypatch, cache_folder):
    monkeypatch.setattr(synthetic, "corpus", lambda card, *_, **__: synthetic.build(FEW, "en"))
    assert load("synthetic", sample_rate=16_000).waves.shape == (FEW.clips, 16_384)
