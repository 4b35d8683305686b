"""eSpeak NG at arm's length: utterances in, 16-bit samples out, the same ones every time.

The synthesiser keeps state from one clip to the next (resonators, flutter, echo), and offers no
way to clear it. So every batch is spoken in its given order by a process of its own, which is
this file run as a script. Voices with breath in them draw noise from a generator seeded with the
time of day: two calls do not agree on them, and callers leave them out.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SAMPLE_RATE = 22050
"""Hz, of every voice used here."""


class Utterance(NamedTuple):
    """What to say and how."""

    voice: str
    """Language and variant: ``en-us+f1``."""
    text: str
    rate: int
    """Words a minute, 80..450."""
    pitch: int
    """0..100, around the voice's own at 50."""
    range: int
    """Pitch range, 0..100; 0 is a monotone."""


def speak(utterances: Sequence[Utterance]) -> list[npt.NDArray[np.int16]]:
    """Samples of each utterance, [time] at :data:`SAMPLE_RATE`; bit-identical at every call.

    A variant that does not exist is passed over: the voice is then that of its language.

    Raises:
        RuntimeError: the synthesiser could not be started, or does not know a voice.
    """
    import numpy as np

    done = subprocess.run(
        [sys.executable, "-P", __file__],
        input=json.dumps(utterances).encode(),
        capture_output=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise RuntimeError(f"eSpeak NG failed ({done.returncode}): {last}")
    lengths = np.frombuffer(done.stdout, "<i4", count=len(utterances))
    samples = np.frombuffer(done.stdout, "<i2", offset=4 * len(utterances)).astype(np.int16)
    return np.split(samples, np.cumsum(lengths)[:-1])


def _main() -> None:
    import espeakng_loader

    utterances = [Utterance(*row) for row in json.load(sys.stdin.buffer)]
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    synchronous, data = 2, str(espeakng_loader.get_data_path()).encode()
    if library.espeak_Initialize(synchronous, 0, data, 0) != SAMPLE_RATE:
        raise SystemExit(f"no voice data at {data.decode()}, or of another sample rate")
    spoken = bytearray()

    def collect(samples: int | None, count: int, events: int | None) -> int:
        if samples and count > 0:
            spoken.extend(ctypes.string_at(samples, 2 * count))
        return 0

    pointer, number = ctypes.c_void_p, ctypes.c_uint
    callback = ctypes.CFUNCTYPE(ctypes.c_int, pointer, ctypes.c_int, pointer)(collect)
    library.espeak_SetSynthCallback(callback)
    library.espeak_Synth.argtypes = [
        *(ctypes.c_char_p, ctypes.c_size_t, number, ctypes.c_int),
        *(number, number, pointer, pointer),
    ]
    lengths: list[int] = []
    voice = ""
    for utterance in utterances:
        before = len(spoken)
        if utterance.voice != voice:  # reads the dictionary of the language again: 8 MB of Russian
            voice = utterance.voice
            if library.espeak_SetVoiceByName(voice.encode()):
                raise SystemExit(f"no voice {voice}")
        for parameter, value in ((1, utterance.rate), (3, utterance.pitch), (4, utterance.range)):
            library.espeak_SetParameter(parameter, value, 0)
        text = utterance.text.encode()
        utf8, character = 1, 1
        if library.espeak_Synth(text, len(text) + 1, 0, character, 0, utf8, None, None):
            raise SystemExit(f"cannot say {utterance.text!r}")
        lengths.append((len(spoken) - before) // 2)
    header = b"".join(length.to_bytes(4, "little") for length in lengths)
    sys.stdout.buffer.write(header + bytes(spoken))


if __name__ == "__main__":
    _main()
