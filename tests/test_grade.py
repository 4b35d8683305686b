"""Right work gets its points, a mistake costs its own part, and nobody else's points."""

from __future__ import annotations

import pytest

from autograder import notebook
from autograder.compose import filled, read_solution, solved
from autograder.demo import LOOPS, RAISES
from autograder.errors import SpeechmarkError
from autograder.grade import Grader


def points(result) -> dict[str, tuple[float, str]]:
    return {part.id: (part.score, part.outcome) for part in result.parts}


@pytest.fixture(scope="module")
def full(grader, contrastive):
    return grader.result("reference", solved(contrastive))


def test_the_reference_gets_every_point(full):
    assert full.score == full.max_score > 0
    assert {part.outcome for part in full.parts} == {"passed"}


def test_the_untouched_release_gets_nothing(grader, contrastive):
    result = grader.result("untouched", filled(contrastive, {}))
    assert result.score == 0
    assert {part.outcome for part in result.parts} == {"missing"}


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("add_noise", "amplitude_for_power"),
        ("info_nce", "global_denominator"),
        ("encoder", "dropout_in_eval"),
    ],
)
def test_a_mistake_costs_points_in_its_own_part_alone(grader, contrastive, full, part, name):
    solution = read_solution(contrastive.folder / "wrong" / f"{part}__{name}.py")
    result = grader.result("wrong", solved(contrastive, {part: solution.source}))
    changed = {p for p, seen in points(result).items() if seen != points(full)[p]}
    assert changed == {part}
    first = next(t for p in result.parts if p.id == part for t in p.tests if t.outcome != "passed")
    assert first.hint_id == solution.hint
    assert first.hint == contrastive.hints[solution.hint]


def test_a_crash_is_answered_with_the_students_own_line(grader, contrastive, full):
    result = grader.result("raises", solved(contrastive, {"fade": RAISES}))
    fade = next(part for part in result.parts if part.id == "fade")
    assert fade.outcome == "crashed"
    assert fade.tests[0].where is not None
    assert fade.tests[0].where.endswith("return wave * ramp")
    changed = {p for p, seen in points(result).items() if seen != points(full)[p]}
    assert changed == {"fade"}


def test_a_loop_without_end_costs_its_own_part_alone(grader, contrastive, full):
    result = grader.result("loops", solved(contrastive, {"spec_augment": LOOPS}))
    changed = {p: s for p, s in points(result).items() if s != points(full)[p]}
    assert changed == {"spec_augment": (0.0, "timeout")}


def test_a_cell_that_does_not_parse_costs_its_own_part_alone(grader, contrastive, full):
    result = grader.result("syntax", solved(contrastive, {"fade": "def fade(wave:\n  pass"}))
    changed = {p: s for p, s in points(result).items() if s != points(full)[p]}
    assert changed == {"fade": (0.0, "crashed")}


def test_a_suite_that_breaks_is_the_graders_fault_and_is_not_kept(
    contrastive, level, tmp_path, monkeypatch
):
    broken = tmp_path / "test_fade.py"
    broken.write_text("def test_it(student): undefined_name")
    hidden = contrastive.hidden_suite
    monkeypatch.setattr(
        contrastive, "hidden_suite", lambda part: broken if part == "fade" else hidden(part)
    )
    with Grader(contrastive, level=level, train=False) as grader:
        content = solved(contrastive, {"discussion": "faulty"})
        result = grader.result("x", content, regrade=True)
        assert not result.graded
        assert next(p for p in result.parts if p.id == "fade").outcome == "grader"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"cells": 3}', b"\xff\xfe\x00"])
def test_what_is_no_notebook_is_one_clear_message(grader, content):
    with pytest.raises(SpeechmarkError):
        grader.result("broken", content)


def test_equal_work_has_an_equal_key_and_other_work_another(grader, contrastive):
    def key(content: bytes) -> str:
        return grader.key(notebook.rebuild(notebook.read(content), grader.release).cells)

    assert key(solved(contrastive)) == key(solved(contrastive))
    assert key(solved(contrastive)) != key(solved(contrastive, {"fade": RAISES}))


@pytest.fixture(scope="module")
def trainer(contrastive, level):
    with Grader(contrastive, level=level) as made:
        yield made


def test_the_training_run_awards_the_tiers_it_reaches(trainer, contrastive):
    result = trainer.result("reference", solved(contrastive))
    assert result.training is not None
    assert len(result.training.losses) == result.training.steps == 2
    part = next(p for p in result.parts if p.id == "representation")
    for tier in contrastive.settings.tier:
        outcome = next(t.outcome for t in part.tests if t.name == tier.name)
        if result.training.accuracy > getattr(result.training, tier.above):
            assert outcome == "passed"


def test_a_failed_part_is_replaced_in_the_training_run(trainer, contrastive):
    broken = "def info_nce(z_a, z_b, temperature=0.2): raise ValueError('mine')"
    result = trainer.result("broken loss", solved(contrastive, {"info_nce": broken}))
    assert result.training is not None
    assert [part.id for part in result.parts if part.replaced] == ["info_nce"]
    assert [part.id for part in result.parts if part.outcome == "crashed"] == ["info_nce"]


def test_views_that_raise_in_training_cost_the_training_part_alone(trainer, contrastive):
    views = contrastive.reference_cells["representation"] + (
        "\n_calls = []\n_good = augment_mel\n"
        "def augment_mel(mel, generator):\n"
        "    _calls.append(1)\n"
        "    if len(mel) > 100: raise ValueError\n"
        "    return _good(mel, generator)\n"
    )
    result = trainer.result("views", solved(contrastive, {"representation": views}))
    outcomes = {part.id: part.outcome for part in result.parts}
    assert outcomes.pop("representation") == "crashed"
    assert set(outcomes.values()) == {"passed"}
