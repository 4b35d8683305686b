"""The corpus that needs no download: digits spoken by eSpeak NG, the same bits on every build.

A speaker is one of the synthesiser's voices with an accent, a vocal tract length and a room of
its own; a take varies rate, pitch, melody, tempo and background noise. After the synthesiser
everything is computed in integers, because the last bit of a floating-point sum depends on the
processor.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from spoken_digits.cards import Card
from spoken_digits.espeak import SAMPLE_RATE as SPOKEN_RATE
from spoken_digits.espeak import Utterance, speak
from spoken_digits import store
from spoken_digits.digest import content_digest
from spoken_digits.errors import CorpusError
from spoken_digits.recordings import Recording, everyone

if TYPE_CHECKING:
    import numpy.typing as npt

    Clip = npt.NDArray[np.int16]
    Ints = npt.NDArray[np.int64]

SAMPLE_RATE = 8000

WORDS = {
    "en": "zero one two three four five six seven eight nine".split(),
    "ru": "ноль один два три четыре пять шесть семь восемь девять".split(),
}
ACCENTS = {
    "en": (
        "en-us", "en", "en-gb-scotland", "en-029",
        "en-gb-x-rp", "en-us-nyc", "en-gb-x-gbclan", "en-gb-x-gbcwmd",
    ),
    "ru": ("ru", "ru-lv", "kk", "ru-cl", "tt", "cv"),
}
MELODIES = ".,?!"

PHASES = 64
"""Fractions of a sample at which the resampling filter is tabulated."""
REACH = 24
"""Half-width of the resampling filter, in samples of the synthesiser."""


class Dice:
    """Whole numbers that depend on ``seed`` alone, on every machine and numpy version.

    numpy guarantees the raw stream of a bit generator, not the distributions built on it.
    """

    def __init__(self, *seed: int) -> None:
        self._bits = np.random.PCG64(list(seed))

    def between(self, low: int, high: int) -> int:
        """A number in low..high, both included."""
        return low + int(self._bits.random_raw()) % (high - low + 1)

    def noise(self, count: int) -> Ints:
        """[count] near-Gaussian numbers: sums of four uniform 16-bit ones, rms 37837."""
        raw = self._bits.random_raw(count).astype("<u8").view("<i2").reshape(count, 4)
        return raw.astype(np.int64).sum(axis=1)


def utterances(card: Card, language: str) -> dict[Recording, Utterance]:
    accents = ACCENTS[language]
    plan = {}
    for number, speaker in enumerate(sorted(card.speakers)):
        voice = f"{accents[number % len(accents)]}+{speaker}"
        for digit, word in enumerate(WORDS[language]):
            for take in range(card.takes[0], card.takes[1] + 1):
                dice = Dice(1, number, digit, take)
                plan[Recording(speaker, digit, take)] = Utterance(
                    voice,
                    word + MELODIES[dice.between(0, len(MELODIES) - 1)],
                    rate=dice.between(*RATE),
                    pitch=dice.between(30, 70),
                    range=dice.between(20, 80),
                )
    return plan


def corpus(
    card: Card, language: str, *, verify: bool = True, progress: bool = False
) -> dict[Recording, Clip]:
    """The corpus in ``language``, from the cache or built: [time] int16 at 8 kHz each.

    Raises:
        CorpusError: the language is not spoken, the synthesiser does not work here, or what it
            says does not have the digest of the card.
    """
    if language not in WORDS:
        raise CorpusError(f"{card.title} speak {', '.join(WORDS)}, not {language!r}.")
    expected = card.digests.get(language, "")
    key = f"{card.name}-{language}-{expected[:16]}"
    kept = store.restore(key)
    if kept is not None and len(kept) == card.clips:
        clips = dict(zip(everyone(card), kept, strict=True))
        if digest(clips) == expected:
            return clips
    clips = build(card, language, progress=progress)
    if verify and (found := digest(clips)) != expected:
        raise CorpusError(
            f"{card.title} ({language}) came out with the content digest {found}, not {expected}:"
            f" the card is for {card.commit}. Install that, or load with verify=False and compare"
            " results on this machine only."
        )
    store.save(key, list(clips.values()))
    return clips


def digest(clips: Mapping[Recording, Clip]) -> str:
    """Content digest (:mod:`spoken_digits.digest`) over the clips' little-endian samples."""
    return content_digest(
        (
            f"{clip.digit}_{clip.speaker}_{clip.take}",
            hashlib.sha256(wave.astype("<i2").tobytes()).hexdigest(),
        )
        for clip, wave in clips.items()
    )


def build(card, language, progress=False):
    plan = utterances(card, language)
    spoken = speak(list(plan.values()))
    numbers = {s: i for i, s in enumerate(sorted(card.speakers))}
    return {r: record(w, r, numbers[r.speaker]) for (r, w) in zip(plan, spoken)}


RATE=(130,230)
ONSET=0
TRACT = 12
TEMPO = 3
CHAN_S = 160
CHAN_C = 60
SNR = (100, 1000)

def record(spoken, recording, number):
    of_speaker = Dice(2, number)
    of_take = Dice(3, number, recording.digit, recording.take)
    percent = 100 + of_speaker.between(-TRACT, TRACT) + of_take.between(-TEMPO, TEMPO)
    wave = trim(resampled(trim(spoken.astype(np.int64)), percent))
    taps = room(of_speaker, CHAN_S) 
    wave = np.pad(wave, (of_take.between(0, ONSET), 0))
    wave = np.convolve(wave, taps)
    wave = np.convolve(wave, room(of_take, CHAN_C)) >> 16
    signal = math.isqrt(int((wave * wave).mean()))
    noise = np.convolve(of_take.noise(len(wave) + 8), room(of_take, 256))[8:-8] >> 8
    snr = of_take.between(*SNR)   # amplitude ratio x 10... 
    wave = wave + noise * signal * 10 // (37837 * snr)
    peak = int(np.abs(wave).max())
    level = of_take.between(6000, 26000)
    return (wave * level // peak).astype(np.int16)


def room(dice, strength):
    taps = [256]
    for i in range(1, 9):
        taps.append(dice.between(-strength, strength) // (i if i>1 else 1))
    return np.array(taps, dtype=np.int64)


def trim(wave):
    loud = np.flatnonzero(np.abs(wave) * 50 > np.abs(wave).max())
    return wave[max(loud[0] - 200, 0) : loud[-1] + 200]


@cache
def kernel():
    cutoff = 3700 * 2 / SPOKEN_RATE
    offsets = np.arange(-REACH + 1, REACH + 1)[None, :] - np.arange(PHASES)[:, None] / PHASES
    window = 0.5 + 0.5 * np.cos(np.pi * offsets / (REACH + 1))
    taps = cutoff * np.sinc(cutoff * offsets) * window
    return np.rint(taps * (1 << 15)).astype(np.int64)


def resampled(wave, percent):
    step = SPOKEN_RATE * percent * PHASES // (SAMPLE_RATE * 100)
    at = np.arange(len(wave) * PHASES // step) * step
    padded = np.pad(wave, (REACH - 1, REACH + 1))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH)
    return (windows[at // PHASES] * kernel()[at % PHASES]).sum(axis=1) >> 15
