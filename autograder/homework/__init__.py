"""What a student does with the notebook as a whole: make it ready, check it, hand it in.

Nothing but the standard library is imported before it is needed: the notebook's first cell
comes here when nothing is installed yet.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.homework.handing_in import hand_in
    from autograder.homework.starting import start

_HOME = {"hand_in": "handing_in", "start": "starting"}

__all__ = ["hand_in", "start"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"autograder.homework.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
