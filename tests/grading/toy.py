"""A training run without a wall: a small assignment, and workers that end as they are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from autograder.course.assignment import Assignment, Course
from autograder.course.calibration import CorpusCalibration, Variant
from autograder.grading.exam import Exam
from autograder.grading.training import Trial
from spoken_digits import card
from tests.conftest import tones

SETTINGS = """
name = "toy"
title = "A toy"
[[part]]
id = "net"
points = 2
names = ["Net", "Head"]
[[part]]
id = "views"
points = 3
names = ["view", "other_view"]

[training]
part = "views"
needs = ["Net", "Head", "view", "other_view"]
corpora = ["fsdd"]
inputs = ["train_waves", "train_mels", "mels"]
seed = 7
repeats = 1
recipe = { steps = 30, lr = 0.1 }

[[training.measure]]
name = "untrained"
of = "before"
by = "linear_probe"
title = "untrained"
[[training.measure]]
name = "probe"
of = "after"
by = "linear_probe"
title = "yours"
calibrated = true

[[training.tier]]
name = "above_untrained"
demand = "The probe is above that of the untrained network."
measure = "probe"
above = ["untrained", "calibrated"]
hint = "views.untrained"
[[training.tier]]
name = "above_half"
demand = "The probe reads half of the digits."
measure = "probe"
above = [0.5]
hint = "views.half"
[[training.tier]]
name = "above_bar"
demand = "The probe is above the calibrated bar."
measure = "probe"
above = ["calibrated"]
hint = "views.bar"
weight = 2

[[training.swap]]
part = "net"
names = ["Net", "Head"]
counts = true
[[training.swap]]
part = "net"
names = ["Net"]
hint = "views.held_back_by_net"
[[training.swap]]
part = "net"
names = ["Head"]
hint = "views.held_back_by_head"
[[training.swap]]
part = "views"
names = ["view", "other_view"]
hint = "views.held_back_by_views"

[[training.curve]]
name = "loss"
title = "The loss"
"""

SHORT = "recipe = { steps = 30, lr = 0.1 }\nshort = { steps = 10 }"

TRAINING = """
def build(student, recipe, seed, device): ...
def train(model, clips, recipe, progress): ...
def embed(model, clips): ...
def levels(recipe): return {"loss": (0.5, f"half, of {recipe['steps']} steps")}
"""

NOTEBOOK = """
# %% nbgrader={"grade_id": "net_solution", "solution": true}
Net = Head = object
# %% nbgrader={"grade_id": "views_solution", "solution": true}
view = other_view = object
"""

HINTS = ("untrained", "half", "bar", "held_back_by_net", "held_back_by_head", "held_back_by_views")


def toy(folder: Path, *changes: tuple[str, str], measures: str = "", files: str = "") -> Assignment:
    """The assignment ``toy`` in a course in ``folder``.

    Args:
        folder: of the course.
        changes: what of the settings is another, old and new.
        measures: the content of ``measures.py``.
        files: what is put behind ``training.py``.
    """
    settings = SETTINGS
    for old, new in changes:
        assert old in settings
        settings = settings.replace(old, new, 1)
    place = folder / "solutions" / "toy"
    for name, text in {
        "assignment.toml": settings,
        "toy.py": NOTEBOOK,
        "secret": "a line\n",
        "public/training.py": TRAINING + files,
        "hints/views.toml": "".join(
            f'["views.{hint}"]\nsays = "About {hint}."\nasks = "Which?"\n' for hint in HINTS
        ),
        **({"measures.py": measures} if measures else {}),
    }.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    (folder / "nbgrader_config.py").touch()
    return Course(folder).assignment("toy")


def calibrated(bar: float = 0.8, short: float | None = None) -> CorpusCalibration:
    """A calibration whose bars are these."""
    return CorpusCalibration(
        bars={"probe": bar},
        short_bars={} if short is None else {"probe": short},
        recipe={},
        chance_of_failing=0.0,
        variants={
            "reference": Variant(
                kind="reference", values={"probe": (0.85, None, 0.9)}, correct=True, chance=0.0
            ),
            "untrained": Variant(kind="untrained", values={"probe": (0.3, 0.5)}, chance=0.0),
        },
        digest="tones",
        made_with={},
    )


def exam_of(calibration: CorpusCalibration | None = None) -> Exam:
    """An exam on tones; a bar of .8 unless ``calibration`` says otherwise."""
    corpus = tones()
    unheard = card("fsdd").test_speakers
    order = torch.randperm(len(corpus), generator=torch.Generator().manual_seed(5))
    is_train = torch.tensor([name not in unheard for name in corpus.speakers])
    return Exam(corpus, is_train, order, calibration or calibrated())


def noise(exam: Exam) -> Tensor:
    """Embeddings [clips, 10] that tell nothing."""
    return torch.randn(len(exam.order), 10, generator=torch.Generator().manual_seed(0))


def telling(exam: Exam) -> Tensor:
    """Embeddings [clips, 10] from which the digit is read without a mistake."""
    return 5 * torch.eye(10)[exam.digits] + 0.1 * noise(exam)


@dataclass
class Ending:
    """How a worker's training run ends; embeddings are in the order of the corpus."""

    before: Any = None
    after: Any = None
    curves: Any = field(default_factory=lambda: {"loss": [5.0, 4.0, 3.0]})
    signals: Any = field(default_factory=dict)
    cpu_seconds: Any = 1.0
    answers: Any = field(default_factory=dict)
    ends: Mapping[str, Exception] = field(default_factory=dict)
    """Step that does not come back to what is raised there."""


def good(exam: Exam, **more: Any) -> Ending:
    """A run that learns all there is."""
    return Ending(**{"before": noise(exam), "after": telling(exam), **more})


def poor(exam: Exam, **more: Any) -> Ending:
    """A run that learns nothing, and had something to lose."""
    return Ending(**{"before": telling(exam), "after": noise(exam), **more})


@dataclass
class Worker:
    """Answers the steps of a training run."""

    exam: Exam
    ours: set[str]
    """Names for which the reference stands in."""
    how: Callable[[Worker], Ending]
    steps: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    ending: Ending = field(default_factory=Ending)

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.steps.append(("closed", {}))

    @property
    def names(self) -> list[str]:
        return [step for step, _ in self.steps]

    @property
    def trained(self) -> bool:
        return "train" in self.names

    @property
    def built(self) -> dict[str, Any]:
        """With what the model was built."""
        return next(fields for step, fields in self.steps if step == "build")

    def training_step(self, step: str, **fields: Any) -> dict[str, Any]:
        assert "closed" not in self.names
        self.steps.append((step, fields))
        if step == "build":
            self.ending = self.how(self)
        if step in self.ending.ends and (step != "embed" or self.trained):
            raise self.ending.ends[step]
        if step == "train":
            told = self.ending
            return {n: getattr(told, n) for n in ("curves", "signals", "cpu_seconds")}
        if step == "answer":
            return self.ending.answers
        if step == "embed":
            value = self.ending.after if self.trained else self.ending.before
            entries = value if isinstance(value, dict) else {"": value}
            return {"embeddings": self._handed(entries), "cpu_seconds": 0.25}
        return {}

    def _handed(self, entries: dict[str, Any]) -> dict[str, Any]:
        clips = len(self.exam.order)
        return {
            name: x[self.exam.order] if isinstance(x, Tensor) and len(x) == clips else x
            for name, x in entries.items()
        }


class Workers:
    """Starts workers, and keeps them to look at.

    Args:
        exam: on what.
        how: how each one's run ends, asked when its model is built.
    """

    def __init__(self, exam: Exam, how: Callable[[Worker], Ending]) -> None:
        self.exam, self.how = exam, how
        self.started: list[Worker] = []

    def __call__(self, overlays: Sequence[Any] = ()) -> Worker:
        ours = {name for overlay in overlays for name in overlay.names}
        self.started.append(Worker(self.exam, ours, self.how))
        return self.started[-1]

    @property
    def runs(self) -> list[Worker]:
        """The workers that trained to the end."""
        return [
            worker for worker in self.started if "embed" in worker.names[-2:] and worker.trained
        ]

    @property
    def seeds(self) -> list[int]:
        """Of the runs that were begun, in order."""
        return [worker.built["seed"] for worker in self.started if worker.trained]

    @property
    def asked(self) -> list[set[str]]:
        """For which names the reference stood in, in each run that was begun."""
        return [worker.ours for worker in self.started if worker.trained]


def trial(assignment: Assignment, exam: Exam, **more: Any) -> Trial:
    """The first run of an assignment on the CPU."""
    return Trial(assignment, exam, "cpu", **{"seed": assignment.training.seed, **more})
