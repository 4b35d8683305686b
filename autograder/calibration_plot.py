"""The picture of a calibration: every run, the baselines, and the threshold."""

from __future__ import annotations

from pathlib import Path

from autograder import files
from autograder.settings import CorpusCalibration

_COLOURS = {"reference": "#1b4f8a", "right": "#4c8fc4", "views": "#8a8a8a", "wrong": "#d55e00"}


def draw(calibration: CorpusCalibration, title: str, path: Path) -> None:
    """Write a PNG with one row of dots per variant, best mean on top.

    Args:
        calibration: what to draw.
        title: above the picture.
        path: where it goes.
    """
    from matplotlib.figure import Figure

    rows = sorted(
        calibration.variants.items(),
        key=lambda item: sum(item[1].accuracies) / len(item[1].accuracies),
    )
    figure = Figure(figsize=(8, 1.6 + 0.17 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for height, (name, runs) in enumerate(rows):
        axes.plot(
            runs.accuracies,
            [height] * len(runs.accuracies),
            ".",
            color=_COLOURS[runs.kind],
            alpha=0.7,
            label=runs.kind,
        )
        axes.text(
            1.005, height, name, va="center", fontsize=5.5, transform=axes.get_yaxis_transform()
        )
    untrained = calibration.untrained
    axes.axvspan(min(untrained), max(untrained), color="0.9", label="untrained reference")
    axes.axvline(calibration.log_mel, color="0.4", linestyle=":", label="log-mel, no network")
    axes.axvline(
        calibration.threshold,
        color="black",
        linestyle="--",
        label=f"threshold {calibration.threshold:.3f}",
    )
    axes.set(
        xlabel=f"linear probe on unheard speakers, {calibration.steps} steps",
        title=title,
        yticks=[],
        ylim=(-1, len(rows)),
    )
    handles, labels = axes.get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    axes.legend(unique.values(), unique.keys(), fontsize=7, loc="lower left")
    with files.atomic(path) as temporary:
        figure.savefig(temporary, format="png", dpi=130)
