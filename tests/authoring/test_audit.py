"""The suites tell right from wrong, and the audit would say so if they did not."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder.authoring.audit import Audit, Finding, audit, pack
from autograder.authoring.audit_view import show
from autograder.course.assignment import Course
from autograder.course.compose import Solution
from autograder.grading.job import Job
from autograder.isolation.proof.canaries import Proof, prove
from autograder.support.errors import SpeechmarkError
from tests.toys import PLAIN, copied, toy_proof, toys  # noqa: F401

# ruff: noqa: F811

PARTS = list("abcdefgh")


@given(st.lists(st.sampled_from(PARTS), max_size=40))
def test_packs_hold_every_solution_once_and_no_part_twice(parts):
    every = [Solution(Path(str(i)), part, "", "", None) for i, part in enumerate(parts)]
    packs = pack(every, [PARTS[::2], PARTS[1::2]])
    assert sorted((s for p in packs for s in p), key=lambda s: int(s.path.name)) == every
    for those in packs:
        assert len({s.part for s in those}) == len(those) <= len(PARTS) / 2


@pytest.fixture(scope="module")
def job(contrastive, level) -> Job:
    return Job(contrastive, level, train=False, proof=prove(level))


def test_no_known_right_solution_fails(contrastive, job, tmp_path):
    """The wrong ones take minutes: ``make audit``."""
    shutil.copytree(contrastive.folder / "right", tmp_path / "right")
    found = audit(job, jobs=1, folder=tmp_path, fast=True)
    assert found.right >= 60
    assert found.false_fails == []
    assert found.sound


def corpus(folder: Path, **files: str) -> Path:
    for kind in ("right", "wrong"):
        (folder / kind).mkdir()
    for name, source in files.items():
        kind, _, file = name.partition("_")
        (folder / kind / f"{file}.py").write_text(source)
    return folder


@pytest.mark.parametrize("fast", [False, True])
def test_false_verdicts_collateral_and_wrong_hints_are_each_found(contrastive, job, tmp_path, fast):
    reference = contrastive.reference_cells
    folder = corpus(
        tmp_path,
        right_fade__broken="def fade(wave, max_fraction=0.5, generator=None):\n    return wave[:1]",
        wrong_info_nce__fine='"""Right.\n\nhint: info_nce.value\n"""\n' + reference["info_nce"],
        wrong_time_mask__greedy=(
            '"""Spoils another part.\n\nhint: time_mask.nonsense\n"""\n'
            "def time_mask(wave, max_fraction=0.125, generator=None):\n    return 2 * wave\n"
            "F.normalize = None\n"
        ),
        wrong_info_nce__warm='"""Another default.\n\nhint: info_nce.default_temperature\n"""\n'
        + reference["info_nce"].replace("= 0.2", "= 0.5"),
    )
    found = audit(job, jobs=1, folder=folder, fast=fast)
    assert {f.file for f in found.false_fails} == {"right/fade__broken.py"}
    assert {f.file for f in found.false_passes} == {"wrong/info_nce__fine.py"}
    assert {(f.file, f.part) for f in found.collateral} >= {
        ("wrong/time_mask__greedy.py", "info_nce")
    }
    assert {f.file for f in found.wrong_hint} == {"wrong/time_mask__greedy.py"}
    assert not found.sound
    only = "info_nce::test_default_temperature"
    assert found.single_catches == {"wrong/info_nce__warm.py": only}
    assert only not in found.unneeded_tests
    assert "info_nce::test_gradient" in found.unneeded_tests


def with_suite(course: Course, proof: Proof, more: str) -> Job:
    """How the toy of ``course`` is audited when its suite ends with ``more``."""
    assignment = course.assignment(PLAIN)
    suite = assignment.hidden_suite(assignment.automatic[0].id)
    suite.write_text(f"{suite.read_text()}\n\nimport pytest\n\n{more}")
    return Job(assignment, proof.level, train=False, proof=proof)


def test_every_skip_is_listed_with_its_reason_and_harms_nobody(toys, toy_proof, tmp_path):
    skip = "def test_speed(student):\n    pytest.skip('no clock here')\n"
    found = audit(with_suite(copied(toys, tmp_path), toy_proof, skip), jobs=1)
    assert found.sound
    ((test, reasons),) = found.as_json()["skipped"].items()
    ((reason, files),) = reasons.items()
    assert (test.partition("::")[2], reason) == ("test_speed", "no clock here")
    assert sorted(files) == sorted(found.matrix)
    assert f"{test}: no clock here (everywhere)" in read(found)


def test_a_part_of_which_nothing_is_asked_is_unsound(toys, toy_proof, tmp_path):
    skip = "@pytest.fixture(autouse=True)\ndef never():\n    pytest.skip('no')\n"
    found = audit(with_suite(copied(toys, tmp_path), toy_proof, skip), jobs=1)
    findings = [*found.false_fails, *found.false_passes]
    assert not found.sound
    assert {finding.observed for finding in findings} == {"grader: not one test was asked"}
    assert sorted(finding.file for finding in findings) == sorted(found.matrix)
    assert {outcome for row in found.matrix.values() for outcome in row.values()} == {"grader"}


def read(found: Audit) -> str:
    """An audit as a person reads it."""
    paper = io.StringIO()
    show(found, Console(file=paper, width=80))
    return paper.getvalue()


def test_what_a_person_reads_names_every_finding_and_every_test_that_stands_alone():
    found = Audit(
        right=1,
        wrong=2,
        false_fails=[Finding("right/fade__a.py", "fade", "test_kind", "wrong: [fade.shape]")],
        unneeded_tests=["fade::test_dtype"],
        single_catches={"wrong/fade__b.py": "fade::test_linear"},
        matrix={"right/fade__a.py": {"fade": "wrong"}, "wrong/fade__b.py": {"fade": "wrong"}},
    )
    text = read(found)
    assert "right/fade__a.py fade::test_kind: wrong: [fade.shape]" in text
    assert "fade::test_linear: b" in text
    assert "fade::test_dtype" in text
    assert "UNSOUND" in text


def test_the_json_has_the_keys_that_scripts_rely_on():
    keys = ["right", "wrong", "false_fails", "false_passes", "collateral", "wrong_hint"]
    assert list(Audit().as_json())[:6] == keys


def test_an_empty_corpus_and_an_unknown_part_are_clear_messages(contrastive, job, tmp_path):
    with pytest.raises(SpeechmarkError, match="holds no"):
        audit(job, jobs=1, folder=tmp_path)
    with pytest.raises(SpeechmarkError, match="is no part"):
        audit(job, jobs=1, folder=corpus(tmp_path, right_fad__x="x = 1"))
