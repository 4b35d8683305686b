"""The picture of a calibration: every run, the tiers' bars, and whether training found views."""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

from autograder.course.settings import CorpusCalibration, VariantRuns
from autograder.support import files

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = {"reference": "#1b4f8a", "views": "#8a8a8a", "right": "#4c8fc4", "wrong": "#d55e00"}
"""Of each kind of variant; in this order they are drawn, from the top."""

Rows = list[tuple[str, VariantRuns]]


def draw(calibration: CorpusCalibration, title: str, path: Path) -> None:
    """Write a PNG with one row per variant, kind by kind, the best mean of each on top.

    Variants that never ran to their end are counted in the title. On the left a dot for every
    run's accuracy, and the bars of the tiers; on the right how often the two views of a clip
    find each other, before training and after it.

    Args:
        calibration: what to draw.
        title: above the picture.
        path: where it goes.
    """
    from matplotlib.figure import Figure

    ended = {name: runs for name, runs in calibration.variants.items() if runs.signals}
    if left_out := len(calibration.variants) - len(ended):
        title += f" (and {left_out} variants that cannot be trained)"
    kinds = list(reversed(_COLOURS))
    rows = sorted(
        ended.items(), key=lambda item: (kinds.index(item[1].kind), mean(item[1].accuracies))
    )
    figure = Figure(figsize=(11, 1.8 + 0.17 * len(rows)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(2, 1))
    _accuracies(left, rows, calibration)
    _retrieval(right, rows)
    for height, (name, _) in enumerate(rows):
        place = right.get_yaxis_transform()
        right.text(1.01, height, name, va="center", fontsize=5.5, transform=place)
    left.set(yticks=[], ylim=(-1, len(rows)))
    figure.suptitle(title)
    for axes in (left, right):
        handles, labels = axes.get_legend_handles_labels()
        unique = dict(zip(labels, handles, strict=True))
        where: dict[str, Any] = {
            "loc": "lower center",
            "bbox_to_anchor": (0.5, 1.0),
            "frameon": False,
        }
        axes.legend(unique.values(), unique.keys(), fontsize=7, ncols=3, **where)
    with files.atomic(path) as temporary:
        figure.savefig(temporary, format="png", dpi=130)


def _accuracies(axes: Axes, rows: Rows, calibration: CorpusCalibration) -> None:
    for height, (_, runs) in enumerate(rows):
        heights = [height] * len(runs.accuracies)
        look: dict[str, Any] = {"color": _COLOURS[runs.kind], "alpha": 0.7, "label": runs.kind}
        axes.plot(runs.accuracies, heights, ".", **look)
    untrained = calibration.untrained
    axes.axvspan(min(untrained), max(untrained), color="0.92", label="untrained reference")
    axes.axvline(calibration.log_mel, color="0.4", linestyle=":", label="log-mel, no network")
    words = f"threshold {calibration.threshold:.3f}"
    axes.axvline(calibration.threshold, color="black", linestyle="--", label=words)
    axes.set_xlabel(f"linear probe on unheard speakers, {calibration.steps} steps")


def _retrieval(axes: Axes, rows: Rows) -> None:
    for height, (_, runs) in enumerate(rows):
        before, after = (runs.signals.get(n) for n in ("retrieval_before", "retrieval_top1"))
        if before is not None and after is not None:
            axes.plot([before, after], [height] * 2, "-", color="0.8", linewidth=0.8)
            axes.plot(before, height, "|", color="0.3", label="before training")
            axes.plot(after, height, ".", color=_COLOURS[runs.kind], label="after training")
    axes.set_xlabel("views that find their partner")
