"""What staff read of a submission, beside what its student does: a plain dictionary."""

from __future__ import annotations

from autograder.course.results import SubmissionResult
from autograder.course.settings import TrainingSettings
from autograder.lms.marks import Marks
from autograder.report.run_view import measured, run_view
from autograder.report.student_page import View, student_view
from autograder.support.plaintext import plain
from autograder.support.words import duration

_MOST_LINES = 60


def staff_view(
    result: SubmissionResult,
    marks: Marks | None,
    training: TrainingSettings | None,
    name: str | None = None,
) -> View:
    """The same submission for staff: what was observed, the whole training run, the conditions."""
    view = student_view(result, marks, training, name)
    for shown, part in zip(view["parts"], result.parts, strict=True):
        shown["seconds"] = f"{sum(test.seconds for test in part.tests):.1f}"
        for line, test in zip(shown["tests"], part.tests, strict=True):
            line |= {
                "name": test.name,
                "where": plain(test.where or "", 200),
                "hint": test.hint,
                "hint_id": test.hint_id or "",
                "detail": plain(test.detail, 500),
            }
    run = result.training
    return view | {
        "training": run_view(result, training, staff=True),
        "run": None if run is None or training is None else _run_facts(result, training),
        "remarks": [
            {"kind": kind, "text": plain(text, 500)}
            for kind, texts in (
                ("flag", run.flags if run else []),
                ("repaired", result.repairs),
                ("older release", [f"asked anew since: {part}" for part in result.outdated]),
                ("note", result.notes),
            )
            for text in texts[:_MOST_LINES]
        ],
        "facts": {
            "Time": f"{duration(result.seconds)}, {duration(result.cpu_seconds)} of CPU time",
            "PyTorch": result.environment.torch,
            "Python": result.environment.python,
            "Device": result.environment.device,
            "Threads": str(result.environment.threads),
            "Isolation": f"level {result.environment.level}",
            "Suites": result.environment.suites[:12],
            "Key": result.key,
        },
    }


def _run_facts(result: SubmissionResult, training: TrainingSettings) -> dict[str, str]:
    """What is on record of a run besides its measures, curves and pictures."""
    run = result.training
    assert run is not None
    titles = {measure.name: measure.title for measure in training.measure}
    signals = list(run.signals.items())[:_MOST_LINES]
    return {
        "Corpus": f"{run.corpus}, {run.digest[:12]}",
        "Run": f"{run.length}, seed {run.seed}; {run.runs} made, diagnosis included",
        "Recipe": ", ".join(f"{key} {value}" for key, value in run.recipe.items()) or "–",
        "CPU time": f"{duration(run.cpu_seconds)} of steps, "
        f"{duration(run.embedding_seconds)} of embedding",
        "What holds it back": run.cause or "–",
        **{
            f"With the reference: {titles.get(name, name)}": measured(value)
            for name, value in run.stand_in.items()
        },
        **{f"Signal {plain(name, 40)}": f"{value:.4g}" for name, value in signals},
    }
