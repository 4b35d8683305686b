"""Where a bar has to lie: chances estimated from runs, and the highest bar that is fair.

Correct work may fall short with every repeat in one case of a thousand. The chance of one short
run is that of Student's t: the variant's mean, the deviation within variants pooled over all
correct ones, and the uncertainty of both. Figures of untrained networks are skewed to the left,
so their upper end is estimated by a reversed Weibull distribution, whose shape follows the skew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

ALLOWED = 1e-3
"""Largest chance of failing a correct solution, the repeats included."""

STEP = 0.005


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


def chance_below(bar: float, values: Sequence[float], spread: float, freedom: int) -> float:
    """Chance that one further run of a variant ends at or below ``bar``."""
    from scipy.stats import t as student_t

    n = len(values)
    distance = (bar - fmean(values)) / max(spread * math.sqrt(1 + 1 / n), 1e-9)
    return float(student_t.cdf(distance, freedom))


def chance_above(bar: float, values: Sequence[float]) -> float:
    """Chance that one further run of a kind ends above ``bar``, by a reversed Weibull fit.

    Args:
        bar: what would have to be exceeded.
        values: of runs of that kind, at least eight.
    """
    from scipy.stats import weibull_max

    shape, location, scale = weibull_max.fit(values)
    return float(weibull_max.sf(bar, shape, location, scale))


def fits(values: Sequence[float]) -> float:
    """How well the reversed Weibull suits: the p-value of a Kolmogorov-Smirnov test, 0 to 1.

    The parameters are those fitted to the same values, so it is on the high side; below 0.05 the
    fit does not suit.
    """
    from scipy.stats import kstest, weibull_max

    return float(kstest(values, weibull_max(*weibull_max.fit(values)).cdf).pvalue)


def cleared_by_most(values: Sequence[float]) -> float:
    """The highest multiple of :data:`STEP` that nine of ten values exceed."""
    ranked = sorted(values)
    tenth = ranked[max(0, len(ranked) // 10 - 1)]
    return round(math.floor(tenth / STEP - 1e-9) * STEP, 3)


def lowest(untrained: Sequence[float]) -> float:
    """The lowest multiple of :data:`STEP` that untrained networks exceed as rarely as allowed."""
    bar = math.ceil(max(untrained) / STEP) * STEP
    while chance_above(bar, untrained) > ALLOWED:
        bar += STEP
    return round(bar, 3)


def highest(groups: Sequence[Sequence[float]], tries: int) -> float:
    """The highest multiple of :data:`STEP` that is fair to every group of correct runs.

    Args:
        groups: values of each correct variant.
        tries: how many long runs a submission has; all must fall short for it to fail.
    """
    spread, freedom = pooled_deviation(groups)
    bar = math.floor(max(x for g in groups for x in g) / STEP) * STEP
    while max(chance_below(bar, g, spread, freedom) ** tries for g in groups) > ALLOWED:
        bar -= STEP
    return round(bar, 3)
