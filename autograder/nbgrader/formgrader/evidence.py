"""What stands above a written answer in formgrader: figures, rubric and model answer.

They are put in when formgrader draws the page, and lie neither in the autograded notebook nor in
what a student gets. The rubric's buttons set the score and the comment that formgrader has.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict

from autograder.course.assignment import Assignment, Course
from autograder.nbgrader.formgrader.exporter import markdown_html, stored_result
from autograder.notebooks import startup
from autograder.report.run_view import run_view
from autograder.support import pages
from autograder.support.errors import SpeechmarkError
from autograder.support.words import number

Resources = dict[str, Any]

_TEMPLATES = Path(__file__).parent / "templates"


class ShowEvidence(Preprocessor):  # type: ignore[misc]
    """Adds a panel above each written answer, and a link to it on every screen of the page."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        if "submission_id" not in resources:  # not formgrader
            return nb, resources
        try:
            course = Course.find(Path(resources["metadata"]["path"]))
            assignment = course.assignment(resources["assignment_id"])
            written = [part.id for part in assignment.settings.part if part.manual]
            panels = {part: self._panel(assignment, part, nb, resources) for part in written}
        except SpeechmarkError as error:
            self.log.warning("no evidence beside the written answers: %s", error)
            return nb, resources
        cells = []
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader", {})
            if (part := marks.get("grade_id")) in panels:
                cells.append(_shown(part, panels[part]))
            cells.append(cell)
        if panels:
            cells.insert(0, _shown("jump", _drawn("jump.html", parts=list(panels))))
        nb.cells = cells
        return nb, resources

    def _panel(
        self, assignment: Assignment, part: str, nb: NotebookNode, resources: Resources
    ) -> str:
        result = stored_result(assignment, nb, resources["student"])
        settings = assignment.settings
        rubric = [
            {**one.model_dump(), "points": number(one.points), "half": number(one.points / 2)}
            for one in settings.rubric
            if one.part == part
        ]
        source = assignment.folder / f"{assignment.name}.py"
        model = _model_answers(source, source.stat().st_mtime_ns).get(part, "")
        return _drawn(
            "evidence.html",
            part=part,
            rubric=rubric,
            model=Markup(markdown_html(model)),
            training=run_view(result, settings.training, staff=True) if result else None,
            style=Markup(_style()),
        )


@lru_cache(maxsize=8)
def _model_answers(source: Path, changed: int) -> dict[str, str]:
    """Part to the answer that its assignment's source gives; ``changed`` names the version."""
    startup.leave_out()
    import jupytext

    cells = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")["cells"]
    marked = ((cell["metadata"].get("nbgrader", {}), cell) for cell in cells)
    return {
        marks["grade_id"]: cell["source"]
        for marks, cell in marked
        if marks.get("grade") and cell["cell_type"] == "markdown"
    }


def _drawn(template: str, **view: Any) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(template).render(view)


def _style() -> str:
    """The pages' style, for a shadow tree in formgrader's page, which is white and whose rem is
    small."""
    style = re.sub(r"(?<=\d)rem\b", "em", pages.style()).replace(":root", ":host")
    return style.replace("@media (prefers-color-scheme: dark)", "@media not all")


def _shown(name: str, html: str) -> NotebookNode:
    """A cell that shows ``html`` and nothing else."""
    output = {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}
    cell = {"cell_type": "code", "id": f"evidence-{name}", "source": "", "metadata": {}}
    return from_dict({**cell, "execution_count": None, "outputs": [output]})
