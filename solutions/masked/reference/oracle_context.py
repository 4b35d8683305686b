"""Speech-like log-mels drawn from formant tracks, so that suites need no recording.

Values are made one by one from the formulas below; there is no right answer in them, only
inputs of the kind that networks and voices are meant for.
"""

from __future__ import annotations

import math
import random
from itertools import pairwise

BANDS = 40
SILENCE = (math.log(0.01) + 1.2) / 4.0
"""What a log-mel of spoken digits holds after the end of speech."""

Track = list[tuple[float, float]]
"""Band of a formant at some places of a clip, both from 0 to 1."""


def at(track: Track, u: float) -> float:
    """Where the track is at ``u``, straight between its points."""
    for (u0, y0), (u1, y1) in pairwise(track):
        if u <= u1:
            return y0 + (y1 - y0) * (u - u0) / (u1 - u0)
    return track[-1][1]


def track(low: float, high: float, sounds: int, rng: random.Random) -> Track:
    """A formant that glides from sound to sound."""
    return [(i / sounds, rng.uniform(low, high)) for i in range(sounds + 1)]


def log_mel(frames: int, spoken: int, rng: random.Random) -> list[list[float]]:
    """Standardised log-mel powers [BANDS][frames]: three formants over a floor of noise.

    Speech fills ``spoken`` frames and is of four to six sounds, each of its own loudness; what
    comes after is silence.
    """
    sounds = rng.randint(4, 6)
    formants = [track(*r, sounds, rng) for r in ((0.1, 0.4), (0.35, 0.75), (0.7, 0.95))]
    loudness = track(0.15, 1.0, 2 * sounds, rng)
    widths = [rng.uniform(0.03, 0.06) for _ in formants]
    result = []
    for band in range(BANDS):
        row = []
        for frame in range(frames):
            if frame >= spoken:
                row.append(SILENCE)
                continue
            u, y = frame / max(spoken - 1, 1), band / (BANDS - 1)
            power = 0.02 * (1 + 0.5 * rng.random())
            for formant, width in zip(formants, widths, strict=True):
                distance = (y - at(formant, u)) / width
                power += 30 * at(loudness, u) ** 2 * math.exp(-distance * distance) / (1 + 2 * y)
            row.append((math.log(power) + 1.2) / 4.0)
        result.append(row)
    return result
