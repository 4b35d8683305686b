"""Points, shares and times as people read them, the same in every place."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Points as people write them: ``2``, ``1.5``, ``0.67``."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """``86.4%`` for 0.864, a dash for what is not finite."""
    return f"{share:.1%}" if math.isfinite(share) else "–"


def duration(seconds: float) -> str:
    """``12.3 s``, ``4 min 10 s`` or ``2 h 5 min``."""
    if not 100 <= seconds < math.inf:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
