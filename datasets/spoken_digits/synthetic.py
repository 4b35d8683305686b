"""The corpus that needs no download: digits spoken by eSpeak NG, the same bits on every build.

A speaker is one of the synthesiser's voices with an accent, a vocal tract length and a sound
colour of its own. A take varies tempo, pitch, melody, onset, microphone, noise and level, so
that digits are not told apart from an unheard speaker's log-mel alone. After the synthesiser
everything is computed in integers: the last bit of a floating-point sum depends on the
processor.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from spoken_digits import store
from spoken_digits.cards import Card
from spoken_digits.digest import content_digest
from spoken_digits.errors import CorpusError
from spoken_digits.espeak import SAMPLE_RATE as SPOKEN_RATE
from spoken_digits.espeak import Utterance, speak
from spoken_digits.progress import bar
from spoken_digits.recordings import Recording, everyone

if TYPE_CHECKING:
    import numpy.typing as npt

    Clip = npt.NDArray[np.int16]
    Ints = npt.NDArray[np.int64]

SAMPLE_RATE = 8000

WORDS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "ru": ("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"),
}
ACCENTS = {
    "en": (
        *("en-us", "en", "en-gb-scotland", "en-029"),
        *("en-gb-x-rp", "en-us-nyc", "en-gb-x-gbclan", "en-gb-x-gbcwmd"),
    ),
    # Two kinds of Russian, and Russian read by Latvian, Kazakh, Tatar and Chuvash speakers.
    "ru": ("ru", "ru-lv", "kk", "ru-cl", "tt", "cv"),
}
"""Voices by language; speaker number i has accent i modulo their number."""

MELODIES = ".,?!"
TRACT = 20
"""Vocal tract length of a speaker, +- percent."""
TEMPO = 3
"""Tempo and pitch of a take together, +- percent."""
VOICE_COLOUR, TAKE_COLOUR = 220, 110
"""Strength of the echoes that colour a speaker's voice and a take's microphone, of 256."""
ONSET = 800
"""Longest silence before a word, in samples."""
SIGNAL_TO_NOISE = (12, 36)
"""Of a take, in dB."""
LEVEL = (6000, 26000)
"""Peak of a take, of 32767."""

PHASES = 64
"""Fractions of a sample at which the resampling filter is tabulated."""
REACH = 24
"""Half-width of the resampling filter, in samples of the synthesiser."""


def corpus(
    card: Card, language: str, *, verify: bool = True, progress: bool = False
) -> dict[Recording, Clip]:
    """The corpus in ``language``, from the cache or built: [time] int16 at 8 kHz each.

    Raises:
        CorpusError: the language is not spoken, the synthesiser does not work here, or what it
            says does not have the digest of the card.
    """
    if language not in WORDS:
        raise CorpusError(f"{card.title}: spoken in {', '.join(WORDS)}, not in {language!r}.")
    expected = card.digests.get(language, "")
    key = f"{card.name}-{language}-{expected}"
    kept = store.restore(key)
    if kept is not None and len(kept) == card.clips:
        clips = {
            clip: wave.astype(np.int16) for clip, wave in zip(everyone(card), kept, strict=True)
        }
        if digest(clips) == expected:
            return clips
    clips = build(card, language, progress=progress)
    if (found := digest(clips)) == expected:
        store.save(key, list(clips.values()))
    elif verify:
        raise CorpusError(
            f"{card.title} ({language}) came out with the content digest {found}, not {expected},"
            f" which is that of {card.revision}. Install that, or load with verify=False and"
            " compare results on this machine only."
        )
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


def build(card: Card, language: str, *, progress: bool = False) -> dict[Recording, Clip]:
    """Speak every recording of the card; [time] int16 at 8 kHz each.

    Raises:
        CorpusError: the synthesiser does not work here.
    """
    speakers = {speaker: number for number, speaker in enumerate(sorted(card.speakers))}
    plan = {clip: _utterance(clip, speakers[clip.speaker], language) for clip in everyone(card)}
    try:
        spoken = speak(list(plan.values()))
    except (OSError, RuntimeError) as error:
        raise CorpusError(
            f"{card.title} cannot be built: {error}. Install the package espeakng-loader, or use"
            " another corpus."
        ) from error
    takes: Collection[tuple[Recording, Clip]] = list(zip(plan, spoken, strict=True))
    return {
        clip: _recorded(wave, clip, speakers[clip.speaker])
        for clip, wave in bar(takes, f"build {card.name}", progress)
    }


def _utterance(clip: Recording, speaker: int, language: str) -> Utterance:
    dice = _Dice(0, speaker, clip.digit, clip.take)
    accents = ACCENTS[language]
    return Utterance(
        voice=f"{accents[speaker % len(accents)]}+{clip.speaker}",
        text=WORDS[language][clip.digit] + MELODIES[dice.between(0, len(MELODIES) - 1)],
        rate=dice.between(140, 260),
        pitch=dice.between(30, 70),
        range=dice.between(20, 80),
    )


def _recorded(spoken: Clip, clip: Recording, speaker: int) -> Clip:
    """What a microphone would make of ``spoken`` [time] at the synthesiser's rate."""
    voice = _Dice(1, speaker)
    take = _Dice(2, speaker, clip.digit, clip.take)
    percent = 100 + voice.between(-TRACT, TRACT) + take.between(-TEMPO, TEMPO)
    wave = _resampled(_trimmed(spoken.astype(np.int64)), percent)
    wave = np.pad(wave, (take.between(0, ONSET), 0))
    wave = (
        np.convolve(np.convolve(wave, _colour(voice, VOICE_COLOUR)), _colour(take, TAKE_COLOUR))
        >> 16
    )
    noise = np.convolve(take.noise(len(wave)), _colour(take, 256), mode="same")
    ratio = round(1000 * 10 ** (take.between(*SIGNAL_TO_NOISE) / 20))
    wave = wave + noise * _rms(wave) * 1000 // (_rms(noise) * ratio)
    return (wave * take.between(*LEVEL) // int(np.abs(wave).max())).astype(np.int16)


def _trimmed(wave: Ints) -> Ints:
    loud = np.flatnonzero(np.abs(wave) * 50 > np.abs(wave).max())
    return wave[max(loud[0] - 200, 0) : loud[-1] + 200]


def _rms(wave: Ints) -> int:
    return math.isqrt(int((wave * wave).sum()) // len(wave))


def _colour(dice: _Dice, strength: int) -> Ints:
    """A random filter, [9] taps in 1/256: a direct sound and weaker echoes within 1 ms."""
    echoes = [dice.between(-strength, strength) // delay for delay in range(1, 9)]
    return np.array([256, *echoes], dtype=np.int64)


def _resampled(wave: Ints, percent: int) -> Ints:
    """``wave`` [time] from the synthesiser's rate to 8 kHz, played at ``percent`` of its speed."""
    step = SPOKEN_RATE * PHASES * percent // (SAMPLE_RATE * 100)
    at = np.arange(len(wave) * PHASES // step) * step
    padded = np.pad(wave, (REACH - 1, REACH + 1))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH)
    resampled: Ints = (windows[at // PHASES] * _sincs()[at % PHASES]).sum(axis=1) >> 15
    return resampled


@cache
def _sincs() -> Ints:
    """Hann-windowed sincs with the cutoff at 3.7 kHz, [PHASES, 2 * REACH] in 1/32768."""
    cutoff = 2 * 3700 / SPOKEN_RATE
    offsets = np.arange(1 - REACH, REACH + 1) - np.arange(PHASES)[:, None] / PHASES
    window = 0.5 + 0.5 * np.cos(np.pi * offsets / (REACH + 1))
    return np.rint(32768 * cutoff * np.sinc(cutoff * offsets) * window).astype(np.int64)


class _Dice:
    """Whole numbers that depend on ``seed`` alone, on every machine and with every numpy.

    numpy promises the raw stream of a bit generator, not the distributions built on it.
    """

    def __init__(self, *seed: int) -> None:
        self._bits = np.random.PCG64(list(seed))

    def between(self, low: int, high: int) -> int:
        """A number in low..high, both included."""
        return low + int(self._bits.random_raw()) % (high - low + 1)

    def noise(self, count: int) -> Ints:
        """[count] near-Gaussian numbers: each a sum of four uniform 16-bit ones."""
        raw = np.asarray(self._bits.random_raw(count), dtype="<u8")
        summed: Ints = raw.view("<i2").reshape(count, 4).sum(axis=1, dtype=np.int64)
        return summed
