"""What is measured of a training run, outside the wall: built-in probes, and measures.py."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import Tensor

from autograder.course.assignment import Assignment
from autograder.course.calibration import CorpusCalibration
from autograder.course.settings import Measure
from autograder.grading.exam import Exam
from autograder.lab.probing import PROBES, pooled_log_mel
from autograder.lab.testing.failures import Crashed, Failure, GraderFault
from autograder.lab.training import TrainingFile, features
from autograder.support.errors import SpeechmarkError

_WORSE = 0.03
"""By so much a beginning must fall below every one on record to be looked at."""


@dataclass(frozen=True)
class Observed:
    """What came out of the wall, in the order of the corpus; what a measure is taken of."""

    before: Mapping[str, Tensor]
    """Embeddings [clips, dim] before training, by the names that ``embed`` gives them."""
    after: Mapping[str, Tensor]
    answers: Mapping[str, Tensor] = field(default_factory=dict)
    signals: Mapping[str, float] = field(default_factory=dict)
    measures: Mapping[str, float] = field(default_factory=dict)
    """Those taken already."""


def take(assignment: Assignment, exam: Exam, run: Observed) -> dict[str, float]:
    """Every declared measure of a run, by name; each may use those declared before it.

    Raises:
        Crashed: the embeddings or answers are not such that they can be measured.
    """
    taken: dict[str, float] = {}
    for measure in assignment.training.measure:
        taken[measure.name] = _take(assignment, measure, exam, replace(run, measures=taken))
    return taken


def _take(assignment: Assignment, measure: Measure, exam: Exam, run: Observed) -> float:
    try:
        if is_built_in(measure):
            embeddings = run.before if measure.of.startswith("before") else run.after
            return of_embeddings(measure, exam, embeddings)
        return float(_own(assignment, measure.by)(run, exam))
    except Failure:
        raise
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as e:
        raise Crashed("ValueError", f"measure {measure.name}: {type(e).__name__}: {e}") from e


def is_built_in(measure: Measure) -> bool:
    """Whether a measure needs no code of the assignment's."""
    return measure.by in PROBES


def of_embeddings(measure: Measure, exam: Exam, embeddings: Mapping[str, Tensor]) -> float:
    """A built-in measure of any embeddings, whichever the measure is declared of."""
    if measure.of == "log_mel":
        return _of_log_mel(exam, measure.by)
    return exam.probe(features(embeddings, measure.of), measure.by)


@lru_cache(maxsize=8)
def _of_log_mel(exam: Exam, by: str) -> float:
    """The baseline without a network, the same for every run."""
    return exam.probe(pooled_log_mel(exam.mels), by)


def questions(assignment: Assignment, exam: Exam) -> dict[str, Tensor]:
    """What a trained model is asked before it is handed clips of unheard speakers."""
    ask = getattr(_module(assignment.measures_file), "questions", None)
    return dict(ask(exam)) if ask else {}


def flags(assignment: Assignment, run: Any, calibration: CorpusCalibration | None) -> list[str]:
    """What staff should look at in a run on record; nothing where nothing is calibrated."""
    if calibration is None:
        return []
    look = getattr(_module(assignment.measures_file), "flags", None)
    own = list(look(run, calibration)) if look else []
    return [*own, *_pretences(assignment, run, calibration)]


def _pretences(assignment: Assignment, run: Any, calibration: CorpusCalibration) -> list[str]:
    """Code can know that it was never trained, and answer with nothing so as to gain more later."""
    declared = assignment.training.measure
    found = []
    for after in assignment.training.calibrated:
        lowest = calibration.lowest(after.name, "untrained")
        for begun in declared:
            of_the_beginning = begun.of.startswith("before") and begun.by == after.by
            if of_the_beginning and run.measures[begun.name] < lowest - _WORSE:
                value = run.measures[begun.name]
                found.append(f"untrained it is worse than any network on record ({value:.3f})")
    return found


def check(assignment: Assignment) -> None:
    """Whether ``training.py`` and ``measures.py`` can be executed and hold what is declared.

    Raises:
        SpeechmarkError: they do not.
    """
    try:
        file = TrainingFile.of(assignment.training_source)
        asks = hasattr(_module(assignment.measures_file), "questions")
    except GraderFault as fault:
        raise SpeechmarkError(f"{assignment.name}: {fault}") from fault
    if asks and file.answer is None:
        raise SpeechmarkError(
            f"{assignment.training_file} defines no answer(model, questions), and "
            f"{assignment.measures_file} defines questions."
        )
    for measure in assignment.training.measure:
        if measure.by not in PROBES:
            _own(assignment, measure.by)


def _own(assignment: Assignment, name: str) -> Callable[[Observed, Exam], float]:
    module = _module(assignment.measures_file)
    function = getattr(module, name, None)
    if not callable(function):
        own = [n for n, f in vars(module).items() if callable(f) and not n.startswith("_")]
        raise SpeechmarkError(
            f"{assignment.folder / 'assignment.toml'}: by = {name!r} is neither built in "
            f"({', '.join(PROBES)}) nor a function of measures.py ({', '.join(own) or 'none'})."
        )
    return function  # type: ignore[no-any-return]


def _module(file: Path) -> ModuleType:
    return _load(file, file.stat().st_mtime_ns if file.is_file() else 0)


@cache
def _load(file: Path, _changed: int) -> ModuleType:
    """``measures.py`` as a module, an empty one if there is none."""
    if not file.is_file():
        return ModuleType("measures")
    spec = importlib.util.spec_from_file_location(f"measures_{file.parent.name}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise GraderFault(f"{file}: {type(error).__name__}: {error}") from error
    return module
