"""Measures are taken outside: built in or the assignment's own, and a mistake in them is named."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from autograder.course.assignment import Assignment
from autograder.grading import measures
from autograder.grading.exam import Exam
from autograder.grading.measures import Observed
from autograder.lab.probing import pooled_log_mel
from autograder.lab.testing.failures import Crashed, GraderFault, Wrong
from autograder.support.errors import SpeechmarkError
from tests.grading.toy import calibrated, exam_of, noise, telling, toy

pytestmark = pytest.mark.usefixtures("own_cache")

MEASURE = """[[training.measure]]
name = "{name}"
of = "{of}"
by = "{by}"
title = "another"
"""


@pytest.fixture(scope="module")
def exam() -> Exam:
    return exam_of()


def with_measures(folder: Path, source: str, *more: tuple[str, str, str]) -> Assignment:
    """The toy with further measures (name, of, by) behind its own, and ``measures.py``."""
    added = "".join(MEASURE.format(name=name, of=of, by=by) for name, of, by in more)
    first_tier = '[[training.tier]]\nname = "above_untrained"'
    return toy(folder, (first_tier, added + first_tier), measures=source)


def taken(assignment: Assignment, exam: Exam, **more: object) -> dict[str, float]:
    observed = Observed({"": noise(exam)}, {"": telling(exam)}, **more)  # type: ignore[arg-type]
    return measures.take(assignment, exam, observed)


def test_built_in_measures_are_probes_of_what_they_are_declared_of(tmp_path, exam):
    declared = [
        ("log", "log_mel", "linear_probe"),
        ("few", "after", "few_label_probe"),
        ("near", "before", "knn_probe"),
    ]
    found = taken(with_measures(tmp_path, "", *declared), exam)
    assert found == {
        "untrained": exam.probe(noise(exam)),
        "probe": 1.0,
        "log": exam.probe(pooled_log_mel(exam.mels)),
        "few": 1.0,
        "near": exam.probe(noise(exam), "knn_probe"),
    }


OWN = """
def gain(run, exam):
    return run.measures["probe"] - run.measures["untrained"]

def spread(run, exam):
    return float(run.after[""].std() / run.before[""].std()) + run.signals["one"]

def answered(run, exam):
    return int(run.answers["a"].sum())
"""


def test_own_measures_see_embeddings_answers_signals_and_the_measures_before_them(tmp_path, exam):
    declared = [
        ("gain", "after", "gain"),
        ("wide", "after", "spread"),
        ("sum", "answers", "answered"),
    ]
    more = {"answers": {"a": torch.tensor([1, 2])}, "signals": {"one": 1.0}}
    found = taken(with_measures(tmp_path, OWN, *declared), exam, **more)
    assert found["gain"] == 1.0 - exam.probe(noise(exam))
    assert found["wide"] == pytest.approx(float(telling(exam).std() / noise(exam).std()) + 1)
    assert found["sum"] == 3.0
    assert isinstance(found["sum"], float)
    assert list(found) == ["untrained", "probe", "gain", "wide", "sum"]


@pytest.mark.parametrize(
    "body",
    [
        "return run.answers['b'].sum()",
        "return run.answers['a'].reshape(7, 7).sum()",
        "return run.answers['a'].nothing",
        "return 'many'",
        "return run.answers['a']",
        "return None",
        "return 1 / 0",
        "return int('nan')",
    ],
)
def test_answers_that_cannot_be_measured_are_the_students_failure(tmp_path, exam, body):
    source = f"def own(run, exam):\n    {body}\n"
    assignment = with_measures(tmp_path, source, ("own", "answers", "own"))
    with pytest.raises(Crashed) as caught:
        taken(assignment, exam, answers={"a": torch.zeros(2)})
    assert "measure own" in caught.value.detail


def test_a_measure_may_say_itself_how_the_run_failed(tmp_path, exam):
    source = (
        "from autograder.lab.testing.failures import Wrong\n"
        "def own(run, exam):\n    raise Wrong('views.collapsed')\n"
    )
    with pytest.raises(Wrong) as caught:
        taken(with_measures(tmp_path, source, ("own", "answers", "own")), exam)
    assert caught.value.hint == "views.collapsed"


def test_a_measure_that_nobody_takes_is_refused_with_those_there_are(tmp_path):
    assignment = with_measures(tmp_path, OWN, ("x", "after", "gian"))
    with pytest.raises(SpeechmarkError) as caught:
        measures.check(assignment)
    told = str(caught.value)
    assert all(
        name in told for name in ("'gian'", "linear_probe", "few_label_probe", "gain, spread")
    )
    assert "assignment.toml" in told


def test_without_measures_py_the_built_in_ones_are_enough(tmp_path, exam):
    assignment = toy(tmp_path)
    measures.check(assignment)
    assert measures.questions(assignment, exam) == {}
    run = SimpleNamespace(measures={"untrained": 0.4})
    assert measures.flags(assignment, run, calibrated()) == []


@pytest.mark.parametrize("source", ["def (", "import nothing_of_the_name", "1 / 0"])
def test_a_file_that_cannot_be_executed_is_the_graders_fault(tmp_path, exam, source):
    with pytest.raises((GraderFault, SpeechmarkError), match=r"measures\.py"):
        measures.questions(with_measures(tmp_path, source), exam)


@pytest.mark.parametrize(
    ("files", "source", "told"),
    [
        ("\n1 / 0", "", "training.py: ZeroDivisionError"),
        ("\ndel embed", "", "defines no embed"),
        ("", "def (", "measures.py: SyntaxError"),
        ("", "def questions(exam): return {}", "defines no answer"),
    ],
)
def test_what_would_end_every_run_is_told_before_the_first(tmp_path, files, source, told):
    assignment = toy(tmp_path, measures=source, files=files)
    with pytest.raises(SpeechmarkError) as caught:
        measures.check(assignment)
    assert told in str(caught.value)


def test_questions_are_made_of_the_exam(tmp_path, exam):
    source = "def questions(exam):\n    return {'digits': exam.digits[:3]}\n"
    asked = measures.questions(with_measures(tmp_path, source), exam)
    assert torch.equal(asked["digits"], exam.digits[:3])


def test_flags_are_what_the_assignment_finds_in_a_run_where_something_is_calibrated(tmp_path):
    said = "f'{run.measures[\"untrained\"]} {calibration.bars}'"
    source = f"def flags(run, calibration):\n    return [{said}]\n"
    assignment = with_measures(tmp_path, source)
    run = SimpleNamespace(measures={"untrained": 0.3})
    assert measures.flags(assignment, run, calibrated()) == ["0.3 {'probe': 0.8}"]
    assert measures.flags(assignment, run, None) == []


def test_a_beginning_worse_than_any_on_record_is_flagged(tmp_path):
    assignment = with_measures(tmp_path, "")
    told = {}
    for begun in (0.1, 0.26, 0.28, 0.5):
        run = SimpleNamespace(measures={"untrained": begun})
        told[begun] = measures.flags(assignment, run, calibrated())
    assert told == {
        0.1: ["untrained it is worse than any network on record (0.100)"],
        0.26: ["untrained it is worse than any network on record (0.260)"],
        0.28: [],
        0.5: [],
    }


def test_a_file_that_was_edited_is_read_anew(tmp_path, exam):
    assignment = with_measures(tmp_path, "def questions(exam): return {}")
    assert measures.questions(assignment, exam) == {}
    file = assignment.measures_file
    file.write_text("import torch\ndef questions(exam): return {'x': torch.zeros(1)}")
    os.utime(file, ns=(1, file.stat().st_mtime_ns + 1_000_000))
    assert measures.questions(assignment, exam).keys() == {"x"}
