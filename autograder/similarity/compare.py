"""Which submissions share code that they did not both have from the course?

Submissions are compared by the fingerprints (:mod:`autograder.similarity.winnowing`) of their
tokens (:mod:`autograder.similarity.tokens`): new names, another layout, comments and another order
of functions change nothing. What the release, the reference and the known right solutions hold
does not count, nor what a large share of the class has.

A hint for a person, never a grade. Our own, since MOSS is a service to which a class's code
would be sent and JPlag needs Java.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from autograder import notebooks
from autograder.course.assignment import Assignment
from autograder.course.compose import read_solution
from autograder.course.releases import Releases
from autograder.course.submissions import Submission
from autograder.notebooks.cells import Cell
from autograder.similarity.document import Document
from autograder.similarity.known import Known, Taken, find_taken
from autograder.similarity.winnowing import NONE, Hashes
from autograder.support.errors import SpeechmarkError

EVIDENCE = 6
"""Fingerprints that two submissions must share at least to be named."""
SAME_PART = 0.8
"""Containment from which a single part is as good as the same."""
MOST_PAIRS = 1000

_SMALL_CLASS = 8
_WIDESPREAD = (0.25, 4)
"""A gram of more than this share of a class, and of more than so many, does not count."""


@dataclass(frozen=True)
class Pair:
    """Two submissions that share code. Shares are of fingerprints, from 0 to 1."""

    a: str
    b: str
    score: float
    """Containment (Broder 1997): the larger of the two shares below."""
    a_in_b: float
    """How much of a's own code is in b's."""
    b_in_a: float
    shared: int
    """Fingerprints in common; each stands for three or four tokens."""
    parts: dict[str, float]
    """Containment of single parts ("": the student's further cells), the largest first."""


@dataclass(frozen=True)
class Similarity:
    """What :func:`compare` found."""

    pairs: list[Pair]
    """The most similar first; at most ``MOST_PAIRS``."""
    skipped: dict[str, str]
    """Submission that cannot be read to the reason."""
    taken: list[Taken]
    """Who handed in solutions that are on file, those with most first."""
    documents: dict[str, Document] = field(repr=False)
    common: Hashes = field(repr=False)
    """Sorted hashes of what does not count."""

    def as_json(self) -> dict[str, Any]:
        """The pairs and what was skipped, as plain values."""
        return {
            "submissions": len(self.documents) + len(self.skipped),
            "pairs": [asdict(pair) for pair in self.pairs],
            "taken": [asdict(one) for one in self.taken],
            "skipped": self.skipped,
            "partial": [name for name, document in self.documents.items() if document.partial],
        }


def compare(
    assignment: Assignment,
    submissions: Iterable[Submission],
    *,
    earlier: Iterable[Submission] = (),
    together: Callable[[str, str], bool] = lambda a, b: False,
    above: float = 0.3,
    advance: Callable[[], None] = lambda: None,
) -> Similarity:
    """Compare the student's cells of every two submissions. Nothing is executed.

    Args:
        assignment: released; its reference and right solutions are what anyone may have.
        submissions: the notebooks.
        earlier: notebooks of earlier terms, which are compared with these and not with each other.
        together: whether two submissions may be the same, being a group's.
        above: score, 0 to 1, from which a pair is named. It is named too if a single part
            is as good as the same.
        advance: called after each submission.

    Raises:
        SpeechmarkError: the assignment is not released.
    """
    releases = Releases(assignment)
    release = releases.current
    untouched = notebooks.rebuild(release, release).cells
    contract = {name for part in assignment.settings.part for name in part.names}
    documents: dict[str, Document] = {}
    skipped: dict[str, str] = {}
    before = list(earlier)
    for submission in (*submissions, *before):
        try:
            rebuilt = releases.rebuilt(notebooks.read(submission.notebook()))
            documents[submission.name] = Document(rebuilt.cells, contract)
        except SpeechmarkError as error:
            skipped[submission.name] = str(error)
        advance()
    solved = [
        ("reference", Cell(part, "solution", part, source))
        for part, source in assignment.reference_cells.items()
    ]
    for path in sorted((assignment.folder / "right").glob("*.py")):
        solution = read_solution(path)
        cell = Cell(solution.path.stem, "solution", solution.part, solution.source)
        solved.append((f"right/{path.name}", cell))
    stubs = [
        Cell("", "solution", None, cell.source)
        for cell in notebooks.cells_of(release)
        if cell.is_code
    ]
    given = [Document([*untouched, cell], contract) for cell in stubs]
    known = [
        Known(label, cell.part or "", Document([*untouched, cell], contract))
        for label, cell in solved
    ]
    old = {submission.name for submission in before}
    current = {name: document for name, document in documents.items() if name not in old}
    common = not_counting(list(current.values()), [*given, *(one.document for one in known)])

    def passed_over(a: str, b: str) -> bool:
        return (a in old and b in old) or together(a, b)

    pairs = find_pairs(documents, common, above=above, passed_over=passed_over)
    released = np.unique(np.concatenate([NONE, *(document.hashes for document in given)]))
    return Similarity(pairs, skipped, find_taken(current, known, released), documents, common)


def not_counting(documents: Sequence[Document], known: Iterable[Document]) -> Hashes:
    """Sorted hashes of what ``known`` code holds or a large share of ``documents`` has.

    Submissions that are the same count once there, so that a ring of copies does not make
    itself common; and a class of up to eight is too small to have anything in common.
    """
    hashes = [NONE, *(document.hashes for document in known)]
    if len(documents) > _SMALL_CLASS:
        different = list({each.tobytes(): each for each in (w.hashes for w in documents)}.values())
        every, count = np.unique(np.concatenate(different), return_counts=True)
        share, least = _WIDESPREAD
        hashes.append(every[count > max(least, share * len(different))])
    return np.unique(np.concatenate(hashes))


def find_pairs(
    documents: Mapping[str, Document],
    common: Hashes,
    *,
    above: float = 0.3,
    passed_over: Callable[[str, str], bool] = lambda a, b: False,
) -> list[Pair]:
    """The pairs among ``documents`` that share code, the most similar first.

    Args:
        documents: name to document.
        common: sorted hashes of what does not count, from :func:`not_counting`.
        above: as in :func:`compare`.
        passed_over: whether two are not to be named, whatever they share.
    """
    names = list(documents)
    parts = [document.fingerprints(common) for document in documents.values()]
    whole = [np.unique(np.concatenate([NONE, *found.values()])) for found in parts]
    places, shared, scores = _alike(whole)
    named = scores >= above
    for part in sorted({part for found in parts for part in found}):
        these, _, alike = _alike([found.get(part, NONE) for found in parts])
        named |= np.isin(places, these[alike >= SAME_PART])
    places, shared, scores = places[named], shared[named], scores[named]
    couples = (divmod(place, len(names)) for place in places.tolist())
    kept = np.array([not passed_over(names[i], names[j]) for i, j in couples], bool)
    places, shared, scores = places[kept], shared[kept], scores[kept]
    best = np.lexsort((-shared, -scores))[:MOST_PAIRS]

    def pair(place: int, count: int) -> Pair:
        i, j = divmod(place, len(names))
        shares = count / len(whole[i]), count / len(whole[j])
        both = {p: _containment(parts[i][p], parts[j][p]) for p in parts[i] if p in parts[j]}
        ranked = sorted(both.items(), key=lambda item: -item[1])
        return Pair(
            names[i], names[j], max(shares), *shares, count, {p: c for p, c in ranked if c > 0}
        )

    rows = zip(places[best].tolist(), shared[best].tolist(), strict=True)
    return [pair(place, count) for place, count in rows]


def _alike(
    rows: Sequence[Hashes],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Pairs of rows that share enough: where (``i * len(rows) + j``), how many, containment."""
    sizes = np.array([len(row) for row in rows])
    _, columns = np.unique(np.concatenate([NONE, *rows]), return_inverse=True)
    if not len(columns):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    holds = csr_array((np.ones(len(columns), np.int64), columns, ends))
    both = (holds @ holds.T).tocoo()
    i, j = (axis.astype(np.int64) for axis in both.coords)
    kept = (i < j) & (both.data >= EVIDENCE)
    i, j, count = i[kept], j[kept], both.data[kept]
    return i * len(rows) + j, count, count / np.minimum(sizes[i], sizes[j])


def _containment(a: Hashes, b: Hashes) -> float:
    return len(np.intersect1d(a, b)) / max(1, min(len(a), len(b)))
