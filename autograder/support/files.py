"""Files that are whole or absent, never half."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from autograder.support.errors import SpeechmarkError


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` that takes its place when the block ends well.

    Raises:
        SpeechmarkError: the disk is full or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
    except OSError as error:
        raise SpeechmarkError(f"Cannot write {path}: {error.strerror}.") from error
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise SpeechmarkError(f"Cannot write {path}: {error.strerror}.") from error
    finally:
        temporary.unlink(missing_ok=True)


def write(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, whole or not at all; makes the folder.

    Raises:
        SpeechmarkError: as :func:`atomic`.
    """
    with atomic(path) as temporary:
        temporary.write_bytes(content)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process holds ``path``, and hold it for as long as the block lasts.

    The hold ends with the process, however that ends. The file stays, empty.

    Raises:
        SpeechmarkError: the file cannot be made or held.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(path).acquire()
    except OSError as error:
        raise SpeechmarkError(f"Cannot write {path}: {error.strerror}.") from error
    with held:
        yield
