"""Settings reject what they do not know, and a mistake in them is one clear message."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from autograder.course.assignment import Assignment, Course
from autograder.support.errors import SpeechmarkError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def contrastive() -> Assignment:
    return Course(ROOT).assignment("contrastive")


def test_every_part_has_the_files_that_grading_reads(contrastive):
    for part in contrastive.automatic:
        assert contrastive.hidden_suite(part.id).is_file(), part.id
        assert contrastive.public_suite(part.id).is_file(), part.id
        assert contrastive.reference_cells[part.id].strip(), part.id


def test_every_hint_of_a_tier_is_in_the_catalogue(contrastive):
    assert {tier.hint for tier in contrastive.training.tier} <= contrastive.hints.keys()


def test_every_hint_that_a_wrong_solution_names_is_in_the_catalogue(contrastive):
    from autograder.course.compose import read_solution

    for path in (contrastive.folder / "wrong").glob("*.py"):
        assert read_solution(path).hint in contrastive.hints, path.name


@pytest.fixture
def course(tmp_path: Path) -> Course:
    folder = tmp_path / "solutions" / "contrastive"
    folder.mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").touch()
    original = ROOT / "solutions" / "contrastive" / "assignment.toml"
    (folder / "assignment.toml").write_text(original.read_text())
    return Course(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("points = 2", "point = 2", "point"),
        ("points = 2", "points = -1", "points"),
        ('id = "time_mask"', 'id = "add_noise"', "is there twice"),
        ('part = "representation"\nneeds', 'part = "encodr"\nneeds', "'encodr' is not one of"),
        ("[training]", "[training", "assignment.toml"),
    ],
)
def test_a_mistake_in_the_settings_is_named(course, old, new, named):
    file = course.root / "solutions" / "contrastive" / "assignment.toml"
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(SpeechmarkError, match=named):
        _ = course.assignment("contrastive").settings


def test_an_unknown_assignment_is_answered_with_those_there_are(course):
    with pytest.raises(SpeechmarkError, match="There is: contrastive"):
        course.assignment("contrasting")


def test_the_course_is_found_from_any_folder_inside_it(course):
    assert Course.find(course.root / "solutions").root == course.root


def test_outside_a_course_the_message_says_what_to_do(tmp_path):
    with pytest.raises(SpeechmarkError, match="SPEECHMARK_COURSE"):
        Course.find(tmp_path)


def test_the_digest_changes_with_any_file_that_decides_a_verdict(course):
    before = course.assignment("contrastive").suites_digest
    hidden = course.root / "solutions" / "contrastive" / "hidden"
    hidden.mkdir()
    (hidden / "test_x.py").write_text("def test_x(student): pass")
    assert course.assignment("contrastive").suites_digest != before


def test_an_assignment_crosses_to_another_process_as_the_place_where_it_is_read(course):
    assignment = course.assignment("contrastive")
    title = assignment.settings.title
    sent = pickle.dumps(assignment)
    assert title.encode() not in sent
    assert pickle.loads(sent) == assignment
    (assignment.folder / "assignment.toml").unlink()
    with pytest.raises(SpeechmarkError, match="no assignment"):
        pickle.loads(sent)
