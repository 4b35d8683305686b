"""A release is a version: kept, compared, and what submissions of an older one come to."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from autograder.authoring.releasing.differences import Differences, compare
from autograder.authoring.releasing.kit import make_kit
from autograder.authoring.releasing.release import release
from autograder.authoring.releasing.versions import Note
from autograder.course.about import about
from autograder.course.assignment import Assignment
from autograder.course.releases import (
    Releases,
    carried,
    current,
    kept,
    named,
    read_package,
    refusing_older,
)
from autograder.course.results import SubmissionResult, of_notebook
from autograder.course.submissions import submitted
from autograder.nbgrader.feedback import part_html
from autograder.notebooks import Notebook, read
from autograder.report.student_page import student_view
from autograder.report.table import table
from autograder.support.errors import SpeechmarkError
from tests.conftest import change

Grade = Callable[[Path, Path], SubmissionResult]


def saying(text: str, *contract: str) -> Callable[[Differences], Note]:
    return lambda differences: Note(text, contract)


@pytest.fixture
def second(assignment: Assignment, grade: Grade) -> Assignment:
    """The small assignment in release 2: ``halve`` takes another argument, and a text is new."""
    change(assignment, "mini.py", "def halve(x):\n", "def halve(x, by=2):\n")
    change(assignment, "mini.py", "Halves and doubles", "Halves, doubles, quarters")
    change(assignment, "mini.py", "import math", "import math\nimport cmath")
    release(assignment, grade, saying("`halve` takes `by`.", "halve"))
    return assignment.course.assignment("mini")


def test_every_version_is_kept_and_told(second: Assignment) -> None:
    assert list(kept(second)) == [1, 2]
    package = current(second)
    assert package is not None
    assert package.files == read_package(second.release).files
    notes = [(c.version, c.note, c.contract) for c in package.manifest.changes]
    assert notes == [(1, "The first release.", ()), (2, "`halve` takes `by`.", ("halve",))]
    told = (second.release / "CHANGELOG.md").read_text()
    assert told.index("## Release 2") < told.index("`halve` takes `by`.") < told.index("Release 1")
    assert "Something else is asked than before in `halve`" in told
    assert carried(read(second.release_notebook)) == 2


def test_what_did_not_change_is_no_new_version(second: Assignment, grade: Grade) -> None:
    zips = {path: path.read_bytes() for path in kept(second).values()}
    again = release(second, grade)
    assert (again.changed, again.version) == (False, 2)
    assert {path: path.read_bytes() for path in kept(second).values()} == zips


def test_a_hint_is_no_new_version_and_a_hidden_suite_is(second: Assignment, grade: Grade) -> None:
    (second.folder / "hints").mkdir()
    (second.folder / "hints" / "double.toml").write_text('["double.wrong"]\nsays="A"\nasks="B?"\n')
    assert release(second, grade).version == 2
    change(second, "hidden/test_double.py", "21.5) == 43.0", "-21.5) == -43.0")
    made = release(second, grade, saying("Negative numbers are asked for too."))
    assert made.version == 3
    assert made.differences is not None
    assert made.differences.parts == {"double": ["suite"]}
    assert made.differences.judged == {"double": ["suite"]}


def test_without_a_note_nothing_is_released_and_what_changed_is_said(
    second: Assignment, grade: Grade
) -> None:
    change(second, "mini.py", "quarters", "eighths")
    with pytest.raises(SpeechmarkError, match=r"since release 2:\n  double: text\n(.|\n)*--note"):
        release(second, grade)
    assert list(kept(second)) == [1, 2]


@pytest.mark.parametrize(
    ("note", "says"),
    [(Note("New.", ("third",)), "No such part: third. mini has: double"), (Note(" "), "a note")],
)
def test_a_note_names_parts_that_there_are(second: Assignment, grade: Grade, note, says) -> None:
    change(second, "mini.py", "quarters", "eighths")
    with pytest.raises(SpeechmarkError, match=says):
        release(second, grade, lambda differences: note)


def test_differences_are_told_in_words_and_for_scripts(second: Assignment) -> None:
    found = compare(named(second, "1"), named(second, "2"))
    assert found.parts == {"double": ["text"], "halve": ["stub", "contract"]}
    assert found.lines() == [
        "double: text",
        "halve: stub, what is asked",
        "A notebook of release 1 may be judged otherwise (halve: what is asked).",
    ]
    assert json.loads(json.dumps(found.as_json()))["judged_the_same"] is False
    same = compare(named(second, "2"), named(second, str(second.release)))
    assert (bool(same), same.lines()) == (False, ["Nothing changed."])


@pytest.mark.parametrize("name", ["3", "nothing.zip"])
def test_a_release_that_there_is_not_is_named(second: Assignment, name: str) -> None:
    with pytest.raises(SpeechmarkError, match=name.removesuffix("zip")):
        named(second, name)


def on_first(second: Assignment, **written: str) -> Notebook:
    """A notebook of release 1 with these cells written."""
    notebook = read_package(kept(second)[1]).notebook
    for cell in notebook["cells"]:
        cell["source"] = written.get(cell["id"], cell["source"])
    return notebook


WORK = {"double_solution": "def double(x):\n    return x + x", "discussion": "They are many."}


def test_older_work_is_graded_as_the_current_release(second: Assignment) -> None:
    notebook = on_first(second, **WORK)
    extra = {"cell_type": "code", "id": "own", "metadata": {}, "source": "help_me = 1"}
    notebook["cells"].insert(3, extra)
    rebuilt = Releases(second).rebuilt(notebook)
    assert (rebuilt.release, list(rebuilt.outdated)) == (1, ["halve"])
    assert rebuilt.repairs == [
        "Made on release 1 and graded as release 2, with the same work in it."
    ]
    code = {cell.id: cell.source for cell in rebuilt.cells if cell.kind != "graded"}
    assert code == {
        "setup": "import math\nimport cmath",
        "double_solution": WORK["double_solution"],
        "extra_1": "help_me = 1",
    }
    cells = {cell["id"]: cell["source"] for cell in rebuilt.notebook["cells"]}
    assert cells["discussion"] == WORK["discussion"]
    assert "by=2" in cells["halve_solution"]
    again = Releases(second).rebuilt(rebuilt.notebook)
    assert (again.release, again.repairs, again.cells) == (None, [], rebuilt.cells)


def test_the_version_is_found_where_a_front_end_dropped_the_metadata(second: Assignment) -> None:
    notebook = on_first(second, **WORK)
    notebook["metadata"] = {"colab": {"provenance": []}}
    assert Releases(second).rebuilt(notebook).release == 1


def test_a_notebook_without_a_version_counts_as_current(second: Assignment) -> None:
    notebook = on_first(second, **WORK)
    notebook["metadata"] = {}
    notebook["cells"] = [c for c in notebook["cells"] if c["id"] != "speechmark-start"]
    rebuilt = Releases(second).rebuilt(notebook)
    assert (rebuilt.release, list(rebuilt.outdated)) == (None, [])


@pytest.mark.parametrize("version", [3, 99, 0, -1])
def test_a_version_that_there_is_not_counts_as_current_and_is_told(second, version) -> None:
    notebook = on_first(second, **WORK)
    notebook["metadata"]["speechmark"]["version"] = version
    rebuilt = Releases(second).rebuilt(notebook)
    assert rebuilt.release is None
    assert rebuilt.repairs[0].startswith(f"It says that it was made on release {version}")


def test_older_work_is_refused_where_staff_choose(second: Assignment) -> None:
    for student, notebook in (("ada", on_first(second)), ("bob", read(second.release_notebook))):
        folder = second.course.root / "submitted" / student / "mini"
        folder.mkdir(parents=True)
        (folder / "mini.ipynb").write_text(json.dumps(notebook))
    ada, bob = refusing_older(second, submitted(second))
    assert ada.refused.startswith("Made on release 1. Older releases than 2 are not taken")
    assert (ada.shown, bob.refused, bob.shown) == (True, "", False)


def test_table_page_and_feedback_say_what_is_asked_anew(
    second: Assignment, result: Callable[..., SubmissionResult]
) -> None:
    older = of_notebook(result("ada"), Releases(second).rebuilt(on_first(second, **WORK)))
    shown = Console(width=120, file=io.StringIO(), record=True)
    shown.print(table([older, result("bob")]))
    assert "1, anew: halve" in shown.export_text()
    told = "Since release 1, on which this was written, something else is asked of this part"
    parts = {part["name"]: part["outdated"] for part in student_view(older, None, None)["parts"]}
    assert parts["double"] == ""
    assert parts["halve"].startswith(told)
    assert told in part_html(older.parts[1], parts["halve"])
    assert table([result("bob")]).columns[-2].header != "made on\nrelease"


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "speechmark-0.1.0-py3-none-any.whl"
    path.write_bytes(b"a wheel")
    return path


def test_a_kit_holds_what_a_student_needs_and_no_more(second: Assignment, wheel, tmp_path) -> None:
    text = 'contact = "Ask Ada at ada@example.org."\nhand_in = "Upload it to the course page."\n'
    (second.course.root / "course.toml").write_text(text)
    path = make_kit(second, tmp_path / "kits", wheel)
    assert path.name == "mini-kit-2.zip"
    files = contents(path)
    assert set(files) == {
        "mini/mini.ipynb", "mini/public/test_double.py", "mini/public/released.json",
        "mini/release.json", "mini/CHANGELOG.md", "mini/README.md", f"mini/{wheel.name}",
    }  # fmt: skip
    readme = files["mini/README.md"].decode()
    for words in (
        "A small assignment", wheel.name, "release 2", "Windows", "Colab", "speechmark check",
        "Upload it to the course page.", "Ask Ada at ada@example.org.",
    ):  # fmt: skip
        assert words in readme
    assert read_package(path).manifest == read_package(second.release).manifest


def test_a_kit_is_the_same_to_the_byte_when_built_twice(
    second: Assignment, wheel, tmp_path
) -> None:
    kits = [make_kit(second, tmp_path / folder, wheel).read_bytes() for folder in "ab"]
    assert kits[0] == kits[1]


def test_kits_with_other_wheels_differ(second: Assignment, wheel, tmp_path) -> None:
    one = read_package(make_kit(second, tmp_path / "one", wheel))
    newer = wheel.rename(tmp_path / "speechmark-0.2.0-py3-none-any.whl")
    other = read_package(make_kit(second, tmp_path / "other", newer))
    assert compare(one, other).whole == [wheel.name, newer.name]
    assert not compare(one, other).judged
    assert not compare(one, named(second, "2"))


def test_an_unreleased_assignment_has_no_kit(sources: Assignment, wheel, tmp_path) -> None:
    with pytest.raises(SpeechmarkError, match="speechmark release mini"):
        make_kit(sources, tmp_path, wheel)


def cells_of(assignment: Assignment) -> dict[str, Any]:
    return {cell["id"]: cell["source"] for cell in read(assignment.release_notebook)["cells"]}


def test_addresses_of_the_course_make_badge_and_download(second: Assignment, grade: Grade) -> None:
    cells = cells_of(second)
    assert "speechmark-badge" not in cells
    assert "Put mini-kit-2.zip beside this notebook" in cells["speechmark-start"]
    (second.course.root / "course.toml").write_text(
        'kit = "https://example.org/kits/{file}"\n'
        'colab = "https://colab.research.google.com/github/a/b/blob/main/{name}.ipynb"\n'
    )
    made = release(second, grade, saying("It opens in Colab."))
    assert made.differences is not None
    assert made.differences.whole == ["frame"]
    assert not made.differences.judged
    cells = cells_of(second)
    assert "https://example.org/kits/mini-kit-3.zip" in cells["speechmark-start"]
    assert cells["speechmark-badge"].endswith("github/a/b/blob/main/mini.ipynb)")
    compile(cells["speechmark-start"], "start", "exec")


@pytest.mark.parametrize(
    ("text", "says"), [("contract = 3", "It may hold contact"), ("contact = ", "course.toml")]
)
def test_a_course_that_is_misspelt_is_told(assignment: Assignment, text, says) -> None:
    (assignment.course.root / "course.toml").write_text(text)
    with pytest.raises(SpeechmarkError, match=says):
        about(assignment.course)


def test_neither_first_nor_last_cell_is_run_in_grading(assignment: Assignment) -> None:
    notebook = read(assignment.release_notebook)
    assert notebook["cells"][-1]["id"] == "speechmark-hand_in"
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert first["id"] == "speechmark-start"
    run = Releases(assignment).rebuilt(notebook).cells
    assert not [cell.id for cell in run if cell.id.startswith("speechmark")]
