"""A name that is declared and defined nowhere is refused, before anything is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.audit import audit
from autograder.authoring.new import new
from autograder.authoring.releasing.release import release
from autograder.course.assignment import Assignment
from autograder.course.names import check_names
from autograder.grading.job import Job
from autograder.isolation.proof.canaries import Proof
from autograder.support.errors import SpeechmarkError
from tests.conftest import change
from tests.toys import empty_course


@pytest.fixture
def repair(tmp_path: Path) -> Assignment:
    return new(empty_course(tmp_path / "course"), "repair", training=True)


def needing(assignment: Assignment, *names: str) -> Assignment:
    needs = ", ".join(f'"{name}"' for name in names)
    change(assignment, "assignment.toml", 'needs = ["corrupt"]', f"needs = [{needs}]")
    return assignment


def test_names_of_parts_and_of_setup_cells_are_known(repair):
    check_names(needing(repair, "corrupt", "frame_power", "torch", "F", "nn", "check"))


def test_a_name_that_setup_assigns_or_defines_is_known(repair):
    change(repair, "repair.py", "import math\n", "import math\nRATE = 8000\nclass Net: pass\n")
    check_names(needing(repair, "corrupt", "RATE", "Net"))


def test_what_training_needs_and_nobody_defines_is_refused_by_name(repair):
    with pytest.raises(SpeechmarkError, match=r"training.needs: 'corupt' is a name of no part"):
        check_names(needing(repair, "corupt", "frame_power"))


def test_what_a_part_declares_and_its_cell_does_not_define_is_refused(repair):
    change(repair, "assignment.toml", '["frame_power"]', '["frame_powr"]')
    with pytest.raises(SpeechmarkError, match="'frame_powr', but frame_power"):
        check_names(repair)


def test_a_local_variable_defines_nothing(repair):
    change(repair, "assignment.toml", '["corrupt"]', '["corrupt", "kept"]')
    with pytest.raises(SpeechmarkError, match="does not define 'kept'"):
        check_names(repair)


def test_a_setup_cell_that_is_not_there_is_refused(repair):
    change(repair, "assignment.toml", '"lab"]', '"lap"]')
    with pytest.raises(SpeechmarkError, match=r"setup: 'lap' is none of .* lab, "):
        check_names(repair)


def test_release_and_audit_ask(repair):
    needing(repair, "corupt")
    job = Job(repair, 1, train=False, proof=Proof(1, 1, {}, 0.0))
    with pytest.raises(SpeechmarkError, match="corupt"):
        audit(job, jobs=1)
    with pytest.raises(SpeechmarkError, match="corupt"):
        release(repair, lambda notebook, release: pytest.fail("graded"))
