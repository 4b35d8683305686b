"""The run's own pieces: views, tempi, and the two measures by which collapse is told."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

FOLDER = Path(__file__).resolve().parents[3] / "solutions" / "non_contrastive"


@pytest.fixture(scope="module")
def given():
    return SimpleNamespace(**runpy.run_path(str(FOLDER / "public" / "training.py")))


@pytest.fixture(scope="module")
def measures():
    return SimpleNamespace(**runpy.run_path(str(FOLDER / "measures.py")))


@pytest.fixture(scope="module")
def exam():
    generator = torch.Generator().manual_seed(0)
    mels = torch.randn(60, 40, 48, generator=generator)
    mels[:, 0, :] = torch.arange(60.0)[:, None]
    return SimpleNamespace(mels=mels, is_train=torch.arange(60) < 30, calibration=None)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_views_come_from_their_generator_alone_and_leave_the_clips(given):
    speech = torch.randn(5, 40, 48, generator=seeded(3))
    kept = speech.clone()
    first, again = given.two_views(speech, seeded()), given.two_views(speech, seeded())
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(*first)
    assert torch.equal(speech, kept)
    assert all(view.shape == speech.shape and view.isfinite().all() for view in first)


def test_each_clip_of_a_batch_draws_for_itself(given):
    speech = torch.randn(1, 40, 48, generator=seeded(3)).repeat(4, 1, 1)
    view = given.distorted(speech, seeded())
    assert all(not torch.equal(view[0], view[i]) for i in range(1, 4))


@pytest.mark.parametrize("frames", [16, 48, 99])
def test_a_tempo_keeps_the_shape(given, frames):
    speech = torch.randn(3, 40, frames, generator=seeded())
    assert torch.equal(given.at_tempo(speech, 1.0), speech)
    for tempo in given.TEMPI:
        assert given.at_tempo(speech, tempo).shape == speech.shape


def test_a_faster_clip_is_over_sooner_and_its_end_is_held(given):
    ramp = torch.arange(40.0).expand(1, 40, 40)
    fast = given.at_tempo(ramp, 2.0)
    assert torch.allclose(fast[0, 0, :20], torch.arange(20) * 2 + 0.5)
    assert (fast[0, 0, 20:] == fast[0, 0, 19]).all()


def test_batches_take_every_clip_before_any_a_second_time(given):
    batches = given.batches_of(10, 3, seeded())
    for _ in range(3):
        seen = torch.cat([next(batches) for _ in range(3)])
        assert len(seen.unique()) == 9


class Pulled(torch.nn.Module):
    """Trains the encoder toward a constant: enough to see that training reaches it."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder, self.steps = encoder, []

    def project(self, view):
        return self.encoder(view)

    def forward(self, view_a, view_b):
        return (self.encoder(view_a) - self.encoder(view_b)).square().mean().reshape(1)

    def after_step(self, step, steps):
        self.steps.append((step, steps))


def test_a_run_trains_the_encoder_that_is_embedded(given, exam):
    student = SimpleNamespace(Objective=Pulled)
    clips = {"train_mels": exam.mels[:30], "mels": exam.mels}
    recipe = {"steps": 4, "pairs": 8}
    model = given.build(student, recipe, 0, "cpu")
    before = given.embed(model, clips)[""]
    curves, _ = given.train(model, clips, recipe, range)
    after = given.embed(model, clips)[""]
    assert len(curves["loss"]) == 4
    assert model.objective.steps == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert before.shape == after.shape == (60, model.encoder.dim)
    assert not torch.equal(before, after)


def test_questions_are_views_of_unheard_speakers_half_of_them_shuffled(measures, exam):
    asked = measures.questions(exam)
    left, right = asked["left"], asked["right"]
    assert left.shape == right.shape == (2 * measures.BATCHES, measures.PAIRS, 40, 48)
    again = measures.questions(exam)
    assert torch.equal(left, again["left"])


def test_the_same_left_views_are_asked_with_true_and_with_shuffled_partners(measures, exam):
    asked = measures.questions(exam)
    order = measures._order()
    left, right = (torch.empty_like(asked[s]) for s in ("left", "right"))
    left[order], right[order] = asked["left"], asked["right"]
    n = measures.BATCHES
    assert torch.equal(left[:n], left[n:])
    assert torch.equal(right[:n].roll(1, 1), right[n:])


def losses(measures, true, shuffled):
    """Answers in the order of the questions."""
    return torch.cat([true, shuffled])[measures._order()]


def pairs(measures, true, shuffled):
    answers = {"loss": losses(measures, true, shuffled)}
    return measures.pairs(SimpleNamespace(answers=answers), None)


def test_pairs_does_not_hang_on_the_units_of_a_loss(measures):
    true = torch.randn(measures.BATCHES, generator=seeded()).double()
    plain = pairs(measures, true, true + 4)
    assert plain == pytest.approx(pairs(measures, 10 * true - 300, 10 * true - 260), abs=1e-4)
    assert plain > 0.85
    assert pairs(measures, true, true - 4) == pytest.approx(-plain, abs=1e-4)


def test_pairs_is_nothing_for_a_loss_that_does_not_compare(measures):
    true = torch.randn(measures.BATCHES, generator=seeded()).double()
    assert abs(pairs(measures, true, true)) < 1e-9
    constant = torch.ones(measures.BATCHES).double()
    assert abs(pairs(measures, constant, constant)) < 1e-9


def test_spread_is_0_of_one_direction_and_1_of_all(measures):
    def spread(z):
        return measures.spread(SimpleNamespace(answers={"projection": z}), None)

    assert spread(torch.randn(500, 64, generator=seeded())) == pytest.approx(1, abs=0.02)
    assert spread(torch.rand(500, 1) @ torch.randn(1, 64)) < 1e-6


def test_a_gain_counts_from_the_higher_beginning(measures):
    run = SimpleNamespace(measures={"few": 0.8, "few_untrained": 0.6})
    assert measures.gain(run, SimpleNamespace(calibration=None)) == pytest.approx(0.2)
    usual = SimpleNamespace(variants={"untrained": SimpleNamespace(of=lambda name: [0.7, 0.7])})
    assert measures.gain(run, SimpleNamespace(calibration=usual)) == pytest.approx(0.1)
