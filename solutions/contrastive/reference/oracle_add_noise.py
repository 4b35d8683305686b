"""Noise powers by plain float64 arithmetic, one sample at a time: the oracle of add_noise.

It shares no code with any solution. A clip is a list of floats; powers are mean squares.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Clip = Sequence[float]


def mean_square(clip: Clip) -> float:
    """Mean power of a clip, offset included."""
    total = 0.0
    for sample in clip:
        total += sample * sample
    return total / len(clip)


def variance(clip: Clip) -> float:
    """Mean power of a clip without its offset."""
    offset = math.fsum(clip) / len(clip)
    return mean_square([sample - offset for sample in clip])


def peak_square(clip: Clip) -> float:
    """Power of the loudest sample."""
    loudest = 0.0
    for sample in clip:
        loudest = max(loudest, abs(sample))
    return loudest**2


def mean_amplitude_square(clip: Clip) -> float:
    """Square of the mean absolute value."""
    return (math.fsum(abs(sample) for sample in clip) / len(clip)) ** 2


def active_mean_square(clip: Clip, above: float = 0.0) -> float:
    """Mean power of the samples that are farther than ``above`` from zero."""
    powers = [sample * sample for sample in clip if abs(sample) > above]
    return math.fsum(powers) / max(1, len(powers))


def noise_power(signal_power: float, snr_db: float) -> float:
    """Mean noise power at which signal power / noise power = 10^(snr_db / 10)."""
    return float(signal_power / 10.0 ** (snr_db / 10.0))


def mistaken_powers(clips: Sequence[Clip], snr_db: Sequence[float]) -> dict[str, list[float]]:
    """Noise power per clip under known mistakes: name to powers, most likely mistake first."""
    everything = [sample for clip in clips for sample in clip]
    mean_snr = math.fsum(snr_db) / len(snr_db)
    per_clip: dict[str, Callable[[Clip, float], float]] = {
        "amplitude_for_power": lambda c, s: mean_square(c) / 10.0 ** (2 * s / 10.0),
        "twenty_for_ten": lambda c, s: mean_square(c) / 10.0 ** (s / 20.0),
        "power_as_amplitude": lambda c, s: noise_power(mean_square(c), s) ** 2,
        "signal_power_as_amplitude": lambda c, s: mean_square(c) ** 2 / 10.0 ** (s / 10.0),
        "sign": lambda c, s: noise_power(mean_square(c), -s),
        "natural_exponential": lambda c, s: mean_square(c) / math.exp(s / 10.0),
        "tenfold": lambda c, s: mean_square(c) / 10.0**s,
        "plain_ratio": lambda c, s: mean_square(c) / abs(s),
        "variance": lambda c, s: noise_power(variance(c), s),
        "peak": lambda c, s: noise_power(peak_square(c), s),
        "mean_amplitude": lambda c, s: noise_power(mean_amplitude_square(c), s),
        "batch_power": lambda c, s: noise_power(mean_square(everything), s),
        "active": lambda c, s: noise_power(active_mean_square(c), s),
        "loudest": lambda c, s: noise_power(active_mean_square(c, 0.01 * max(map(abs, c))), s),
        "ignores_level": lambda c, s: noise_power(1.0, s),
        "uniform": lambda c, s: noise_power(mean_square(c), s) / 3.0,
        "uniform_centred": lambda c, s: noise_power(mean_square(c), s) / 12.0,
        "mean_snr": lambda c, s: noise_power(mean_square(c), mean_snr),
        "first_snr": lambda c, s: noise_power(mean_square(c), snr_db[0]),
    }
    return {
        name: [power(clip, snr) for clip, snr in zip(clips, snr_db, strict=True)]
        for name, power in per_clip.items()
    }
