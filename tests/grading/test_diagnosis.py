"""Runs are made until all is reached; swaps for the reference name what holds a run back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.grading.diagnosis import Verdict, examine, make_until_all_reached, planned
from autograder.grading.exam import Exam
from autograder.grading.tiers import awarded
from autograder.grading.training import Made
from autograder.lab.testing.failures import Crashed, Failure, GraderFault, OutOfMemory, TimedOut
from tests.grading.toy import (
    SHORT,
    Ending,
    Worker,
    Workers,
    calibrated,
    exam_of,
    good,
    noise,
    poor,
    telling,
    toy,
    trial,
)

pytestmark = pytest.mark.usefixtures("own_cache")

BOTH, VIEWS = {"Net", "Head"}, {"view", "other_view"}
ENDS = [Crashed("ValueError"), TimedOut(), OutOfMemory()]


@pytest.fixture(scope="module")
def exam() -> Exam:
    return exam_of(calibrated(0.8, short=0.7))


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    """Without a short run."""
    return toy(tmp_path)


@pytest.fixture
def with_short(tmp_path: Path) -> Assignment:
    return toy(tmp_path / "short", ("recipe = { steps = 30, lr = 0.1 }", SHORT))


def in_order(exam: Exam, *endings: Ending) -> Workers:
    """Workers whose runs end so, one after the other; the last goes on."""
    begun: list[Worker] = []

    def how(worker: Worker) -> Ending:
        # Of one run both workers end alike: what is built and not trained comes first.
        number = sum(w.trained for w in begun)
        begun.append(worker)
        return endings[min(number, len(endings) - 1)]

    return Workers(exam, how)


def good_with(exam: Exam, needed: set[str], **ends: Failure) -> Workers:
    """Workers whose runs are good once the reference stands in for ``needed``.

    Args:
        exam: on what.
        needed: names.
        ends: name for which the reference stands in, in a run of its own, to what ends that.
    """

    def how(worker: Worker) -> Ending:
        for name, end in ends.items():
            if (name in worker.ours) or (name == "nobody" and not worker.ours):
                return good(exam, ends={"train": end})
        return good(exam) if needed <= worker.ours else poor(exam)

    return Workers(exam, how)


def verdict(
    assignment: Assignment,
    workers: Workers,
    replaced: tuple[str, ...] = (),
    bar: float | None = None,
) -> Verdict:
    exam = workers.exam
    if bar is not None:
        exam = replace(exam, calibration=calibrated(bar))
    return examine(trial(assignment, exam), workers, replaced)


def outcomes(assignment: Assignment, found: Verdict) -> list[str]:
    tests = awarded(assignment, found.counted, found.failure, found.cause, {})
    return [test.outcome for test in tests]


# The runs of one submission.


def all_runs(assignment: Assignment, exam: Exam, workers: Workers) -> list[Made]:
    return make_until_all_reached(planned(trial(assignment, exam)), workers)


def test_a_good_run_is_the_only_one(assignment, exam):
    workers = in_order(exam, good(exam))
    runs = all_runs(assignment, exam, workers)
    assert [m.training.length for m in runs] == ["long"]
    assert workers.seeds == [7]


def test_a_good_short_run_is_the_only_one(with_short, exam):
    workers = in_order(exam, good(exam))
    (run,) = all_runs(with_short, exam, workers)
    assert (run.training.length, run.training.seed) == ("short", 7)
    assert run.training.recipe["steps"] == 10


def test_a_run_that_falls_short_is_made_longer_and_then_repeated_on_further_seeds(with_short, exam):
    workers = in_order(exam, poor(exam))
    runs = all_runs(with_short, exam, workers)
    made = [(m.training.length, m.training.seed) for m in runs]
    assert made == [("short", 7), ("long", 7), ("long", 8)]
    # The long run of the short one's seed begins where that did.
    assert len(workers.started) == 5


def test_the_number_of_repeats_is_declared(tmp_path, exam):
    for repeats in (0, 3):
        assignment = toy(tmp_path / str(repeats), ("repeats = 1", f"repeats = {repeats}"))
        workers = in_order(exam, poor(exam))
        all_runs(assignment, exam, workers)
        assert workers.seeds == [7 + i for i in range(1 + repeats)]


def test_without_bars_of_its_own_a_short_run_that_needs_some_is_left_out(with_short):
    exam = exam_of(calibrated(0.8))
    runs = all_runs(with_short, exam, in_order(exam, good(exam)))
    assert [m.training.length for m in runs] == ["long"]


def test_where_nothing_is_calibrated_a_short_run_needs_no_bars(tmp_path):
    plain = [
        ("recipe = { steps = 30, lr = 0.1 }", SHORT),
        ("calibrated = true\n", ""),
        ('"untrained", "calibrated"', '"untrained"'),
        ('above = ["calibrated"]', "above = [0.9]"),
    ]
    exam = exam_of(calibrated(0.8))
    runs = all_runs(toy(tmp_path, *plain), exam, in_order(exam, good(exam)))
    assert [m.training.length for m in runs] == ["short"]


def test_a_short_run_is_held_to_its_own_bars(with_short):
    exam = exam_of(calibrated(bar=0.8, short=1.0))  # none is above all
    runs = all_runs(with_short, exam, in_order(exam, good(exam)))
    assert [m.training.length for m in runs] == ["short", "long"]


def test_what_a_first_run_reaches_a_second_run_need_not_reach_again(assignment, exam):
    lucky = Ending(before=telling(exam), after=0.5 * telling(exam) + 2 * noise(exam))
    workers = in_order(exam, lucky, poor(exam))
    runs = all_runs(assignment, exam, workers)
    assert len(runs) == 2
    of_both = Verdict([m.training for m in runs])
    assert outcomes(assignment, of_both) == outcomes(assignment, Verdict([runs[0].training]))


@pytest.mark.parametrize("end", ENDS)
def test_a_second_run_that_ends_badly_takes_nothing_from_the_first(assignment, exam, end):
    workers = in_order(exam, poor(exam), good(exam, ends={"train": end}))
    assert len(all_runs(assignment, exam, workers)) == 1


@pytest.mark.parametrize("end", ENDS)
def test_a_first_run_that_ends_badly_ends_the_runs(with_short, exam, end):
    workers = in_order(exam, good(exam, ends={"train": end}))
    with pytest.raises(Failure) as caught:
        all_runs(with_short, exam, workers)
    assert caught.value is end


def test_the_graders_own_fault_in_a_second_run_is_none_of_the_students(assignment, exam):
    fault = GraderFault("the disk is full")
    workers = in_order(exam, poor(exam), good(exam, ends={"train": fault}))
    with pytest.raises(GraderFault):
        all_runs(assignment, exam, workers)


# The verdict.


def test_a_good_run_reaches_every_tier_and_asks_for_no_other(assignment, exam):
    workers = good_with(exam, set())
    found = verdict(assignment, workers)
    assert outcomes(assignment, found) == ["passed"] * 3
    assert (found.cause, found.stand_in) == (None, None)
    assert workers.asked == [set()]


def test_the_better_of_two_runs_is_put_on_record_with_a_picture(with_short, exam):
    found = verdict(with_short, in_order(exam, poor(exam), good(exam)))
    assert outcomes(with_short, found) == ["passed"] * 3
    assert [run.measures["probe"] for run in found.runs] == sorted(
        (run.measures["probe"] for run in found.runs), reverse=True
    )
    assert found.training is not None
    assert found.training.measures["probe"] == 1.0
    assert found.training.points
    assert not found.runs[1].points


def test_a_run_that_stays_short_loses_the_tiers_it_does_not_reach(assignment, exam):
    found = verdict(assignment, good_with(exam, {"nothing that there is"}))
    assert outcomes(assignment, found) == ["wrong"] * 3
    assert found.cause is None


@pytest.mark.parametrize(("weak", "named"), [("Net", "net"), ("Head", "head")])
def test_what_has_been_marked_already_costs_nothing_more(assignment, exam, weak, named):
    found = verdict(assignment, good_with(exam, {weak}))
    assert outcomes(assignment, found) == ["passed"] * 3
    assert found.cause == f"views.held_back_by_{named}"
    assert found.training is not None
    assert found.training.measures["probe"] < found.training.stand_in["probe"]


def test_the_last_subset_is_named_without_a_run(assignment, exam):
    workers = good_with(exam, {"Head"})
    verdict(assignment, workers)
    assert workers.asked == [set(), BOTH, {"Net"}]
    both = good_with(exam, BOTH)
    assert verdict(assignment, both).cause == "views.held_back_by_head"
    assert both.asked == [set(), BOTH, {"Net"}]


@pytest.mark.parametrize("end", ENDS)
def test_what_has_been_marked_and_ends_the_run_costs_nothing_more(assignment, exam, end):
    workers = good_with(exam, BOTH, nobody=end)
    found = verdict(assignment, workers)
    assert outcomes(assignment, found) == ["passed"] * 3
    # After an end the first subset is named, without a run.
    assert found.cause == "views.held_back_by_net"
    assert workers.asked == [set(), BOTH]
    assert found.runs == []
    assert found.training is not None
    assert found.training.points


@pytest.mark.parametrize("end", ENDS)
def test_an_end_that_no_swap_mends_fails_every_tier_and_only_the_swap_that_counts_is_tried(
    assignment, exam, end
):
    workers = good_with(exam, set(), nobody=end, Net=Crashed("KeyError"))
    found = verdict(assignment, workers)
    assert outcomes(assignment, found) == [end.outcome] * 3
    assert workers.asked == [set(), BOTH]
    assert found.failure is end


def test_views_that_hold_the_run_back_are_named_and_cost_the_tier(assignment, exam):
    workers = good_with(exam, {"view"})
    found = verdict(assignment, workers)
    assert outcomes(assignment, found) == ["wrong"] * 3
    assert found.cause == "views.held_back_by_views"
    assert found.stand_in is None
    assert workers.asked == [set(), BOTH, BOTH, set(), VIEWS]
    last = awarded(assignment, found.counted, None, found.cause, {})[-1]
    assert last.hint_id == "views.held_back_by_views"


def test_runs_that_only_seek_the_cause_are_of_the_first_seed_and_as_short_as_they_can(
    with_short, exam
):
    workers = good_with(exam, {"view"})
    verdict(with_short, workers)
    assert [built(w) for w in workers.started if w.trained and w.ours == VIEWS] == [(7, 10)]
    workers = good_with(exam, BOTH)
    verdict(with_short, workers)
    assert [built(w) for w in workers.started if w.trained and w.ours == {"Net"}] == [
        (7, 10),
        (7, 30),
    ]


def built(worker: Worker) -> tuple[int, int]:
    """Seed and steps of a worker's run."""
    return worker.built["seed"], worker.built["recipe"]["steps"]


@pytest.mark.parametrize("end", ENDS)
def test_a_run_that_only_seeks_the_cause_may_end_badly_and_then_names_none(assignment, exam, end):
    found = verdict(assignment, good_with(exam, {"view"}, view=end))
    assert found.cause is None
    assert len(found.runs) == 2
    with pytest.raises(GraderFault):
        verdict(assignment, good_with(exam, {"view"}, view=GraderFault("the disk is full")))


@pytest.mark.parametrize("end", ENDS)
def test_a_run_with_the_reference_that_ends_badly_counts_for_nothing(assignment, exam, end):
    found = verdict(assignment, good_with(exam, {"Net"}, Net=end))
    assert outcomes(assignment, found) == ["wrong"] * 3
    assert found.stand_in is None


def test_what_is_replaced_already_is_not_replaced_again(assignment, exam):
    workers = good_with(exam, {"view"})
    found = verdict(assignment, workers, replaced=("Net", "Head"))
    assert workers.asked == [set(), set(), VIEWS]
    assert found.cause == "views.held_back_by_views"
    # With one of its names replaced a swap still has something to swap.
    half = good_with(exam, {"Head"})
    assert verdict(assignment, half, replaced=("Net",)).stand_in is not None


@pytest.mark.parametrize("fails", [False, True])
def test_a_swap_that_counts_and_holds_no_smaller_one_is_the_cause_itself(tmp_path, exam, fails):
    alone = [
        ('names = ["Net", "Head"]\ncounts', 'names = ["Net"]\nhint = "views.bar"\ncounts'),
        ('[[training.swap]]\npart = "net"\nnames = ["Net"]\nhint = "views.held_back_by_net"\n', ""),
    ]
    assignment = toy(tmp_path, *alone)
    workers = good_with(exam, {"Net"}, **({"nobody": TimedOut()} if fails else {}))
    found = verdict(assignment, workers)
    assert found.cause == "views.bar"
    assert outcomes(assignment, found) == ["passed"] * 3


def test_without_swaps_a_run_that_falls_short_is_all_there_is(tmp_path, exam):
    start = '[[training.swap]]\npart = "net"\nnames = ["Net", "Head"]\ncounts = true\n'
    assignment = toy(tmp_path, (start, ""))
    workers = good_with(exam, {"Head"})
    found = verdict(assignment, workers)
    # None counts, so each of the others is tried by itself, in order.
    assert found.cause == "views.held_back_by_head"
    assert outcomes(assignment, found) == ["wrong"] * 3
    assert workers.asked == [set(), set(), {"Net"}, {"Head"}]


@given(
    fates=st.fixed_dictionaries(
        {
            (ours, run): st.sampled_from(["good", "poor", "ends"])
            for ours in (True, False)
            for run in ((7, 10), (7, 30), (8, 30))
        }
    )
)
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_in_whatever_order_runs_are_made_points_are_those_of_all_of_them(with_short, exam, fates):
    """The reference stands in before the own run is repeated; nobody gains or loses by it."""

    def how(worker: Worker) -> Ending:
        if worker.ours not in (set(), BOTH):
            return poor(exam)
        fate = fates[worker.ours == BOTH, built(worker)]
        ends = {"train": TimedOut()} if fate == "ends" else {}
        return poor(exam) if fate == "poor" else good(exam, ends=ends)

    def reaches(ours: bool) -> bool:
        """Whether one of the runs is good before one ends."""
        fated = [fates[ours, run] for run in ((7, 10), (7, 30), (8, 30))]
        return "good" in fated[: fated.index("ends")] if "ends" in fated else "good" in fated

    found = verdict(with_short, Workers(exam, how))
    assert (outcomes(with_short, found) == ["passed"] * 3) is (reaches(False) or reaches(True))


WORLDS = [set(), {"Net"}, {"Head"}, BOTH, {"view"}, {"nothing that there is"}]


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("needed", WORLDS, ids=lambda names: " ".join(sorted(names)) or "none")
def test_the_record_counts_the_processor_time_of_every_run_that_was_made(
    assignment, with_short, exam, needed, short
):
    workers = good_with(exam, needed)
    record = verdict(with_short if short else assignment, workers).training
    assert record is not None
    assert record.runs == len(workers.runs)
    assert record.cpu_seconds == 1.0 * len(workers.runs)
    embedded = sum(worker.names.count("embed") for worker in workers.started)
    assert record.embedding_seconds == 0.25 * embedded


@pytest.mark.parametrize("needed", WORLDS, ids=lambda names: " ".join(sorted(names)) or "none")
@pytest.mark.parametrize("fails", [False, True])
def test_points_are_lost_by_nothing_but_the_views(assignment, exam, needed, fails):
    """Whatever of the marked part is weak, and however it fails, the verdict is the same."""
    workers = good_with(exam, needed, **({"nobody": TimedOut()} if fails and needed else {}))
    found = verdict(assignment, workers)
    lifted = needed <= BOTH
    assert (outcomes(assignment, found) == ["passed"] * 3) is lifted
    assert all(worker.names[-1] == "closed" for worker in workers.started)
