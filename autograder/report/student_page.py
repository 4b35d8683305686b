"""What a student's own page says: a plain dictionary for the template.

It is made from the few fields a student may read; nothing else of a result reaches the page.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograder.course.results import PartResult, SubmissionResult, Training
from autograder.course.words import number, percent, shown_name
from autograder.lab.testing.outcomes import OUTCOMES
from autograder.report import charts
from autograder.support.plaintext import plain
from autograder.tsne import tsne

View = dict[str, Any]

_MOST_POINTS = 200


def student_view(result: SubmissionResult, hand: float | None) -> View:
    """One student's page. Of a test: demand, outcome, hint and where, and nothing more.

    Args:
        result: the submission.
        hand: points of the written answer, None if not graded yet.
    """
    graded = result.graded
    return {
        "name": shown_name(result),
        "graded": graded,
        "score": number(result.score),
        "max_score": number(result.max_score),
        "hand": None if hand is None else number(hand),
        "kit": result.environment.kit,
        "parts": [
            {
                "name": part.id,
                "score": number(part.score) if graded and part.outcome != "grader" else "–",
                "max_score": number(part.max_score),
                "outcome": part.outcome,
                "words": _part_words(part),
                "tests": _tests_view(part),
            }
            for part in result.parts
        ],
        "training": _training_view(result) if result.training else None,
    }


def _part_words(part: PartResult) -> str:
    asked = [test for test in part.tests if test.outcome != "skipped"]
    held = sum(test.held for test in asked)
    if held in (0, len(asked)):
        return OUTCOMES[part.outcome].words
    return f"{held} of {len(asked)} demands hold"


def _tests_view(part: PartResult) -> list[View]:
    """The demands of a part; a hint that answers several is said at the first of them."""
    said: set[str | None] = set()
    tests = []
    for test in part.tests:
        tests.append(
            {
                "demand": test.demand,
                "outcome": test.outcome,
                "words": OUTCOMES[test.outcome].words,
                "hint": None if test.hint in said else test.hint,
                "where": plain(test.where or "", 200),
            }
        )
        said.add(test.hint)
    return tests


def _training_view(result: SubmissionResult) -> View:
    run = result.training
    assert run is not None
    losses = [loss for loss in run.losses if charts.sane(loss)]
    level = _nothing_learned(run)
    rows: dict[str, float] = {
        "untrained encoder": run.untrained,
        "log-mel, no network": run.log_mel,
        "your encoder": run.accuracy,
    }
    view: View = {
        "steps": run.steps,
        "corpus": run.corpus,
        "replaced": [part.id for part in result.parts if part.replaced],
        "probe_chart": charts.bars(
            rows,
            ("threshold", run.threshold),
            "Probe accuracy: "
            + ", ".join(f"{name} {percent(value)}" for name, value in rows.items())
            + f", threshold {percent(run.threshold)}",
        ),
        "probe_words": _probe_words(run),
        "loss_chart": "",
        "digit_chart": "",
    }
    if losses:
        words = f"The loss began at {losses[0]:.2f} and ended at {losses[-1]:.2f}."
        if level is not None:
            words += f" A loss of ln(2N−1) = {level:.2f} is that of embeddings that tell no pair"
            words += " from another."
        if len(losses) < len(run.losses):
            first = next(i for i, loss in enumerate(run.losses) if not charts.sane(loss))
            step = round((first + 1) * run.steps / len(run.losses))
            words += f" It stopped being a usable number at step {step}."
        view["loss_chart"] = charts.curve(run.losses, run.steps, level, words)
        view["loss_words"] = words
    shown = [
        (point, str(digit), plain(speaker, 14))
        for point, digit, speaker in zip(
            run.latent, run.latent_digits, run.latent_speakers, strict=False
        )
        if len(point) == len(run.latent[0]) and all(map(math.isfinite, point))
    ][:_MOST_POINTS]
    if shown:
        points = tsne(np.array([point for point, _, _ in shown])).tolist()
        view["digit_chart"] = charts.scatter(
            points, [d for _, d, _ in shown], "t-SNE of the test clips by digit", glyphs=True
        )
        view["speaker_chart"] = charts.scatter(
            points, [s for _, _, s in shown], "t-SNE of the test clips by speaker", glyphs=False
        )
    return view


def _nothing_learned(run: Training) -> float | None:
    """ln(2N-1): the contrastive loss of N pairs whose views are all equally similar."""
    pairs = run.diagnostics.get("pairs", 0.0)
    return math.log(2 * pairs - 1) if charts.sane(pairs) and pairs >= 2 else None


def _probe_words(run: Training) -> str:
    words = f"Accuracy of a linear probe on speakers never heard: {percent(run.accuracy)}"
    words += f", {'above' if run.accuracy > run.threshold else 'not above'} the threshold"
    words += f" of {percent(run.threshold)}."
    if run.knn is not None:
        words += f" Nearest neighbours instead of the probe: {percent(run.knn)}."
    if run.stand_in is not None:
        words += f" With our encoder in place of yours, your views reach {percent(run.stand_in)}."
        words += " That run counts, since your encoder has been marked already."
        if run.held_back:
            words += f" {run.held_back}"
    return words
