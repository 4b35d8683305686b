"""What the grader asks and measures of a run, outside the wall."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest
import torch


@pytest.fixture
def exam(clips):
    order = torch.randperm(len(clips), generator=torch.Generator().manual_seed(3))
    is_train = torch.arange(len(clips)) < 24
    return SimpleNamespace(mels=clips, order=order, is_train=is_train, calibration=None)


def run_of(measures, exam, right=lambda codes: codes, centroids=None, **more):
    """A run whose predictions are made of the codes of what was there."""
    if centroids is None:
        speech = measures.tokens.is_speech(exam.mels)
        centroids = measures.tokens.cepstra(exam.mels)[speech][:16]
    run = SimpleNamespace(answers={"centroids": centroids}, **more)
    run.answers["predicted"] = right(measures.codes(run, exam))
    return run


def test_questions_hide_what_is_asked_for(measures, exam):
    asked = measures.questions(exam)
    places = measures.unheard(exam)
    assert sorted(places.tolist()) == list(range(24, 40))
    assert places.tolist() != sorted(places.tolist())
    frames = asked["mask"].repeat_interleave(2, 1)[:, None].expand_as(asked["mels"])
    assert (asked["mels"][frames] == 0).all()
    assert torch.equal(asked["mels"][~frames], exam.mels[places][~frames])
    assert torch.equal(asked["mask"], measures.questions(exam)["mask"])
    share = asked["mask"].sum(1) / measures.tokens.is_speech(exam.mels[places]).sum(1)
    assert share.min() >= 0.5


def test_the_graders_spans_are_distributed_as_the_text_says(measures, load):
    chances = load("reference/oracle_span_mask.py").count_chances(12, 0.5, 5)
    speech = (torch.arange(24) < 12).expand(4000, 24)
    mask = measures.spans(speech, torch.Generator().manual_seed(0))
    seen = Counter(mask.sum(1).tolist())
    for count, chance in enumerate(chances):
        assert abs(seen[count] / 4000 - chance) < 0.04


def test_short_clips_are_hidden_whole(measures):
    speech = torch.arange(8) < torch.tensor([[3], [0], [5]])
    assert torch.equal(measures.spans(speech, torch.Generator()), speech)


def test_gaps_filled(measures, exam):
    assert measures.gaps_filled(run_of(measures, exam), exam) == 1
    assert measures.gaps_filled(run_of(measures, exam, lambda c: (c + 1) % 16), exam) == 0
    half = measures.gaps_filled(
        run_of(measures, exam, lambda c: c * (torch.rand(c.shape) < 0.5)), exam
    )
    assert 0.3 < half < 0.7


def test_few_clusters_do_not_count(measures, exam):
    far = torch.full((16, 26), 1e3)
    far[:4] = measures.tokens.cepstra(exam.mels)[0, :4]
    assert measures.gaps_filled(run_of(measures, exam, centroids=far), exam) == 0


@pytest.mark.parametrize(
    "spoilt",
    [
        {"centroids": torch.zeros(16, 3)},
        {"centroids": torch.full((16, 26), torch.nan)},
        {"predicted": torch.zeros(3, 3)},
    ],
)
def test_answers_that_are_none(measures, exam, spoilt):
    run = run_of(measures, exam)
    run.answers |= spoilt
    with pytest.raises(ValueError, match=r"of shape|not finite"):
        measures.gaps_filled(run, exam)


def test_nearest_visible(measures, exam):
    one = torch.zeros(16, 26)
    one[1:] = 1e3
    # One cluster for all: the guess is always right.
    assert measures.nearest_visible(run_of(measures, exam, centroids=one), exam) == 1
    assert 0 < measures.nearest_visible(run_of(measures, exam), exam) < 0.9


def test_perplexity(measures):
    assert measures.perplexity(torch.tensor([0, 1, 2, 3])) == pytest.approx(4)
    assert measures.perplexity(torch.tensor([5, 5, 5])) == pytest.approx(1)


def test_gain_is_counted_from_what_untrained_networks_reach(measures, exam):
    run = SimpleNamespace(measures={"untrained": 0.5, "probe": 0.7})
    assert measures.gain(run, exam) == pytest.approx(0.2)
    variants = {"untrained": SimpleNamespace(of=lambda name: [0.6, 0.7])}
    exam.calibration = SimpleNamespace(variants=variants)
    assert measures.gain(run, exam) == pytest.approx(0.05)


def test_flags(measures):
    calibration = SimpleNamespace(highest=lambda name, kind=None: 0.3 if name == "gaps" else 0.8)
    run = SimpleNamespace(measures={"gaps": 0.25, "probe": 0.81, "untrained": 0.7})
    assert measures.flags(run, calibration) == []
    run = SimpleNamespace(measures={"gaps": 0.6, "probe": 0.95, "untrained": 0.9})
    assert len(measures.flags(run, calibration)) == 3
