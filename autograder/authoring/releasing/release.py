"""The release: what students receive, made from the one source in ``solutions/``.

The source is a py:percent notebook; nbgrader's own ``generate_assignment`` clears the
solutions and locks the cells. Nothing is released unless the solution gets every automatic
point, the untouched stub none, and no line of a solution or of a hidden suite shows.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autograder.authoring.releasing.leaks import Secret, leaks
from autograder.course.assignment import Assignment
from autograder.course.names import check_names
from autograder.course.results import SubmissionResult
from autograder.lab.testing.validating import RELEASED
from autograder.notebooks import MarkedCell, Notebook, cells_of, solution_id, startup
from autograder.support.errors import SpeechmarkError

_UNMARKED = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
"""nbgrader's marks; the source names those that differ."""


_NO_CELL = MarkedCell({"cell_type": "raw", "metadata": {}, "source": ""})

_BAR = re.compile(r"\{bar \w+ \w+\}")


class Grade(Protocol):
    """Grades a notebook as if ``release`` were what students had received."""

    def __call__(self, notebook: Path, release: Path, /) -> SubmissionResult: ...


@dataclass(frozen=True)
class Released:
    """A release and whether it differs from the one before."""

    folder: Path
    changed: bool


def release(assignment: Assignment, grade: Grade) -> Released:
    """Regenerate ``assignments/<name>/``: the notebook and the public suites.

    The old release stays in place unless everything is right; the new one replaces it whole,
    byte for byte the same if nothing changed. ``source/<name>/``, the build folder that stock
    ``nbgrader generate_assignment`` reads, is regenerated with it.

    Args:
        assignment: what to release.
        grade: grades the solution and the stub; called only when all else is right.

    Raises:
        SpeechmarkError: with what is wrong in the source, one line for each thing.
    """
    solution = _solution(assignment)
    assignment.course.state.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="release-", dir=assignment.course.state) as folder:
        source = Path(folder) / "source" / assignment.name
        _write_source(source, assignment, solution)
        built = _generate(Path(folder), assignment.name)
        notebook = built / f"{assignment.name}.ipynb"
        shutil.copyfile(notebook, built / "public" / RELEASED)
        found = leaks(_secrets(assignment, solution), built)
        if found:
            raise SpeechmarkError("The release would show what it must not:\n" + "\n".join(found))
        _check_marks(
            assignment,
            solution=grade(source / notebook.name, notebook),
            stub=grade(notebook, notebook),
        )
        _install(source, assignment.course.root / "source" / assignment.name)
        changed = _install(built, assignment.release)
    return Released(assignment.release, changed)


def make_source(assignment: Assignment) -> None:
    """Make ``source/<name>/`` if there is none: formgrader lists the assignments that have one.

    Raises:
        SpeechmarkError: as :func:`release`, of what is wrong in the source.
    """
    target = assignment.course.root / "source" / assignment.name
    if target.is_dir():
        return
    assignment.course.state.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="source-", dir=assignment.course.state) as folder:
        source = Path(folder) / assignment.name
        _write_source(source, assignment, _solution(assignment))
        _install(source, target)


def _solution(assignment: Assignment) -> Notebook:
    """The notebook with its solutions, checked and with the bars in its text."""
    solution = source_notebook(assignment.folder / f"{assignment.name}.py")
    solution["metadata"]["speechmark"] = {"setup": list(assignment.settings.setup)}
    _check_cells(assignment, solution)
    _fill(assignment, solution)
    return solution


def _secrets(assignment: Assignment, solution: Notebook) -> list[Secret]:
    """The solutions and hidden suites of every assignment of the course, this one's first."""
    others = [a for a in assignment.course.assignments() if a.name != assignment.name]
    secrets = [Secret(assignment.name, solution, assignment.hidden_suites)]
    for other in others:
        notebook = source_notebook(other.folder / f"{other.name}.py")
        secrets.append(Secret(other.name, notebook, other.hidden_suites))
    return secrets


def source_notebook(path: Path) -> Notebook:
    """The source as a notebook: nbgrader's marks completed, cell ids that do not change.

    A cell's id is its grade_id, or for a text a digest of it.

    Raises:
        SpeechmarkError: it cannot be read.
    """
    startup.leave_out()
    import jupytext

    try:
        raw = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    except (OSError, ValueError) as error:
        raise SpeechmarkError(f"{path}: {error}") from error
    cells = []
    taken: set[str] = set()
    for cell in raw["cells"]:
        marks = cell["metadata"].get("nbgrader")
        if marks:
            marks = {**_UNMARKED, **marks}
        name = marks["grade_id"] if marks else f"text-{_digest(cell['source'])}"
        while name in taken:
            name += "-again"
        taken.add(name)
        cells.append(
            {
                "cell_type": cell["cell_type"],
                "id": name,
                "metadata": {"nbgrader": marks} if marks else {},
                "source": cell["source"],
                **({"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}),
            }
        )
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _fill(assignment: Assignment, notebook: Notebook) -> None:
    """Put the calibrated bars in the place of ``{bar MEASURE CORPUS}`` in the notebook's text.

    Raises:
        SpeechmarkError: there is no such bar.
    """
    bars = {
        f"{{bar {name} {corpus}}}": f"{100 * bar:.1f} %"
        for corpus, found in assignment.calibrations.items()
        for name, bar in found.bars.items()
    }
    for cell in notebook["cells"]:
        for placeholder in set(_BAR.findall(cell["source"])):
            corpus = placeholder[:-1].rpartition(" ")[2]
            if corpus in assignment.training.corpora and corpus not in assignment.calibrations:
                bars[placeholder] = "(not calibrated yet)"
            if placeholder not in bars:
                known = ", ".join(bars) or "nothing is calibrated"
                raise SpeechmarkError(
                    f"{assignment.name}.py: {placeholder} is no calibrated bar. There is: {known}."
                )
            cell["source"] = cell["source"].replace(placeholder, bars[placeholder])


def _check_cells(assignment: Assignment, solution: Notebook) -> None:
    """Whether the notebook has the cells that the settings name.

    Raises:
        SpeechmarkError: it has not.
    """
    marked = {cell.marks.grade_id: cell for cell in cells_of(solution) if cell.marks.grade_id}
    wrong = []
    for part in assignment.settings.part:
        graded = marked.get(part.id, _NO_CELL)
        marks = graded.marks
        if (marks.grade, marks.solution, marks.points) != (True, part.manual, part.points):
            wrong.append(f"cell {part.id!r} must be graded with {part.points:g} points")
        if part.manual:
            continue
        if not graded.is_code:
            wrong.append(f"cell {part.id!r} must be a code cell")
        own = marked.get(solution_id(part.id), _NO_CELL).marks
        if not own.solution or own.grade:
            wrong.append(f"cell {solution_id(part.id)!r} must be a solution cell without points")
    loose = [c for c in cells_of(solution) if c.is_code and not c.raw_marks]
    wrong += [f"a code cell is not marked: {cell.source[:40]!r}" for cell in loose]
    if any("BEGIN HIDDEN TESTS" in cell.source for cell in cells_of(solution)):
        wrong.append("hidden tests belong into hidden/, in a notebook they reach students")
    if wrong:
        raise SpeechmarkError(f"{assignment.name}.py: " + "; ".join(wrong))
    check_names(assignment)


def _write_source(folder: Path, assignment: Assignment, solution: Notebook) -> None:
    (folder / "public").mkdir(parents=True)
    path = folder / f"{assignment.name}.ipynb"
    path.write_text(
        json.dumps(solution, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    for file in sorted(path for path in (assignment.folder / "public").iterdir() if path.is_file()):
        shutil.copyfile(file, folder / "public" / file.name)
    if assignment.settings.training:
        text = json.dumps(_run_settings(assignment), indent=1, ensure_ascii=False) + "\n"
        (folder / "public" / "training.json").write_text(text, encoding="utf-8")


def _run_settings(assignment: Assignment) -> dict[str, Any]:
    """What ``run_training`` reads beside ``training.py``."""
    training = assignment.training
    return {
        "seed": training.seed,
        "corpora": training.corpora,
        "recipe": training.recipe,
        "measures": [
            measure.model_dump(include={"name", "of", "by", "title"})
            for measure in training.measure
        ],
        "curves": [curve.model_dump() for curve in training.curve],
        "bars": {corpus: found.bars for corpus, found in assignment.calibrations.items()},
    }


def _generate(root: Path, name: str) -> Path:
    """Run nbgrader's generate_assignment in ``root``, without a gradebook."""
    from nbgrader.converters import GenerateAssignment, NbGraderException
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from autograder.nbgrader.config import configure

    config = Config()
    configure(config, root)
    config.CourseDirectory.root = str(root)
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    said = io.StringIO()
    log = logging.Logger("speechmark.release", logging.WARNING)
    log.addHandler(logging.StreamHandler(said))
    coursedir = CourseDirectory(config=config, log=log)
    coursedir.assignment_id = name
    try:
        GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
    except (NbGraderException, RuntimeError) as error:
        raise SpeechmarkError(f"nbgrader does not take {name}.py:\n{said.getvalue()}") from error
    return root / "assignments" / name


def _check_marks(
    assignment: Assignment, solution: SubmissionResult, stub: SubmissionResult
) -> None:
    wrong = []
    for result, whose in ((solution, "the solution"), (stub, "the untouched stub")):
        if not result.graded:
            wrong.append(f"{whose} was not graded: {'; '.join(result.notes)}")
    training = assignment.settings.training
    for part in assignment.automatic if not wrong else ():
        if training and part.id == training.part and _left_out(solution, part.id):
            continue  # no bar is known here yet: a first release is what calibration trains with
        for result, whose, due in (
            (solution, "the solution", part.points),
            (stub, "the untouched stub", 0.0),
        ):
            got = next((p for p in result.parts if p.id == part.id), None)
            if got is None or got.score != due or got.max_score != part.points:
                score = f"{got.score:g} of {got.max_score:g}" if got else "none"
                failed = [t.name for t in got.tests if not t.held] if got and due else []
                more = f" (failed: {', '.join(failed)})" if failed else ""
                wrong.append(f"{part.id}: {whose} must get {due:g} points and got {score}{more}")
    if wrong:
        raise SpeechmarkError("Not released:\n" + "\n".join(wrong))


def _left_out(result: SubmissionResult, part: str) -> bool:
    """Whether the training run of ``part`` was not made."""
    return any(found.id == part and not found.max_score for found in result.parts)


def _install(built: Path, target: Path) -> bool:
    """Put ``built`` in the place of ``target`` at once, unless they are the same."""
    if _content(built) == _content(target):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    old = built.parent / f"{built.name}-before"
    if target.exists():
        target.rename(old)
    try:
        built.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
    return True


def _content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
