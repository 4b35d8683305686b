"""The gain by which learning is told from luck, and what staff should look at in a run."""

from __future__ import annotations

from statistics import fmean
from typing import Any

FOUND_BEFORE = 0.07
"""Share of the reference's views that no random encoder finds: 0.059 is the most, of twenty right
ones and 24 seeds of the reference on FSDD."""

EASY = 0.5
"""Where training finds more than so many, views differ so little that random encoders find some."""

BETTER = 0.03
"""By so much a run must surpass every run on record to be looked at."""


def gain(run: Any, exam: Any) -> float:
    """What training added to the probe with few labels, -1 to 1.

    Counted from the encoder's own beginning or from what untrained encoders reach on average,
    whichever is higher: code can know that it was never trained, and pretend to be worse.
    """
    begun = run.measures["few_untrained"]
    if exam.calibration:
        begun = max(begun, fmean(exam.calibration.variants["untrained"].of("few")))
    return run.measures["few"] - begun


def flags(run: Any, calibration: Any) -> list[str]:
    """Sentences about a run that does not look like learning.

    Weights smuggled in, or features merely passed through, find the other view of a clip
    before training as well as after it; random weights do not, whatever the probe reads from
    them. Labels brought along can hide until training is over, but hardly be modest.
    """
    found = []
    few, untrained = run.measures["few"], run.measures["few_untrained"]
    if few > calibration.highest("few") + BETTER:
        found.append(f"it is better than any run on record ({few:.3f})")
    if untrained > calibration.highest("few", "untrained") + BETTER:
        found.append(f"untrained it is better than any encoder on record ({untrained:.3f})")
    before, after = (run.signals.get(n, 0.0) for n in ("retrieval_before", "retrieval_top1"))
    share = 0.5 if after < EASY else 0.95
    if before > FOUND_BEFORE and before > share * after:
        found.append(f"training hardly changes which views it finds ({before:.2f} before it)")
    return found
