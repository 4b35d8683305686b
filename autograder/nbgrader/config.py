"""nbgrader's settings for a course, shared by ``nbgrader_config.py`` and Speechmark's own pass."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from autograder.nbgrader import hook
from autograder.support.errors import SpeechmarkError

_OURS = "autograder.nbgrader.preprocessors"


def configure(c: Config, root: Path) -> None:
    """Set up ``c`` for the course in the folder ``root``.

    Settings made afterwards win: course_id, late penalties (``AssignLatePenalties``),
    another database (``CourseDirectory.db_url``), ...
    """
    root = root.resolve()
    # nbgrader's queries make SQLAlchemy warn of what is no trouble here.
    warnings.filterwarnings("ignore", message=".*not in session, add operation along.*")
    if shutil.which("alembic") is None:
        # nbgrader makes a gradebook by calling alembic by name; it lies beside our Python.
        os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
    c.CourseDirectory.course_id = "speechmark"
    c.CourseDirectory.source_directory = "source"
    c.CourseDirectory.release_directory = "assignments"
    # Another process may hold the database for a while, formgrader for one.
    c.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}?timeout=60"
    c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
    # Public checks travel with the release; there is no use for a copy beside every submission.
    c.Autograde.exclude_overwriting = {
        folder.name: [f"public/{file.name}" for file in (folder / "public").glob("*")]
        for folder in (root / "solutions").glob("*")
        if folder.is_dir()
    }
    c.Autograde.exporter_class = f"{_OURS}.SubmissionExporter"
    c.Autograde.pre_convert_hook = hook.prepare(root, c)
    # What is rebuilt bears the release's own marks: there is nothing left for nbgrader's other
    # preprocessors to deduplicate, overwrite or validate.
    c.Autograde.sanitize_preprocessors = [f"{_OURS}.Rebuild"]
    c.Autograde.autograde_preprocessors = [
        f"{_OURS}.InjectResults",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        f"{_OURS}.DefuseAnswers",
    ]
    # Points and comments by hand come after the first feedback: pages are always made anew.
    c.GenerateFeedback.exporter_class = "autograder.nbgrader.formgrader.exporter.FeedbackExporter"
    c.GenerateFeedback.force = True
    # Formgrader draws its pages with this exporter; elsewhere the preprocessor does nothing.
    c.HTMLExporter.preprocessors = ["autograder.nbgrader.formgrader.evidence.ShowEvidence"]
    c.HTMLExporter.filters = {
        "markdown2html": "autograder.nbgrader.formgrader.exporter.markdown_html"
    }
    # In the place of nbgrader's exchange, which need not be there then.
    exchange = "autograder.nbgrader.formgrader.exchange"
    c.ExchangeFactory.list = f"{exchange}.List"
    c.ExchangeFactory.release_assignment = f"{exchange}.Release"
    c.ExchangeFactory.collect = f"{exchange}.Collect"
    c.ExchangeFactory.release_feedback = f"{exchange}.ReleaseFeedback"
    c.SubmissionExporter.optimistic_validation = True


def course_config(course: Path) -> Config:
    """nbgrader's settings of a course: its ``nbgrader_config.py``, or ours where it has none.

    Raises:
        SpeechmarkError: the file cannot be run.
    """
    config = Config()
    configure(config, course)
    if (course / "nbgrader_config.py").is_file():
        loader = PyFileConfigLoader("nbgrader_config.py", path=str(course))
        try:
            config.merge(loader.load_config())
        except Exception as error:
            raise SpeechmarkError(f"{course / 'nbgrader_config.py'}: {error}") from error
    config.CourseDirectory.root = str(course.resolve())
    return config


def has_gradebook(config: Config) -> bool:
    """Whether a course has a gradebook: a file of SQLite's that is there, or a server's."""
    kind, _, place = config.CourseDirectory.db_url.partition(":///")
    return kind != "sqlite" or Path(place.partition("?")[0]).is_file()
