"""Masked frames of a log-mel, one cell at a time: the oracle of mask_input.

It shares no code with any solution. A log-mel is bands of frames.
"""

from __future__ import annotations

from collections.abc import Callable

Mel = list[list[float]]


def hidden(mel: Mel, mask: list[bool], vector: list[float]) -> Mel:
    """Frames 2i and 2i + 1 of every masked token i replaced by ``vector``."""
    return [
        [vector[band] if mask[frame // 2] else value for frame, value in enumerate(row)]
        for band, row in enumerate(mel)
    ]


def mistakes(mel: Mel, mask: list[bool], vector: list[float]) -> dict[str, Mel]:
    """What well-known mistakes give, by hint."""
    bands, frames, tokens = len(mel), len(mel[0]), len(mask)
    mean = sum(vector) / len(vector)

    def masked(frame: int) -> bool:
        return mask[frame // 2]

    def where(
        is_hidden: Callable[[int], bool],
        value: Callable[[int, int], float] = lambda band, frame: vector[band],
    ) -> Mel:
        return [
            [value(b, f) if is_hidden(f) else mel[b][f] for f in range(frames)]
            for b in range(bands)
        ]

    return {
        "one_frame.0": where(lambda f: f % 2 == 0 and masked(f)),
        "one_frame.1": where(lambda f: f % 2 == 1 and masked(f)),
        "tiled": where(lambda f: mask[f % tokens]),
        "first_half": where(lambda f: f < tokens and mask[f]),
        "inverted": where(lambda f: not masked(f)),
        "zeros": where(masked, lambda band, frame: 0.0),
        "added": where(masked, lambda band, frame: mel[band][frame] + vector[band]),
        "one_value": where(masked, lambda band, frame: mean),
        "reversed": where(masked, lambda band, frame: vector[bands - 1 - band]),
        "late.0": where(lambda f: f > 0 and masked(f - 1)),
        "late.1": where(lambda f: f + 1 < frames and masked(f + 1)),
        "everything": where(lambda f: True),
        "unmasked": mel,
    }
