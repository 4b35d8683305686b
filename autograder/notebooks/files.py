"""What the files that students receive are called."""

from __future__ import annotations


def kit_file(name: str, release: int) -> str:
    """The zip that students of an assignment receive."""
    return f"{name}-kit-{release}.zip"
