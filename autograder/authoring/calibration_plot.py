"""The picture of a calibration: every run of every variant against the bars."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, get_args

from autograder.course.calibration import CorpusCalibration, Kind, Variant
from autograder.course.settings import TrainingSettings
from autograder.support import files

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LOOK: dict[str, tuple[str, str]] = {
    "reference": ("#1b4f8a", "the reference"),
    "free": ("#009e73", "right, of a free part"),
    "stood_in": ("#56b4e9", "right, the reference stands in where it is short"),
    "tenth": ("#b8860b", "a tenth of the steps"),
    "untrained": ("#8a8a8a", "untrained"),
    "wrong": ("#d55e00", "wrong"),
}
"""Colour and words of each kind of variant; in this order they are drawn, from the top."""

Rows = list[tuple[str, Variant]]


def draw(
    calibration: CorpusCalibration, settings: TrainingSettings, title: str, path: Path
) -> None:
    """Write a PNG: a panel for each calibrated measure, a row for each variant.

    Rows are sorted kind by kind, the best mean of each on top. Variants that never ran to their
    end are counted in the title.

    Args:
        calibration: what to draw.
        settings: the measures' titles.
        title: above the picture.
        path: where it goes.
    """
    from matplotlib.figure import Figure

    headline = settings.headline.name
    ended = {name: v for name, v in calibration.variants.items() if v.of(headline)}
    if left_out := len(calibration.variants) - len(ended):
        title += f" (variants that cannot be trained: {left_out})"
    kinds = list(reversed(_LOOK))
    rows = sorted(
        ended.items(), key=lambda item: (kinds.index(item[1].kind), fmean(item[1].of(headline)))
    )
    panels = settings.calibrated
    figure = Figure(figsize=(6.5 * len(panels) + 3, 2.2 + 0.17 * len(rows)), layout="constrained")
    grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, measure in zip(grid, panels, strict=True):
        _panel(axes, rows, measure.name, calibration)
        axes.set_xlabel(measure.title)
        axes.set(yticks=[], ylim=(-1, len(rows)))
    place = grid[-1].get_yaxis_transform()
    for height, (name, _) in enumerate(rows):
        grid[-1].text(1.01, height, name, va="center", fontsize=5.5, transform=place)
    figure.suptitle(title)
    handles, labels = grid[0].get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    where: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "frameon": False}
    grid[0].legend(unique.values(), unique.keys(), fontsize=7, ncols=2, **where)
    with files.atomic(path) as temporary:
        figure.savefig(temporary, format="png", dpi=130)


def _panel(axes: Axes, rows: Rows, measure: str, calibration: CorpusCalibration) -> None:
    for height, (_, variant) in enumerate(rows):
        colour, words = _LOOK[variant.kind]
        values = variant.of(measure)
        axes.plot(values, [height] * len(values), ".", color=colour, alpha=0.7, label=words)
        short = [value for value in variant.short.get(measure, ()) if value is not None]
        if short:
            look: dict[str, Any] = {"color": colour, "alpha": 0.5, "label": "after the short run"}
            axes.plot(short, [height] * len(short), "|", **look)
    bar = calibration.bars[measure]
    axes.axvline(bar, color="black", linestyle="--", label=f"bar {bar:.3f}")


assert set(_LOOK) == set(get_args(Kind))
