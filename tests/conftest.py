"""What many tests need: the course's assignment, a copy of it to spoil, a grader."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from torch import Tensor

    from autograder.course.assignment import Assignment
    from spoken_digits import Corpus

os.environ.setdefault("OMP_NUM_THREADS", "1")

# How long an example takes is the machine's affair, and no property.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parents[1]


def copy_course(folder: Path) -> Path:
    """The parts of the course that grading reads, copied to ``folder``."""
    for part in ("solutions", "assignments"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


def change(assignment: Assignment, name: str, old: str, new: str) -> None:
    """Put ``new`` in the place of the first ``old`` in a file of the assignment's folder."""
    path = assignment.folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def tones(takes: int = 2, samples: int = 4000) -> Corpus:
    """FSDD's speakers, some takes of each digit; a clip's tone tells which clip it is."""
    import torch

    from spoken_digits import Corpus, card

    speakers = card("fsdd").speakers
    rows = [(s, d, t) for s in range(len(speakers)) for d in range(10) for t in range(takes)]
    speaker_ids, digits, number = torch.tensor(rows).T
    pitch = 200.0 + 25 * torch.arange(len(rows))
    return Corpus(
        name="fsdd",
        waves=0.5 * torch.sin(2 * torch.pi * pitch[:, None] * torch.arange(samples) / 8000),
        lengths=torch.full((len(rows),), samples),
        digits=digits,
        speaker_ids=speaker_ids,
        speaker_names=speakers,
        takes=number,
        sample_rate=8000,
        digest="tones",
    )


def clips_of(waves: Tensor) -> Tensor:
    """Which clips of :func:`tones` these are, by their loudest tones."""
    import torch

    bins = torch.fft.rfft(waves, n=8000).abs().argmax(1)
    return ((bins - 200) / 25).round().long()


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is made of made-up corpora apart."""
    monkeypatch.setenv("SPEECHMARK_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def level() -> int:
    """The strongest isolation level that this machine offers."""
    from autograder.isolation.sandbox import best_level

    return best_level()[0]


def made_short(folder: Path) -> Path:
    """Cut the training run of the course in ``folder`` to a few steps, all tiers in easy reach."""
    from autograder.course.assignment import Course
    from autograder.course.calibration import CorpusCalibration, Variant, as_text

    assignment = Course(folder).assignment("contrastive")
    settings = assignment.folder / "assignment.toml"
    text = settings.read_text()
    text = re.sub(r"^(recipe = .*\bsteps = )\d+", r"\g<1>3", text, flags=re.M)
    text = re.sub(r"^(short = .*\bsteps = )\d+", r"\g<1>2", text, flags=re.M)
    text = re.sub(r'^above = \[(?!"calibrated"\]).*$', "above = [-1.0]", text, flags=re.M)
    settings.write_text(text)
    known = CorpusCalibration(
        bars={"few": 0.01},
        short_bars={"few": 0.01},
        recipe={"steps": 3},
        chance_of_failing=0.0,
        variants={
            "reference": Variant(
                kind="reference", values={"few": (0.8, 0.82)}, correct=True, chance=0.0
            ),
            "untrained": Variant(kind="untrained", values={"few": (0.5, 0.6)}, chance=0.0),
        },
        digest="made up",
        made_with={},
    )
    text = as_text({"fsdd": known, "synthetic": known})
    (assignment.folder / "calibration.json").write_text(text)
    return folder


@pytest.fixture(scope="session")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of three training steps and bars that any encoder reaches."""
    return made_short(copy_course(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="session")
def contrastive(course_folder: Path):
    """The assignment of that course."""
    from autograder.course.assignment import Course

    return Course(course_folder).assignment("contrastive")


@pytest.fixture(scope="session")
def grader(contrastive, level: int) -> Iterator[object]:
    """A grader that leaves the training run out."""
    from autograder.grading.grader import Grader
    from autograder.grading.job import Job

    with Grader(Job(contrastive, level, train=False)) as made:
        yield made
