"""A release as files: the notebook built with nbgrader's own tools, what lies beside it."""

from __future__ import annotations

import io
import json
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

from autograder.authoring.releasing.frame import framed
from autograder.authoring.releasing.source import check_cells, fill, source_notebook
from autograder.course.about import about
from autograder.course.assignment import Assignment
from autograder.course.releases import current, read_files
from autograder.lab.testing.validating import RELEASED
from autograder.notebooks import Notebook
from autograder.support.errors import SpeechmarkError


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
        released = current(assignment)
        version = released.manifest.version if released else 1
        _write_source(source, assignment, _framed(assignment, solved_notebook(assignment), version))
        install(source, target)


def solved_notebook(assignment: Assignment) -> Notebook:
    """The notebook with its solutions, checked and with the bars in its text."""
    solution = source_notebook(assignment.folder / f"{assignment.name}.py")
    solution["metadata"]["speechmark"] = {"setup": list(assignment.settings.setup)}
    check_cells(assignment, solution)
    fill(assignment, solution)
    return solution


def build(root: Path, assignment: Assignment, solution: Notebook, version: int) -> Path:
    """Build the release below ``root``; its folder."""
    source = root / "source" / assignment.name
    _write_source(source, assignment, _framed(assignment, solution, version))
    built = _generate(root, assignment.name)
    shutil.copyfile(built / f"{assignment.name}.ipynb", built / "public" / RELEASED)
    return built


def _framed(assignment: Assignment, solution: Notebook, version: int) -> Notebook:
    return framed(solution, assignment.name, version, about(assignment.course))


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


def install(built: Path, target: Path) -> bool:
    """Put ``built`` in the place of ``target`` at once, unless they are the same."""
    if read_files(built) == read_files(target):
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
