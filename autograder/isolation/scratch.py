"""Removes what a worker left in its folder for temporary files, whatever that is."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def remove_scratch(scratch: str) -> None:
    """Remove a folder of workers that are gone; what cannot be removed is left, never an error.

    Folders may be nested deeper than a path can say or a stack can follow, and may refuse to be
    read. So each is emptied into the topmost one and removed there: only folders in the topmost are
    ever opened, by their descriptors, and no path is longer than a name.
    """
    with suppress(OSError):
        if stat.S_ISDIR(os.lstat(scratch).st_mode):
            os.chmod(scratch, 0o700)
    try:
        top = os.open(scratch, _FOLDER)
    except OSError:
        return
    try:
        while names := _names(top):
            removed = False
            for name in names:
                if _unlinked(name, top):
                    removed = True
                    continue
                removed |= _lift(name, top)
            if not removed:
                break
    finally:
        os.close(top)
    with suppress(OSError):
        os.rmdir(scratch)


def _lift(name: str, top: int) -> bool:
    """Move the folders in ``name`` to the top, remove its files and itself.

    They get names there that nobody could have taken before. Returns whether anything is gone.
    """
    lifted = False
    with suppress(OSError):
        os.chmod(name, 0o700, dir_fd=top)
        folder = os.open(name, _FOLDER, dir_fd=top)
        try:
            for child in _names(folder):
                if _unlinked(child, folder):
                    continue
                with suppress(OSError):
                    os.chmod(child, 0o700, dir_fd=folder)
                    os.rename(child, secrets.token_hex(16), src_dir_fd=folder, dst_dir_fd=top)
                    lifted = True
        finally:
            os.close(folder)
        os.rmdir(name, dir_fd=top)
        return True
    return lifted


def _names(folder: int) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)
    return []


def _unlinked(name: str, folder: int) -> bool:
    """Whether ``name`` was no folder and is gone."""
    try:
        os.unlink(name, dir_fd=folder)
    except OSError:
        return False
    return True
