"""nbgrader's settings for a course, shared by ``nbgrader_config.py`` and Speechmark's own pass."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config

from autograder.nbgrader import hook

GENERATE = [
    "LockCells",
    "ClearSolutions",
    "ClearOutput",
    "CheckCellMetadata",
    "ComputeChecksums",
    "SaveCells",
    "CheckCellMetadata",
]
_OURS = "autograder.nbgrader.preprocessors"
_STOCK = "nbgrader.preprocessors"


def configure(c: Config, root: Path) -> None:
    """Set up ``c`` for the course in the folder ``root``.

    Settings made afterwards win: course_id, late penalties (``AssignLatePenalties``),
    another database (``CourseDirectory.db_url``), ...
    """
    root = root.resolve()
    c.CourseDirectory.course_id = "speechmark"
    c.CourseDirectory.source_directory = "source"
    c.CourseDirectory.release_directory = "assignments"
    # Another process may hold the database for a while, formgrader for one.
    c.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}?timeout=60"
    c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
    c.GenerateAssignment.preprocessors = [f"{_STOCK}.{name}" for name in GENERATE]
    # Public checks travel with the release; there is no use for a copy beside every submission.
    c.Autograde.exclude_overwriting = {
        folder.name: [f"public/{file.name}" for file in (folder / "public").glob("*")]
        for folder in (root / "solutions").glob("*")
        if folder.is_dir()
    }
    c.Autograde.exporter_class = f"{_OURS}.SubmissionExporter"
    c.Autograde.pre_convert_hook = hook.prepare(root, c)
    c.Autograde.sanitize_preprocessors = [
        f"{_OURS}.Rebuild",
        f"{_STOCK}.OverwriteKernelspec",
        f"{_STOCK}.OverwriteCells",
        f"{_STOCK}.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        f"{_OURS}.InjectResults",
        f"{_STOCK}.SaveAutoGrades",
        f"{_STOCK}.AssignLatePenalties",
        f"{_OURS}.SanitizeAnswers",
        f"{_STOCK}.CheckCellMetadata",
    ]
