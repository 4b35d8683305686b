"""The figures of the seminar: what goes in, what two views look like, what came out.

Every function returns a matplotlib figure that is closed already: a notebook shows it once, as
the value of its cell, with a description for who does not see it. Colour never carries a meaning
alone, and colour-blind readers can tell the colours apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray
from torch import Tensor

from autograder.lab import projection
from autograder.lab.describing import curve_in_words, described, measures_in_words
from autograder.support.sentences import say
from spoken_digits.features import F_MAX, F_MIN, HOP

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#8A8A8A"
# Okabe and Ito's palette, its yellow darkened to be read on white, and two more.
PALETTE = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B", "#56B4E9", "#000000", "#882255",
    "#E69F00", "#6A51A3",
)  # fmt: skip
MARKERS = "os^Dv<>PXp"

_STYLE: Any = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.labelcolor": "#444444",
    "axes.edgecolor": "#888888",
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "legend.frameon": False,
    "figure.dpi": 110,
    "figure.constrained_layout.use": True,
}

P = ParamSpec("P")


def _drawn(draw: Callable[P, tuple[Figure, str]]) -> Callable[P, Figure]:
    """Draw in the style of the seminar; the figure is closed and carries its description."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with plt.rc_context(_STYLE):
            return described(*draw(*args, **kwargs))

    return drawn


@_drawn
def wave(
    samples: Tensor, sample_rate: int = 8000, title: str = say("plots.clip")
) -> tuple[Figure, str]:
    """A waveform [samples] over time in seconds."""
    figure, axes = plt.subplots(figsize=(7, 2))
    values = samples.detach().cpu().numpy()
    axes.plot(np.arange(len(values)) / sample_rate, values, color=BLUE, linewidth=0.6)
    axes.margins(x=0)
    axes.set(title=title, xlabel=say("plots.time"), ylabel=say("plots.amplitude"))
    low, high = _range(samples)
    seconds = len(values) / sample_rate
    return figure, say("figures.wave", title=title, seconds=seconds, low=low, high=high)


@_drawn
def log_mel(
    mel: Tensor, sample_rate: int = 8000, title: str = say("plots.log_mel")
) -> tuple[Figure, str]:
    """A log-mel spectrogram [bands, frames] over time in seconds."""
    figure, axes = plt.subplots(figsize=(7, 2.6))
    image = _show(axes, mel, sample_rate, *_range(mel))
    heard = say("plots.from_to", low=F_MIN, high=F_MAX / 1000)
    axes.set(title=title, xlabel=say("plots.time"), ylabel=heard)
    figure.colorbar(image, ax=axes, label=say("plots.standardised"), pad=0.01)
    bands, frames = mel.shape
    seconds = frames * HOP / sample_rate
    return figure, say("figures.log_mel", title=title, bands=bands, seconds=seconds)


@_drawn
def views(
    mels: Tensor, views_a: Tensor, views_b: Tensor, sample_rate: int = 8000
) -> tuple[Figure, str]:
    """Clips and two augmented views of each, side by side on one colour scale; a clip per row.

    Args:
        mels, views_a, views_b: log-mels [clips, bands, frames], or [bands, frames] of one clip.
        sample_rate: Hz, of the waves behind the log-mels.
    """
    columns = [x if x.ndim == 3 else x[None] for x in (mels, views_a, views_b)]
    rows, limits = len(columns[0]), _range(columns[0])
    figure, grid = plt.subplots(
        rows, 3, figsize=(9.5, 0.8 + 1.7 * rows), sharex=True, sharey=True, squeeze=False
    )
    for row, images in zip(grid, zip(*columns, strict=True), strict=True):
        for axes, image in zip(row, images, strict=True):
            shown = _show(axes, image, sample_rate, *limits)
    titles = (say("plots.the_clip"), say("plots.view_a"), say("plots.view_b"))
    for axes, title in zip(grid[0], titles, strict=True):
        axes.set_title(title)
    figure.supxlabel(say("plots.time"), fontsize=10, color="#444444")
    figure.supylabel(say("plots.band"), fontsize=10, color="#444444")
    figure.colorbar(shown, ax=grid, label=say("plots.power"), pad=0.01)
    return figure, say("figures.view" if rows == 1 else "figures.views", clips=rows)


@_drawn
def curve(
    values: Sequence[float],
    title: str = say("plots.loss"),
    level: tuple[float, str] | None = None,
) -> tuple[Figure, str]:
    """A value of every step of a training run, and its running mean.

    Args:
        values: one per step; those that are not finite are left out.
        title: what they are.
        level: a value to compare with, drawn as a line, and what it means.
    """
    figure, axes = plt.subplots(figsize=(7, 3))
    finite = np.where(np.isfinite(values), values, np.nan)
    axes.plot(np.arange(1, len(finite) + 1), finite, color=BLUE, linewidth=0.8, alpha=0.45)
    axes.plot(*_running_mean(finite), color=BLUE, linewidth=2, label=say("plots.mean"))
    shown = [*finite[np.isfinite(finite)], *([level[0]] if level else [])]
    axes.set(title=title, xlabel=say("plots.step"), ylabel=say("plots.loss_axis"))
    low, high = min([0.0, *shown]), max([0.0, *shown])
    axes.set_ylim(1.12 * low, 1.12 * high or 1.0)
    axes.margins(x=0.01)
    if level:
        axes.axhline(level[0], color=GREY, linestyle="--", linewidth=1)
        axes.annotate(
            level[1],
            (1, level[0]),
            xycoords=("axes fraction", "data"),
            xytext=(0, 4),
            textcoords="offset points",
            ha="right",
            color="#555555",
            fontsize=9,
        )
    axes.legend(loc="lower left", borderaxespad=0)
    return figure, curve_in_words(finite[np.isfinite(finite)], title, level)


@_drawn
def measures(
    values: Mapping[str, float], bars: Mapping[str, float] | None = None
) -> tuple[Figure, str]:
    """Measures of a training run as horizontal bars, each against what it has to exceed.

    Args:
        values: title to value, usually 0 to 1; those with a bar are drawn in colour.
        bars: title of a measure to what it has to exceed.
    """
    bars = bars or {}
    figure, axes = plt.subplots(figsize=(7, 1.1 + 0.5 * len(values)))
    colours = [BLUE if title in bars else GREY for title in values]
    if not bars:
        colours[-1] = BLUE
    drawn = axes.barh(list(values), list(values.values()), color=colours, height=0.62)
    axes.bar_label(drawn, [f"{value:.1%}" for value in values.values()], padding=6)
    for row, title in enumerate(values):
        if title in bars:
            axes.plot([bars[title]] * 2, [row - 0.4, row + 0.4], color=ORANGE, linewidth=2.4)
            axes.annotate(
                say("plots.bar", bar=bars[title]),
                (bars[title], row - 0.4),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                color=ORANGE,
                fontsize=9,
            )
    axes.invert_yaxis()
    axes.set_ylim(len(values) - 0.4, -0.75)
    axes.set_xlim(min(0.0, *values.values()), 1.12)
    axes.set_xticks(np.linspace(0, 1, 6), [f"{x:.0%}" for x in np.linspace(0, 1, 6)])
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(say("plots.unheard"))
    return figure, measures_in_words(values, bars)


@_drawn
def latent(
    embeddings: Tensor,
    digits: Tensor,
    speakers: Sequence[str],
    *,
    clips: int = projection.CLIPS,
    seed: int = 0,
) -> tuple[Figure, str]:
    """t-SNE of the latent space, coloured by digit and, beside it, by speaker.

    Args:
        embeddings: [clips, dim], at least four clips.
        digits: [clips].
        speakers: name of each clip's speaker.
        clips: how many to draw, chosen by ``seed`` if there are more.
        seed: of the choice and of t-SNE.
    """
    chosen = projection.choose(len(embeddings), clips, seed)
    points = projection.tsne(embeddings[chosen], seed)
    labels, names = digits.cpu().numpy()[chosen], np.array(speakers)[chosen.numpy()]
    figure, (by_digit, by_speaker) = plt.subplots(1, 2, figsize=(10, 4.6))
    for i, digit in enumerate(np.unique(labels)):
        x, y = points[labels == digit].T
        colour = PALETTE[i % len(PALETTE)]
        by_digit.scatter(x, y, s=34, marker=f"${digit}$", color=colour, linewidths=0.2)
    voices = np.unique(names)
    for i, name in enumerate(voices):
        x, y = points[names == name].T
        colour, marker = PALETTE[i % len(PALETTE)], MARKERS[i % len(MARKERS)]
        by_speaker.scatter(x, y, s=16, alpha=0.8, color=colour, marker=marker, label=name)
    for axes, title in (
        (by_digit, say("plots.by_digit")),
        (by_speaker, say("plots.by_speaker")),
    ):
        axes.set(title=title, xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    if len(voices) <= len(PALETTE):
        by_speaker.legend(loc="upper left", bbox_to_anchor=(1, 1), borderaxespad=0)
    return figure, say("figures.latent", clips=len(points), speakers=", ".join(voices))


def _show(axes: Axes, mel: Tensor, sample_rate: int, low: float, high: float) -> AxesImage:
    """Draw one log-mel [bands, frames]."""
    bands, frames = mel.shape
    return axes.imshow(
        mel.detach().cpu().numpy(),
        origin="lower",
        aspect="auto",
        cmap="magma",
        extent=(0, frames * HOP / sample_rate, 0, bands),
        vmin=low,
        vmax=high,
    )


def _range(mel: Tensor) -> tuple[float, float]:
    return float(mel.min()), float(mel.max())


def _running_mean(
    values: NDArray[np.float64], width: int = 9
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Steps, counted from 1, and the mean of ``width`` values around each."""
    width = max(1, min(width, len(values)))
    steps = np.arange(len(values) - width + 1, dtype=np.float64) + (width + 1) / 2
    means = [float(values[i : i + width].mean()) for i in range(len(steps))]
    return steps, np.array(means, np.float64)
