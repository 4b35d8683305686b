"""The figures of this seminar: tokens, units, masks, gaps, and how far a token hears.

Every function returns a matplotlib figure that is closed already: a notebook shows it once, with a
description for who does not see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from torch import Tensor, nn

from autograder.lab.describing import described
from autograder.lab.plots import BLUE, GREY, ORANGE, PALETTE

SAMPLES_PER_TOKEN = 256
"""At 8 kHz: two frames of 128 samples."""

UNIT_COLOURS = ListedColormap(
    [0.5 + 0.5 * np.array(plt.get_cmap("hsv")(i / 32)) for i in range(32)]
)
"""A colour of its own for each of 32 clusters; the number beside it says which."""


def tokens(mels: Tensor, speech: Tensor, digits: Sequence[int]) -> Figure:
    """Clips [n, 40, frames] with the borders of their tokens; what is no speech is greyed."""
    figure, grid = _rows(len(mels), 1.7)
    for axes, mel, spoken, digit in zip(grid, mels, speech, digits, strict=True):
        _show(axes, mel)
        count = len(spoken)
        for token in range(1, count):
            axes.axvline(2 * token - 0.5, color="white", linewidth=0.4, alpha=0.6)
        axes.axvspan(2 * int(spoken.sum()) - 0.5, 2 * count - 0.5, color=GREY, alpha=0.55)
        axes.set_title(f"{digit}: {int(spoken.sum())} tokens of speech", loc="left", fontsize=10)
    told = ", ".join(f"{d} has {int(s.sum())}" for d, s in zip(digits, speech, strict=True))
    alt = f"Spectrograms cut into tokens of two frames; tokens of speech: {told}."
    return _finished(figure, grid, alt)


def units(mels: Tensor, labels: Tensor, speech: Tensor) -> Figure:
    """Clips with a strip of their units: a colour and a number for each token of speech."""
    figure, grid = _rows(len(mels), 1.9)
    for axes, mel, row, spoken in zip(grid, mels, labels, speech, strict=True):
        _show(axes, mel)
        _strip(axes, row, spoken, y=-4.5)
    told = "; ".join(
        " ".join(str(int(unit)) for unit in row[spoken])
        for row, spoken in zip(labels, speech, strict=True)
    )
    return _finished(figure, grid, f"Spectrograms with the units of their tokens below: {told}.")


def sound_of_unit(
    waves: Tensor, labels: Tensor, speech: Tensor, unit: int, most: int = 60
) -> Tensor:
    """The sound of up to ``most`` tokens of one unit, one after the other, [samples].

    Args:
        waves: [clips, samples], 8 kHz, speech at the beginning of each clip.
        labels, speech: [clips, tokens].
        unit: whose tokens.
    """
    clip, token = ((labels == unit) & speech).nonzero(as_tuple=True)
    chosen = torch.randperm(len(clip), generator=torch.Generator().manual_seed(0))[:most]
    edge = torch.hann_window(64, periodic=False)
    window = torch.ones(SAMPLES_PER_TOKEN)
    window[:32], window[-32:] = edge[:32], edge[32:]
    pieces = []
    for c, t in zip(clip[chosen].tolist(), token[chosen].tolist(), strict=True):
        piece = waves[c, t * SAMPLES_PER_TOKEN : (t + 1) * SAMPLES_PER_TOKEN]
        if len(piece) == SAMPLES_PER_TOKEN:
            pieces.append(window * piece / piece.square().mean().sqrt().clamp_min(1e-4))
    return torch.cat(pieces) if pieces else torch.zeros(SAMPLES_PER_TOKEN)


def masks(mels: Tensor, hidden: Tensor, mask: Tensor) -> Figure:
    """Clips as they are and, beside them, as a network gets them."""
    figure, grid = plt.subplots(
        len(mels), 2, figsize=(9, 0.7 + 1.5 * len(mels)), squeeze=False, layout="constrained"
    )
    for row, mel, gaps, masked in zip(grid, mels, hidden, mask, strict=True):
        _show(row[0], mel)
        _show(row[1], gaps.detach(), like=mel)
        _frame_spans(row[1], masked)
    grid[0, 0].set_title("the clip", loc="left")
    grid[0, 1].set_title("what the network gets", loc="left")
    told = ", ".join(f"{int(m.sum())} of {len(m)}" for m in mask)
    alt = f"Spectrograms of clips, and beside them with tokens masked: {told}."
    return _finished(figure, grid.flatten(), alt)


def shares(values: Tensor, fraction: float = 0.5) -> Figure:
    """How much of each clip's speech is hidden, as a histogram."""
    figure, axes = plt.subplots(figsize=(6, 2.4), layout="constrained")
    axes.hist(values.numpy(), bins=np.linspace(0, 1, 41), color=BLUE)
    axes.axvline(fraction, color=ORANGE, linestyle="--", linewidth=1.4)
    axes.set(xlabel="share of a clip's speech that is hidden", ylabel="clips", xlim=(0, 1.02))
    axes.set_title(f"asked for: {fraction:g}; hidden on average: {values.mean():.2f}", loc="left")
    alt = (
        f"Histogram of the share of each clip's speech that is hidden: {values.mean():.2f} on "
        f"average, from {values.min():.2f} to {values.max():.2f}; asked for {fraction:g}."
    )
    return _finished(figure, [], alt)


def gap(
    mel: Tensor, mask: Tensor, truth: Tensor, predicted: Tensor, sounds: Tensor, speech: Tensor
) -> Figure:
    """What was there, what the network got, and what it predicts in the gap.

    Args:
        mel: [40, frames].
        mask, truth, predicted, speech: [tokens]; ``truth`` and ``predicted`` are units.
        sounds: [units, 40, 2], the average log-mel of each unit's tokens.
    """
    filled, got = mel.clone(), mel.clone()
    for token in mask.nonzero().flatten().tolist():
        filled[:, 2 * token : 2 * token + 2] = sounds[predicted[token]]
        got[:, 2 * token : 2 * token + 2] = torch.nan
    figure, grid = _rows(3, 1.8)
    right = int((truth == predicted)[mask].sum())
    titles = (
        "what was there, and its units",
        "what the network got",
        f"what it predicts: {right} of {int(mask.sum())} hidden units right",
    )
    for axes, image, title in zip(grid, (mel, got, filled), titles, strict=True):
        _show(axes, image, like=mel)
        axes.set_facecolor("#dddddd")
        axes.set_title(title, loc="left", fontsize=10)
        _frame_spans(axes, mask)
    _strip(grid[0], truth, speech, y=-4.5)
    _strip(grid[2], predicted, mask, y=-4.5)
    alt = (
        "Three spectrograms of a clip: as it was, as the network got it with gaps, and with the "
        f"sounds of the units it predicts in the gaps, {right} of {int(mask.sum())} right."
    )
    return _finished(figure, grid, alt)


def reach(context: nn.Module, mel: Tensor, token: int | None = None) -> Figure:
    """Which tokens of each layer move when one token of ``mel`` [40, frames] is changed."""
    token = mel.shape[1] // 4 if token is None else token
    louder = mel.clone()
    louder[:, 2 * token : 2 * token + 2] += 1
    training = context.training
    context.eval()
    with torch.no_grad():
        before, after = (context(x[None]) for x in (mel, louder))
    context.train(training)
    moved = torch.stack([(b - a)[0].norm(dim=1) for a, b in zip(before, after, strict=True)])
    moved = (moved / moved.amax(1, keepdim=True).clamp_min(1e-12)).clamp_min(1e-8)
    figure, axes = plt.subplots(figsize=(7, 0.9 + 0.35 * len(moved)), layout="constrained")
    image = axes.imshow(
        moved.log10().numpy(), aspect="auto", cmap="viridis", vmin=-6, vmax=0, origin="lower"
    )
    axes.set_yticks(range(len(moved)), [f"layer {i + 1}" for i in range(len(moved))])
    axes.set(xlabel="token", title=f"what moves when token {token} changes")
    figure.colorbar(image, ax=axes, label="log10 of the change", pad=0.01)
    far = ", ".join(str(int((row > 1e-6).sum())) for row in moved)
    alt = f"How far a change of token {token} reaches; tokens that move in each layer: {far}."
    return _finished(figure, [], alt)


def layers(values: Mapping[str, Sequence[float]], title: str, ylabel: str = "accuracy") -> Figure:
    """A line over layers for each name; the first in colour, the second dashed, the rest grey."""
    figure, axes = plt.subplots(figsize=(7.5, 3), layout="constrained")
    styles = [(BLUE, "-", "o"), (ORANGE, "--", "s"), (GREY, ":", "^"), (PALETTE[2], "-.", "D")]
    for (name, line), (colour, dashes, marker) in zip(values.items(), styles, strict=False):
        places = np.arange(1, len(line) + 1)
        axes.plot(places, line, dashes, color=colour, marker=marker, label=name)
        axes.set_xticks(places, [f"layer {i}" for i in places])
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, high - 0.1), high)  # a handful of clips is not to look like a slope
    axes.set(title=title, ylabel=ylabel)
    axes.grid(axis="y", linewidth=0.4, alpha=0.6)
    axes.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1, 0.5))
    told = "; ".join(
        f"{name}: " + ", ".join(f"{value:.2f}" for value in line) for name, line in values.items()
    )
    return _finished(figure, [], f"{title}. {ylabel} of each layer: {told}.")


def _rows(count: int, height: float) -> tuple[Figure, np.ndarray]:
    figure, grid = plt.subplots(
        count, 1, figsize=(7.5, 0.5 + height * count), squeeze=False, layout="constrained"
    )
    return figure, grid[:, 0]


def _show(axes: Axes, mel: Tensor, like: Tensor | None = None) -> None:
    """Draw one log-mel [bands, frames]; ``like`` gives the range of colours."""
    like = mel if like is None else like
    axes.imshow(
        mel.numpy(),
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=float(like.min()),
        vmax=float(like.max()),
    )


def _strip(axes: Axes, labels: Tensor, shown: Tensor, y: float) -> None:
    """Units of the tokens that are ``shown``, as boxes with numbers below a spectrogram."""
    for token in shown.nonzero().flatten().tolist():
        unit = int(labels[token])
        box = plt.Rectangle(
            (2 * token - 0.5, y), 2, 4, color=UNIT_COLOURS(unit % 32), linewidth=0, clip_on=False
        )
        axes.add_patch(box)
        axes.text(2 * token + 0.5, y + 2, str(unit), ha="center", va="center", fontsize=7)
    axes.set_ylim(y, 39.5)


def _frame_spans(axes: Axes, mask: Tensor) -> None:
    """Lines at both ends of every run of masked tokens."""
    padded = torch.cat([torch.zeros(1), mask.float(), torch.zeros(1)]).diff()
    for token in padded.nonzero().flatten().tolist():
        axes.axvline(2 * token - 0.5, color="#00bfff", linewidth=1.2)


def _finished(figure: Figure, grid: Sequence[Axes], alt: str) -> Figure:
    for axes in grid:
        axes.set_yticks([])
        axes.set_xticks([])
    if len(grid):
        frames = int(grid[-1].images[0].get_array().shape[1])
        grid[-1].set_xticks(
            np.arange(0, frames, 8), [f"{0.016 * f:.2f}" for f in range(0, frames, 8)]
        )
        grid[-1].set_xlabel("time, s", fontsize=9)
    return described(figure, alt)
