"""Hidden suite of the part ``add_noise``.

The noise is recovered as output minus input, in float64. Expected powers come from an
independent float64 oracle (reference/oracle_add_noise.py).

False alarms. For n independent standard normal samples and x = 20 the bounds of Laurent and
Massart (2000, lemma 1) say that the mean square leaves [1 - 2 sqrt(x/n), 1 + 2 sqrt(x/n) +
2x/n] with a chance below 2 exp(-20) = 4e-9, and that a sum of products n_t n_(t+k) over n
terms leaves +-(sqrt(2nx) + 2x) with a chance below 4e-9. Each test says how it uses them.
Noise that is rescaled to hit the ratio exactly only comes closer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import torch
from torch import Generator, Tensor

from autograder.lab.testing.randomness import CALLS, Rules, twin
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import (
    close,
    demand,
    differ,
    essential,
    nearest_mistake,
    weigh,
)

HINTS = {
    "amplitude_for_power": "add_noise.decibels",
    "twenty_for_ten": "add_noise.decibels",
    "power_as_amplitude": "add_noise.power_as_amplitude",
    "signal_power_as_amplitude": "add_noise.power_as_amplitude",
    "sign": "add_noise.sign",
    "natural_exponential": "add_noise.not_decibels",
    "tenfold": "add_noise.not_decibels",
    "plain_ratio": "add_noise.not_decibels",
    "variance": "add_noise.variance",
    "peak": "add_noise.peak",
    "mean_amplitude": "add_noise.mean_amplitude",
    "batch_power": "add_noise.batch_power",
    "active": "add_noise.active",
    "loudest": "add_noise.active",
    "sum": "add_noise.sum",
    "ignores_level": "add_noise.ignores_level",
    "uniform": "add_noise.gaussian",
    "uniform_centred": "add_noise.gaussian",
    "whole": "add_noise.whole_decibels",
    "mean_snr": "add_noise.one_snr",
    "first_snr": "add_noise.one_snr",
}
"""The hint of each known mistake, most likely mistake first."""

RATIO = 0.12
"""Half a decibel. Over 8192 samples the bound above is -9.9 %, +10.4 %."""

QUIET = 0.004
"""Root mean square below which a clip counts as quiet, -48 dB of full scale. There are two."""

INAUDIBLE = 2.0**-17
"""Root mean square: a quarter of a step of 16-bit audio. A power floor of 1e-10 stays below
it at 10 dB, one of 1e-8 is four times above."""
rules = Rules("add_noise")


@cache
def speech_like(batch: int, time: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Clips [batch, time] of different levels, none silent. The same for all: hand out clones."""
    level = torch.linspace(0.05, 0.8, batch, dtype=dtype)[:, None]
    return level * torch.randn(batch, time, generator=twin(batch), dtype=dtype)


def noisy(student: Student, wave: Tensor, snr_db: float | Tensor, seed: int) -> Tensor:
    """The result of a call, in float64."""
    snr = snr_db.clone() if isinstance(snr_db, Tensor) else snr_db
    return rules.checked(student.add_noise(wave.clone(), snr, generator=twin(seed)), wave)


def unit(clips: Tensor) -> Tensor:
    """Every clip without its mean and with a norm of 1, so that products are correlations.

    A clip that does not vary becomes zero.
    """
    centred = clips - clips.mean(dim=1, keepdim=True)
    norm = centred.norm(dim=1, keepdim=True)
    varies = norm > 1e-6 * clips.norm(dim=1, keepdim=True)
    return torch.where(varies, centred / norm, 0.0)


@essential
@rules.follows()
def test_kind(student: Student) -> None:
    """Noise is added, and the result is a tensor of the wave's shape."""

    changed = []

    def call(size: tuple[int, int]) -> None:
        wave = speech_like(*size)
        out = noisy(student, wave, 10.0, seed=size[1])
        demand(out.isfinite().all(), "add_noise.not_finite")
        changed.append(not torch.equal(out, wave.double()))

    sizes = [(6, 400), (16, 8000), (3, 257), (1, 100), (2, 9)]
    rules.takes(sizes, call, lambda seed: noisy(student, speech_like(1, 100), 10.0, seed))
    demand(any(changed), "add_noise.unchanged")
    wave = speech_like(6, 400)
    heard = differ(*(noisy(student, clips, 10.0, seed=0) for clips in (wave, wave.flip(0))))
    demand(heard, "add_noise.noise_alone")


@weigh(2)
@rules.follows()
def test_snr_of_a_number(student: Student, reference: Mapping[str, Tensor]) -> None:
    """With one number of decibels, every clip has that signal-to-noise ratio."""
    _check_ratio(student, reference, "number", float(reference["level"]), seed=1)


@weigh(2)
@rules.follows()
def test_snr_of_a_tensor(student: Student, reference: Mapping[str, Tensor]) -> None:
    """With a tensor of decibels, every clip has a signal-to-noise ratio of its own."""
    _check_ratio(student, reference, "tensor", reference["snr_db"], seed=2)


def _check_ratio(
    student: Student, reference: Mapping[str, Tensor], case: str, snr_db: float | Tensor, seed: int
) -> None:
    """Two calls of 12 clips: 24 bounds on the power are 1e-7 together.

    Over the 98304 samples of a call the bound is 2.9 %; decibels cut to a whole number make
    9.6 % of what was 0.4 dB. Noise that knows nothing of the clip correlates with it beyond
    0.1 over 8192 samples with a chance below 2 (1 - 0.1^2)^4095 = 3e-18.
    """
    wave = reference["wave"].repeat(1, 8)
    out, clean = noisy(student, wave, snr_db, seed), wave.double()
    demand(out.isfinite().all(), "add_noise.not_finite")
    noise = out - clean
    power, right = noise.square().mean(dim=1), reference[f"{case}.right"]
    depends = (unit(noise) * unit(clean)).sum(dim=1).abs() > 0.1
    if close(power, right, rtol=RATIO, atol=0):
        demand(not bool(depends.any()), "add_noise.follows_signal", depends.tolist())
        off = float((power / right).mean()) - 1
        demand(abs(off) < 0.05, "add_noise.whole_decibels", off)
        return
    mistakes = {
        name: reference[f"{case}.{name}"] / right for name in HINTS if f"{case}.{name}" in reference
    }
    mistakes["sum"] = torch.full_like(right, wave.shape[1])
    mistakes["whole"] = torch.full_like(right, 10**0.04)
    nearest = nearest_mistake(power / right, mistakes, "none", rtol=RATIO)
    silent = clean == 0
    kept = (noise.square() * silent).sum(dim=1) / silent.sum(dim=1).clamp(min=1)
    padded = silent.double().mean(dim=1) > 0.3
    quiet = clean.square().mean(dim=1) < QUIET**2
    off = (power / right - 1).abs() > RATIO
    if not bool(noise.any()):
        hint = "add_noise.sometimes"
    elif nearest in HINTS:
        hint = HINTS[nearest]
    elif bool(((unit(out) * unit(clean)).sum(dim=1).abs() < 0.1).all()):
        hint = "add_noise.noise_alone"
    elif depends.double().mean() > 0.5:
        hint = "add_noise.rescaled"
    elif bool(clean.abs().max() > 1.2) and bool((out.abs() <= 1).all()):
        hint = "add_noise.clamped"
    elif bool((kept < 0.5 * power)[padded & ~quiet].all()):
        hint = "add_noise.follows_signal"
    elif torch.equal(off, off & quiet):
        hint = "add_noise.quiet"
    elif close(power / right, (power / right)[:1].expand_as(right), rtol=RATIO, atol=0):
        hint = "add_noise.factor"
    else:
        hint = "add_noise.ratio"
    demand(False, hint, power / right)


@rules.follows()
def test_extreme_decibels(student: Student) -> None:
    """The ratio holds for negative decibels and for large ones.

    18 bounds on the power of 8192 samples are 7e-8 together. At 60 dB rounding in float32 adds
    a hundredth of a percent.
    """
    wave = speech_like(6, 8192)
    levels = (-5.0, 40.0, torch.tensor([-20.0, -3.0, 0.0, 30.0, 45.0, 60.0]))
    for snr_db in levels:
        noise = noisy(student, wave, snr_db, seed=10) - wave.double()
        ratio = 10 ** (torch.as_tensor(snr_db, dtype=torch.float64) / 10)
        right = wave.double().square().mean(dim=1) / ratio
        power = noise.square().mean(dim=1)
        right_level = close(power, right, rtol=RATIO, atol=0)
        demand(right_level, "add_noise.extreme_decibels", (snr_db, power / right))


@rules.follows()
def test_silence(student: Student) -> None:
    """A silent clip comes back unchanged, alone or beside loud ones, which still get noise."""
    silent = torch.tensor([False, True, False, True])
    mixed = speech_like(4, 2000) * ~silent[:, None]
    for wave, snr_db in (
        (mixed, 10.0),
        (mixed, torch.full((4,), 10.0)),
        (torch.zeros(3, 2000), 10.0),
        (torch.zeros(1, 2000), torch.tensor([10.0])),
    ):
        noise = noisy(student, wave, snr_db, seed=3) - wave.double()
        demand(noise.isfinite().all(), "add_noise.silent_not_finite")
        is_silent = (wave == 0).all(dim=1)
        level = noise.square().mean(dim=1).sqrt()
        demand(bool((level[is_silent] <= INAUDIBLE).all()), "add_noise.silent_noise", level)
        demand(bool((level[~is_silent] > 0).all()), "add_noise.silent_mates", level)


@rules.follows()
def test_clips_are_independent(student: Student) -> None:
    """Every clip gets noise of its own, at every call.

    Differences of neighbouring samples are compared, so that noise which is not white is not
    taken for shared. Their correlation over 2047 places has a standard deviation of 0.027 for
    white noise, and is beyond 0.25 with a chance below 1e-19 for each of 496 pairs. Whether a
    call or a clip gets noise at all may not be left to chance: 40 calls all show it by luck
    with a chance below 1e-6 where it happens with one of 0.7 or less.
    """
    wave = speech_like(32, 2048)
    noise = unit((noisy(student, wave, 0.0, seed=4) - wave.double()).diff(dim=1))
    correlation = (noise @ noise.T).fill_diagonal_(0).abs().max()
    demand(correlation < 0.25, "add_noise.shared_noise", correlation)
    wave = speech_like(4, 64)
    for seed in range(100, 100 + CALLS):
        level = (noisy(student, wave, 10.0, seed) - wave.double()).abs().amax(dim=1)
        demand(bool((level > 0).all()), "add_noise.sometimes", level)


@rules.follows()
def test_white_and_gaussian(student: Student) -> None:
    """The noise is white and Gaussian, whatever the clip sounds like at that moment.

    n = 64 x 2048 = 131072 samples. The quiet and the silent quarter of the clips: the bound is
    5.1 % of their power. Mean: 0.02 is 7.2 standard deviations. Shares within 0.5, 1 and 2: their
    standard deviation is below 0.0014, so 0.015 is over 10 of them; the nearest other
    distribution in use, a triangular one, is 0.03 off. Each of 2047 lags: the bound for x = 24 is
    0.0196, which makes 2e-7 together.
    """
    wave = speech_like(64, 2048).clone()
    wave[:, 1024:] *= 0.02
    wave[:, 1536:] = 0.0
    noise = noisy(student, wave, 0.0, seed=5) - wave.double()
    noise = noise / noise.square().mean(dim=1, keepdim=True).sqrt()
    demand(noise.isfinite().all(), "add_noise.unchanged")
    centred = noise - noise.mean(dim=1, keepdim=True)
    demand(centred.square().mean() > 0.01, "add_noise.constant", centred.square().mean())
    # Noise whose samples hang together plainly is told so before its other peculiarities.
    lag, along = strongest(centred)
    demand(abs(along) < 0.2, "add_noise.white", (lag, along))
    for quiet in (noise[:, 1024:1536], noise[:, 1536:]):
        level = quiet.square().mean()
        demand(0.9 < level < 1.1, "add_noise.follows_signal", level)
    demand(noise.mean().abs() < 0.02, "add_noise.gaussian", noise.mean())
    for bound, share in ((0.5, 0.38292), (1.0, 0.68269), (2.0, 0.95450)):
        seen = (noise.abs() < bound).double().mean()
        demand((seen - share).abs() < 0.015, "add_noise.gaussian", (bound, seen))
    lag, along = strongest(noise)
    demand(abs(along) < 0.02, "add_noise.white", (lag, along))
    # Five seconds: the mean over 2 x 40000 products or fewer is 0.1 with a chance below 1e-80.
    # Noise that is laid end to end, in pieces of up to three seconds, gives 0.4 and more.
    wave = speech_like(2, 40_000)
    noise = noisy(student, wave, 0.0, seed=11) - wave.double()
    lag, along = strongest(noise / noise.square().mean(dim=1, keepdim=True).sqrt())
    demand(abs(along) < 0.1, "add_noise.looped", (lag, along))


def strongest(noise: Tensor) -> tuple[int, float]:
    """The lag of the greatest mean autocorrelation of clips of power 1, and its value."""
    time = noise.shape[1]
    spectrum = torch.fft.rfft(noise, n=2 * time).abs().square().mean(dim=0)
    autocorrelation = torch.fft.irfft(spectrum)[1:time] / time
    lag = int(autocorrelation.abs().argmax())
    return lag + 1, float(autocorrelation[lag])


@rules.follows("unchanged", "not_random", "everything", "sometimes", "not_finite")
def test_generator(student: Student) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""
    wave = speech_like(8, 300)

    def call(generator: Generator) -> Tensor:
        return rules.checked(student.add_noise(wave.clone(), 5.0, generator=generator), wave)

    rules.comes_from_generator(student, call, seed=6)


@rules.follows("unchanged", "not_random", "everything", "fixed_seed")
def test_default_generator(student: Student) -> None:
    """Without a generator, the noise is another one at every call."""
    wave = speech_like(8, 300)
    rules.varies_by_default(lambda: rules.checked(student.add_noise(wave.clone(), 5.0), wave))


def test_inputs_are_kept(student: Student) -> None:
    """The clips and the decibels given are not modified."""
    wave, snr_db = speech_like(8, 300).clone(), torch.linspace(0, 20, 8)
    student.add_noise(wave, snr_db, generator=twin(8))
    rules.keeps_input(student)


def test_dtype(student: Student) -> None:
    """The result has the wave's dtype, float32 or float64."""
    for dtype in (torch.float32, torch.float64):
        wave = speech_like(4, 300, dtype)
        for snr_db in (5.0, torch.linspace(0, 20, 4, dtype=dtype)):
            rules.keeps_dtype(student.add_noise(wave.clone(), snr_db, generator=twin(9)), wave)
