"""The real FSDD, where ``$SPEECHMARK_DATA/fsdd`` has it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spoken_digits import card, load

FOLDER = Path(os.environ.get("SPEECHMARK_DATA", "")) / "fsdd"

pytestmark = pytest.mark.skipif(
    "SPEECHMARK_DATA" not in os.environ or not FOLDER.is_dir(),
    reason="needs the recordings of FSDD in $SPEECHMARK_DATA/fsdd",
)


@pytest.fixture
def corpus(cache_folder):
    return load("fsdd", FOLDER)


def test_it_is_whole_and_is_the_one_of_its_card(corpus):
    assert corpus.digest == card("fsdd").digests["en"]
    assert corpus.waves.shape == (3000, 8192)
    assert corpus.speaker_names == card("fsdd").speakers
    assert corpus.digits.bincount().tolist() == [300] * 10
    assert corpus.lengths.float().median() == pytest.approx(0.42 * 8000, rel=0.02)
    assert corpus.waves.abs().amax(1).min() > 0, "no clip is silent"
    assert corpus.waves.abs().max() <= 1


def test_its_splits_are_of_the_sizes_on_record(corpus):
    sizes = [
        tuple(map(len, split))
        for split in (
            corpus.split_by_speaker(card("fsdd").test_speakers),
            corpus.split_by_speaker(card("fsdd").dev_speakers),
            corpus.split_by_take(range(5)),
        )
    ]
    assert sizes == [(2000, 1000), (2000, 1000), (2700, 300)]


def test_what_is_cached_is_what_was_read(corpus, cache_folder):
    assert list(cache_folder.rglob("*.safetensors"))
    again = load("fsdd", FOLDER)
    assert again.waves.equal(corpus.waves)
    assert again.lengths.equal(corpus.lengths)
