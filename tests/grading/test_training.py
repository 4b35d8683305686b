"""One run seen from outside: what a worker is asked, in which order, and what is made of it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.course.assignment import Assignment
from autograder.course.results import Training
from autograder.grading import training
from autograder.grading.exam import Exam
from autograder.grading.training import Made, make, shown
from autograder.isolation.remote.training import MAX_DIM
from autograder.lab.testing.failures import (
    Crashed,
    Failure,
    GraderFault,
    OutOfMemory,
    TimedOut,
    Wrong,
)
from tests.conftest import clips_of
from tests.grading.toy import (
    SHORT,
    Ending,
    Workers,
    calibrated,
    exam_of,
    good,
    noise,
    telling,
    toy,
    trial,
)

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTIONS = """
import torch

def questions(exam):
    return {"which": torch.arange(3)}

def right(run, exam):
    return float((run.answers["which"] == 2 * torch.arange(3)).double().mean())
"""
ANSWERED = "\ndef answer(model, questions): ...\n"


@pytest.fixture(scope="module")
def exam() -> Exam:
    return exam_of(calibrated(0.8, short=0.7))


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    return toy(tmp_path, ("recipe = { steps = 30, lr = 0.1 }", SHORT))


def made(assignment: Assignment, exam: Exam, ending: Ending, **more: Any) -> tuple[Made, Workers]:
    workers = Workers(exam, lambda worker: ending)
    return make(trial(assignment, exam, **more), workers), workers


def test_before_and_after_come_from_two_workers_of_one_seed(assignment, exam):
    _, workers = made(assignment, exam, good(exam))
    first, second = workers.started
    assert first.names == ["build", "hand", "embed", "closed"]
    assert second.names == ["build", "hand", "hand", "train", "hand", "embed", "closed"]
    assert first.built == second.built
    assert first.built["seed"] == 7
    assert first.built["device"] == "cpu"


def test_an_untrained_run_is_another_beginning_that_is_asked_and_embedded(assignment, exam):
    result, workers = made(assignment, exam, good(exam), untrained_from=11)
    first, second = workers.started
    assert second.names == ["build", "hand", "embed", "closed"]
    assert (first.built["seed"], second.built["seed"]) == (7, 11)
    assert result.training.curves == {}
    assert result.training.measures.keys() == {m.name for m in assignment.training.measure}


def handed(worker: Any, after: str) -> dict[str, Tensor]:
    """Clips by name that a worker is given before its step ``after``, and after the one before."""
    given: dict[str, list[Tensor]] = {}
    for step, fields in worker.steps:
        if step == after:
            break
        if step == "hand":
            given.setdefault(fields["name"], []).append(fields["clips"])
        elif step != "build":
            given.clear()
    return {name: torch.cat(clips) for name, clips in given.items()}


def test_no_clip_of_an_unheard_speaker_is_handed_over_before_training_and_answers(tmp_path, exam):
    assignment = toy(tmp_path, measures=QUESTIONS, files=ANSWERED)
    _, workers = made(assignment, exam, good(exam, answers={"which": torch.arange(3)}))
    worker = workers.started[1]
    assert worker.names == ["build", "hand", "hand", "train", "answer", "hand", "embed", "closed"]
    trained_on = handed(worker, "train")
    assert trained_on.keys() == {"train_waves", "train_mels"}
    heard = clips_of(trained_on["train_waves"])
    assert bool(exam.is_train[heard].all())
    assert len(trained_on["train_mels"]) == len(heard)
    (sample,) = (fields["sample"] for step, fields in worker.steps if step == "build")
    assert bool(exam.is_train[clips_of(sample["waves"])].all())
    assert handed(worker, "embed").keys() == {"mels"}


def test_questions_are_asked_once_after_training_and_what_is_answered_is_measured(tmp_path, exam):
    right = [("[[training.tier]]", RIGHT + "[[training.tier]]")]
    assignment = toy(tmp_path, *right, measures=QUESTIONS, files=ANSWERED)
    run, workers = made(assignment, exam, good(exam, answers={"which": torch.tensor([0, 2, 5])}))
    assert run.training.measures["right"] == pytest.approx(2 / 3)
    asked = [f["questions"] for w in workers.started for step, f in w.steps if step == "answer"]
    assert len(asked) == 1
    assert torch.equal(asked[0]["which"], torch.arange(3))


RIGHT = """[[training.measure]]
name = "right"
of = "answers"
by = "right"
title = "right answers"
"""


def test_nothing_that_is_handed_over_holds_a_label(assignment, exam):
    _, workers = made(assignment, exam, good(exam))
    sent = [x for w in workers.started for _, f in w.steps for x in tensors(f)]
    assert sent
    assert all(x.is_floating_point() and x.ndim >= 2 for x in sent)
    words = repr([[(s, sorted(f)) for s, f in w.steps] for w in workers.started])
    assert not any(speaker in words for speaker in exam.speakers)


def tensors(fields: Any) -> list[Tensor]:
    if isinstance(fields, dict):
        return [x for value in fields.values() for x in tensors(value)]
    return [fields] if isinstance(fields, Tensor) else []


def test_clips_are_handed_over_in_parts_that_fit_into_a_message(assignment, exam, monkeypatch):
    size = 10 * exam.waves[0].nbytes
    monkeypatch.setattr(training, "_PART", size)
    _, workers = made(assignment, exam, good(exam))
    hands = [f for step, f in workers.started[1].steps if step == "hand"]
    assert max(f["clips"].nbytes for f in hands) <= size
    assert len(hands) > 8
    whole = exam.handed(["train_waves"])["train_waves"]
    assert torch.equal(handed(workers.started[1], "train")["train_waves"], whole)


def test_a_run_of_which_the_beginning_is_known_is_made_by_one_worker(assignment, exam):
    first, _ = made(assignment, exam, good(exam))
    workers = Workers(exam, lambda worker: good(exam))
    second = make(trial(assignment, exam, length="short"), workers, first.observed.before)
    assert len(workers.started) == 1
    assert second.training.measures["untrained"] == first.training.measures["untrained"]


def test_what_is_measured_is_put_back_into_the_order_of_the_corpus(assignment, exam):
    run, _ = made(assignment, exam, good(exam))
    assert run.training.measures["probe"] == 1.0
    assert run.training.measures["untrained"] == exam.probe(noise(exam))
    assert torch.equal(run.observed.after[""], telling(exam))


def test_the_record_says_what_was_run_on_what_and_what_it_had_to_exceed(assignment, exam):
    ending = good(exam, signals={"ratio": 0.5}, cpu_seconds=3.0)
    run, workers = made(assignment, exam, ending)
    record = run.training
    assert (record.corpus, record.digest) == ("fsdd", "tones")
    assert (record.length, record.seed, record.steps) == ("long", 7, 30)
    assert record.recipe == {"steps": 30, "lr": 0.1}
    assert record.bars == {"probe": 0.8}
    assert record.curves == {"loss": [5.0, 4.0, 3.0]}
    assert record.levels == {"loss": (0.5, "half, of 30 steps")}
    assert record.signals == {"ratio": 0.5}
    assert record.cpu_seconds == 3.0
    assert record.embedding_seconds == 0.5
    assert [f["recipe"] for s, f in workers.started[1].steps if "recipe" in f] == [
        record.recipe
    ] * 2


def test_a_short_run_has_its_own_recipe_and_bars(assignment, exam):
    run, workers = made(assignment, exam, good(exam), length="short")
    assert run.training.length == "short"
    assert run.training.recipe == {"steps": 10, "lr": 0.1} == workers.started[0].built["recipe"]
    assert run.training.bars == {"probe": 0.7}


def test_a_recipe_of_its_own_is_that_of_the_run_and_of_no_other(assignment, exam):
    tenth = {"steps": 3, "lr": 0.1}
    run, workers = made(assignment, exam, good(exam), recipe_of_its_own=tenth)
    assert run.training.recipe == tenth == workers.started[1].built["recipe"]


def test_several_entries_are_measured_by_their_names(tmp_path, exam):
    of_head = [('of = "after"', 'of = "after.head"'), ('of = "before"', 'of = "before.head"')]
    assignment = toy(tmp_path, *of_head)
    entries = {"head": telling(exam), "body": noise(exam)}
    run, _ = made(assignment, exam, Ending(before=entries, after=entries))
    assert run.training.measures == {"untrained": 1.0, "probe": 1.0}


def test_an_entry_that_is_not_there_is_the_students_failure(tmp_path, exam):
    assignment = toy(tmp_path, ('of = "after"', 'of = "after.head"'))
    entries = {"body": noise(exam)}
    with pytest.raises(Crashed):
        made(assignment, exam, Ending(before=entries, after=entries))


@pytest.mark.parametrize(
    "after",
    [
        {"": torch.zeros(120, 11)},
        {"other": torch.zeros(120, 10)},
        {"": torch.zeros(120, 10), "more": torch.zeros(120, 2)},
    ],
    ids=["wider", "another name", "one more"],
)
def test_embeddings_that_change_their_shape_in_training_are_told(assignment, exam, after):
    with pytest.raises(Crashed, match="ValueError") as caught:
        made(assignment, exam, good(exam, after=after))
    assert "change their shape" in caught.value.detail


CLIPS = 120
NOT_EMBEDDINGS = {
    "nothing": None,
    "a word": "embeddings",
    "one axis": torch.zeros(CLIPS),
    "a clip too few": torch.zeros(CLIPS - 1, 4),
    "no dimension": torch.zeros(CLIPS, 0),
    "too wide": torch.zeros(CLIPS, MAX_DIM + 1),
    "integers": torch.zeros(CLIPS, 4, dtype=torch.int64),
    "complex": torch.zeros(CLIPS, 4, dtype=torch.complex64),
    "not a number": torch.full((CLIPS, 4), math.nan),
    "infinite": torch.full((CLIPS, 4), math.inf),
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("value", NOT_EMBEDDINGS.values(), ids=NOT_EMBEDDINGS)
def test_what_is_no_embedding_is_the_students_failure_and_not_the_graders(
    assignment, exam, when, value
):
    with pytest.raises((Crashed, Wrong)) as caught:
        made(assignment, exam, good(exam, **{when: value}))
    assert not isinstance(caught.value, GraderFault)


@pytest.mark.parametrize("embeddings", [{}, {str(i): torch.zeros(CLIPS, 1) for i in range(40)}])
def test_no_entry_or_too_many_are_the_students_failure_too(assignment, exam, embeddings):
    with pytest.raises(Crashed):
        made(assignment, exam, good(exam, after=embeddings, before=embeddings))


def test_embeddings_that_are_not_finite_have_their_own_hint(assignment, exam):
    with pytest.raises(Wrong) as caught:
        made(assignment, exam, good(exam, after=torch.full((CLIPS, 10), math.nan)))
    assert caught.value.hint == "training.not_finite"


@pytest.mark.parametrize("step", ["build", "hand", "train", "embed"])
@pytest.mark.parametrize(
    "end", [Crashed("KeyError"), TimedOut(), OutOfMemory(), GraderFault("the disk is full")]
)
def test_how_a_step_ends_is_how_the_run_ends(assignment, exam, step, end):
    with pytest.raises(Failure) as caught:
        made(assignment, exam, good(exam, ends={step: end}))
    assert caught.value is end


@pytest.mark.parametrize(
    "more",
    [
        {"curves": {"loss": [10**400, "x", None]}},
        {"curves": {"loss": 3}},
        {"curves": 3},
        {"curves": {"x" * 1000: [1.0] * 100_000}},
        {"curves": {str(i): [1.0] for i in range(1000)}},
        {"signals": {"x": 10**400, "y": "z"}},
        {"signals": []},
        {"signals": {"\ud800" * 100: math.inf}},
        {"cpu_seconds": "long"},
        {"cpu_seconds": -math.inf},
        {"after": torch.randn(CLIPS, 10) * 3e37},
        {"after": torch.zeros(CLIPS, 10)},
        {"after": torch.full((CLIPS, 10), 3e38), "before": torch.zeros(CLIPS, 10)},
    ],
)
def test_numbers_beyond_reason_are_recorded_without_harm(assignment, exam, more):
    run, _ = made(assignment, exam, good(exam, **more))
    record = shown(run, exam)
    text = record.model_dump_json()
    assert len(text) < 1 << 20
    assert Training.model_validate_json(text).measures == record.measures
    assert all(0 <= value <= 1 for value in record.measures.values())


def test_the_picture_is_of_unheard_speakers_with_a_label_of_each_kind(assignment, exam):
    run, _ = made(assignment, exam, good(exam))
    assert run.training.points == []
    record = shown(run, exam)
    unheard = torch.nonzero(~exam.is_train)[:, 0]
    assert len(record.points) == len(unheard)
    assert record.labels == {
        "digit": [str(int(exam.digits[i])) for i in unheard],
        "speaker": [exam.speakers[i] for i in unheard.tolist()],
    }
    assert max(abs(x) for point in record.points for x in point) == 1.0


def test_very_small_embeddings_keep_their_shape_in_the_picture(assignment, exam):
    for scale in (1e-6, 1e-38):
        run, _ = made(assignment, exam, good(exam, after=scale * telling(exam)))
        points = shown(run, exam).points
        assert len({tuple(point) for point in points}) > len(points) / 2


def test_a_constant_network_has_a_picture_and_a_record(assignment, exam):
    run, _ = made(assignment, exam, good(exam, after=torch.ones(CLIPS, 10)))
    assert set(map(tuple, shown(run, exam).points)) == {(0.0, 0.0)}
