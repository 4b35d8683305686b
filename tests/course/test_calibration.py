"""Calibrations are read back as they were written; what is of another form is never misread."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.course.calibration import CorpusCalibration, Variant, as_text, read_calibrations
from autograder.course.results import SubmissionResult
from autograder.support.errors import SpeechmarkError


def made(bar: float = 0.7) -> CorpusCalibration:
    return CorpusCalibration(
        bars={"few": bar},
        short_bars={"few": 0.65},
        recipe={"steps": 3},
        chance_of_failing=1e-4,
        baselines={"log_mel": 0.5},
        variants={
            "reference": Variant(
                kind="reference", values={"few": (0.8, None, 0.9)}, correct=True, chance=1e-5
            ),
            "untrained": Variant(kind="untrained", values={"few": (0.4, 0.6)}, chance=1e-4),
            "mistaken": Variant(kind="wrong", values={"few": (None, None)}, chance=0.0),
        },
        digest="digest",
        made_with={"kit": "0"},
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "calibration.json"


def test_what_was_written_is_read(file):
    file.write_text(as_text({"synthetic": made(), "fsdd": made(0.8)}))
    assert read_calibrations(file) == {"fsdd": made(0.8), "synthetic": made()}
    assert list(read_calibrations(file)) == ["fsdd", "synthetic"]


def test_without_the_file_nothing_is_calibrated(file):
    assert read_calibrations(file) == {}


@pytest.mark.parametrize(
    ("measure", "kinds", "highest"),
    [
        ("few", (), 0.9),
        ("few", ("untrained",), 0.6),
        ("few", ("untrained", "wrong"), 0.6),
        ("few", ("wrong",), float("-inf")),
        ("other", (), float("-inf")),
    ],
)
def test_the_highest_of_a_kind_leaves_out_runs_that_were_ended(measure, kinds, highest):
    assert made().highest(measure, *kinds) == highest


def test_below_the_lowest_on_record_lies_nothing_that_is():
    assert made().lowest("few", "untrained") == 0.4
    assert made().lowest("few") == 0.4
    assert made().lowest("few", "wrong") == float("-inf")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"fsdd": {"threshold": 0.8, "steps": 180}}', "schema 1.*speechmark calibrate"),
        ('{"schema_version": 3, "corpora": {}}', "schema 3"),
        ("[]", "schema None"),
        ("{", "calibration.json"),
        ('{"schema_version": 2}', "corpora"),
        ('{"schema_version": 2, "corpora": {"fsdd": {"bars": {}}}}', "recipe"),
        ('{"schema_version": 2, "corpora": []}', "calibration.json"),
    ],
)
def test_a_file_of_another_form_is_refused_with_a_sentence(file, text, told):
    file.write_text(text)
    with pytest.raises(SpeechmarkError, match=f"(?s){told}"):
        read_calibrations(file)


@pytest.mark.parametrize(
    ("place", "key"), [((), "threshold"), (("variants", "reference"), "accuracies")]
)
def test_a_key_that_is_not_known_is_refused(file, place, key):
    raw = json.loads(as_text({"fsdd": made()}))
    inner = raw["corpora"]["fsdd"]
    for step in place:
        inner = inner[step]
    inner[key] = 1
    file.write_text(json.dumps(raw))
    with pytest.raises(SpeechmarkError, match=key):
        read_calibrations(file)


def test_a_stored_result_of_the_older_form_is_no_result():
    """Its store then holds nothing for that key, and the work is graded anew."""
    with pytest.raises(ValueError, match="schema_version"):
        SubmissionResult.model_validate({"schema_version": 1})
