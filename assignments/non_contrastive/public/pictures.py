"""Pictures of this notebook: collapse, targets, correlations, spectra, comparisons.

Every function returns a matplotlib figure that is closed already: a notebook shows it once, as
the value of its cell, with a description for who does not see it. What a colour says a label or a
line style says too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from autograder.lab.describing import described

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B")
LINES = ("-", "--", "-.", ":")
GREY = "#8A8A8A"


def histories(runs: Mapping[str, Mapping[str, Sequence[float]]]) -> Figure:
    """What was watched over the steps of several runs, a panel for each quantity.

    Args:
        runs: name of a run, to name of a quantity, to its value at every step.
    """
    quantities = list(next(iter(runs.values())))
    figure, panels = plt.subplots(
        1, len(quantities), figsize=(3.4 * len(quantities), 3), layout="constrained"
    )
    for axes, quantity in zip(np.atleast_1d(panels), quantities, strict=True):
        for i, (name, seen) in enumerate(runs.items()):
            steps = np.arange(1, len(seen[quantity]) + 1)
            axes.plot(steps, seen[quantity], LINES[i % 4], color=COLOURS[i], label=name)
        _plain(axes, quantity, "step")
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
    )
    ends = [
        f"{name}: {quantity} ends at {seen[quantity][-1]:.3g}"
        for name, seen in runs.items()
        for quantity in quantities
    ]
    return described(figure, f"Curves over the steps of several runs. {'; '.join(ends)}.")


def targets(behind: Mapping[float, Sequence[float]], schedule: Sequence[float]) -> Figure:
    """Targets of several momenta behind a jump at step 10, and a schedule of momenta."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    steps = np.arange(len(next(iter(behind.values()))))
    left.plot(steps, steps >= 10, color=GREY, linewidth=3, alpha=0.5, label="online")
    for i, (momentum, values) in enumerate(behind.items()):
        left.plot(steps, values, LINES[i % 4], color=COLOURS[i], label=f"target, {momentum:g}")
    _plain(left, "a weight, and the targets behind it", "step")
    left.legend(frameon=False, loc="center right")
    right.plot(schedule, color=COLOURS[0])
    _plain(right, "momentum_at", "step")
    ends = ", ".join(
        f"{momentum:g} ends at {values[-1]:.2f}" for momentum, values in behind.items()
    )
    return described(
        figure,
        f"Left: a weight that jumps from 0 to 1 at step 10, and the targets behind it by momentum: "
        f"{ends}. Right: momentum_at, from {schedule[0]:.4f} to {schedule[-1]:.4f}.",
    )


def matrices(named: Mapping[str, Tensor]) -> Figure:
    """Correlation matrices [dim, dim] side by side, on one scale from -1 to 1."""
    figure, panels = plt.subplots(
        1, len(named), figsize=(3.6 * len(named), 3.6), layout="constrained"
    )
    for axes, (name, matrix) in zip(np.atleast_1d(panels), named.items(), strict=True):
        shown = axes.imshow(matrix.numpy(), cmap="RdBu_r", vmin=-1, vmax=1)
        axes.set_title(name, loc="left", fontsize=11)
        axes.set_xlabel("dimension of view b")
    np.atleast_1d(panels)[0].set_ylabel("dimension of view a")
    figure.colorbar(shown, ax=panels, label="correlation", pad=0.02)
    sizes = ", ".join(
        f"{name}: mean size off the diagonal {_off_diagonal(m):.2f}" for name, m in named.items()
    )
    return described(figure, f"Correlations of the dimensions of two views. {sizes}.")


def _off_diagonal(matrix: Tensor) -> float:
    """Mean size of the entries of [dim, dim] beside the diagonal."""
    beside = matrix - matrix.diag().diag()
    return float(beside.abs().sum()) / (len(matrix) * (len(matrix) - 1))


def spectra(named: Mapping[str, Tensor]) -> Figure:
    """Singular values, largest first, as shares of their sum on a logarithmic scale."""
    figure, axes = plt.subplots(figsize=(8, 3.4), layout="constrained")
    for i, (name, values) in enumerate(named.items()):
        shares = (values / values.sum()).clamp_min(1e-7).numpy()
        axes.semilogy(
            np.arange(1, len(shares) + 1), shares, LINES[i % 4], color=COLOURS[i], label=name
        )
    _plain(axes, "singular values of what the loss compares, as shares", "number")
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    first = ", ".join(f"{name} {values[0] / values.sum():.2f}" for name, values in named.items())
    return described(
        figure, f"Singular values as shares of their sum, falling; the largest of each: {first}."
    )


def comparison(accuracies: Mapping[str, Mapping[str, float]]) -> Figure:
    """Accuracies, 0 to 1, of several ways to describe a clip by several probes.

    Args:
        accuracies: name of a probe, to name of a way, to accuracy.
    """
    names = list(next(iter(accuracies.values())))
    figure, axes = plt.subplots(figsize=(8, 0.8 + 0.55 * len(names)), layout="constrained")
    rows, height = np.arange(len(names)), 0.8 / len(accuracies)
    for i, (probe, values) in enumerate(accuracies.items()):
        bars = axes.barh(
            rows + i * height,
            [values[n] for n in names],
            0.92 * height,
            color=COLOURS[i],
            label=probe,
        )
        axes.bar_label(bars, [f"{values[n]:.1%}" for n in names], padding=4, fontsize=9)
    axes.set_yticks(rows + height * (len(accuracies) - 1) / 2, names)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.08)
    _plain(axes, "digits of unheard speakers that a linear probe reads", "accuracy")
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    told = "; ".join(
        f"{probe}: " + ", ".join(f"{name} {value:.1%}" for name, value in values.items())
        for probe, values in accuracies.items()
    )
    return described(figure, f"Digits of unheard speakers that a linear probe reads. {told}.")


def _plain(axes: Axes, title: str, xlabel: str) -> None:
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_xlabel(xlabel)
    axes.spines[["top", "right"]].set_visible(False)
