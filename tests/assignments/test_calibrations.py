"""What the committed calibrations promise of each assignment's training run, on each corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.threshold import ALLOWED
from autograder.course.assignment import Course
from autograder.course.calibration import CorpusCalibration, Variant
from autograder.course.settings import TrainingSettings
from autograder.grading.tiers import margins

COURSE = Course(Path(__file__).resolve().parents[2])
ASSIGNMENTS = COURSE.assignments()
CALIBRATED = [
    pytest.param(its, corpus, id=f"{its.name} on {corpus}")
    for its in ASSIGNMENTS
    for corpus in its.calibrations
]


def clearing(
    variant: Variant, found: CorpusCalibration, settings: TrainingSettings
) -> list[dict[str, float]]:
    """The long runs of a variant that reach every tier."""
    names = list(variant.values)
    rows = [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in zip(*variant.values.values(), strict=True)
    ]
    return [
        row for row in rows if row and min(margins(row, found.bars, settings).values()) > 0
    ]


@pytest.mark.parametrize(("assignment", "corpus"), CALIBRATED)
def test_correct_work_falls_short_at_most_once_in_a_thousand_times(assignment, corpus):
    found = assignment.calibrations[corpus]
    correct = [variant for variant in found.variants.values() if variant.correct]
    assert found.chance_of_failing == max(variant.chance for variant in correct) <= ALLOWED
    assert found.bars.keys() == {measure.name for measure in assignment.training.calibrated}


@pytest.mark.parametrize(("assignment", "corpus"), CALIBRATED)
def test_no_untrained_network_reaches_every_tier(assignment, corpus):
    found = assignment.calibrations[corpus]
    untrained = found.variants["untrained"]
    assert untrained.chance <= ALLOWED
    assert len(untrained.of(assignment.training.headline.name)) >= 12
    assert clearing(untrained, found, assignment.training) == []


@pytest.mark.parametrize(("assignment", "corpus"), CALIBRATED)
def test_what_only_the_run_can_catch_is_caught_more_often_than_not(assignment, corpus):
    found = assignment.calibrations[corpus]
    for file in (assignment.folder / "weak").glob("*.py"):
        if file.stem not in found.variants:  # a quick calibration leaves them out
            continue
        runs = len(found.variants[file.stem].of(assignment.training.headline.name))
        cleared = clearing(found.variants[file.stem], found, assignment.training)
        assert len(cleared) <= runs / 4, file.stem


@pytest.mark.parametrize(("assignment", "corpus"), CALIBRATED)
def test_runs_were_made_with_the_recipe_that_is_declared(assignment, corpus):
    assert assignment.calibrations[corpus].recipe == assignment.training.recipe


def test_on_real_speech_every_kind_of_variant_was_run():
    for assignment in ASSIGNMENTS:
        if "fsdd" not in assignment.calibrations:
            continue
        found = assignment.calibrations["fsdd"].variants
        assert {"reference", "free", "tenth", "untrained", "wrong"} <= {
            variant.kind for variant in found.values()
        }
        headline = assignment.training.headline.name
        assert len(found["reference"].of(headline)) == 24
        assert len(found["untrained"].of(headline)) >= 48
        assert {file.stem for file in (assignment.folder / "weak").glob("*.py")} <= found.keys()


def test_every_corpus_of_every_assignment_is_calibrated():
    for assignment in ASSIGNMENTS:
        if assignment.settings.training and assignment.training.calibrated:
            assert set(assignment.calibrations) == set(assignment.training.corpora)
