"""What is cached is whole, is of the files it stands for, and is never needed."""

from __future__ import annotations

import os

import numpy as np
import pytest

from spoken_digits import CorpusError, load, recordings, store

WAVES = [np.arange(3, dtype=np.int16), np.arange(5, dtype=np.int16)]


def test_clips_come_back_as_they_were_kept(cache_folder):
    store.save("key", WAVES)
    kept = store.restore("key")
    assert [wave.tolist() for wave in kept] == [[0, 1, 2], [0, 1, 2, 3, 4]]
    assert {wave.dtype for wave in kept} == {np.dtype(np.int16)}
    assert store.restore("another key") is None


def test_the_second_load_decodes_nothing(tmp_path, write_fsdd, monkeypatch):
    first = load("fsdd", write_fsdd(tmp_path / "fsdd"))
    monkeypatch.setattr(recordings, "read", None)
    second = load("fsdd", tmp_path / "fsdd")
    assert second.waves.equal(first.waves)
    assert second.digest == first.digest


def test_a_file_changed_after_it_was_cached_is_still_noticed(tmp_path, write_fsdd, write_wav):
    folder = write_fsdd(tmp_path / "fsdd")
    load("fsdd", folder)
    write_wav(folder / "4_ann_0.wav", seed=99, samples=804)
    with pytest.raises(CorpusError, match="content digest"):
        load("fsdd", folder)


def test_another_sample_rate_is_not_taken_from_the_cache_of_the_first(tmp_path, write_fsdd):
    slow = load("fsdd", write_fsdd(tmp_path / "fsdd"))
    fast = load("fsdd", tmp_path / "fsdd", sample_rate=16_000)
    assert fast.lengths.tolist() == [2 * length for length in slow.lengths.tolist()]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-9], lambda data: b"", lambda data: b"?" * 99]
)
def test_a_damaged_cache_is_made_again(tmp_path, write_fsdd, cache_folder, damage):
    first = load("fsdd", write_fsdd(tmp_path / "fsdd"))
    (cached,) = cache_folder.rglob("*.safetensors")
    whole = cached.read_bytes()
    cached.write_bytes(damage(whole))
    assert load("fsdd", tmp_path / "fsdd").waves.equal(first.waves)
    assert cached.read_bytes() == whole


def test_writing_that_is_broken_off_leaves_nothing_behind(cache_folder, monkeypatch):
    def broken_off(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", broken_off)
    with pytest.raises(KeyboardInterrupt):
        store.save("key", WAVES)
    assert [path for path in cache_folder.rglob("*") if path.is_file()] == []
    assert store.restore("key") is None


def test_a_corpus_loads_where_nothing_can_be_cached(tmp_path, write_fsdd, monkeypatch):
    folder = write_fsdd(tmp_path / "fsdd")
    (tmp_path / "a file").touch()
    monkeypatch.setenv("SPEECHMARK_CACHE", str(tmp_path / "a file" / "cache"))
    with pytest.warns(UserWarning, match="Nothing was cached in .*a file"):
        assert len(load("fsdd", folder)) == 20


def test_the_cache_is_in_the_home_folder_unless_told_otherwise(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SPEECHMARK_CACHE", raising=False)
    assert store.cache_folder() == tmp_path / ".cache" / "speechmark"
