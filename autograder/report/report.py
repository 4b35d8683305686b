"""The class report: an HTML page for staff, pages of each student, and a table as CSV.

Whatever comes from a submission is untrusted text; :mod:`autograder.support.pages` says what
becomes of it. A student's page is built from a view that holds only what a student may read;
what staff read of the same submission stands in a folder of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from autograder.course.results import SubmissionResult
from autograder.course.settings import TrainingSettings
from autograder.lms.marks import Marks
from autograder.lms.roster import Roster
from autograder.report.class_page import class_view
from autograder.report.rounds import Round
from autograder.report.staff_page import staff_view
from autograder.report.student_page import student_view
from autograder.report.table import table, write_csv
from autograder.support import pages
from autograder.support.plaintext import slugs

__all__ = ["student_html", "table", "write_csv", "write_report"]

_TEMPLATES = Path(__file__).parent / "templates"
_MARKER = '<meta name="generator" content="speechmark">'


def write_report(
    results: Sequence[SubmissionResult],
    out: Path,
    *,
    title: str,
    training: TrainingSettings | None,
    marks: Mapping[str, Marks] | None = None,
    roster: Roster | None = None,
    rounds: Sequence[Round] = (),
    made: datetime | None = None,
) -> Path:
    """Write the class page, a page of each submission for staff and one for its student.

    They are ``out/index.html``, ``out/staff/<slug>.html`` and ``out/students/<slug>.html``. Pages
    of an earlier report in ``out`` whose submission is gone are removed.

    Args:
        results: one per submission, in any order.
        out: a folder, made if missing.
        title: heading of every page.
        training: the assignment's training run, if it has one.
        marks: what the gradebook holds of a student, by the submission's name.
        roster: whose names are shown instead of ids.
        rounds: earlier gradings of the class, the oldest first.
        made: when, as the class page says; default: now.

    Returns:
        The path of the class page.
    """
    marks, roster = marks or {}, roster or Roster({})
    shown = {result.name: roster.shown(result.name) for result in results}
    results = sorted(results, key=lambda r: (shown[r.name].casefold(), r.name))
    names = slugs([result.name for result in results])
    for reader, view_of in (("students", student_view), ("staff", staff_view)):
        folder = out / reader
        folder.mkdir(parents=True, exist_ok=True)
        for result, slug in zip(results, names, strict=True):
            view = view_of(result, marks.get(result.name), training, shown[result.name])
            html = pages.render(
                _TEMPLATES / f"{reader}.html", view | {"title": title, "slug": slug}
            )
            (folder / f"{slug}.html").write_text(html, encoding="utf-8")
        _remove_others(folder, names)
    html = pages.render(
        _TEMPLATES / "class.html",
        class_view(results, names, shown, marks, rounds, training)
        | {"title": title, "made": made or datetime.now().astimezone()},
        script=(_TEMPLATES / "table.js").read_text(encoding="utf-8"),
    )
    index = out / "index.html"
    index.write_text(html, encoding="utf-8")
    return index


def student_html(
    result: SubmissionResult,
    *,
    title: str,
    training: TrainingSettings | None,
    marks: Marks | None,
    name: str,
    notebook: str = "",
) -> str:
    """The page of one student.

    Args:
        result: the submission.
        title: of the assignment.
        training: its training run, if it has one.
        marks: what the gradebook holds, if anything.
        name: whose it is, fit to print.
        notebook: address of the graded notebook, if there is one to link to.
    """
    view = student_view(result, marks, training, name)
    view |= {"title": title, "slug": "", "notebook": notebook}
    return pages.render(_TEMPLATES / "students.html", view)


def _remove_others(folder: Path, names: Sequence[str]) -> None:
    """Remove pages of ours from ``folder`` that are not of ``names``."""
    for page in set(folder.glob("*.html")) - {folder / f"{name}.html" for name in names}:
        if _MARKER in page.read_text(encoding="utf-8", errors="replace")[:4000]:
            page.unlink()
