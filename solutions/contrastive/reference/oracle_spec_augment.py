"""Means of a spectrogram by plain float64 arithmetic, one cell at a time: the oracle of
spec_augment. It shares no code with any solution. A spectrogram is rows of frames."""

from __future__ import annotations

from collections.abc import Sequence

Mel = Sequence[Sequence[float]]


def clip_mean(mel: Mel) -> float:
    """Mean over every cell of a clip."""
    total, cells = 0.0, 0
    for row in mel:
        for cell in row:
            total += cell
            cells += 1
    return total / cells


def row_means(mel: Mel) -> list[float]:
    """Mean of each mel bin over the frames."""
    return [clip_mean([row]) for row in mel]


def frame_means(mel: Mel) -> list[float]:
    """Mean of each frame over the mel bins."""
    return [clip_mean([[row[frame] for row in mel]]) for frame in range(len(mel[0]))]


def lowest(mel: Mel) -> float:
    """The smallest cell of a clip."""
    least = mel[0][0]
    for row in mel:
        for cell in row:
            if cell < least:
                least = cell
    return least
