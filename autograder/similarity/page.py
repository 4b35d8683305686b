"""The page of similar submissions: ranked pairs, and their cells side by side.

It opens from disk and holds no script; everything from a submission is escaped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from markupsafe import Markup, escape

from autograder.similarity.compare import Pair, Similarity
from autograder.similarity.document import Document
from autograder.support import files, pages
from autograder.support.plaintext import plain

SHOWN_PAIRS = 25
"""So many pairs are shown side by side; the others are in the list."""

_LINES = 400
_WIDTH = 160
_CONTEXT = 3
_TEMPLATES = Path(__file__).parent / "templates"


class Line(NamedTuple):
    """A line of a submission: its cell and number, its text, whether the other has it too."""

    place: tuple[int, int]
    text: str
    same: bool


def write_page(found: Similarity, path: Path, *, title: str) -> Path:
    """Write the page of what :func:`autograder.similarity.compare.compare` found; returns ``path``.

    Raises:
        SpeechmarkError: it cannot be written.
    """
    view = {
        "title": plain(title),
        "count": len(found.documents) + len(found.skipped),
        "pairs": [_row(number, pair) for number, pair in enumerate(found.pairs, 1)],
        "shown": [_section(n, pair, found) for n, pair in enumerate(found.pairs[:SHOWN_PAIRS], 1)],
        "taken": [
            {"name": plain(one.name) or "(no name)", "parts": list(one.parts.items())}
            for one in found.taken
        ],
        "skipped": [(plain(name), plain(why, 300)) for name, why in found.skipped.items()],
        "partial": [plain(name) for name, document in found.documents.items() if document.partial],
    }
    style = (_TEMPLATES / "similar.css").read_text(encoding="utf-8")
    html = pages.render(_TEMPLATES / "similar.html", view, style=style)
    files.write(path, html.encode("utf-8", "replace"))
    return path


def _row(number: int, pair: Pair) -> dict[str, Any]:
    return {
        "number": number,
        "shown": number <= SHOWN_PAIRS,
        "a": plain(pair.a) or "(no name)",
        "b": plain(pair.b) or "(no name)",
        "score": _percent(pair.score),
        "a_in_b": _percent(pair.a_in_b),
        "b_in_a": _percent(pair.b_in_a),
        "shared": pair.shared,
        "parts": [(_part_name(part), _percent(share)) for part, share in pair.parts.items()],
    }


def _section(number: int, pair: Pair, found: Similarity) -> dict[str, Any]:
    """A pair's parts that have something in common, aligned line by line."""
    documents = found.documents[pair.a], found.documents[pair.b]
    shared = np.setdiff1d(np.intersect1d(documents[0].hashes, documents[1].hashes), found.common)
    left, right = (_lines(document, document.lines(shared)) for document in documents)
    forms = documents[0].forms(), documents[1].forms()
    blocks, apart = [], []
    for part in {**left, **right}:
        sides = left.get(part, []), right.get(part, [])
        if any(line.same for side in sides for line in side):
            rows = list(_folded(list(_aligned(*sides, *forms))))
            blocks.append({"name": _part_name(part), "rows": rows})
        else:
            apart.append(_part_name(part))
    return {**_row(number, pair), "blocks": blocks, "apart": apart}


def _percent(share: float) -> str:
    """A whole number, 100% for what is the same and nothing else."""
    return f"{int(100 * share)}%"


def _part_name(part: str) -> str:
    return part or "further cells"


def _lines(document: Document, same: Mapping[int, set[int]]) -> dict[str, list[Line]]:
    """Part to the lines of its cells, blank ones left out, as many as can be shown."""
    parts: dict[str, list[Line]] = {}
    for index, cell in enumerate(document.cells):
        if cell.kind == "setup":
            continue
        lines = parts.setdefault(cell.part or "", [])
        for number, text in enumerate(cell.source.split("\n"), 1):
            if text.strip() and len(lines) < _LINES:
                lines.append(Line((index, number), text, number in same.get(index, ())))
    return parts


Form = tuple[int, ...]
Row = tuple[Line | None, Line | None]


def _aligned(
    left: Sequence[Line],
    right: Sequence[Line],
    left_forms: Mapping[tuple[int, int], Form],
    right_forms: Mapping[tuple[int, int], Form],
) -> Iterator[Row]:
    """Lines that say the same, whatever their names, stand beside each other."""
    a = [left_forms.get(line.place, ()) for line in left]
    b = [right_forms.get(line.place, ()) for line in right]
    for _, i, i_end, j, j_end in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        for step in range(max(i_end - i, j_end - j)):
            yield (
                left[i + step] if i + step < i_end else None,
                right[j + step] if j + step < j_end else None,
            )


def _folded(rows: Sequence[Row]) -> Iterator[dict[str, Any] | None]:
    """Rows as the template shows them; None in place of a stretch with nothing in common."""
    hits = [k for k, row in enumerate(rows) if any(line and line.same for line in row)]
    near = {k + d for k in hits for d in range(-_CONTEXT, _CONTEXT + 1)}
    skipping = False
    for index, (left, right) in enumerate(rows):
        if index in near:
            yield {"left": _shown(left), "right": _shown(right)}
        elif not skipping:
            yield None
        skipping = index not in near


def _shown(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    return {"number": line.place[1], "text": _code(line.text), "same": line.same}


def _code(text: str) -> Markup:
    """A line of code, bounded, its indentation kept, without characters that play tricks."""
    kept = [
        c if c == " " or unicodedata.category(c)[0] not in "CZ" else " "
        for c in text.expandtabs(4)[: _WIDTH + 1]
    ]
    line = "".join(kept).rstrip()
    return escape(line if len(line) <= _WIDTH else f"{line[:_WIDTH]}…")
