"""A submission as document fingerprinting has it: its code, and the fingerprints of its parts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autograder.notebooks.cells import Cell
from autograder.similarity.tokens import CHARACTERS, units
from autograder.similarity.winnowing import GRAM, NONE, Hashes, among, grams, winnow, words

_TOKENS = 20_000


class Document:
    """The student's cells of one submission and the hashes of their grams."""

    def __init__(self, cells: Sequence[Cell], contract: Collection[str]) -> None:
        self.cells = list(cells)
        self._runs: list[_Run] = []
        left = _TOKENS
        for unit in units(cells, contract):
            tokens = unit.tokens[:left]
            left -= len(tokens)
            hashed = words([token.text for token in tokens])
            lines = np.array([token.line for token in tokens], np.int32)
            self._runs.append(_Run(unit.cell, hashed, grams(hashed), lines))
        self.partial = left <= 0 or sum(len(c.source) for c in cells) > CHARACTERS
        """Whether there is more code than was looked at."""

    @property
    def hashes(self) -> Hashes:
        """The hashes of all grams, sorted, all different."""
        return np.unique(np.concatenate([NONE, *(run.hashes for run in self._runs)]))

    def fingerprints(self, common: Hashes) -> dict[str, Hashes]:
        """Part to its fingerprints, sorted, all different; grams in ``common`` do not count."""
        found: dict[str, list[Hashes]] = {}
        for run in self._runs:
            part = self.cells[run.cell].part or ""
            found.setdefault(part, []).append(winnow(run.hashes, common))
        return {part: np.unique(np.concatenate(chosen)) for part, chosen in found.items()}

    def lines(self, shared: Hashes) -> dict[int, set[int]]:
        """Index of a cell to its lines, from 1, that the grams in ``shared`` lie on."""
        found: dict[int, set[int]] = {}
        for run in self._runs:
            for start in np.flatnonzero(among(run.hashes, shared)):
                lines = run.lines[start : start + GRAM].tolist()
                found.setdefault(run.cell, set()).update(lines)
        return found

    def forms(self) -> dict[tuple[int, int], tuple[int, ...]]:
        """Cell and line to the tokens of that line, whatever its names and layout."""
        found: dict[tuple[int, int], list[int]] = {}
        for run in self._runs:
            for word, line in zip(run.words.tolist(), run.lines.tolist(), strict=True):
                found.setdefault((run.cell, line), []).append(word)
        return {place: tuple(form) for place, form in found.items()}


@dataclass(frozen=True)
class _Run:
    """The hashes of a unit's tokens and of its grams, in order, and the tokens' lines."""

    cell: int
    words: Hashes
    hashes: Hashes
    lines: npt.NDArray[np.int32]
