"""WAV files are found, checked and brought to one form; a damaged one is named."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from spoken_digits import CorpusError, available, load

pytestmark = pytest.mark.usefixtures("cache_folder")


def write_audiomnist(folder: Path, speakers=("01", "26"), takes=(0, 7)) -> Path:
    """A little AudioMNIST at 48 kHz; every clip a tone of its own."""
    for speaker in speakers:
        for digit in range(10):
            for take in takes:
                path = folder / speaker / f"{digit}_{speaker}_{take}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                time = np.arange(24_000 + 600 * digit) / 48_000
                soundfile.write(path, 0.5 * np.sin(2 * np.pi * (300 + 100 * digit) * time), 48_000)
    return folder


def load_little(folder: Path, **changed):
    with pytest.warns(UserWarning, match=r"of the 30000 recordings of AudioMNIST"):
        return load("audiomnist", folder, **changed)


def peak(wave: torch.Tensor, rate: int) -> float:
    """Frequency of the strongest component, Hz."""
    return float(torch.fft.rfft(wave).abs().argmax()) * rate / len(wave)


@pytest.mark.parametrize("below", ["", "data"])
def test_audiomnist_is_read_in_its_own_layout_with_or_without_data(tmp_path, below):
    write_audiomnist(tmp_path / "corpus" / below)
    corpus = load_little(tmp_path / "corpus")
    assert (len(corpus), corpus.sample_rate, corpus.name) == (40, 8000, "audiomnist")
    assert corpus.speaker_names == ("01", "26")
    clips = zip(corpus.speakers, corpus.digits.tolist(), corpus.takes.tolist(), strict=True)
    assert list(clips) == [(s, d, t) for s in ("01", "26") for d in range(10) for t in (0, 7)]
    assert corpus.split_by_speaker({"26"}).test_idx.tolist() == list(range(20, 40))


def test_audiomnist_is_resampled_to_8_khz_and_keeps_its_pitch(tmp_path):
    corpus = load_little(write_audiomnist(tmp_path / "a"))
    assert corpus.waves.shape == (40, 8192)
    assert corpus.lengths.tolist() == [4000 + 100 * d for d in corpus.digits.tolist()]
    for wave, length, digit in zip(corpus.waves, corpus.lengths, corpus.digits, strict=True):
        assert abs(peak(wave[:length], 8000) - (300 + 100 * digit)) < 3
        assert wave[:length].abs().max() == pytest.approx(0.5, abs=0.1)
        assert not wave[length:].any()


def test_sample_rate_and_length_are_parameters(tmp_path):
    corpus = load_little(write_audiomnist(tmp_path / "a"), sample_rate=16_000, seconds=0.25)
    assert corpus.sample_rate == 16_000
    assert corpus.waves.shape == (40, 4000)
    assert set(corpus.lengths.tolist()) == {4000}, "longer clips are cut"
    assert abs(peak(corpus.waves[0], 16_000) - 300) < 5


def test_the_digest_is_on_the_corpus_where_the_card_has_none(tmp_path, write_wav):
    one = load_little(write_audiomnist(tmp_path / "a"))
    two = load_little(write_audiomnist(tmp_path / "b"))
    assert one.digest == two.digest
    write_wav(tmp_path / "b" / "01" / "3_01_7.wav", rate=48_000)
    assert load_little(tmp_path / "b").digest != one.digest


def test_stereo_is_averaged_and_another_rate_resampled(tmp_path, write_fsdd):
    folder = write_fsdd(tmp_path / "fsdd")
    time = np.arange(11_025) / 22_050
    left = 0.6 * np.sin(2 * np.pi * 440 * time)
    soundfile.write(folder / "0_ann_0.wav", np.stack([left, 0 * left], axis=1), 22_050)
    clip = load("fsdd", folder, verify=False).subset([0])
    assert clip.lengths.tolist() == [4000]
    assert abs(peak(clip.waves[0, :4000], 8000) - 440) < 3
    assert clip.waves.abs().max() == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_every_common_sample_format_is_read(tmp_path, write_fsdd, subtype):
    folder = write_fsdd(tmp_path / "fsdd")
    soundfile.write(folder / "0_ann_0.wav", np.linspace(-0.5, 0.5, 900), 8000, subtype=subtype)
    clip = load("fsdd", folder, verify=False).subset([0])
    expected = torch.linspace(-0.5, 0.5, 900)
    torch.testing.assert_close(clip.waves[0, :900], expected, atol=0.02, rtol=0)


def no_samples(data: bytes) -> bytes:
    return data[:40] + struct.pack("<I", 0)


DAMAGE = {
    "truncated: 300 bytes": lambda data: data[:-300],
    "truncated: it has no samples": lambda data: data[:30],
    "is empty": lambda data: b"",
    "holds no samples": no_samples,
    "is not a WAV file": lambda data: b"<html>" + data,
    "cannot be decoded": lambda data: data[:20] + struct.pack("<H", 0x1234) + data[22:],
}


@pytest.mark.parametrize("verify", [True, False])
@pytest.mark.parametrize("says", DAMAGE)
def test_a_damaged_file_is_named(tmp_path, write_fsdd, says, verify):
    path = write_fsdd(tmp_path / "fsdd") / "7_bob_0.wav"
    path.write_bytes(DAMAGE[says](path.read_bytes()))
    with pytest.raises(CorpusError, match=rf"7_bob_0\.wav.*{says}"):
        load("fsdd", tmp_path / "fsdd", verify=verify)


def test_chunks_before_and_after_the_samples_are_no_damage(tmp_path, write_fsdd):
    path = write_fsdd(tmp_path / "fsdd") / "0_ann_0.wav"
    whole = load("fsdd", tmp_path / "fsdd").subset([0])
    data = path.read_bytes()
    extra = b"LIST" + struct.pack("<I", 5) + b"hello\0"
    body = data[12:36] + extra + data[36:] + extra
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)
    again = load("fsdd", tmp_path / "fsdd", verify=False).subset([0])
    assert torch.equal(whole.waves, again.waves)


@pytest.mark.parametrize("name", ["seven_bob_0.wav", "7_bob.wav", "12_bob_0.wav", "7-bob-0.wav"])
def test_a_file_whose_name_does_not_say_what_it_is_is_named(tmp_path, write_fsdd, name, write_wav):
    write_wav(write_fsdd(tmp_path / "fsdd") / name)
    with pytest.raises(CorpusError, match=rf"{name} is not named \{{digit\}}_\{{speaker\}}_"):
        load("fsdd", tmp_path / "fsdd")


def test_a_stranger_a_second_copy_and_a_clip_in_the_wrong_folder_are_named(
    tmp_path, write_fsdd, write_wav
):
    write_wav(write_fsdd(tmp_path / "one") / "7_eve_0.wav")
    with pytest.raises(CorpusError, match=r"7_eve_0\.wav: .* no speaker 'eve'"):
        load("fsdd", tmp_path / "one")
    write_wav(write_fsdd(tmp_path / "two") / "7_bob_00.wav")
    with pytest.raises(CorpusError, match=r"7_bob_00?\.wav and .* are the same take"):
        load("fsdd", tmp_path / "two")
    write_wav(write_audiomnist(tmp_path / "three") / "01" / "7_26_1.wav")
    with pytest.raises(CorpusError, match=r"7_26_1\.wav is not named"):
        load("audiomnist", tmp_path / "three")


def test_files_that_are_no_recordings_are_left_alone(tmp_path, write_fsdd):
    folder = write_fsdd(tmp_path / "fsdd")
    (folder / "README.md").write_text("read me")
    assert len(load("fsdd", folder)) == 20


@pytest.mark.parametrize("below", ["", "recordings"])
def test_fsdd_is_found_in_a_folder_in_speechmark_data_and_in_the_cache(
    tmp_path, monkeypatch, write_fsdd, cache_folder, below, sha256sum
):
    write_fsdd(tmp_path / "data" / "fsdd" / below)
    where = str(tmp_path / "data" / "fsdd" / below).rstrip("/")
    given = load("fsdd", str(tmp_path / "data" / "fsdd"))
    assert "fsdd" not in available()
    monkeypatch.setenv("SPEECHMARK_DATA", str(tmp_path / "data"))
    assert available()["fsdd"] == where
    named = load("fsdd", download=False)
    monkeypatch.delenv("SPEECHMARK_DATA")
    write_fsdd(cache_folder / "fsdd" / below)
    assert available()["fsdd"].startswith(str(cache_folder))
    cached = load("fsdd", download=False)
    assert torch.equal(given.waves, named.waves)
    assert torch.equal(given.waves, cached.waves)
    assert given.digest == named.digest == cached.digest == sha256sum(Path(where))


def test_a_missing_folder_is_named_with_what_to_do(tmp_path):
    with pytest.raises(CorpusError, match=r"nowhere: there is no such folder\. Get them from http"):
        load("fsdd", tmp_path / "nowhere")
    with pytest.raises(CorpusError, match=r"is empty of them"):
        load("fsdd", tmp_path)
    with pytest.raises(CorpusError, match=r"AudioMNIST in .*\$SPEECHMARK_DATA/audiomnist"):
        load("audiomnist")
    with pytest.raises(CorpusError, match=r"Free Spoken Digit Dataset in .*name the folder"):
        load("fsdd", download=False)


def test_recordings_that_are_not_those_of_the_card_are_refused(
    tmp_path, write_fsdd, write_wav, sha256sum
):
    folder = write_fsdd(tmp_path / "fsdd")
    expected = sha256sum(folder)
    write_wav(folder / "4_ann_0.wav", seed=99)
    changed = sha256sum(folder)
    with pytest.raises(CorpusError, match=f"{changed}, not {expected}.*Get the corpus again"):
        load("fsdd", folder)
    assert load("fsdd", folder, verify=False).digest == changed


def test_a_missing_and_a_surplus_recording_are_named(tmp_path, write_fsdd, write_wav):
    folder = write_fsdd(tmp_path / "fsdd")
    write_wav(folder / "5_ann_1.wav")
    with pytest.raises(CorpusError, match=r"5_ann_1\.wav is not part of"):
        load("fsdd", folder)
    (folder / "4_ann_0.wav").unlink()
    with pytest.raises(CorpusError, match=r"4_ann_0\.wav is missing, one of 1 that are"):
        load("fsdd", folder)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"language": "ru"}, "spoken in English, not in 'ru'"),
        ({"seconds": 0}, "not a length of a clip"),
        ({"sample_rate": -1}, "not a length of a clip"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(tmp_path, arguments, says):
    with pytest.raises(CorpusError, match=says):
        load("fsdd", tmp_path, **arguments)


def test_asking_what_is_available_is_cheap():
    code = (
        "import sys, spoken_digits; spoken_digits.available();"
        "print(sorted({'torch', 'torchaudio', 'numpy', 'pooch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_progress_bar_is_shown_on_request_alone(tmp_path, write_fsdd, capsys):
    load("fsdd", write_fsdd(tmp_path / "fsdd"))
    assert capsys.readouterr() == ("", "")
    load("fsdd", tmp_path / "fsdd", progress=True)
    assert "verify fsdd" in capsys.readouterr().err
