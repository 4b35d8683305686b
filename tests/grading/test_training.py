"""Tiers are awarded by what a run reaches; the worker's word is never trusted further."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from autograder.course.results import Training
from autograder.grading.exam import Exam
from autograder.grading.training import Verdict, examine, flags, tiers, train, train_once
from autograder.lab.testing.failures import Crashed, GraderFault, OutOfMemory, TimedOut, Wrong

CLIPS = 120


@pytest.fixture
def exam(tmp_path) -> Exam:
    """Ten digits of well-separated clips: embeddings that hold the digit probe at 1."""
    digits = torch.arange(CLIPS) % 10
    return Exam(
        corpus="made up",
        digest="",
        threshold=0.8,
        steps=3,
        exchange=tmp_path,
        is_train=torch.arange(CLIPS) < CLIPS // 2,
        digits=digits,
        speakers=tuple("ab"[i % 2] for i in range(CLIPS)),
        log_mel=0.5,
        untrained=0.6,
    )


def embeddings(exam: Exam, good: bool) -> torch.Tensor:
    noise = torch.randn(CLIPS, 10, generator=torch.Generator().manual_seed(0))
    return torch.eye(10)[exam.digits] * 5 + noise * 0.1 if good else noise


class Worker:
    """Answers a training request with what it is made with."""

    def __init__(self, *answers: dict[str, object] | Exception) -> None:
        self.answers = list(answers)
        self.seeds: list[int] = []

    def __call__(self) -> Worker:
        return self

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def train(self, seed: int, **_: object) -> dict[str, object]:
        self.seeds.append(seed)
        given = self.answers[min(len(self.seeds), len(self.answers)) - 1]
        if isinstance(given, Exception):
            raise given
        return given


def answer(exam: Exam, before: bool, after: bool) -> dict[str, object]:
    return {
        "before": embeddings(exam, before),
        "after": embeddings(exam, after),
        "losses": [5.0, 4.0, 3.0],
        "cpu_seconds": 1.0,
        "embedding_seconds": 0.5,
        "diagnostics": {},
    }


def outcomes(contrastive, runs: list[Training]) -> list[str]:
    return [test.outcome for test in tiers(contrastive, Verdict(runs), {})]


def test_a_good_run_reaches_every_tier_at_once(contrastive, exam):
    worker = Worker(answer(exam, False, True))
    runs = train(contrastive, exam, worker, "", "cpu")
    assert len(worker.seeds) == 1
    assert outcomes(contrastive, runs) == ["passed"] * 3


def test_a_run_that_falls_short_is_repeated_on_another_seed_and_the_better_one_counts(
    contrastive, exam
):
    worker = Worker(answer(exam, False, False), answer(exam, False, True))
    runs = train(contrastive, exam, worker, "", "cpu")
    assert len(set(worker.seeds)) == 2
    assert runs[0].accuracy == max(run.accuracy for run in runs)
    assert outcomes(contrastive, runs) == ["passed"] * 3


def test_a_run_that_stays_short_loses_the_tiers_it_does_not_reach(contrastive, exam):
    runs = train(contrastive, exam, Worker(answer(exam, True, False)), "", "cpu")
    assert outcomes(contrastive, runs) == ["wrong"] * 3


@pytest.mark.parametrize("end", [Crashed("ValueError"), TimedOut(), OutOfMemory()])
def test_a_second_run_that_ends_badly_takes_nothing_from_the_first(contrastive, exam, end):
    low = replace(exam, threshold=1.0, log_mel=0.0)
    runs = train(contrastive, low, Worker(answer(exam, False, True), end), "", "cpu")
    assert len(runs) == 1


def test_the_graders_own_fault_in_a_second_run_is_none_of_the_students(contrastive, exam):
    worker = Worker(answer(exam, False, False), GraderFault("the disk is full"))
    with pytest.raises(GraderFault):
        train(contrastive, exam, worker, "", "cpu")


def test_features_that_are_good_before_training_are_flagged(exam):
    passed_through = train_once(exam, Worker(answer(exam, True, True)), "", "cpu", 0)
    learned = train_once(exam, Worker(answer(exam, False, True)), "", "cpu", 0)
    assert flags(passed_through, exam)
    assert not flags(learned, exam)


def test_an_encoder_that_finds_views_before_training_is_flagged_and_random_luck_is_not(exam):
    lucky = replace(exam, untrained=1.0)

    def found(before: float, after: float) -> list[str]:
        signals = {"retrieval_before": before, "retrieval_top1": after}
        given = answer(exam, True, True) | {"diagnostics": signals}
        return flags(train_once(exam, Worker(given), "", "cpu", 0), lucky)

    assert found(before=0.2, after=0.22)
    assert not found(before=0.04, after=0.2)
    assert not found(before=0.04, after=0.05)
    assert not found(before=0.6, after=0.9)
    assert found(before=0.9, after=0.9)


def test_a_run_above_the_threshold_need_not_be_above_a_lucky_beginning(contrastive, exam):
    runs = train(contrastive, exam, Worker(answer(exam, True, True)), "", "cpu")
    assert runs[0].accuracy <= runs[0].untrained
    assert outcomes(contrastive, runs) == ["passed"] * 3


def test_a_run_better_than_any_on_record_is_flagged(exam):
    learned = train_once(exam, Worker(answer(exam, False, True)), "", "cpu", 0)
    assert flags(learned, replace(exam, best=learned.accuracy - 0.1))
    assert not flags(learned, replace(exam, best=learned.accuracy - 0.01))


class Class:
    """Starts workers whose run depends on which functions are the reference's."""

    def __init__(
        self,
        exam: Exam,
        good_with: set[str],
        fails: bool = False,
        ends: dict[str, Exception] | None = None,
    ) -> None:
        self.exam, self.good_with, self.fails = exam, good_with, fails
        self.ends = ends or {}
        """What ends a run in which the reference stands in for just this function."""
        self.asked: list[set[str]] = []
        self.workers: list[Worker] = []

    def __call__(self, overlays) -> Worker:
        ours = {name for overlay in overlays for name in overlay.names}
        self.asked.append(ours)
        ended = self.fails and not ours
        good = answer(self.exam, False, self.good_with <= ours)
        own = [end for name, end in self.ends.items() if name in ours and "Encoder" not in ours]
        self.workers.append(Worker(own[0] if own else {"before": None} if ended else good))
        return self.workers[-1]

    @property
    def runs(self) -> int:
        return sum(len(worker.seeds) for worker in self.workers)

    def verdict(self, contrastive, encoder_replaced: bool = False) -> Verdict:
        return examine(contrastive, self.exam, self, "", "cpu", encoder_replaced)


def test_an_encoder_that_has_been_marked_costs_nothing_more(contrastive, exam):
    for weak, named in (({"Encoder"}, "encoder"), ({"ProjectionHead"}, "head")):
        verdict = Class(exam, weak).verdict(contrastive)
        assert [t.outcome for t in tiers(contrastive, verdict, {})] == ["passed"] * 3
        assert verdict.held_back == f"representation.held_back_by_{named}"
        assert verdict.training is not None
        assert verdict.training.accuracy < verdict.training.stand_in


@pytest.mark.parametrize(
    "good_with", [set(), {"Encoder"}, {"ProjectionHead"}, {"augment_wave"}, {"nothing"}], ids=str
)
def test_the_record_counts_the_processor_time_of_every_run_that_was_made(
    contrastive, exam, good_with
):
    class_ = Class(exam, good_with)
    training = class_.verdict(contrastive).training
    assert training is not None
    assert training.cpu_seconds == 1.0 * class_.runs
    assert training.embedding_seconds == 0.5 * class_.runs


def test_an_encoder_that_ends_the_run_costs_nothing_more(contrastive, exam):
    verdict = Class(exam, {"Encoder"}, fails=True).verdict(contrastive)
    assert [t.outcome for t in tiers(contrastive, verdict, {})] == ["passed"] * 3
    assert verdict.training is not None


def test_views_that_hold_the_run_back_are_named_and_cost_the_tier(contrastive, exam):
    verdict = Class(exam, {"augment_mel"}).verdict(contrastive)
    highest = tiers(contrastive, verdict, {})[-1]
    assert highest.outcome == "wrong"
    assert highest.hint_id == "representation.held_back_by_views"


@pytest.mark.parametrize("end", [Crashed("ValueError"), TimedOut(), OutOfMemory()])
def test_a_run_that_only_seeks_the_cause_may_end_badly_and_then_names_none(contrastive, exam, end):
    verdict = Class(exam, {"augment_mel"}, ends={"augment_mel": end}).verdict(contrastive)
    assert verdict.held_back is None
    assert len(verdict.runs) == 2
    fault = Class(exam, {"augment_mel"}, ends={"augment_mel": GraderFault("the disk is full")})
    with pytest.raises(GraderFault):
        fault.verdict(contrastive)


def test_a_good_run_asks_for_no_other_and_a_replaced_encoder_is_not_replaced_again(
    contrastive, exam
):
    good = Class(exam, set())
    assert good.verdict(contrastive).held_back is None
    assert good.asked == [set()]
    replaced = Class(exam, {"augment_mel"})
    replaced.verdict(contrastive, encoder_replaced=True)
    assert not any("Encoder" in names for names in replaced.asked)


@pytest.mark.parametrize(
    "after",
    [
        None,
        "embeddings",
        torch.zeros(CLIPS),
        torch.zeros(CLIPS - 1, 4),
        torch.zeros(CLIPS, 0),
        torch.zeros(CLIPS, 5000),
        torch.zeros(CLIPS, 4, dtype=torch.int64),
        torch.full((CLIPS, 4), math.nan),
    ],
)
def test_what_is_no_embedding_is_the_students_failure_and_not_the_graders(exam, after):
    with pytest.raises((Crashed, Wrong)) as caught:
        train_once(exam, Worker(answer(exam, False, True) | {"after": after}), "", "cpu", 0)
    assert not isinstance(caught.value, GraderFault)


@pytest.mark.parametrize(
    "more",
    [
        {"losses": [10**400, "x", None]},
        {"losses": 3},
        {"diagnostics": {"x": 10**400, "y": "z"}},
        {"diagnostics": []},
        {"cpu_seconds": "long"},
        {"after": torch.randn(CLIPS, 4) * 3e37},
        {"after": torch.zeros(CLIPS, 4)},
    ],
)
def test_numbers_beyond_reason_are_recorded_without_harm(exam, more):
    run = train_once(exam, Worker(answer(exam, False, True) | more), "", "cpu", 0)
    assert Training.model_validate_json(run.model_dump_json()).accuracy == run.accuracy


def test_very_small_embeddings_keep_their_shape_in_the_picture(exam):
    tiny = answer(exam, False, True)
    tiny["after"] = embeddings(exam, True) * 1e-6
    run = train_once(exam, Worker(tiny), "", "cpu", 0)
    assert len({tuple(point) for point in run.latent}) > CLIPS / 4
