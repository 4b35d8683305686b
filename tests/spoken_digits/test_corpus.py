"""Whatever way a corpus is split, no recording is on both sides."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spoken_digits import Corpus, CorpusError, Split

NAMES = ("ann", "bob", "cyd", "dan")


def make(recordings: list[tuple[int, int, int]], **changed) -> Corpus:
    """A corpus of recordings (speaker, digit, take), each wave holding its own number."""
    speakers, digits, takes = torch.tensor(recordings).T
    clips = len(recordings)
    return Corpus(
        **{
            "name": "made",
            "waves": torch.arange(clips, dtype=torch.float32)[:, None].repeat(1, 4),
            "lengths": torch.full((clips,), 4),
            "digits": digits,
            "speaker_ids": speakers,
            "speaker_names": NAMES,
            "takes": takes,
            "sample_rate": 8000,
            "digest": "0" * 64,
            **changed,
        }
    )


a_recording = st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 4))
a_corpus = st.lists(a_recording, min_size=2, max_size=40, unique=True).map(make)


def assert_whole_and_apart(corpus: Corpus, split: Split) -> None:
    train, test = split.train_idx.tolist(), split.test_idx.tolist()
    assert train
    assert test
    assert sorted(train + test) == list(range(len(corpus)))
    assert train == sorted(train)
    assert test == sorted(test)


@given(a_corpus, st.sets(st.sampled_from(NAMES)))
def test_split_by_speaker_keeps_every_speaker_on_one_side(corpus, test):
    inside = [speaker in test for speaker in corpus.speakers]
    if all(inside) or not any(inside):
        with pytest.raises(CorpusError, match="no clip would be left"):
            corpus.split_by_speaker(test)
        return
    split = corpus.split_by_speaker(test)
    assert_whole_and_apart(corpus, split)
    assert {corpus.speakers[i] for i in split.test_idx} <= test
    assert not {corpus.speakers[i] for i in split.train_idx} & test


@given(a_corpus, st.sets(st.integers(0, 4)))
def test_split_by_take_keeps_every_take_on_one_side(corpus, test):
    inside = [take in test for take in corpus.takes.tolist()]
    if all(inside) or not any(inside):
        with pytest.raises(CorpusError, match="no clip would be left"):
            corpus.split_by_take(test)
        return
    split = corpus.split_by_take(test)
    assert_whole_and_apart(corpus, split)
    assert set(corpus.takes[split.test_idx].tolist()) <= test
    assert not set(corpus.takes[split.train_idx].tolist()) & test


@given(a_corpus, st.floats(0.01, 0.99), st.integers(0, 2**31))
def test_a_random_split_has_the_size_asked_for_and_depends_on_its_seed_alone(corpus, part, seed):
    wanted = round(part * len(corpus))
    if wanted in (0, len(corpus)):
        with pytest.raises(CorpusError, match="no clip would be left"):
            corpus.split_at_random(part, seed)
        return
    split = corpus.split_at_random(part, seed)
    assert_whole_and_apart(corpus, split)
    assert len(split.test_idx) == wanted
    torch.manual_seed(seed + 1)
    again = corpus.split_at_random(part, seed)
    assert torch.equal(split.test_idx, again.test_idx)


def test_another_seed_gives_another_random_split():
    corpus = make([(s, d, t) for s in range(4) for d in range(10) for t in range(5)])
    one, two = (corpus.split_at_random(0.5, seed).test_idx for seed in (0, 1))
    assert not torch.equal(one, two)


@pytest.mark.parametrize("part", [0.0, 1.0, -0.5, 2.0, float("nan")])
def test_a_random_part_outside_0_to_1_is_refused(part):
    with pytest.raises(CorpusError, match="between 0 and 1"):
        make([(0, 0, 0), (0, 0, 1)]).split_at_random(part)


def test_a_speaker_who_is_not_there_is_named():
    with pytest.raises(CorpusError, match="no speaker 'eve'; it has ann, bob"):
        make([(0, 0, 0), (1, 0, 0)]).split_by_speaker(["ann", "eve"])


def test_one_speaker_may_be_given_as_a_string():
    assert make([(0, 0, 0), (1, 0, 0)]).split_by_speaker("bob").test_idx.tolist() == [1]


@given(a_corpus, st.data())
def test_a_subset_holds_the_clips_asked_for_with_their_own_labels(corpus, data):
    chosen = data.draw(st.permutations(range(len(corpus))))[: data.draw(st.integers(1, 8))]
    part = corpus.subset(chosen)
    assert part.waves[:, 0].tolist() == chosen
    assert part.speakers == tuple(corpus.speakers[i] for i in chosen)
    assert part.digits.tolist() == corpus.digits[chosen].tolist()
    assert part.takes.tolist() == corpus.takes[chosen].tolist()


def test_a_subset_may_be_chosen_by_mask():
    corpus = make([(0, 0, 0), (1, 0, 0), (0, 3, 0)])
    assert corpus.subset(corpus.digits == 0).waves[:, 0].tolist() == [0, 1]
    assert len(corpus.subset([])) == 0


def test_a_recording_cannot_occur_twice():
    with pytest.raises(CorpusError, match="more than once"):
        make([(0, 0, 0), (0, 0, 0)])
    with pytest.raises(CorpusError, match="more than once"):
        make([(0, 0, 0), (0, 0, 1)]).subset([1, 1])


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(CorpusError, match="must be"):
        make([(0, 0, 0), (0, 0, 1)], lengths=torch.ones(3, dtype=torch.int64))


def test_a_corpus_cannot_be_changed():
    with pytest.raises(AttributeError):
        make([(0, 0, 0)]).name = "other"
