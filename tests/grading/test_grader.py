"""Right work gets its points, a mistake costs its own part, and nobody else's points."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from autograder import notebooks
from autograder.batch.bulk import grade_all
from autograder.course.assignment import Course
from autograder.course.compose import filled, read_solution, solved
from autograder.course.results import identical
from autograder.course.submissions import loose
from autograder.grading.grader import Grader
from autograder.grading.job import Job
from autograder.grading.tiers import needed
from autograder.isolation.proof.canaries import prove
from autograder.support.errors import SpeechmarkError
from tests.conftest import copy_course, made_short

RAISES = """
def fade(wave, max_fraction=0.5, generator=None):
    ramp = torch.linspace(0, 1, int(max_fraction * wave.shape[1]))
    return wave * ramp
"""
LOOPS = """
def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    while mel.shape[0] > 0:
        pass
"""

RAISES = """def fade(wave, max_fraction=0.5, generator=None):
    ramp = torch.linspace(0, 1, int(max_fraction * wave.shape[1]))
    return wave * ramp
"""
LOOPS = """def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    while mel.shape[0] > 0:
        pass
"""


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
    with Grader(Job(contrastive, level, train=False)) as grader:
        content = solved(contrastive, {"discussion": "faulty"})
        result = grader.result("x", content, regrade=True)
        assert not result.graded
        assert next(p for p in result.parts if p.id == "fade").outcome == "grader"


def killed_by_the_host(grader, monkeypatch, times: int) -> None:
    """Let the host kill the first so many workers when they have run for a moment."""
    fork, made = grader._sandbox.fork, []

    def fork_and_kill(limits):
        worker = fork(limits)
        made.append(worker)
        if len(made) <= times:
            threading.Timer(0.1, os.kill, (worker.pid, signal.SIGKILL)).start()
        return worker

    monkeypatch.setattr(grader._sandbox, "fork", fork_and_kill)


def graded(grader, content: bytes):
    return grader.grade("x", notebooks.rebuild(notebooks.read(content), grader.release))


def test_what_the_host_kills_once_is_graded_all_the_same(grader, contrastive, full, monkeypatch):
    killed_by_the_host(grader, monkeypatch, times=1)
    result = graded(grader, solved(contrastive))
    assert result.graded
    assert points(result) == points(full)


def test_what_the_host_kills_twice_is_not_graded(grader, contrastive, monkeypatch):
    killed_by_the_host(grader, monkeypatch, times=2)
    result = graded(grader, solved(contrastive))
    assert not result.graded
    assert "the host killed the worker" in result.notes[0].lower()
    assert not {part.outcome for part in result.parts} & {"crashed", "wrong"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"cells": 3}', b"\xff\xfe\x00"])
def test_what_is_no_notebook_is_one_clear_message(grader, content):
    with pytest.raises(SpeechmarkError):
        grader.result("broken", content)


def test_equal_work_has_an_equal_key_and_other_work_another(grader, contrastive):
    def key(content: bytes) -> str:
        cells = notebooks.rebuild(notebooks.read(content), grader.release).cells
        return grader.conditions().key(cells)

    assert key(solved(contrastive)) == key(solved(contrastive))
    assert key(solved(contrastive)) != key(solved(contrastive, {"fade": RAISES}))


@pytest.fixture(scope="module")
def trainer(contrastive, level):
    with Grader(Job(contrastive, level)) as made:
        yield made


def test_the_training_run_awards_the_tiers_it_reaches(trainer, contrastive):
    result = trainer.result("reference", solved(contrastive))
    run, settings = result.training, contrastive.training
    assert run is not None
    assert run.measures.keys() == {measure.name for measure in settings.measure}
    assert run.curves.keys() == run.levels.keys() == {curve.name for curve in settings.curve}
    part = next(p for p in result.parts if p.id == settings.part)
    outcomes = {test.name: test.outcome for test in part.tests}
    for tier in settings.tier:
        reached = run.measures[tier.measure] > min(needed(tier, run.measures, run.bars))
        assert (outcomes[tier.name] == "passed") is reached
    assert part.score == part.max_score


def test_work_that_reaches_every_tier_at_once_is_trained_once_and_shortly(trainer, contrastive):
    run = trainer.result("reference", solved(contrastive)).training
    assert run is not None
    assert (run.runs, run.length, run.steps) == (1, "short", 2)
    assert len(run.curves["loss"]) == 2
    assert len(run.points) == len(run.labels["digit"]) == len(run.labels["speaker"]) > 0
    assert run.cpu_seconds > 0
    assert run.embedding_seconds > 0


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


def times(result) -> dict[str, list[float]]:
    """How long each test took: two that are equal were one and the same."""
    return {part.id: [test.seconds for test in part.tests] for part in result.parts}


def test_a_changed_suite_is_asked_again_and_no_other(tmp_path, contrastive, level):
    course = Course(made_short(copy_course(tmp_path / "course")))
    content = solved(contrastive, {"fade": RAISES})

    def graded():
        assignment = course.assignment("contrastive")
        with Grader(Job(assignment, level)) as grader:
            return grader.result("x", content)

    def rerun(before, after) -> set[str]:
        return {part for part, seen in times(after).items() if seen != times(before)[part]}

    first = graded()
    assert rerun(first, graded()) == set()
    suite = course.root / "solutions/contrastive/hidden/test_time_mask.py"
    suite.write_text(suite.read_text() + "\n\ndef test_more(student):\n    assert student\n")
    second = graded()
    assert rerun(first, second) == {"time_mask"}
    assert second.training == first.training
    assert second.key != first.key
    # A part that fails from now on changes the training run, and that part is run again.
    suite.write_text(
        suite.read_text()
        + "\n\ndef test_still_more(student):\n"
        + "    from autograder.lab.testing.suite import demand\n"
        + "    demand(False, 'time_mask.fill')\n"
    )
    third = graded()
    assert rerun(second, third) == {"time_mask", "representation"}
    assert [part.id for part in third.parts if part.replaced] == ["time_mask", "fade"]


def test_submissions_that_are_the_same_are_graded_once_even_side_by_side(
    contrastive, level, tmp_path
):
    content = solved(contrastive, {"fade": RAISES, "discussion": "twins"})
    for name in ("castor", "pollux"):
        (tmp_path / f"{name}.ipynb").write_bytes(content)
    job = Job(contrastive, level, train=False, proof=prove(level))
    twins = loose([tmp_path / "castor.ipynb", tmp_path / "pollux.ipynb"])
    results = [result for _, result in grade_all(job, twins, jobs=2, regrade=False)]
    assert {result.name for result in results} == {"castor", "pollux"}
    assert results[0].parts == results[1].parts
    assert [len(group) for group in identical(results)] == [2]

    def nobody(*_: object) -> Iterator[tuple[object, None]]:
        raise AssertionError("a process was asked for")

    again = dict(grade_all(job, twins, jobs=2, pool_map=nobody))
    assert {twin.name: again[twin] for twin in twins} == {r.name: r for r in results}
