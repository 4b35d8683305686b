"""Powers of frames by plain float64 arithmetic, one sample at a time: the oracle of energy.

It shares no code with any solution. A wave is a list of floats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Wave = Sequence[float]


def frames(wave: Wave, size: int, hop: int) -> list[Wave]:
    """The whole frames of a wave."""
    found = []
    start = 0
    while start + size <= len(wave):
        found.append(wave[start : start + size])
        start += hop
    return found


def mean_square(frame: Wave) -> float:
    """Mean power, offset included."""
    total = 0.0
    for sample in frame:
        total += sample * sample
    return total / len(frame)


def mean_magnitude(frame: Wave) -> float:
    """Mean absolute value."""
    total = 0.0
    for sample in frame:
        total += abs(sample)
    return total / len(frame)


def variance(frame: Wave) -> float:
    """Mean power without the offset."""
    offset = sum(frame) / len(frame)
    return mean_square([sample - offset for sample in frame])


POWERS: dict[str, Callable[[Wave], float]] = {
    "right": mean_square,
    "sum": lambda frame: mean_square(frame) * len(frame),
    "root": lambda frame: mean_square(frame) ** 0.5,
    "magnitude": lambda frame: mean_magnitude(frame) ** 2,
    "offset": variance,
}
"""What a frame's number is, rightly and under each known mistake."""
