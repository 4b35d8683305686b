"""What ``speechmark new`` writes is released, audited and graded as it stands."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import safetensors.torch
import torch

from autograder import cli
from autograder.authoring.audit import audit
from autograder.authoring.demo import class_of
from autograder.authoring.new import TEMPLATE, new
from autograder.authoring.releasing.release import Released, release
from autograder.batch.session import write
from autograder.course.assignment import Assignment, Course
from autograder.course.compose import filled, read_solution, solved
from autograder.grading.job import Job
from autograder.support.errors import SpeechmarkError
from tests.conftest import ROOT, change
from tests.toys import (
    PLAIN,
    TRAINED,
    copied,
    empty_course,
    grader_of,
    parts,
    singing,
    toy_proof,
    toys,
)

__all__ = ["toy_proof", "toys"]

BOTH = pytest.mark.parametrize("name", [PLAIN, TRAINED])


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return empty_course(tmp_path / "course")


@pytest.mark.parametrize("name", ["two-words", "2nd", "", "a/b", "..", "class", "größe", "a b"])
def test_a_name_that_is_no_identifier_is_refused(course, name):
    with pytest.raises(SpeechmarkError, match=re.escape(repr(name))):
        new(course, name)
    assert not list((course.root / "solutions").iterdir())


def test_what_is_there_already_is_left_alone(course):
    made = new(course, PLAIN)
    (made.folder / "assignment.toml").write_text("mine")
    with pytest.raises(SpeechmarkError, match="there already"):
        new(course, PLAIN, training=True)
    assert (made.folder / "assignment.toml").read_text() == "mine"


@pytest.mark.parametrize("training", [False, True])
def test_every_placeholder_is_filled(course, training):
    made = new(course, "owls", "Owls at night", training)
    for path in (p for p in made.folder.rglob("*") if p.is_file()):
        assert "__" not in path.stem or path.parent.name in ("right", "wrong"), path
        if path.suffix != ".safetensors":
            assert not re.search("__NAME__|__TITLE__", path.read_text()), path
    assert made.settings.title == "Owls at night"
    assert "# # Owls at night" in (made.folder / "owls.py").read_text()


def test_every_assignment_has_a_secret_of_its_own(course):
    secrets = {new(course, name, training=True).secret for name in ("a", "b")}
    assert len(secrets) == 2
    assert all(len(secret) >= 32 for secret in secrets)


def test_the_reference_is_what_its_maker_makes(course, monkeypatch, tmp_path):
    folder = new(course, PLAIN).folder / "reference"
    kept = safetensors.torch.load_file(folder / "energy.safetensors")
    (folder / "energy.safetensors").unlink()
    monkeypatch.syspath_prepend(str(folder))
    spec = importlib.util.spec_from_file_location("make_energy", folder / "make_energy.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    monkeypatch.delitem(sys.modules, "oracle_energy", raising=False)
    maker.main()
    made = safetensors.torch.load_file(folder / "energy.safetensors")
    assert made.keys() == kept.keys()
    for name, tensor in made.items():
        torch.testing.assert_close(tensor, kept[name], rtol=1e-12, atol=0)


def test_a_new_course_has_the_settings_of_this_one():
    template = TEMPLATE / "course" / "nbgrader_config.py"
    assert template.read_bytes() == (ROOT / "nbgrader_config.py").read_bytes()


def run(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["speechmark", *words.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    if ended.value.code:
        raise SystemExit(ended.value.code)


def test_an_empty_folder_becomes_a_course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("new owls --training", monkeypatch)
    assert [a.name for a in Course.find(tmp_path).assignments()] == ["owls"]
    assert "/submitted/" in (tmp_path / ".gitignore").read_text()
    (tmp_path / "solutions" / "owls").rename(tmp_path / "solutions" / "barn_owls")
    monkeypatch.chdir(tmp_path / "solutions")
    run("new owls", monkeypatch)
    assert (tmp_path / "solutions" / "owls" / "owls.py").is_file()


@pytest.mark.parametrize("file", [TEMPLATE / "course" / "gitignore", ROOT / ".gitignore"])
def test_git_ignores_what_tells_of_students(file, tmp_path):
    """Every place that README and docs/course.md name for it, in a new course and in this one."""
    told = [
        "students.csv", "download/moodle.zip", "downloaded/birds/moodle.zip", "gradebook.db",
        "submitted/ada/birds/birds.ipynb", "autograded/ada/birds/birds.ipynb",
        "feedback/ada/birds/birds.html", "export/birds_moodle.csv", "results/grades.csv",
        ".speechmark/report/birds/index.html", "demo/gradebook.db",
    ]  # fmt: skip
    shutil.copyfile(file, tmp_path / ".gitignore")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    asked = ["git", "check-ignore", "--", *told]
    ignored = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ignored.stdout.splitlines() == told


def test_a_folder_of_other_things_does_not_become_one(tmp_path, monkeypatch, capsys):
    (tmp_path / "thesis.tex").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        run("new owls", monkeypatch)
    assert "not inside a course" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


@BOTH
def test_its_suites_tell_right_from_wrong(toys, toy_proof, name):
    job = Job(toys.assignment(name), toy_proof.level, train=False, proof=toy_proof)
    found = audit(job, jobs=1)
    assert found.sound
    assert not found.wrong_hint
    assert {file.split("__")[0].split("/")[1] for file in found.matrix} == {
        part.id for part in toys.assignment(name).automatic
    }


def test_released_again_it_is_the_same_to_the_last_byte(toys, toy_proof):
    def grade(notebook: Path, released: Path):
        with grader_of(toys.assignment(PLAIN), toy_proof, release=released) as grader:
            return grader.result(notebook.stem, notebook)

    again = release(toys.assignment(PLAIN), grade)
    assert again == Released(toys.assignment(PLAIN).release, changed=False, version=1)


@pytest.fixture(scope="module")
def graded(toys, toy_proof, tmp_path_factory):
    """Assignment and student to the result, of the classes that ``demo.toml`` describes."""
    results = {}
    with singing(tmp_path_factory.mktemp("sung")):
        for name in (PLAIN, TRAINED):
            assignment = toys.assignment(name)
            with grader_of(assignment, toy_proof) as grader:
                for student, content in class_of(assignment).items():
                    results[name, student] = grader.result(student, content)
                    assert results[name, student].graded, results[name, student].notes
    return results


@BOTH
def test_the_reference_gets_every_point_and_the_stub_none(graded, toys, name):
    full = graded[name, "ada_reference"]
    assert full.graded
    assert full.score == full.max_score == toys.assignment(name).max_score
    stub = next(r for (n, s), r in graded.items() if n == name and s.endswith("untouched"))
    assert stub.graded
    assert stub.score == 0
    assert {part.outcome for part in stub.parts} == {"missing"}


@BOTH
def test_another_style_gets_every_point(graded, name):
    result = graded[name, "bea_loop"]
    assert result.score == result.max_score


@BOTH
def test_a_mistake_costs_its_own_part_alone_and_is_named(graded, toys, name):
    result = parts(graded[name, "chi_sum"])
    assert result.pop("energy").score < 2
    assert all(part.score == part.max_score for part in result.values())
    failed = [t for t in parts(graded[name, "chi_sum"])["energy"].tests if not t.held]
    assert [t.hint for t in failed] == [toys.assignment(name).hints["energy.sum"]]


def test_a_training_part_that_fails_its_suite_is_not_trained(graded):
    result = graded[TRAINED, "dov_unseeded"]
    assert parts(result)["energy"].outcome == "passed"
    assert result.training is None
    assert 0 < parts(result)["denoise"].score < 3


def test_a_run_is_on_record_with_what_the_assignment_declares(graded):
    run = graded[TRAINED, "ada_reference"].training
    assert run.measures.keys() == {"untrained", "probe"}
    assert run.measures["probe"] > 0.6
    assert run.curves.keys() == {"loss"}
    assert run.curves["loss"][-1] < run.curves["loss"][0]
    assert run.bars == {}


def test_without_training_there_is_no_training_anywhere(graded, toys, tmp_path):
    results = [result for (name, _), result in graded.items() if name == PLAIN]
    assert all(result.training is None for result in results)
    write(toys.assignment(PLAIN), results, tmp_path, marks=None)
    for page in (*tmp_path.rglob("*.html"), tmp_path / "grades.csv"):
        assert "training" not in re.sub(
            "<(style|script).*?</\\1>", "", page.read_text(), flags=re.S
        )
    with pytest.raises(SpeechmarkError, match="no training run"):
        _ = toys.assignment(PLAIN).training


@BOTH
def test_the_report_shows_every_student(graded, toys, tmp_path, name):
    results = [result for (of, _), result in graded.items() if of == name]
    write(toys.assignment(name), results, tmp_path, marks=None)
    page = (tmp_path / "index.html").read_text()
    assert all(result.name in page for result in results)
    assert ("your network" in page) == (name == TRAINED)
    own = (tmp_path / "staff" / "ada_reference.html").read_text()
    assert ("Squared error of the clean log-mel" in own) == (name == TRAINED)


def skipping(course: Course, test: str, why: str) -> Assignment:
    """The plain assignment with a test that is skipped in the place of ``test``."""
    assignment = course.assignment(PLAIN)
    head = f"def {test}(student: Student, reference: Mapping[str, Tensor]) -> None:\n"
    suite = (assignment.folder / "hidden" / "test_energy.py").read_text()
    start = suite.index('    """', suite.index(head))
    end = suite.index('"""\n', start + 7) + 4
    (assignment.folder / "hidden" / "test_energy.py").write_text(
        suite[:end] + f"    pytest.skip({why!r})\n" + suite[end:]
    )
    change(assignment, "hidden/test_energy.py", "import torch\n", "import pytest\nimport torch\n")
    return assignment


def test_what_is_skipped_has_no_weight_and_is_said(toys, toy_proof, tmp_path):
    """Weights are 1, 2, 1, 1: without the values' 2 a wrong dtype costs a third, not a fifth."""
    assignment = skipping(copied(toys, tmp_path / "course"), "test_values", "Not asked this term.")
    double = assignment.reference_cells["energy"].replace(".mean(dim=2)", ".mean(dim=2).double()")
    with grader_of(assignment, toy_proof) as grader:
        result = parts(grader.result("double", solved(assignment, {"energy": double})))["energy"]
    skipped = next(test for test in result.tests if test.outcome == "skipped")
    assert (skipped.name, skipped.detail) == ("test_values", "Not asked this term.")
    assert result.score == pytest.approx(2 * 2 / 3, abs=0.01)
    assert result.outcome == "wrong"


def test_a_part_of_which_nothing_is_asked_is_not_graded(toys, toy_proof, tmp_path):
    assignment = copied(toys, tmp_path / "course").assignment(PLAIN)
    (assignment.folder / "hidden" / "test_energy.py").write_text(
        'import pytest\n\n\ndef test_it(student):\n    """It holds."""\n    pytest.skip("No.")\n'
    )
    with grader_of(assignment, toy_proof) as grader:
        assert not grader.result("ada", solved(assignment)).graded


def test_the_wrong_solution_names_its_hint(toys):
    for name in (PLAIN, TRAINED):
        assignment = toys.assignment(name)
        for path in (assignment.folder / "wrong").glob("*.py"):
            assert read_solution(path).hint in assignment.hints


def test_an_untouched_stub_shows_no_solution(toys):
    for name in (PLAIN, TRAINED):
        text = filled(toys.assignment(name), {}).decode()
        assert "unfold" not in text
        assert "kept" not in text
