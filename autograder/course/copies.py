"""Names that browsers, systems and people give to a copy of a file."""

from __future__ import annotations

import re

_COPY = re.compile(
    r"""^(?:copy\ of|kopie\ von|copie\ de|copia\ de|копия)\s+  # Google, in some languages
    |\s*\(\d+\)$            # browsers
    |\s*-\ ?(?:copy|kopie)(?:\ \(\d+\))?$     # Windows
    |[-_\ ]copy\d*$         # Jupyter: name-Copy1
    |-\d+$                  # Canvas: a later hand-in of a file of that name""",
    re.VERBOSE | re.IGNORECASE,
)


def own_stem(name: str) -> str:
    """A notebook's name without extension and without what marks it as a copy."""
    stem = name.removesuffix(".ipynb").removesuffix(".zip")
    while (shorter := _COPY.sub("", stem.strip()).removesuffix(".ipynb")) not in ("", stem):
        stem = shorter
    return stem


def copy_number(name: str) -> int:
    """2 for ``name (2).ipynb`` and ``name-2.ipynb``; 0 if the name says none."""
    found = re.search(r"(?:\((\d+)\)|-(\d+)|copy(\d+))$", name.removesuffix(".ipynb"), re.I)
    return int(next(filter(None, found.groups()))) if found else 0
