"""Recordings as files: their names, their digest, their samples."""

from __future__ import annotations

import hashlib
import io
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from spoken_digits.cards import Card
from spoken_digits.digest import content_digest
from spoken_digits.errors import CorpusError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, order=True)
class Recording:
    """Which clip a recording is; ordered by speaker, digit, take."""

    speaker: str
    digit: int
    take: int

    def path(self, card: Card) -> str:
        """Where the recording lies in the layout of ``card``, with forward slashes."""
        return card.layout.format(speaker=self.speaker, digit=self.digit, take=self.take)


def root(folder: Path, card: Card) -> Path | None:
    """``folder``, or the subfolder the card names, whichever holds recordings; else None."""
    for candidate in (folder, folder / card.folder):
        if next(_wavs(candidate, card), None) is not None:
            return candidate
    return None


def _wavs(folder: Path, card: Card) -> Iterator[Path]:
    return folder.glob("*/" * card.layout.count("/") + "*.wav")


@cache
def _pattern(layout: str) -> re.Pattern[str]:
    groups = {"digit": r"\d", "speaker": r"[^/]+?", "take": r"\d+"}
    seen: set[str] = set()
    pattern = ""
    for piece in re.split(r"(\{\w+\})", layout):
        key = piece[1:-1]
        if key in seen:
            pattern += f"(?P={key})"
        elif key in groups:
            pattern += f"(?P<{key}>{groups[key]})"
            seen.add(key)
        else:
            pattern += re.escape(piece)
    return re.compile(pattern)


def listing(folder: Path, card: Card) -> dict[Recording, Path]:
    """Every recording below ``folder``, ordered by speaker, digit, take.

    Raises:
        CorpusError: a WAV file is not named after the card's layout, is of a speaker the card
            does not know, or is a second copy of a recording.
    """
    found: dict[Recording, Path] = {}
    for path in sorted(_wavs(folder, card)):
        match = _pattern(card.layout).fullmatch(path.relative_to(folder).as_posix())
        if match is None:
            raise CorpusError(
                f"{path} is not named {card.layout}. Rename it, or move it out of the folder."
            )
        recording = Recording(match["speaker"], int(match["digit"]), int(match["take"]))
        if recording.speaker not in card.speakers:
            raise CorpusError(
                f"{path}: {card.title} has no speaker {recording.speaker!r}."
                " Rename it, or move it out of the folder."
            )
        if recording in found:
            raise CorpusError(f"{path} and {found[recording]} are the same take. Remove one.")
        found[recording] = path
    return dict(sorted(found.items()))


def everyone(card: Card) -> dict[Recording, None]:
    """Every recording of the whole corpus, ordered by speaker, digit, take."""
    takes = range(card.takes[0], card.takes[1] + 1)
    return {
        Recording(speaker, digit, take): None
        for speaker in sorted(card.speakers)
        for digit in range(10)
        for take in takes
    }


def digest(files: Iterable[tuple[Recording, Path]], card: Card) -> str:
    """Content digest of the files' bytes (:mod:`spoken_digits.digest`).

    Raises:
        CorpusError: a file cannot be read.
    """
    return content_digest(
        (recording.path(card), hashlib.sha256(_bytes(path)).hexdigest())
        for recording, path in files
    )


def read(path: Path, sample_rate: int) -> npt.NDArray[np.float32]:
    """Samples of one WAV file, [time] in -1..1, channels averaged, at ``sample_rate`` Hz.

    Raises:
        CorpusError: the file cannot be read, is no WAV file, is truncated or holds no samples.
    """
    import soundfile

    data = _bytes(path)
    _check_whole(data, path)
    try:
        wave, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise CorpusError(f"{path} cannot be decoded: {error}. Fetch it again.") from error
    if not len(wave):
        raise CorpusError(f"{path} holds no samples. Fetch it again.")
    mono: npt.NDArray[np.float32] = wave[:, 0] if wave.shape[1] == 1 else wave.mean(axis=1)
    return resample(mono, rate, sample_rate)


def resample(wave: npt.NDArray[np.float32], rate: int, to: int) -> npt.NDArray[np.float32]:
    """Windowed-sinc resampling of ``wave`` [time] from ``rate`` to ``to`` Hz (torchaudio's)."""
    if rate == to:
        return wave
    import torch
    from torchaudio.functional import resample as resample_tensor

    resampled: npt.NDArray[np.float32] = resample_tensor(torch.from_numpy(wave), rate, to).numpy()
    return resampled


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}.") from error


def _check_whole(data: bytes, path: Path) -> None:
    # libsndfile reads what is left of a truncated file without a word.
    if not data:
        raise CorpusError(f"{path} is empty. Fetch it again.")
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise CorpusError(f"{path} is not a WAV file. Fetch it again, or move it out.")
    at = 12
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        if kind == b"data":
            if (missing := at + 8 + size - len(data)) > 0:
                raise CorpusError(
                    f"{path} is truncated: {missing} bytes are missing. Fetch it again."
                )
            return
        at += 8 + size + size % 2
    raise CorpusError(f"{path} is truncated: it has no samples at all. Fetch it again.")
