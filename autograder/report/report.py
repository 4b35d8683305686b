"""The class report: an HTML page for staff, a page per student, and a table as CSV.

Every page opens from disk and asks for nothing else: style, charts and script are inside,
and a content security policy admits that style and that script alone. Whatever comes from
a submission is untrusted text; each string that reaches a page is made plain, bounded and
escaped on the way (:func:`_pages`). A student's page is built from a view that holds only
what a student may read.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder.course.results import SubmissionResult
from autograder.report.class_page import class_view
from autograder.report.student_page import student_view
from autograder.report.table import table, write_csv
from autograder.support.plaintext import plain, slugs

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
    pages, students = _pages(), out / "students"
    students.mkdir(parents=True, exist_ok=True)
    for result, slug in zip(results, names, strict=True):
        view = student_view(result, (manual or {}).get(result.name))
        html = pages.get_template("student.html").render(view, title=title, policy=_policy())
        (students / f"{slug}.html").write_text(html, encoding="utf-8")
    for page in set(students.glob("*.html")) - {students / f"{slug}.html" for slug in names}:
        if _MARKER in page.read_text(encoding="utf-8", errors="replace")[:4000]:
            page.unlink()
    script = Markup((_TEMPLATES / "table.js").read_text(encoding="utf-8"))
    html = pages.get_template("class.html").render(
        class_view(results, names, manual or {}),
        title=title,
        script=script,
        policy=_policy(script),
    )
    index = out / "index.html"
    index.write_text(html, encoding="utf-8")
    return index


@cache
def _pages() -> Environment:
    """The templates. Every string printed is made plain and bounded, then escaped."""

    def bounded(value: Any) -> Any:
        return (
            plain(value, 600) if isinstance(value, str) and not isinstance(value, Markup) else value
        )

    pages = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=bounded,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals["style"] = _style()
    return pages


@cache
def _style() -> Markup:
    return Markup((_TEMPLATES / "style.css").read_text(encoding="utf-8"))


def _policy(script: str | None = None) -> str:
    """A content security policy that admits our style and ``script``, by digest, and no more."""

    def source(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    allowed = f"; script-src {source(script)}" if script else ""
    return (
        f"default-src 'none'; style-src {source(_style())}{allowed}; "
        "base-uri 'none'; form-action 'none'"
    )
