"""A calibration follows from measured runs: which are made, which are kept, what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import calibrate as module
from autograder.authoring.calibrate import (
    SEEDS,
    TENTH,
    Outcome,
    Run,
    calibrate,
    conclude,
    plan,
    save,
)
from autograder.authoring.threshold import ALLOWED
from autograder.course.assignment import Course
from autograder.course.calibration import CorpusCalibration, Kind, Variant
from autograder.course.settings import TrainingSettings
from autograder.grading.job import Job
from autograder.isolation.proof.canaries import Proof
from autograder.support.errors import SpeechmarkError
from tests.conftest import change, copy_course

SETTINGS = TrainingSettings.model_validate(
    {
        "part": "views",
        "corpora": ["fsdd"],
        "inputs": ["mels"],
        "repeats": 1,
        "recipe": {"steps": 30},
        "short": {"steps": 10},
        "measure": [
            {"name": "log_mel", "of": "log_mel", "by": "linear_probe", "title": "l"},
            {
                "name": "few",
                "of": "after",
                "by": "few_label_probe",
                "title": "f",
                "calibrated": True,
            },
        ],
        "tier": [
            {"name": "t", "demand": "", "measure": "few", "above": ["calibrated"], "hint": ""}
        ],
    }
)
BEGUN = 0.6
"""What untrained networks read, on average."""


LUCK = [BEGUN + 0.02 * z for z in (-2, -1, -0.5, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1.0, 0.3, -0.6)]


def runs(name: str, kind: Kind, values: list[float | None]) -> dict[Run, Outcome]:
    """Runs of a variant that ended with these values, None for one that was ended."""
    return {
        Run(name, kind, seed, b""): Outcome("digest")
        if value is None
        else Outcome(
            "digest",
            {"log_mel": 0.5, "few": value},
            {"log_mel": 0.5, "few": value - 0.01} if kind in ("reference", "free") else {},
            {"ratio": value / 2},
        )
        for seed, value in enumerate(values)
    }


GOOD = [0.9, 0.91, 0.92, 0.905, 0.915, 0.895, 0.91, 0.9, 0.92, 0.905, 0.91, 0.9]


def found(
    *more: dict[Run, Outcome],
    settings: TrainingSettings = SETTINGS,
    luck: Sequence[float | None] = LUCK,
) -> CorpusCalibration:
    every = runs("reference", "reference", list(GOOD)) | runs("untrained", "untrained", list(luck))
    for others in more:
        every |= others
    return conclude(settings, every)


def test_the_bar_is_below_correct_work_and_correct_work_is_safe():
    result = found()
    assert 0.8 < result.bars["few"] < min(GOOD)
    reference = result.variants["reference"]
    assert reference.correct
    assert 0 < reference.chance <= ALLOWED
    assert result.chance_of_failing == reference.chance
    assert reference.of("few") == GOOD
    assert reference.signals == {"ratio": pytest.approx(sum(GOOD) / len(GOOD) / 2, abs=1e-4)}


def test_the_record_says_what_was_run_with_what():
    result = found()
    assert result.recipe == {"steps": 30}
    assert result.baselines == {"log_mel": 0.5}
    assert result.digest == "digest"
    assert result.made_with.keys() == {"kit", "torch", "python", "machine", "threads"}


def test_a_short_run_is_held_to_what_most_of_its_kind_clear_and_to_no_more_than_the_long_one():
    result = found()
    short = [value for value in result.variants["reference"].short["few"] if value is not None]
    assert result.short_bars["few"] <= result.bars["few"]
    assert sum(value > result.short_bars["few"] for value in short) >= 0.9 * len(short)


def test_more_tries_allow_a_higher_bar():
    patient = SETTINGS.model_copy(update={"repeats": 3})
    assert found(settings=patient).bars["few"] > found().bars["few"]


def test_a_wrong_variant_that_is_ended_reaches_nothing():
    result = found(runs("broken", "wrong", [None, None]))
    assert result.variants["broken"].chance == 0
    assert not result.variants["broken"].correct
    assert result.bars == found().bars
    assert result.chance_of_failing <= ALLOWED


def test_the_chance_of_what_is_not_correct_is_that_of_any_run_to_clear_the_bar():
    far, near, above = runs("far", "wrong", [0.5]), runs("near", "wrong", [0.86]), [0.7, 0.99, None]
    result = found(far, near, runs("above", "wrong", [0.95]), runs(TENTH, "tenth", above))
    chances = [result.variants[name].chance for name in ("far", "near", "above")]
    assert chances[0] < 1e-6 < chances[1] < chances[2] == 1
    assert result.variants[TENTH].of("few") == [0.7, 0.99]
    assert result.bars == found().bars


def test_what_scatters_widely_is_judged_by_its_own_deviation_once_there_are_many_runs():
    wide = [0.5, 0.6, 0.7, 0.8, 0.9, 0.55, 0.65, 0.75, 0.85]
    many = found(runs(TENTH, "tenth", wide)).variants[TENTH].chance
    assert found(runs("one", "wrong", [0.7])).variants["one"].chance < 1e-3 < many


def test_a_reference_that_is_ended_stops_the_calibration():
    with pytest.raises(SpeechmarkError, match="reference, seed 2"):
        conclude(SETTINGS, runs("reference", "reference", [0.9, 0.91, None]))


def test_what_is_stood_in_for_fails_only_if_the_reference_does_too():
    result = found(runs("slow", "stood_in", [0.5, 0.52]))
    assert result.bars == found().bars
    slow, reference = result.variants["slow"], result.variants["reference"]
    assert slow.correct
    assert slow.chance == pytest.approx(reference.chance, rel=1e-2)


def test_free_work_counts_as_correct_from_half_the_gain_over_untrained_networks_on():
    """The reference gains .3 over .6: what reads more than .75 has learned half of it."""
    result = found(runs("good", "free", [0.8, 0.81]), runs("weak", "free", [0.74, 0.73]))
    correct = [name for name, variant in result.variants.items() if variant.correct]
    assert correct == ["reference", "good"]
    assert result.variants["good"].chance <= ALLOWED
    assert result.bars["few"] < found().bars["few"]
    assert result.variants["weak"].chance < 0.01


def test_free_work_that_is_ended_once_is_not_correct():
    result = found(runs("fragile", "free", [0.9, None]))
    assert not result.variants["fragile"].correct


def test_untrained_networks_are_a_variant_whose_chance_is_that_of_the_whole_procedure():
    untrained = found().variants["untrained"]
    assert untrained.kind == "untrained"
    assert untrained.of("few") == pytest.approx(LUCK)
    assert not untrained.correct
    assert untrained.chance < 1e-6


LUCKY = [0.84 + (x - BEGUN) for x in LUCK]
"""Untrained networks that reach .86, where a bar that is only fair to "slow" would be .79."""


def test_a_bar_is_never_so_low_that_luck_clears_it_and_who_it_is_not_fair_to_is_not_correct():
    slow = runs("slow", "free", [0.83, 0.82])
    low = found(slow, luck=[0.7 + (x - BEGUN) for x in LUCK])
    assert low.variants["slow"].correct
    assert low.bars["few"] < 0.82
    high = found(slow, luck=LUCKY)
    assert high.bars["few"] > max(LUCKY)
    assert high.variants["untrained"].chance <= ALLOWED
    assert not high.variants["slow"].correct
    assert high.variants["reference"].correct
    assert high.chance_of_failing <= ALLOWED


def test_a_short_run_is_not_cleared_by_luck_either():
    result = found(luck=LUCKY)
    assert max(LUCKY) < result.short_bars["few"] <= result.bars["few"]


def test_luck_has_to_clear_every_tier_with_one_run():
    """What reads more than the bar and gains nothing clears no bar."""
    tiers = (
        SETTINGS.tier[0],
        SETTINGS.tier[0].model_copy(update={"name": "g", "measure": "gain", "above": (0.05,)}),
    )
    gain = SETTINGS.measure[0].model_copy(update={"name": "gain", "of": "after", "by": "gain"})
    settings = SETTINGS.model_copy(update={"measure": (*SETTINGS.measure, gain), "tier": tiers})
    lucky = {
        Run("untrained", "untrained", i, b""): Outcome(
            "digest", {"few": 0.95 + i / 1000, "gain": -0.1 + i / 1000}
        )
        for i in range(20)
    }
    learned = {
        run: Outcome("digest", {**o.long, "gain": 0.3}, {**o.short, "gain": 0.3})
        for run, o in runs("reference", "reference", list(GOOD)).items()
    }
    result = conclude(settings, learned | lucky)
    assert result.bars["few"] < min(lucky[run].long["few"] for run in lucky)
    assert result.variants["untrained"].chance <= ALLOWED


def test_a_corpus_on_which_luck_reads_as_well_as_the_reference_carries_no_bar():
    with pytest.raises(SpeechmarkError, match="cannot carry a bar"):
        found(luck=[0.9 + (x - BEGUN) for x in LUCK])


def test_untrained_runs_that_end_say_nothing_of_luck():
    assert found(luck=[None, None]).variants["untrained"].chance == 0


def test_every_calibrated_measure_has_a_bar_of_its_own():
    both = SETTINGS.model_copy(
        update={
            "measure": (
                *SETTINGS.measure,
                SETTINGS.measure[1].model_copy(update={"name": "near"}),
            )
        }
    )
    every = {
        run: Outcome("digest", {**o.long, "near": o.long["few"] - 0.3})
        for run, o in runs("reference", "reference", list(GOOD)).items()
    }
    result = conclude(both, every)
    assert result.bars["near"] == pytest.approx(result.bars["few"] - 0.3, abs=0.006)
    assert "untrained" not in result.variants
    assert result.chance_of_failing <= ALLOWED


# Which runs are made.


def kinds(planned: list[Run]) -> dict[str, Kind]:
    return {run.variant: run.kind for run in planned}


def test_the_plan_runs_the_reference_most_and_every_variant_that_matters(contrastive):
    planned = plan(contrastive, quick=False)
    found = kinds(planned)
    times = Counter(run.variant for run in planned)
    assert times["reference"] == times[TENTH] == 24
    assert found["encoder__gru"] == "stood_in"
    assert found["representation__global_randomness"] == "free"
    assert {k for n, k in found.items() if "__" not in n} == {"reference", "tenth", "untrained"}
    stood_in = sum(kind == "stood_in" for kind in found.values())
    assert times["untrained"] == 48 + 4 * stood_in
    # Right losses all have the same values, so they train as the reference does.
    assert {n.partition("__")[0] for n, k in found.items() if k != "wrong"} == {
        "reference", TENTH, "untrained", "encoder", "representation",
    }  # fmt: skip
    wrong = {n.partition("__")[0] for n, k in found.items() if k == "wrong"}
    assert wrong == {"encoder", "info_nce", "representation"}
    usual = {n: k for n, k in found.items() if k not in ("untrained", "free")}
    usual.pop("representation__one_shift_for_all")  # asks for eight
    assert all(times[name] == SEEDS[kind][False] for name, kind in usual.items())
    assert len(set(planned)) == len(planned)


def test_what_matters_most_is_run_first(contrastive):
    order = list(dict.fromkeys(run.kind for run in plan(contrastive, quick=False)))
    assert order == list(SEEDS)


def test_a_quick_plan_has_what_moves_the_bar(contrastive):
    planned = plan(contrastive, quick=True)
    assert len(planned) < len(plan(contrastive, quick=False)) / 2
    assert set(kinds(planned).values()) == {"reference", "untrained", "free"}


def test_a_recipe_without_steps_has_no_tenth_of_them(contrastive, tmp_path):
    course = copy_course(tmp_path)
    assignment = Course(course).assignment("contrastive")
    change(assignment, "assignment.toml", "{ steps = 180,", "{ turns = 180,")
    change(assignment, "assignment.toml", "short = { steps = 80 }", "")
    assert TENTH not in kinds(plan(assignment, quick=False))


def test_a_solution_asks_for_more_seeds_than_its_kind_has_and_a_quick_plan_makes_its_usual_few(
    tmp_path,
):
    assignment = Course(copy_course(tmp_path)).assignment("contrastive")
    asked = assignment.folder / "right" / "representation__speed.py"
    asked.write_text(asked.read_text().replace('"""', '"""Asked.\n\ncalibrate: 16\n\n', 1))
    times = Counter(run.variant for run in plan(assignment, quick=False))
    assert times["representation__speed"] == 16
    assert times["representation__mixup"] == SEEDS["free"][False]
    quick = Counter(run.variant for run in plan(assignment, quick=True))
    assert quick["representation__speed"] == SEEDS["free"][True]


# Which runs are kept.

LOG_MELS = ("log_mel", "few_log_mel")


@pytest.fixture
def assignment(tmp_path: Path):
    made = Course(copy_course(tmp_path)).assignment("contrastive")
    for folder in ("right", "wrong"):
        for file in (made.folder / folder).glob("*.py"):
            if file.stem != "representation__global_randomness":
                file.unlink()
    return made


def job_of(assignment: Any) -> Job:
    proof = Proof(asked=1, level=1, held={}, seconds=0.0)
    return Job(assignment, 1, corpus="fsdd", calibrating=True, proof=proof)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """The runs that are made, by nobody: each ends as its seed says."""
    done: list[Run] = []

    def pool_map(job: Job, task: Callable[..., Any], items: list[Run], jobs: int) -> Iterator[Any]:
        for run in items:
            done.append(run)
            value = 0.8 + run.seed % 5 / 100
            measures = dict.fromkeys(LOG_MELS, 0.5) | {"few": value, "gain": value - 0.5}
            untrained = run.kind == "untrained"
            luck = dict.fromkeys(LOG_MELS, 0.5) | {"few": 0.5, "gain": run.seed % 7 / 1000}
            yield run, Outcome("digest", luck if untrained else measures, measures)

    monkeypatch.setattr(module, "pool_map", pool_map)
    return done


def again(assignment: Any, made: list[Run], quick: bool = True) -> tuple[CorpusCalibration, int]:
    """A calibration by another command, and how many runs it made."""
    before = len(made)
    fresh = Course(assignment.course.root).assignment(assignment.name)
    return calibrate(job_of(fresh), 1, quick), len(made) - before


def test_a_calibration_goes_on_where_it_was_stopped(assignment, made, monkeypatch):
    planned = plan(assignment, quick=True)

    def stopped(job: Job, task: Any, items: list[Run], jobs: int) -> Iterator[Any]:
        for run in items[:3]:
            long = dict.fromkeys(LOG_MELS, 0.5) | {"few": 0.8, "gain": 0.3}
            yield run, Outcome("digest", long)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "pool_map", stopped)
        with pytest.raises(KeyboardInterrupt):
            calibrate(job_of(assignment), 1, True)
    told: list[tuple[int, int]] = []
    first = calibrate(job_of(assignment), 1, True, lambda done, of: told.append((done, of)))
    assert len(made) == len(planned) - 3
    assert told[0] == (3, len(planned))
    assert told[-1] == (len(planned), len(planned))
    second, runs_made = again(assignment, made)
    assert runs_made == 0
    assert second == first


@pytest.mark.parametrize(
    ("name", "old", "new", "kept"),
    [
        ("assignment.toml", "max_lr = 6e-3", "max_lr = 7e-3", False),
        ("assignment.toml", "short = { steps = 80 }", "short = { steps = 81 }", False),
        ("public/training.py", "AdamW", "Adam", False),
        ("measures.py", "BETTER = 0.03", "BETTER = 0.04", False),
        ("contrastive.py", "class Encoder(nn.Module):", "class Encoder(nn.Module):  #", False),
        ("hints/fade.toml", "?", "??", True),
        ("hidden/test_fade.py", "import", "# edited\nimport", True),
        ("assignment.toml", "points = 2", "points = 5", True),
    ],
)
def test_kept_runs_are_those_that_would_end_alike_again(assignment, made, name, old, new, kept):
    again(assignment, made)
    change(assignment, name, old, new)
    planned = len(plan(Course(assignment.course.root).assignment("contrastive"), quick=True))
    assert again(assignment, made)[1] == (0 if kept else planned)


def test_a_process_that_dies_over_a_run_is_told(assignment, monkeypatch):
    def dies(job: Job, task: Any, items: list[Run], jobs: int) -> Iterator[Any]:
        yield items[0], None

    monkeypatch.setattr(module, "pool_map", dies)
    with pytest.raises(SpeechmarkError, match="reference, seed 100: the grader's process died"):
        calibrate(job_of(assignment), 1, True)


def test_where_nothing_is_calibrated_there_is_no_bar_to_find(assignment):
    change(assignment, "assignment.toml", "calibrated = true\n", "")
    change(assignment, "assignment.toml", 'above = ["calibrated"]', "above = [0.5]")
    fresh = Course(assignment.course.root).assignment("contrastive")
    with pytest.raises(SpeechmarkError, match="no bar to find"):
        calibrate(job_of(fresh), 1)


def test_a_calibration_is_saved_beside_those_of_other_corpora_and_in_place_of_an_older_form(
    assignment,
):
    def saved() -> dict[str, CorpusCalibration]:
        return Course(assignment.course.root).assignment("contrastive").calibrations

    result = found()
    (assignment.folder / "calibration.json").write_text('{"fsdd": {"threshold": 0.8}}')
    with pytest.raises(SpeechmarkError, match="schema 1"):
        saved()
    save(assignment, "synthetic", result)
    assert saved() == {"synthetic": result}
    fresh = Course(assignment.course.root).assignment("contrastive")
    other = result.model_copy(update={"bars": {"few": 0.1}})
    save(fresh, "fsdd", other)
    assert list(saved()) == ["fsdd", "synthetic"]
    assert saved() == {"fsdd": other, "synthetic": result}


def test_values_of_runs_that_were_ended_are_left_out_of_what_is_read():
    variant = Variant(kind="wrong", values={"few": (0.4, None, 0.6)}, chance=0.0)
    assert variant.of("few") == [0.4, 0.6]
    assert variant.of("nothing") == []
