"""A bar is the highest that is fair to correct work, and chances are those that come true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, weibull_max

from autograder.authoring.threshold import (
    ALLOWED,
    STEP,
    chance_above,
    chance_below,
    cleared_by_most,
    deviation,
    fits,
    highest,
    lowest,
    pooled_deviation,
)

value = st.floats(0.5, 0.95)
group = st.lists(value, min_size=2, max_size=8)


@given(st.lists(group, min_size=1, max_size=5), st.integers(1, 4))
def test_the_bar_is_the_highest_that_is_fair_to_every_group(groups, tries):
    if min(deviation(group, groups)[0] for group in groups) < 1e-4:
        return
    bar = highest(groups, tries)

    def worst(at: float) -> float:
        return max(chance_below(at, g, *deviation(g, groups)) ** tries for g in groups)

    assert worst(bar) <= ALLOWED * 1.001
    above = bar + STEP
    assert above > max(x for g in groups for x in g) or worst(above) > ALLOWED * 0.999
    assert bar / STEP == pytest.approx(round(bar / STEP))


def test_runs_that_are_all_alike_have_a_bar_below_them():
    bar = highest([[0.9, 0.9, 0.9]], 2)
    assert 0.89 <= bar < 0.9 + 1e-9


def test_one_run_of_each_says_nothing_of_how_runs_spread():
    with pytest.raises(ValueError, match="two runs"):
        pooled_deviation([[0.9], [0.8]])


def test_the_deviation_is_that_within_groups():
    groups = [[0.1, 0.3], [0.8, 0.9, 1.0]]
    expected = (2 * 0.1**2 + 2 * 0.1**2) / 3
    assert pooled_deviation(groups) == (pytest.approx(expected**0.5), 3)


@pytest.mark.parametrize("tries", [1, 2])
def test_over_many_calibrations_a_normal_run_falls_short_no_more_often_than_is_said(tries):
    random = np.random.default_rng(0)
    short = []
    for _ in range(2000):
        found = random.normal(0.8, 0.02, 24).tolist()
        short.append(norm.cdf(highest([found], tries), 0.8, 0.02))
    # Rounded down to a multiple of 0.005, so somewhat less often than that; 2000 calibrations
    # tell the mean to a tenth of it.
    once = ALLOWED ** (1 / tries)
    assert 0.3 * once < np.mean(short) < 1.1 * once


def test_more_tries_allow_a_higher_bar():
    runs = [[0.8, 0.82, 0.84, 0.81]]
    assert highest(runs, 1) < highest(runs, 2) < highest(runs, 3)


SKEWED = weibull_max(c=2.5, loc=0.9, scale=0.3)
"""Skewed to the left, as figures of untrained networks are."""


def test_the_chance_of_ending_above_a_bar_is_that_of_the_distribution():
    bar = float(SKEWED.isf(0.01))
    values = [SKEWED.rvs(48, random_state=seed).tolist() for seed in range(40)]
    estimates = [chance_above(bar, v) for v in values]
    assert 0.003 < np.median(estimates) < 0.03
    too_high = [norm.sf(bar, np.mean(v), np.std(v)) for v in values]
    assert np.mean(np.abs(np.log10(np.maximum(estimates, 1e-4)) + 2)) < 1
    assert np.median(too_high) > np.median(estimates)


def test_far_above_every_value_the_chance_is_none_and_far_below_it_is_one():
    values = SKEWED.rvs(48, random_state=0).tolist()
    assert chance_above(1.5, values) < 1e-6
    assert chance_above(0.0, values) > 0.999


def test_what_the_fit_does_not_suit_shows():
    random = np.random.default_rng(0)
    assert fits(SKEWED.rvs(100, random_state=0).tolist()) > 0.1
    two_heaps = [*random.normal(0.2, 0.01, 50), *random.normal(0.8, 0.01, 50)]
    assert fits(two_heaps) < 0.01


def test_nine_of_ten_values_are_above_the_bar_that_most_clear():
    values = [0.5 + 0.01 * i for i in range(20)]
    bar = cleared_by_most(values)
    assert sum(value > bar for value in values) >= 18
    assert sum(value > bar + 2 * STEP for value in values) < 19
    # Of fewer than twenty values none may be below.
    assert sum(value > cleared_by_most(values[:9]) for value in values[:9]) == 9


@given(st.lists(value, min_size=1, max_size=40))
def test_the_bar_that_most_clear_is_a_step_and_never_reached_by_nine_of_ten(values):
    bar = cleared_by_most(values)
    assert bar / STEP == pytest.approx(round(bar / STEP))
    assert sum(x > bar for x in values) >= 0.9 * len(values)


@given(st.floats(0, 1), st.floats(1e-4, 0.5))
def test_the_lowest_bar_is_the_first_step_at_which_the_chance_is_small_enough(middle, width):
    def chance(bar: float) -> float:
        return float(norm.sf(bar, middle, width))

    bar = lowest(chance, ALLOWED)
    assert bar / STEP == pytest.approx(round(bar / STEP))
    assert bar > 1 or chance(bar) <= ALLOWED
    assert bar == 0 or chance(bar - STEP) > ALLOWED


def test_from_many_runs_on_a_variant_is_judged_by_its_own_deviation():
    steady, wild = [0.8, 0.81] * 6, [0.6, 0.9] * 4
    assert deviation(wild, [steady, wild]) == pooled_deviation([wild])
    assert deviation(wild[:4], [steady, wild[:4]]) == pooled_deviation([steady, wild[:4]])


def test_the_chance_of_values_that_are_all_alike_is_none_or_one():
    assert chance_above(0.5, [0.4] * 10) == 0
    assert chance_above(0.3, [0.4] * 10) == 1
