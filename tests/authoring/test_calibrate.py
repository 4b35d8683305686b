"""A calibration follows from measured runs: which are made, which are kept, what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
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
    plan,
    save,
)
from autograder.course.assignment import Course
from autograder.course.calibration import CorpusCalibration, Kind, Variant
from autograder.grading.job import Job
from autograder.isolation.proof.canaries import Proof
from autograder.support.errors import SpeechmarkError
from tests.authoring.test_bars import found
from tests.conftest import change, copy_course

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
    assert times["representation__numpy"] == SEEDS["free"][False]
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
