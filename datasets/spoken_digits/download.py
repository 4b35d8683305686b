"""Fetching a corpus at its pinned commit."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from spoken_digits.cards import Card
from spoken_digits.errors import CorpusError
from spoken_digits.store import cache_folder


def download(card: Card, *, progress: bool = False) -> Path:
    """Fetch ``card.archive`` and unpack its recordings into the cache; returns their folder.

    What was unpacked is not verified here: the archive's own bytes may change from one day
    to the next, the content digest of the recordings may not.

    Raises:
        CorpusError: the archive cannot be fetched, unpacked or kept.
    """
    target = cache_folder() / card.name
    address = card.archive.format(revision=card.revision)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as scratch:
            archive = Path(fetch(address, Path(scratch), progress=progress))
            unpacked = Path(scratch) / "recordings"
            _unpack(archive, unpacked, card)
            shutil.rmtree(target, ignore_errors=True)
            os.replace(unpacked, target)
    except OSError as error:
        # requests' errors are OSErrors too, and so is a full disk: all that differs is the text.
        raise CorpusError(
            f"{card.title} could not be downloaded from {address}: {error}."
            f" Without internet, put a copy of {card.source} into a folder and name it"
            f" (folder=..., or $SPEECHMARK_DATA/{card.name}), or use the corpus 'synthetic'."
        ) from error
    return target


def fetch(address: str, folder: Path, *, progress: bool) -> str:
    """Download ``address`` into ``folder``; returns the path of the file."""
    import pooch

    pooch.get_logger().setLevel("WARNING")
    path: str = pooch.retrieve(
        address, known_hash=None, fname="archive.zip", path=folder, progressbar=progress
    )
    return path


def _unpack(archive: Path, into: Path, card: Card) -> None:
    depth = card.layout.count("/") + 1
    folder = PurePosixPath(card.folder)
    try:
        with zipfile.ZipFile(archive) as bundle:
            for name in bundle.namelist():
                path = PurePosixPath(name)
                recording = PurePosixPath(*path.parts[-depth:])
                inside = path.parts[1:-depth] == folder.parts
                if inside and path.suffix == ".wav" and ".." not in path.parts:
                    (into / recording).parent.mkdir(parents=True, exist_ok=True)
                    (into / recording).write_bytes(bundle.read(name))
    except zipfile.BadZipFile as error:
        raise CorpusError(
            f"What {card.archive.format(revision=card.revision)} answered is not a zip archive."
            " Try again later; a proxy may have answered instead."
        ) from error
    if not into.exists():
        raise CorpusError(f"The archive of {card.title} holds no {card.folder}/{card.layout}.")
