"""Where a bar has to lie: chances estimated from runs, and the highest bar that is fair.

Correct work may fall short with every repeat in one case of a thousand. The chance of one short
run is that of Student's t: the variant's mean, the deviation within variants pooled over all
correct ones, and the uncertainty of both. Figures of untrained networks are skewed to the left:
their upper end is estimated by a distribution whose shape follows the skew.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Any

ALLOWED = 1e-3
"""Largest chance of failing a correct solution, the repeats included."""

STEP = 0.005

MANY = 8
"""From so many runs on a variant's own deviation is used, not that of all correct work."""


def pooled_deviation(groups: Sequence[Sequence[float]]) -> tuple[float, int]:
    """Standard deviation within groups, pooled, and its degrees of freedom.

    Raises:
        ValueError: no group has two values.
    """
    squares = sum((x - fmean(g)) ** 2 for g in groups for x in g)
    freedom = sum(len(g) - 1 for g in groups)
    if not freedom:
        raise ValueError("A deviation needs two runs of one variant.")
    return math.sqrt(squares / freedom), freedom


def deviation(own: Sequence[float], groups: Sequence[Sequence[float]]) -> tuple[float, int]:
    """Deviation of a variant's runs, its own from :data:`MANY` runs on, else that of ``groups``."""
    return pooled_deviation([own] if len(own) >= MANY else groups)


def chance_below(bar: float, values: Sequence[float], spread: float, freedom: int) -> float:
    """Chance that one further run of a variant ends at or below ``bar``."""
    from scipy.stats import t as student_t

    n = len(values)
    distance = (bar - fmean(values)) / max(spread * math.sqrt(1 + 1 / n), 1e-9)
    return float(student_t.cdf(distance, freedom))


def chance_above(bar: float, values: Sequence[float]) -> float:
    """Chance that one further run of a kind ends above ``bar``.

    By a reversed Weibull or a skew normal distribution, whichever suits better.

    Args:
        bar: what would have to be exceeded.
        values: of runs of that kind, at least eight.
    """
    if max(values) - min(values) < 1e-9:
        return float(values[0] > bar)
    return float(_fitted(values)[0].sf(bar))


def fits(values: Sequence[float]) -> float:
    """How well a Weibull or a skew normal distribution fits: a Kolmogorov-Smirnov p-value.

    From 0 to 1, of the better of the two. Its parameters are those fitted to the same values, so
    it is on the high side; below 0.05 neither fits.
    """
    return _fitted(values)[1]


def _fitted(values: Sequence[float]) -> tuple[Any, float]:
    """The distribution that fits better, by maximum likelihood, and its p-value."""
    from scipy.stats import kstest, skewnorm, weibull_max

    fitted = [kind(*kind.fit(values)) for kind in (weibull_max, skewnorm)]
    suits = [float(kstest(values, its.cdf).pvalue) for its in fitted]
    best = max(range(len(fitted)), key=suits.__getitem__)
    return fitted[best], suits[best]


def cleared_by_most(values: Sequence[float]) -> float:
    """The highest multiple of :data:`STEP` that nine of ten values exceed."""
    ranked = sorted(values)
    tenth = ranked[max(0, len(ranked) // 10 - 1)]
    return round(math.floor(tenth / STEP - 1e-9) * STEP, 3)


def lowest(chance: Callable[[float], float], allowed: float) -> float:
    """The lowest multiple of :data:`STEP`, 0 to 1, at which a chance is small enough.

    Args:
        chance: of clearing a bar; falls as the bar rises.
        allowed: the largest chance that will do.
    """
    steps = range(round(1 / STEP) + 1)
    return round(STEP * bisect.bisect_left(steps, -allowed, key=lambda i: -chance(i * STEP)), 3)


def highest(groups: Sequence[Sequence[float]], tries: int, allowed: float = ALLOWED) -> float:
    """The highest multiple of :data:`STEP` that is fair to every group of correct runs.

    Args:
        groups: values of each correct variant.
        tries: how many long runs a submission has; all must fall short for it to fail.
        allowed: the largest chance of that.
    """
    bar = math.floor(max(x for g in groups for x in g) / STEP) * STEP
    spreads = [deviation(g, groups) for g in groups]
    while (
        max(chance_below(bar, g, *s) ** tries for g, s in zip(groups, spreads, strict=True))
        > allowed
    ):
        bar -= STEP
    return round(bar, 3)
