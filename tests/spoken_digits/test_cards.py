"""A card says all there is to know of a corpus, and nothing that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from spoken_digits import CorpusError, card
from spoken_digits.cards import CARDS, names, parse

GOOD = (CARDS / "fsdd.toml").read_text(encoding="utf-8")


def test_there_is_a_card_for_each_corpus():
    assert names() == ("audiomnist", "fsdd", "synthetic")
    assert [card(name).name for name in names()] == list(names())


@pytest.mark.parametrize("name", names())
def test_test_and_dev_speakers_do_not_overlap_where_there_are_enough(name):
    shown = card(name)
    if len(shown.speakers) > 6:
        assert not set(shown.test_speakers) & set(shown.dev_speakers)
    assert 0 < len(shown.test_speakers) <= len(shown.speakers) // 2


def test_the_cards_know_how_large_the_corpora_are():
    assert {name: card(name).clips for name in names()} == {
        "audiomnist": 30_000,
        "fsdd": 3_000,
        "synthetic": 1_920,
    }


def test_an_unknown_corpus_is_answered_with_those_there_are():
    with pytest.raises(CorpusError, match="no corpus 'mnist'; there are audiomnist, fsdd, synth"):
        card("mnist")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("sample_rate", "samplerate", "unknown keys.*samplerate"),
        ("takes = [0, 49]\n", "", "incomplete.*takes"),
        ("takes = [0, 49]", 'takes = ["0", "49"]', "takes = .* should be"),
        ("sample_rate = 8000", 'sample_rate = "8 kHz"', "sample_rate = '8 kHz' should be int"),
        ('title = "', "title = ", "not valid TOML"),
        ('test_speakers = ["theo"', 'test_speakers = ["leo"', "'leo'.*not a speaker"),
        ("[digests]\nen =", "[digests]\nen.v1 =", "digests = .* should be"),
    ],
)
def test_a_card_with_a_mistake_is_refused_and_the_mistake_named(before, after, says):
    assert before in GOOD
    with pytest.raises(CorpusError, match=says):
        parse(GOOD.replace(before, after), "cards/fsdd.toml")


def test_a_split_that_leaves_nobody_to_train_on_is_refused():
    everyone = 'test_speakers = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"]'
    with pytest.raises(CorpusError, match="nobody to train on"):
        parse(GOOD.replace('test_speakers = ["theo", "yweweler"]', everyone))


def test_a_card_filed_under_another_name_is_refused(tmp_path: Path, monkeypatch):
    (tmp_path / "other.toml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr("spoken_digits.cards.CARDS", tmp_path)
    with pytest.raises(CorpusError, match=r"other\.toml is the card of 'fsdd'"):
        card("other")
