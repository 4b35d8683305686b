"""Speech-like clips drawn from formant tracks, so that suites need no recording.

Values are made one by one from the formulas below; there is no right answer in them, only
inputs of the kind that encoders and augmentations are meant for.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

BANDS = 40
SAMPLE_RATE = 8000
HOP = 128


@dataclass(frozen=True)
class Utterance:
    """A pitch and three formants (Hz) that glide from start to end, and a syllable rate."""

    pitch: tuple[float, float]
    formants: tuple[tuple[float, float], ...]
    syllables: float
    phase: float

    def pitch_at(self, u: float) -> float:
        """Pitch in Hz at ``u`` in [0, 1] of the clip."""
        return self.pitch[0] + (self.pitch[1] - self.pitch[0]) * u

    def formants_at(self, u: float) -> list[float]:
        """Formants in Hz at ``u`` in [0, 1] of the clip."""
        return [a + (b - a) * u for a, b in self.formants]

    def loudness_at(self, u: float) -> float:
        """Amplitude between 0.05 and 1: syllables, faded in and out."""
        syllable = 0.5 - 0.5 * math.cos(2 * math.pi * self.syllables * u + self.phase)
        return 0.05 + 0.95 * syllable * math.sin(math.pi * min(max(u, 0.0), 1.0))


def utterance(rng: random.Random) -> Utterance:
    """A random utterance within the ranges of human voices."""
    pitch = rng.uniform(90, 260)
    ranges = ((280, 850), (900, 2300), (2400, 3300))
    formants = tuple((rng.uniform(*r), rng.uniform(*r)) for r in ranges)
    return Utterance(
        (pitch, pitch * rng.uniform(0.75, 1.2)), formants, rng.uniform(1, 3), rng.uniform(0, 2)
    )


def mel(hertz: float) -> float:
    """The mel scale (O'Shaughnessy 1987)."""
    return 2595 * math.log10(1 + hertz / 700)


def band_centre(band: int, bands: int = BANDS) -> float:
    """Centre of a mel band between 60 Hz and 4000 Hz, in mel."""
    low, high = mel(60), mel(4000)
    return low + (high - low) * (band + 1) / (bands + 1)


def spectrogram(speech: Utterance, frames: int, rng: random.Random) -> list[list[float]]:
    """Standardised log-mel powers [BANDS][frames]: formant peaks over a noise floor."""
    rows = []
    for band in range(BANDS):
        row = []
        for frame in range(frames):
            u = frame / (frames - 1)
            tilt = 1 / (1 + band / 12)
            power = 0.01 * (1 + 0.5 * rng.random())
            for formant in speech.formants_at(u):
                distance = (band_centre(band) - mel(formant)) / 90
                power += tilt * speech.loudness_at(u) ** 2 * 100 * math.exp(-distance * distance)
            row.append((math.log(power) + 1.2) / 4.0)
        rows.append(row)
    return rows


def wave(speech: Utterance, samples: int, spoken: int, rng: random.Random) -> list[float]:
    """Waveform of ``samples``: harmonics under the formants for ``spoken`` samples, then zeros."""
    result, angle = [], 0.0
    for i in range(samples):
        if i >= spoken:
            result.append(0.0)
            continue
        u = i / spoken
        pitch = speech.pitch_at(u)
        angle += 2 * math.pi * pitch / SAMPLE_RATE
        value = 0.01 * rng.gauss(0, 1)
        for k in range(1, int(3800 / pitch)):
            gain = sum(math.exp(-(((k * pitch - f) / 150) ** 2)) for f in speech.formants_at(u))
            value += (0.05 / k + gain / (1 + k / 4)) * math.sin(k * angle)
        result.append(0.2 * speech.loudness_at(u) * value)
    return result
