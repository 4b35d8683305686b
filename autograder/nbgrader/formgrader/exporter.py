"""What ``nbgrader generate_feedback`` writes: the student's page, the notebook behind a link.

Both open from disk and ask for nothing else. The notebook's formulas are MathML, which browsers
draw themselves; nbconvert's own page fetches MathJax from the network.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from latex2mathml.converter import convert
from markupsafe import escape
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.course.assignment import Assignment, Course
from autograder.course.results import SubmissionResult
from autograder.lms.roster import read_roster
from autograder.nbgrader.manual import share_marks
from autograder.nbgrader.marks import marks_of
from autograder.report.report import student_html
from autograder.store.results import Store

Resources = dict[str, Any]

_LONGEST_FORMULA = 2000
_FETCHING = re.compile(r"<script\b.*?</script>|@font-face\s*\{[^}]*\}", re.DOTALL | re.IGNORECASE)
"""What in nbconvert's page would ask for more: MathJax, and a font of icons."""
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">"
)
_UNSAFE = re.compile(r'\s(?:href|style|class|id|on\w+)="[^"]*"')
"""Attributes that a formula's macros can set and that no formula needs."""


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """Makes of an autograded notebook the page that its student gets.

    The result is the one that the notebook was graded with; where it is no longer stored, the
    notebook is all there is.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._shared: set[str] = set()

    def from_notebook_node(
        self, nb: NotebookNode, resources: Resources | None = None, **more: Any
    ) -> tuple[str, Resources]:
        html, resources = super().from_notebook_node(nb, resources, **more)
        html = _FETCHING.sub("", html).replace("<head>", f"<head>{_POLICY}", 1)
        names = resources["nbgrader"]
        coursedir = self.parent.coursedir
        assignment = Course(Path(coursedir.root)).assignment(names["assignment"])
        result = stored_result(assignment, nb, names["student"])
        if result is None:
            return html, resources
        notebook = f"{names['notebook']}_notebook.html"
        outputs = resources.get("outputs") or {}
        resources["outputs"] = outputs | {notebook: html.encode()}
        return self._page(assignment, result, names, notebook), resources

    def _page(
        self, assignment: Assignment, result: SubmissionResult, names: Resources, notebook: str
    ) -> str:
        roster = read_roster(assignment.course.root)
        coursedir = self.parent.coursedir
        with Gradebook(names["db_url"], coursedir.course_id) as book:
            if assignment.name not in self._shared:
                autograded = Path(coursedir.root) / coursedir.autograded_directory
                share_marks(book, assignment.name, roster, autograded)
                self._shared.add(assignment.name)
            marks = marks_of(book, assignment.name, result.name)
        return student_html(
            result,
            title=assignment.settings.title,
            training=assignment.settings.training,
            marks=marks,
            name=roster.shown(result.name),
            notebook=notebook,
        )

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Markdown as HTML, formulas as MathML."""
        return markdown_html(source)


def markdown_html(source: str) -> str:
    """Markdown as HTML, formulas as MathML; HTML in it is passed on."""
    return MarkdownWithMath(renderer=_Renderer(escape=False)).render(source)  # type: ignore[no-any-return]


def stored_result(
    assignment: Assignment, autograded: NotebookNode, student: str
) -> SubmissionResult | None:
    """The result that an autograded notebook was made with; None if it is not stored."""
    key = autograded.metadata.get("speechmark", {}).get("result")
    return Store(assignment).find(key, 0, student) if isinstance(key, str) and key else None


class _Renderer(IPythonRenderer):  # type: ignore[misc]
    """Markdown with formulas that need no script."""

    def block_math(self, body: str) -> str:
        return _formula(body, "block")

    def inline_math(self, body: str) -> str:
        return _formula(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        return _formula(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")


def _formula(latex: str, display: str) -> str:
    """MathML of a formula; its text where it cannot be read."""
    if len(latex) <= _LONGEST_FORMULA:
        try:
            return _UNSAFE.sub("", convert(latex, display=display))
        except Exception:  # the parser raises whatever it stumbles over
            pass
    return f"<code>{escape(latex)}</code>"
