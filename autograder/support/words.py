"""Points, shares and times as people read them, the same in every place."""

from __future__ import annotations

import math

from autograder.support.sentences import say


def number(value: float) -> str:
    """Points as people write them: ``2``, ``1.5``, ``0.67``."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """``86.4%`` for 0.864, a dash for what is not finite."""
    return f"{share:.1%}" if math.isfinite(share) else "–"


def duration(seconds: float) -> str:
    """``12.3 s``, ``4 min 10 s`` or ``2 h 5 min``."""
    if not 100 <= seconds < math.inf:
        return say("duration.seconds", seconds=seconds)
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 100:
        return say("duration.minutes", minutes=minutes, seconds=rest)
    return say("duration.hours", hours=minutes // 60, minutes=minutes % 60)
