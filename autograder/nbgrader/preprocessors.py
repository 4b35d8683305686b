"""Speechmark inside nbgrader: what ``nbgrader autograde`` runs in place of its own steps.

In the sanitize pass :class:`Rebuild` puts the submission right; in the autograde pass
:class:`InjectResults` writes the points of the stored result into the graded cells, where
nbgrader's own ``SaveAutoGrades`` reads them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, Self

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode, from_dict
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Any as AnyTrait
from traitlets.utils.importstring import import_item

from autograder.course.assignment import Course
from autograder.course.releases import Releases
from autograder.course.results import PartResult, SubmissionResult, since_then
from autograder.nbgrader import feedback
from autograder.notebooks.ipynb import read, read_bytes, setup_cells
from autograder.support.errors import SpeechmarkError

Resources = dict[str, Any]


class Provider(Protocol):
    """Where results come from: stored by content, or graded on the spot."""

    def __call__(
        self, course: Path, assignment: str, notebook: bytes, name: str, /
    ) -> SubmissionResult:
        """The result of the submission ``notebook`` of the student ``name``."""


class NotGraded(SpeechmarkError):
    """The grader itself failed; the student's grade must stay as it was."""


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a submitted notebook, or a rebuilt one, with :func:`autograder.notebooks.read`."""

    def from_filename(
        self, filename: str, resources: Resources | None = None, **kwargs: Any
    ) -> tuple[str, Resources]:
        path = Path(filename)
        resources = resources or {}
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        notebook = _Fresh(from_dict(read(path, slack=2)))
        return self.from_notebook_node(notebook, resources, **kwargs)  # type: ignore[no-any-return]


class _Fresh(NotebookNode):  # type: ignore[misc]
    """A notebook that nobody else holds: the four copies that are made for safety's sake,
    a fifth of the pass, are itself."""

    def __deepcopy__(self, _: object) -> Self:
        return self


class Rebuild(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces the submitted notebook by the release with the student's own work in it."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        names = resources["nbgrader"]
        coursedir = self.parent.parent.coursedir
        assignment = Course(Path(coursedir.root)).assignment(names["assignment"])
        content = json.dumps(nb, ensure_ascii=False).encode()
        rebuilt = Releases(assignment).rebuilt(read(content, slack=2))
        for repair in rebuilt.repairs:
            self.log.warning("%s: %s", names["student"], repair)
        return _Fresh(from_dict(rebuilt.notebook)), resources


class InjectResults(NbGraderPreprocessor):  # type: ignore[misc]
    """Writes each part's points and feedback into its graded cell.

    The submission is left ungraded, loudly, where the result is the grader's fault or does
    not fit the notebook.
    """

    provider = AnyTrait(
        "autograder.nbgrader.provider.result_for",
        help="A Provider, or its dotted name.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        names = resources["nbgrader"]
        coursedir = self.parent.parent.coursedir
        folder = coursedir.format_path(
            coursedir.submitted_directory, names["student"], names["assignment"]
        )
        submitted = read_bytes(Path(folder) / f"{names['notebook']}.ipynb")
        provider: Provider = self.provider
        if isinstance(provider, str):
            provider = import_item(provider)
        result = provider(Path(coursedir.root), names["assignment"], submitted, names["student"])
        inject(nb, result)
        # By this the student's page finds the result again.
        nb.metadata["speechmark"] = {**nb.metadata.get("speechmark", {}), "result": result.key}
        return nb, resources


class DefuseAnswers(NbGraderPreprocessor):  # type: ignore[misc]
    """Makes what students wrote as text safe to show; the release's own text stays as it is."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, index: int
    ) -> tuple[NotebookNode, Resources]:
        own = utils.is_solution(cell) or cell.get("id", "").startswith("extra_")
        if own and cell.cell_type != "code":
            cell.source = feedback.defused(cell.source)
        return cell, resources


def check_graded(result: SubmissionResult) -> None:
    """Refuse a result in which any part is the grader's own fault.

    Raises:
        NotGraded: it is.
    """
    faults = [part.id for part in result.parts if part.outcome == "grader"]
    faults += [t.name for p in result.parts for t in p.tests if t.outcome == "grader"]
    if not faults and result.graded:
        return
    why = [*result.notes[:1], *([f"the grader failed in {', '.join(faults)}"] if faults else [])]
    raise NotGraded(f"{result.name}: not graded ({'; '.join(why)}); an earlier grade stands")


def inject(nb: NotebookNode, result: SubmissionResult) -> None:
    """Give every automatically graded cell of ``nb`` the output nbgrader takes points from.

    That is one ``execute_result`` whose text/plain is the bare number of points. Anything else
    nbgrader would read as full marks.

    Raises:
        NotGraded: the result is the grader's fault, lacks a part, or its points do not fit.
    """
    check_graded(result)
    parts: Mapping[str, PartResult] = {part.id: part for part in result.parts}
    first = next(iter(setup_cells(nb)), None)
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        if utils.is_grade(cell) and not utils.is_solution(cell):
            part = _fitting(parts, cell.metadata.nbgrader, result.name)
            data = {
                "text/plain": repr(float(part.score)),
                "text/html": feedback.part_html(part, since_then(result, part.id)),
            }
            cell.outputs.append(_output("execute_result", data, execution_count=None))
        elif result.repairs and cell.metadata.get("nbgrader", {}).get("grade_id") == first:
            data = {
                "text/plain": "\n".join(result.repairs),
                "text/html": feedback.repairs_html(result.repairs),
            }
            cell.outputs.append(_output("display_data", data))


def _fitting(parts: Mapping[str, PartResult], marks: Mapping[str, Any], name: str) -> PartResult:
    grade_id, most = marks["grade_id"], float(marks["points"])
    part = parts.get(grade_id)
    if part is None:
        raise NotGraded(f"{name}: the result has no part {grade_id!r}, which the release grades")
    if not (math.isfinite(part.score) and 0 <= part.score <= most == part.max_score):
        raise NotGraded(
            f"{name}: {part.score} of {part.max_score} points do not fit the cell {grade_id!r}, "
            f"which the release marks with {most}"
        )
    return part


def _output(output_type: str, data: dict[str, str], **more: Any) -> NotebookNode:
    return from_dict({"output_type": output_type, "data": data, "metadata": {}, **more})
