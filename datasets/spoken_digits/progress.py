"""A progress bar, if one is wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

T = TypeVar("T")


def bar(items: Collection[T], says: str, shown: bool) -> Iterable[T]:
    """``items`` one after the other, with a progress bar called ``says`` if it is ``shown``."""
    if not shown:
        return items
    from tqdm.auto import tqdm

    progress: Iterable[T] = tqdm(items, desc=says, unit="clip")
    return progress
