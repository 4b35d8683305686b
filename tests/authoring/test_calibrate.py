"""A threshold follows from measured runs, and correct work fails no more often than is allowed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from autograder.authoring.calibrate import (
    ALLOWED,
    Outcome,
    Run,
    chance_of_failing,
    conclude,
    highest_threshold,
    plan,
    pooled_deviation,
)
from autograder.support.errors import SpeechmarkError

accuracy = st.floats(0.5, 0.95)
group = st.lists(accuracy, min_size=2, max_size=8)


@given(st.lists(group, min_size=1, max_size=5))
@settings(deadline=None)
def test_the_threshold_is_the_highest_that_is_safe_for_every_group(groups):
    spread, freedom = pooled_deviation(groups)
    if spread < 1e-4:
        return
    threshold = highest_threshold(groups, spread, freedom)

    def worst(at: float) -> float:
        return max(chance_of_failing(at, g, spread, freedom) for g in groups)

    assert worst(threshold) <= ALLOWED * 1.001
    assert threshold == 1.0 or worst(threshold + 0.005) > ALLOWED * 0.999


def test_over_many_calibrations_a_normal_run_falls_short_no_more_often_than_is_said():
    random = np.random.default_rng(0)
    short = []
    for _ in range(2000):
        found = random.normal(0.9, 0.02, 24).tolist()
        spread, freedom = pooled_deviation([found])
        short.append(norm.cdf(highest_threshold([found], spread, freedom), 0.9, 0.02))
    # Rounded down to a multiple of 0.005, so somewhat less often than that; 2000 calibrations
    # tell the mean to 0.001.
    assert 0.01 < np.mean(short) < ALLOWED**0.5 + 0.003


def runs(name: str, kind: str, accuracies: list[float | None]) -> dict[Run, Outcome]:
    return {
        Run(name, kind, seed, b""): Outcome(a, 0.5, 0.7, "digest")
        for seed, a in enumerate(accuracies)
    }


def test_a_wrong_variant_that_fails_in_training_counts_as_failing():
    found = conclude(
        runs("reference", "reference", [0.9, 0.91, 0.92]) | runs("broken", "wrong", [None, None])
    )
    assert found.variants["broken"].chance_of_failing > 0.99
    assert found.threshold < 0.9
    assert found.chance_of_failing <= ALLOWED


def test_a_reference_that_fails_in_training_stops_the_calibration():
    with pytest.raises(SpeechmarkError, match="reference"):
        conclude(runs("reference", "reference", [0.9, 0.91, None]))


def test_a_right_encoder_fails_only_if_the_one_that_stands_in_does_too():
    reference = runs("reference", "reference", [0.9, 0.91, 0.92])
    found = conclude(reference | runs("slow", "right", [0.5, 0.52]))
    assert found.threshold == conclude(reference).threshold
    slow = found.variants["slow"].chance_of_failing
    assert slow == pytest.approx(found.variants["reference"].chance_of_failing, rel=1e-2)


def test_views_count_as_correct_from_half_the_gain_on():
    reference = runs("reference", "reference", [0.9, 0.91, 0.92])
    found = conclude(reference | runs("good", "views", [0.85]) | runs("weak", "views", [0.75]))
    assert [name for name, runs in found.variants.items() if runs.correct] == ["reference", "good"]
    assert found.variants["good"].chance_of_failing <= ALLOWED
    assert found.threshold < conclude(reference).threshold


def test_the_plan_trains_the_reference_most_and_every_variant_that_matters(contrastive):
    planned = plan(contrastive, quick=False)
    kinds = {run.variant: run.kind for run in planned}
    assert sum(run.variant == "reference" for run in planned) >= 20
    assert "encoder__gru" in kinds
    assert all("__" in name for name in kinds if name != "reference")
    assert len(plan(contrastive, quick=True)) < len(planned) / 2
