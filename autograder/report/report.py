"""The class report: an HTML page for staff, a page per student, and a table as CSV.

Whatever comes from a submission is untrusted text; :mod:`autograder.support.pages` says what
becomes of it. A student's page is built from a view that holds only what a student may read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.course.results import SubmissionResult
from autograder.report.class_page import class_view
from autograder.report.student_page import student_view
from autograder.report.table import table, write_csv
from autograder.support import pages
from autograder.support.plaintext import slugs

__all__ = ["table", "write_csv", "write_report"]

_TEMPLATES = Path(__file__).parent / "templates"
_MARKER = '<meta name="generator" content="speechmark">'


def write_report(
    results: Sequence[SubmissionResult],
    out: Path,
    *,
    title: str,
    manual: Mapping[str, float] | None = None,
) -> Path:
    """Write ``out/index.html`` for staff and ``out/students/<slug>.html`` for each student.

    Student pages of an earlier report in ``out`` that have no submission now are removed.

    Args:
        results: one per submission, in any order.
        out: a folder, made if missing.
        title: heading of every page.
        manual: points of the written answers by student name, where they have been given.

    Returns:
        The path of the class page.
    """
    results = sorted(results, key=lambda r: r.name.casefold())
    names = slugs([result.name for result in results])
    students = out / "students"
    students.mkdir(parents=True, exist_ok=True)
    for result, slug in zip(results, names, strict=True):
        view = student_view(result, (manual or {}).get(result.name))
        html = pages.render(_TEMPLATES / "student.html", view | {"title": title})
        (students / f"{slug}.html").write_text(html, encoding="utf-8")
    for page in set(students.glob("*.html")) - {students / f"{slug}.html" for slug in names}:
        if _MARKER in page.read_text(encoding="utf-8", errors="replace")[:4000]:
            page.unlink()
    html = pages.render(
        _TEMPLATES / "class.html",
        class_view(results, names, manual or {}) | {"title": title},
        script=(_TEMPLATES / "table.js").read_text(encoding="utf-8"),
    )
    index = out / "index.html"
    index.write_text(html, encoding="utf-8")
    return index
