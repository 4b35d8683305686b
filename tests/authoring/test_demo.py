"""The made-up class holds what it says, in a course of its own."""

from __future__ import annotations

from autograder import notebooks
from autograder.authoring.demo import ANSWER, LOOPS, MISTAKES, RAISES, STYLES, class_of, make_course
from autograder.course.assignment import Course


def test_the_class_has_right_work_mistakes_a_crash_a_loop_and_the_untouched_release(contrastive):
    made = class_of(contrastive)
    assert len(made) >= 10
    release = notebooks.read(contrastive.release_notebook)
    cells = {
        name: {c.part: c.source for c in notebooks.rebuild(notebooks.read(content), release).cells}
        for name, content in made.items()
    }
    assert RAISES.strip() in cells["kim_raises"]["fade"]
    assert LOOPS.strip() in cells["lou_loops"]["spec_augment"]
    assert not any(part for part in cells["fay_untouched"])
    answered = {
        name
        for name, content in made.items()
        if ANSWER in [cell["source"] for cell in notebooks.read(content)["cells"]]
    }
    assert answered == {"ada_reference", *STYLES}
    for student, parts in STYLES.items():
        assert all(cells[student][p] != cells["ada_reference"][p] for p in parts)
    assert len({part for part, _ in MISTAKES.values()}) == len(MISTAKES) >= 4


def test_the_demo_is_a_course_of_its_own_and_is_made_anew_each_time(contrastive, tmp_path):
    for _ in range(2):
        course = make_course(contrastive.course, tmp_path / "demo")
        assert Course.find(course.root).root == course.root
        assert len(list(course.root.glob("submitted/*/contrastive/contrastive.ipynb"))) >= 10
