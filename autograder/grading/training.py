"""One training run seen from outside: asked for, handed its clips, measured.

"Before" and "after" come from two workers of one seed, so code that counts how often it was
called learns nothing from it about which of the two it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch
from torch import Tensor

from autograder.course.assignment import Assignment
from autograder.course.results import Training
from autograder.grading import measures
from autograder.grading.exam import Exam
from autograder.grading.measures import Observed
from autograder.isolation.remote.student import RemoteStudent
from autograder.isolation.remote.training import MAX_DIM, MAX_ENTRIES
from autograder.lab import projection
from autograder.lab.testing.failures import Crashed, Wrong
from autograder.lab.training import TrainingFile, features

Start = Callable[[], AbstractContextManager[RemoteStudent]]
"""Starts the notebook in a fresh worker that has ``training.py``."""

Length = Literal["short", "long"]

_LARGE = 1e6
_PART = 64 << 20
"""Bytes of clips in one message."""


@dataclass(frozen=True)
class Trial:
    """How a run is made: whose, on what, of which length, from which seed."""

    assignment: Assignment
    exam: Exam
    device: str
    seed: int = 0
    length: Length = "long"
    recipe_of_its_own: dict[str, Any] | None = None
    """What calibration tries in place of the declared recipe."""
    untrained_from: int | None = None
    """A seed from which "after" is built and not trained: what luck alone reaches."""

    @property
    def recipe(self) -> dict[str, Any]:
        if self.recipe_of_its_own is not None:
            return self.recipe_of_its_own
        training = self.assignment.training
        short = training.short_recipe if self.length == "short" else None
        return training.recipe if short is None else short

    @property
    def bars(self) -> dict[str, float]:
        return self.exam.short_bars if self.length == "short" else self.exam.bars


@dataclass(frozen=True)
class Made:
    """A run and what came out of it."""

    training: Training
    observed: Observed


def make(trial: Trial, start: Start, before: Mapping[str, Tensor] | None = None) -> Made:
    """One training run and its measures.

    Args:
        trial: how.
        start: starts the notebook in a fresh worker.
        before: embeddings before training of another run of the same notebook and seed.

    Raises:
        Failure: how the student's code ended the run, or the grader's own fault.
    """
    assignment, exam = trial.assignment, trial.exam
    settings, recipe = assignment.training, trial.recipe
    first = [name for name in settings.inputs if name.startswith("train_")]
    then = [name for name in settings.inputs if name not in first]
    spent = 0.0

    def build(student: RemoteStudent, seed: int) -> None:
        given = {"recipe": recipe, "seed": seed, "device": trial.device}
        student.training_step("build", **given, sample=exam.sample)

    def embed(student: RemoteStudent) -> dict[str, Tensor]:
        nonlocal spent
        _hand(student, exam, then)
        answer = student.training_step("embed")
        spent += _number(answer.get("cpu_seconds"))
        return _embeddings(answer.get("embeddings"), exam)

    if before is None:
        with start() as student:
            build(student, trial.seed)
            before = embed(student)
    with start() as student:
        trained: dict[str, Any] = {}
        other = trial.untrained_from
        build(student, trial.seed if other is None else other)
        if other is None:
            _hand(student, exam, first)
            trained = student.training_step("train", recipe=recipe)
        asked = measures.questions(assignment, exam)
        answers = student.training_step("answer", questions=asked) if asked else {}
        after = embed(student)
    if {n: x.shape for n, x in before.items()} != {n: x.shape for n, x in after.items()}:
        raise Crashed("ValueError", "embeddings change their shape")
    observed = Observed(before, after, _answers(answers), _numbers(trained.get("signals")))
    taken = measures.take(assignment, exam, observed)
    training = Training(
        corpus=exam.corpus,
        digest=exam.digest,
        length=trial.length,
        recipe=recipe,
        seed=trial.seed,
        measures=taken,
        bars=trial.bars,
        curves=_curves(trained.get("curves")),
        levels=levels(assignment, recipe),
        signals=dict(observed.signals),
        cpu_seconds=_number(trained.get("cpu_seconds")),
        embedding_seconds=spent,
    )
    return Made(training, replace(observed, measures=taken))


def levels(assignment: Assignment, recipe: Mapping[str, Any]) -> dict[str, tuple[float, str]]:
    """What each curve is compared with, and what that level means."""
    file = TrainingFile.of(assignment.training_source)
    return dict(file.levels(recipe)) if file.levels else {}


def shown(made: Made, exam: Exam) -> Training:
    """The run with a picture of its latent space: some clips of unheard speakers, in the plane."""
    unheard = torch.nonzero(~exam.is_train)[:, 0]
    chosen = unheard[projection.choose(len(unheard))]
    points = projection.tsne(features(made.observed.after, "after")[chosen])
    scale = max(float(abs(points).max()), 1e-12)
    update = {
        "points": [[round(float(x) / scale, 3) for x in point] for point in points],
        "labels": {
            "digit": [str(digit) for digit in exam.digits[chosen].tolist()],
            "speaker": [exam.speakers[clip] for clip in chosen.tolist()],
        },
    }
    return made.training.model_copy(update=update)


def _hand(student: RemoteStudent, exam: Exam, names: Iterable[str]) -> None:
    for name, clips in exam.handed(names).items():
        size = max(1, _PART // max(clips[0].nbytes, 1))
        for part in torch.split(clips, size):
            student.training_step("hand", name=name, clips=part)


def _embeddings(given: object, exam: Exam) -> dict[str, Tensor]:
    """The worker's embeddings, if they are [clips, dim] and finite, in the corpus's order.

    Raises:
        Crashed, Wrong: they are not.
    """
    if not isinstance(given, dict) or not 1 <= len(given) <= MAX_ENTRIES:
        raise Crashed("ValueError", "embed returns no embeddings")
    return {
        str(name)[:40]: exam.restored(_checked(x, len(exam.order))) for name, x in given.items()
    }


def _checked(value: object, clips: int) -> Tensor:
    if not isinstance(value, Tensor) or value.ndim != 2 or len(value) != clips:
        raise Crashed("ValueError", "the embeddings are not [clips, dim]")
    if not (value.is_floating_point() and 1 <= value.shape[1] <= MAX_DIM):
        raise Crashed("ValueError", f"embeddings of {value.dtype}, {value.shape[1]} dimensions")
    value = value.detach().double()
    if not value.isfinite().all():
        raise Wrong("training.not_finite", "embeddings are not finite")
    # Probes standardise, so scale says nothing; what would overflow is brought down.
    peak = value.abs().max()
    return (value / peak if peak > _LARGE else value).float()


def _answers(given: object) -> dict[str, Tensor]:
    items = list(given.items())[:MAX_ENTRIES] if isinstance(given, dict) else []
    return {str(n)[:40]: x.detach() for n, x in items if isinstance(x, Tensor)}


def _curves(given: object) -> dict[str, list[float]]:
    items = list(given.items())[:10] if isinstance(given, dict) else []
    return {
        str(name)[:40]: [_number(x) for x in curve[:10_000]]
        for name, curve in items
        if isinstance(curve, list)
    }


def _numbers(given: object) -> dict[str, float]:
    """Numbers by name; the worker's word, good for a flag or a hint and never for a point."""
    items = list(given.items())[:20] if isinstance(given, dict) else []
    return {str(name)[:40]: _number(value) for name, value in items}


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        return math.nan
