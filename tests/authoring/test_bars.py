"""Bars follow from measured runs: what is correct is safe, and luck is kept out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from autograder.authoring.bars import Outcome, Run, conclude
from autograder.authoring.calibrate import TENTH
from autograder.authoring.threshold import ALLOWED
from autograder.course.calibration import CorpusCalibration, Kind
from autograder.course.settings import TrainingSettings
from autograder.support.errors import SpeechmarkError

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
