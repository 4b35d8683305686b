"""The files of a download: a folder or a zip, with zips inside, without unpacking anything.

Nobody vouches for what is in a download: entries are read up to a limit, encrypted and linked
ones are refused, and no name of an entry ever becomes a path on disk.
"""

from __future__ import annotations

import lzma
import os
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from autograder.notebooks import SIZE_LIMIT, read_bytes
from autograder.support.closing import Closing
from autograder.support.errors import SpeechmarkError

_DEPTH = 3
_MOST_FILES = 50_000
_ZIP_LIMIT = 200 * 2**20
"""Bytes of a zip inside a zip."""
_HELD_LIMIT = 4 * 2**30
"""Bytes of all zips inside a download together; large ones are laid out on disk."""
_IN_MEMORY = 8 * 2**20
_BROKEN = (
    RuntimeError, ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
    struct.error,
)  # fmt: skip
"""What a zip raises that is encrypted, cut off, garbled, or packed as Python cannot read it."""
_JUNK = ("__MACOSX", ".ipynb_checkpoints")


@dataclass(frozen=True)
class File:
    """One file of a download."""

    path: str
    """Where it is, with slashes, from the download on; a zip counts as a folder."""
    time: datetime | None
    """When it was last changed, as the file system or the zip says."""
    read: Callable[[], bytes]
    """Its content; raises a SpeechmarkError if it is too large or cannot be read."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def parts(self) -> list[str]:
        """The path's parts."""
        return self.path.split("/")


class Download(Closing):
    """A folder or zip that is open while the block lasts.

    Args:
        where: the folder, zip or single notebook.
        zone: of the times that zips hold, which say none; default: this machine's.
    """

    def __init__(self, where: Path, zone: tzinfo | None = None) -> None:
        self._where, self._zone = where, zone
        self._open = ExitStack()
        self._count = 0
        self._held = 0

    def close(self) -> None:
        """Close what has been opened."""
        self._open.close()

    def files(self) -> Iterator[File]:
        """The files, in the order of their paths.

        Raises:
            SpeechmarkError: there is no such folder or zip, or it holds far too many files.
        """
        where = self._where
        if where.is_dir():
            for path in sorted(where.rglob("*")):
                if stat.S_ISREG(path.lstat().st_mode):
                    yield from self._of_path(path, path.relative_to(where).as_posix())
        elif where.is_file():
            yield from self._of_path(where, "" if _is_zip(where.name) else where.name)
        else:
            raise SpeechmarkError(
                f"{where} is neither a folder nor a zip. Name what the course's system downloaded."
            )

    def _of_path(self, path: Path, shown: str) -> Iterator[File]:
        if any(part in _JUNK or part.startswith(".") for part in shown.split("/")):
            return
        if _is_zip(path.name):
            try:
                archive = self._open.enter_context(zipfile.ZipFile(path))
            except _BROKEN as error:
                yield _unreadable(shown or path.name, f"no zip that can be read: {error}")
                return
            yield from self._of_zip(archive, f"{shown}/" if shown else "", 1)
            return
        self._counted()
        time = datetime.fromtimestamp(path.lstat().st_mtime).astimezone()
        yield File(shown, time, lambda: read_bytes(path))

    def _of_zip(self, archive: zipfile.ZipFile, above: str, depth: int) -> Iterator[File]:
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            path = above + "/".join(p for p in entry.filename.replace("\\", "/").split("/") if p)
            hidden = any(part in _JUNK or part.startswith("._") for part in path.split("/"))
            if entry.is_dir() or hidden or stat.S_ISLNK(entry.external_attr >> 16):
                continue
            if not _is_zip(entry.filename):
                self._counted()
                yield File(path, self._time(entry), _reader(archive, entry, path, SIZE_LIMIT))
                continue
            if depth >= _DEPTH:
                yield _unreadable(path, "zips lie too deep in each other")
                continue
            try:
                inner = self._inner(_reader(archive, entry, path, _ZIP_LIMIT)())
            except (SpeechmarkError, *_BROKEN) as error:
                yield _unreadable(path, f"no zip that can be read: {error}")
                continue
            yield from self._of_zip(inner, f"{path}/", depth + 1)

    def _inner(self, content: bytes) -> zipfile.ZipFile:
        """A zip that lay in another; it stays open, so what is large does not stay in memory."""
        self._held += len(content)
        if self._held > _HELD_LIMIT:
            raise SpeechmarkError(f"the zips before it hold {_HELD_LIMIT >> 30} GB already")
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        self._open.callback(file.close)
        file.write(content)
        return self._open.enter_context(zipfile.ZipFile(file))

    def _time(self, entry: zipfile.ZipInfo) -> datetime | None:
        try:
            time = datetime(*entry.date_time)
        except ValueError:
            return None
        if time.year <= 1980:  # what a zip says that knows no time
            return None
        return time.replace(tzinfo=self._zone) if self._zone else time.astimezone()

    def _counted(self) -> None:
        self._count += 1
        if self._count > _MOST_FILES:
            raise SpeechmarkError(f"{self._where} holds more than {_MOST_FILES:,} files.")


def _is_zip(name: str) -> bool:
    return os.path.splitext(name)[1].casefold() == ".zip"


def _reader(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, limit: int
) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(entry) as stream:
                content = stream.read(limit + 1)
        except _BROKEN as error:
            raise SpeechmarkError(f"{path}: cannot be read: {error}") from error
        if len(content) > limit:
            raise SpeechmarkError(f"{path}: larger than {limit >> 20} MB")
        return content

    return read


def _unreadable(path: str, why: str) -> File:
    def read() -> bytes:
        raise SpeechmarkError(f"{path}: {why}")

    return File(path, None, read)
