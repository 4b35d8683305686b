"""A submission rebuilt from the release, with nothing in it but the student's own work.

:func:`rebuild` lays that work into a copy of the release, so that whatever was done to the
rest of the file (metadata, order, locked cells, tags) is gone before anything looks at it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from autograder.notebooks.cells import Cell, added, defined
from autograder.notebooks.ipynb import Notebook, setup_cells
from autograder.notebooks.marked import MarkedCell
from autograder.support.plaintext import plain
from autograder.support.sentences import say

_REPAIR_LIMIT = 50


@dataclass(frozen=True)
class Rebuilt:
    """A submission after :func:`rebuild`."""

    notebook: Notebook
    cells: list[Cell]
    """What grading runs, in order; untouched stubs are left out."""
    repairs: list[str] = field(default_factory=list)
    """One sentence for each thing that was put right."""
    release: int | None = None
    """The older release that it was made on; None for the current one."""
    outdated: Sequence[str] = ()
    """Parts of which something else has been asked since."""


def rebuild(submitted: Notebook, release: Notebook) -> Rebuilt:
    """Lay the student's own work into a copy of the release.

    A submitted cell belongs to the cell of the release whose text it has, else whose functions
    it defines, else whose grade_id or cell id it bears. Of several cells for one solution the
    last that is filled in above its graded cell counts, as it would after Run All, and one that
    bears the marks before one that does not; the others stay, like all further cells of the
    student's, as extra cells behind their predecessor.
    A changed locked cell is restored. What was added to it becomes an extra cell behind it: any
    statement where the cell is run in grading, else imports and definitions; and so does text that
    was changed. An answer that stands in a text cell of its own beside its place is put there.

    Rebuilding what was rebuilt changes nothing.

    Args:
        submitted: from :func:`read`.
        release: the released notebook, from :func:`read`.
    """
    setup = setup_cells(release)
    slots = [_Slot(cell, setup) for cell in release["cells"]]
    claims = _claim_all(submitted["cells"], slots)
    owners = _owners(claims, slots)
    extras: list[list[tuple[str, str]]] = [[] for _ in range(len(slots) + 1)]
    place = 0
    for claim in claims:
        if claim.slot is not None and owners[claim.slot] is claim:
            place = claim.slot + 1
        kept = _kept_besides(claim, slots, owners)
        if kept.strip():
            extras[place].append(("code" if claim.is_code else "markdown", kept))
    moved = _answers_moved(slots, owners, extras)
    cells: list[Notebook] = []
    run: list[Cell] = []
    names = (f"extra_{number}" for number in range(1, len(claims) + 1))
    for index in range(len(slots) + 1):
        if index > 0:
            cell, code = slots[index - 1].filled(owners[index - 1], moved.get(index - 1))
            cells.append(cell)
            run += [code] if code else []
        for cell_type, source in extras[index]:
            name = next(names)
            cells.append(_new_cell(cell_type, name, source))
            if cell_type == "code":
                run.append(Cell(name, "extra", None, source))
    around = {name: value for name, value in release.items() if name != "cells"}
    notebook = {**copy.deepcopy(around), "cells": cells}
    repairs = [*_repairs(claims, slots, owners), *_repairs_of_answers(slots, moved)]
    return Rebuilt(notebook, run, repairs[:_REPAIR_LIMIT])


def _answers_moved(
    slots: list[_Slot], owners: list[_Claim | None], extras: list[list[tuple[str, str]]]
) -> dict[int, str]:
    """Written answers found beside their place, by slot; they are taken out of ``extras``."""
    moved = {}
    for index, (slot, owner) in enumerate(zip(slots, owners, strict=True)):
        if slot.is_code or not slot.is_own or (owner and owner.text not in ("", slot.text)):
            continue
        for place in (index + 1, index):
            texts = [source for kind, source in extras[place] if kind == "markdown"]
            if texts:
                extras[place] = [extra for extra in extras[place] if extra[0] != "markdown"]
                moved[index] = "\n\n".join(texts)
                break
    return moved


def _repairs_of_answers(slots: list[_Slot], moved: dict[int, str]) -> Iterator[str]:
    for index in moved:
        yield say("repairs.answer", cell=slots[index].name)


class _Slot:
    """A cell of the release and what it may hold."""

    def __init__(self, cell: Notebook, setup: Sequence[str]) -> None:
        marked = MarkedCell(cell)
        self.cell = cell
        self.text = _plain(marked.source)
        self.marks, self.raw_marks = marked.marks, marked.raw_marks
        self.grade_id, self.part = self.marks.grade_id, marked.part
        self.is_code = marked.is_code
        self.is_setup = self.grade_id in setup
        """Whether it is locked and run in grading; other locked cells are demonstrations."""
        self.is_own = self.marks.solution
        """Whether its text is the student's to write."""
        own_code = self.is_own and self.is_code
        self.defines = defined(cell["source"]) if own_code else frozenset[str]()

    @property
    def name(self) -> str:
        """What a repair calls it."""
        return f"'{self.grade_id or plain(self.text.lstrip('# '), 40)}'"

    def filled(self, claim: _Claim | None, answer: str | None) -> tuple[Notebook, Cell | None]:
        """The cell as it stands in the rebuilt notebook, and as it is run (None: not).

        Args:
            claim: the submitted cell that stands in it.
            answer: a text that takes its place.
        """
        cell = copy.deepcopy(self.cell)
        if answer is not None:
            cell["source"] = answer
        elif self.is_own and claim is not None and claim.text:
            cell["source"] = claim.cell["source"]
        if not self.is_code:
            return cell, None
        cell["execution_count"], cell["outputs"] = None, []
        if self.is_own:
            run = Cell(self.grade_id, "solution", self.part, cell["source"])
            return cell, None if _plain(cell["source"]) == self.text else run
        if self.is_setup:
            return cell, Cell(self.grade_id, "setup", None, cell["source"])
        if self.marks.grade:
            return cell, Cell(self.grade_id, "graded", self.part, "")
        return cell, None


How = Literal["grade_id", "id", "text", "names", "place", ""]


@dataclass(eq=False)
class _Claim:
    """A submitted cell, the slot it belongs to (None: the student's own) and how that is known."""

    cell: Notebook
    slot: int | None
    how: How

    def __post_init__(self) -> None:
        self.text = _plain(self.cell["source"])
        self.is_code = self.cell["cell_type"] == "code"


def _claim_all(cells: list[Notebook], slots: list[_Slot]) -> list[_Claim]:
    by_grade_id = {slot.grade_id: i for i, slot in enumerate(slots) if slot.grade_id}
    by_id = {slot.cell["id"]: i for i, slot in enumerate(slots) if slot.cell["id"]}
    by_text = {slot.text: i for i, slot in enumerate(slots)}
    by_name = {name: i for i, slot in enumerate(slots) for name in slot.defines}

    def claim(cell: Notebook) -> _Claim:
        found: int | None = None
        how: How = ""
        text = _plain(cell["source"])
        by_marks = by_grade_id.get(MarkedCell(cell).marks.grade_id)
        by_own_id = by_id.get(cell["id"])
        if by_marks is not None:
            found, how = by_marks, "grade_id"
        elif by_own_id is not None:
            found, how = by_own_id, "id"
        if found is not None and text == slots[found].text:
            return _Claim(cell, found, how)
        if text in by_text:
            return _Claim(cell, by_text[text], "text")
        # Code that was made a text still bears the marks or the id of some code cell.
        borne = (slots[index] for index in (by_marks, by_own_id) if index is not None)
        is_code = cell["cell_type"] == "code" or any(slot.is_code for slot in borne)
        names = defined(cell["source"]) if is_code else frozenset()
        homes = [by_name[name] for name in sorted(names) if name in by_name]
        if homes and found not in homes:
            return _Claim(cell, homes[0], "names")
        return _Claim(cell, found, how)

    claims = [claim(cell) for cell in cells]
    for index, slot in enumerate(slots):
        if slot.is_code or not slot.is_own or any(c.slot == index for c in claims):
            continue
        for before, after in pairwise(claims):
            if before.slot == index - 1 and after.slot is None and not after.is_code:
                after.slot, after.how = index, "place"
                break
    return claims


def _owners(claims: list[_Claim], slots: list[_Slot]) -> list[_Claim | None]:
    """Which of the submitted cells that belong to a slot stands in it, slot by slot."""
    judged: dict[str | None, int] = {}
    for place, claim in enumerate(claims):
        slot = slots[claim.slot] if claim.slot is not None else None
        if slot and slot.marks.grade and not slot.is_own:
            judged.setdefault(slot.part, place)
    owners = []
    for index, slot in enumerate(slots):
        belonging = [claim for claim in claims if claim.slot == index]
        above = claims[: judged.get(slot.part, len(claims))]
        owners.append(_choose(belonging, [c for c in above if c.slot == index], slot))
    return owners


def _choose(claims: list[_Claim], above: list[_Claim], slot: _Slot) -> _Claim | None:
    """The one of ``claims`` that stands in a slot; ``above`` are those over its graded cell."""
    if not slot.is_own:
        same = [claim for claim in claims if claim.text == slot.text]
        return next(iter(same or claims), None)
    filled = [claim for claim in claims if claim.text not in ("", slot.text)]
    marked = [claim for claim in filled if claim.how in ("grade_id", "id")]
    chosen = marked or filled or claims
    return next(reversed([claim for claim in chosen if claim in above] or chosen), None)


def _kept_besides(claim: _Claim, slots: list[_Slot], owners: list[_Claim | None]) -> str:
    """What of a submitted cell is kept as an extra cell; empty if nothing."""
    source = str(claim.cell["source"])
    if claim.slot is None:
        return source
    slot = slots[claim.slot]
    if claim.text == slot.text or (slot.is_own and claim is owners[claim.slot]):
        return ""
    if slot.is_own or not (slot.is_code and claim.is_code):
        return source
    return added(source, slot.cell["source"], everything=slot.is_setup)


def _repairs(
    claims: list[_Claim], slots: list[_Slot], owners: list[_Claim | None]
) -> Iterator[str]:
    missing = [slot.name for slot, owner in zip(slots, owners, strict=True) if owner is None]
    if missing:
        yield say("repairs.missing", cells=", ".join(missing))
    places = [c.slot for c in claims if c.slot is not None and owners[c.slot] is c]
    if places != sorted(places):
        yield say("repairs.order")
    lost = [
        slot.name
        for slot, owner in zip(slots, owners, strict=True)
        if owner is not None
        and slot.raw_marks
        and "grade_id" not in MarkedCell(owner.cell).raw_marks
    ]
    if lost:
        yield say("repairs.unmarked", cells=", ".join(lost))
    for index, (slot, owner) in enumerate(zip(slots, owners, strict=True)):
        if owner is not None:
            yield from _repairs_of(slot, owner)
        twins = [c for c in claims if c.slot == index and c is not owner and c.how != "names"]
        if twins and slot.is_own:
            yield say("repairs.twins_own", cell=slot.name, count=len(twins) + 1)
        elif twins:
            yield say("repairs.twins", cell=slot.name, count=len(twins) + 1)


def _repairs_of(slot: _Slot, owner: _Claim) -> Iterator[str]:
    marks, metadata = MarkedCell(owner.cell).raw_marks, owner.cell["metadata"]
    grade_id = marks.get("grade_id")
    if grade_id is not None and grade_id != slot.grade_id:
        yield say("repairs.recognised", mark=plain(str(grade_id), 40), cell=slot.name)
    elif marks:
        keys = ("grade", "solution", "locked", "task", "points", "schema_version")
        changed = [key for key in keys if marks.get(key) != slot.raw_marks.get(key)]
        if changed:
            yield say("repairs.marks", cell=slot.name, marks=", ".join(changed))
    if owner.cell["cell_type"] != slot.cell["cell_type"]:
        yield say("repairs.kind", cell=slot.name, kind=slot.cell["cell_type"])
    if metadata.get("tags"):
        yield say("repairs.tags", cell=slot.name)
    if "](attachment:" in owner.text:
        yield say("repairs.pictures", cell=slot.name)
    if not slot.is_own and owner.text != slot.text:
        if not slot.is_code:
            yield say("repairs.text", cell=slot.name)
        elif more := added(owner.cell["source"], slot.cell["source"], slot.is_setup):
            yield say("repairs.locked_added", cell=slot.name, added=plain(more, 120))
        else:
            yield say("repairs.locked", cell=slot.name)


def _plain(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.split("\n")).strip()


def _new_cell(cell_type: str, name: str, source: str) -> Notebook:
    cell: Notebook = {"cell_type": cell_type, "id": name, "metadata": {}, "source": source}
    if cell_type == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
