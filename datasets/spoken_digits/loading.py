"""Finding, verifying and loading a corpus."""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spoken_digits import cards, recordings, store
from spoken_digits.cards import Card
from spoken_digits.errors import CorpusError
from spoken_digits.progress import bar
from spoken_digits.recordings import Recording

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from spoken_digits.corpus import Corpus

    Waves = Mapping[Recording, npt.NDArray[np.float32]]


def load(
    name: str,
    folder: str | Path | None = None,
    *,
    language: str = "en",
    sample_rate: int = 8000,
    seconds: float = 1.024,
    verify: bool = True,
    download: bool = True,
    progress: bool = False,
) -> Corpus:
    """Load the corpus called ``name``, its clips ordered by speaker, digit, take.

    A corpus of files is looked for in ``folder`` if that is given; else in
    ``$SPEECHMARK_DATA/<name>``, then in the cache (``$SPEECHMARK_CACHE`` or
    ``~/.cache/speechmark``), and is downloaded at its pinned commit where the card names an
    archive. The synthetic corpus is built, in seconds, and cached.

    Args:
        name: ``fsdd``, ``audiomnist`` or ``synthetic``; each has a card (:func:`card`).
        folder: where the recordings lie, in the corpus's own layout.
        language: of the digits; the synthetic corpus speaks ``en`` and ``ru``.
        sample_rate: Hz of the clips returned; recordings of another rate are resampled.
        seconds: length of the clips returned: longer ones are cut, shorter ones zero-padded.
            The default is 8192 samples at 8 kHz.
        verify: refuse recordings that do not have the content digest of the card. A corpus
            with no digest on its card is loaded as it is, whole or not.
        download: whether the internet may be used.
        progress: show progress bars.

    Raises:
        CorpusError: the corpus is not to be had, is not what its card says, or a file of it is
            damaged; the message names the file and what to do.
    """
    card = cards.card(name)
    if sample_rate < 1 or round(seconds * sample_rate) < 1:
        raise CorpusError(f"{seconds} s at {sample_rate} Hz is not a length of a clip.")
    if card.layout:
        if language not in (card.digests or {"en": ""}):
            raise CorpusError(f"{card.title} is spoken in English, not in {language!r}.")
        where = _find(
            card, Path(folder).expanduser() if folder is not None else None, download, progress
        )
        waves, digest = _from_files(card, where, language, sample_rate, verify, progress)
    else:
        if folder is not None:
            raise CorpusError(f"{card.title} are built, not read from a folder: leave folder out.")
        waves, digest = _synthesised(card, language, sample_rate, verify, progress)
    return _assembled(card, waves, digest, sample_rate, round(seconds * sample_rate))


def available() -> dict[str, str]:
    """Corpora that :func:`load` gives without downloading: name to where it comes from.

    Cheap: nothing is read, verified or built.
    """
    found = {}
    for name in cards.names():
        card = cards.card(name)
        if card.layout:
            places = (recordings.root(place, card) for place in _places(card))
            if where := next(filter(None, places), None):
                found[name] = str(where)
        elif importlib.util.find_spec("espeakng_loader"):
            found[name] = "built on this machine"
    return found


def _places(card: Card) -> Iterator[Path]:
    if data := os.environ.get("SPEECHMARK_DATA"):
        yield Path(data) / card.name
    yield store.cache_folder() / card.name


def _find(card: Card, folder: Path | None, download: bool, progress: bool) -> Path:
    places = [folder] if folder is not None else list(_places(card))
    for place in places:
        if found := recordings.root(place, card):
            return found
    looked = " or ".join(str(place) for place in places)
    missing = f"No recordings named {card.layout} of {card.title} in {looked}"
    if folder is not None:
        state = "is empty of them" if folder.is_dir() else "there is no such folder"
        raise CorpusError(f"{missing}: {state}. Get them from {card.source}.")
    if card.archive and download:
        from spoken_digits.download import download as fetch

        try:
            return fetch(card, progress=progress)
        except CorpusError as error:
            raise CorpusError(f"{missing}. {error}") from error
    raise CorpusError(
        f"{missing}. Get them from {card.source}, and name the folder (folder=...)"
        f" or put it at $SPEECHMARK_DATA/{card.name}."
    )


def _from_files(
    card: Card, folder: Path, language: str, sample_rate: int, verify: bool, progress: bool
) -> tuple[Waves, str]:
    files = recordings.listing(folder, card)
    verifying = bar(files.items(), f"verify {card.name}", progress)
    digest = recordings.digest(verifying, card)
    if verify:
        _check_files(card, folder, files, digest, card.digests.get(language))
    key = f"{card.name}-{digest}-{sample_rate}"
    decoded: Sequence[npt.NDArray[np.generic]] | None = store.restore(key)
    if decoded is None or len(decoded) != len(files):
        decoding = bar(files.values(), f"decode {card.name}", progress)
        decoded = [recordings.read(path, sample_rate) for path in decoding]
        store.save(key, decoded)
    waves = (wave.astype("float32", copy=False) for wave in decoded)
    return dict(zip(files, waves, strict=True)), digest


def _check_files(
    card: Card, folder: Path, files: Mapping[Recording, Path], digest: str, expected: str | None
) -> None:
    if digest == expected:
        return
    whole = recordings.everyone(card)
    missing = [recording.path(card) for recording in whole if recording not in files]
    if not expected:
        if missing:
            warnings.warn(
                f"{folder} holds {len(files)} of the {len(whole)} recordings of {card.title}.",
                stacklevel=4,
            )
        return
    again = (
        f"Delete {folder} and load again."
        if folder.is_relative_to(store.cache_folder())
        else f"Get the corpus again from {card.source}, commit {card.revision}."
    )
    if missing:
        raise CorpusError(
            f"{folder / missing[0]} is missing, one of {len(missing)} that are."
            f" {card.title} has {len(whole)} recordings. {again}"
        )
    if extra := [str(path) for recording, path in files.items() if recording not in whole]:
        raise CorpusError(f"{extra[0]} is not part of {card.title}. Move it out of the folder.")
    for path in files.values():
        recordings.read(path, card.sample_rate)
    raise CorpusError(
        f"The recordings in {folder} are not those of {card.title}: their content digest is"
        f" {digest}, not {expected}. {again}"
    )


def _synthesised(
    card: Card, language: str, sample_rate: int, verify: bool, progress: bool
) -> tuple[Waves, str]:
    from spoken_digits import synthetic

    built = synthetic.corpus(card, language, verify=verify, progress=progress)
    digest = synthetic.digest(built)
    waves = {
        recording: recordings.resample(
            (wave / 32768).astype("float32"), card.sample_rate, sample_rate
        )
        for recording, wave in built.items()
    }
    return waves, digest


def _assembled(card: Card, waves: Waves, digest: str, sample_rate: int, samples: int) -> Corpus:
    import torch

    from spoken_digits.corpus import Corpus

    padded = torch.zeros(len(waves), samples)
    lengths = [min(len(wave), samples) for wave in waves.values()]
    for row, length, wave in zip(padded, lengths, waves.values(), strict=True):
        row[:length] = torch.from_numpy(wave[:length])
    speakers = tuple(sorted({recording.speaker for recording in waves}))
    ids = {speaker: number for number, speaker in enumerate(speakers)}
    return Corpus(
        name=card.name,
        waves=padded,
        lengths=torch.tensor(lengths),
        digits=torch.tensor([recording.digit for recording in waves]),
        speaker_ids=torch.tensor([ids[recording.speaker] for recording in waves]),
        speaker_names=speakers,
        takes=torch.tensor([recording.take for recording in waves]),
        sample_rate=sample_rate,
        digest=digest,
    )
