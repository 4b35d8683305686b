"""Writes pseudo_labels.safetensors from the oracle: ``python make_pseudo_labels.py``.

Float64 numbers that float32 holds exactly. ``frames`` [48, 3] and ``centroids`` [6, 3], each of
which has frames; ``label`` [48], ``step`` [6, 3], and what mistakes give; ``empty.centroids``
[6, 3], two of which have none, and ``empty.step``. ``few`` [7, 2] are frames of which two
centroids are drawn: ``after.<steps>`` [21, 2, 2] is what becomes of each of the 21 pairs.
"""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import torch
from oracle_pseudo_labels import (
    MISTAKEN_DISTANCES,
    Rows,
    lloyd,
    margin,
    mistaken_steps,
    nearest,
    step,
)
from safetensors.torch import save_file
from torch import Tensor

STEPS = (1, 2)
APART = 0.02
"""No frame is nearer than that to being nearest to another centroid."""


def rows(count: int, dim: int, rng: random.Random, spread: float = 1.0) -> Rows:
    """Random rows around zero."""
    return [[round(rng.gauss(0, spread) * 256) / 256 for _ in range(dim)] for _ in range(count)]


def apart(frames: Rows, centroids: Rows) -> bool:
    return margin(frames, centroids) > APART


def well_drawn(rng: random.Random) -> tuple[Rows, Rows]:
    """Frames and centroids with at least three frames each, and no frame in doubt."""
    while True:
        frames, centroids = rows(48, 3, rng), rows(6, 3, rng, 0.7)
        label = nearest(frames, centroids)
        if min(label.count(i) for i in range(6)) >= 3 and apart(frames, centroids):
            return frames, centroids


def few_frames(rng: random.Random) -> Rows:
    """Seven frames from which no start meets a tie, and most take more than two steps."""
    while True:
        frames = rows(7, 2, rng)
        starts = [list(pair) for pair in combinations(frames, 2)]
        paths = [[lloyd(frames, start, n) for n in range(4)] for start in starts]
        moving = sum(path[1] != path[2] for path in paths)
        if moving >= 14 and all(apart(frames, c) for path in paths for c in path):
            return frames


def main() -> None:
    rng = random.Random(20)
    tensors: dict[str, Tensor] = {}

    def put(name: str, value: object) -> None:
        tensors[name] = torch.tensor(value, dtype=torch.float64)

    frames, centroids = well_drawn(rng)
    put("frames", frames)
    put("centroids", centroids)
    label = nearest(frames, centroids)
    put("label", label)
    for name, distance in MISTAKEN_DISTANCES.items():
        other = nearest(frames, centroids, distance)
        assert sum(a != b for a, b in zip(label, other, strict=True)) >= 3, name
        put(f"label.{name}", other)
    put("step", step(frames, centroids))
    for name, value in mistaken_steps(frames, centroids).items():
        put(f"step.{name}", value)
        assert (tensors[f"step.{name}"] - tensors["step"]).abs().max() > 0.02, name

    far = [[9.0, -8.0, 7.5], [-8.5, 9.5, 8.0]]
    empty = [centroids[0], far[0], *centroids[1:4], far[1]]
    assert apart(frames, empty)
    put("empty.centroids", empty)
    put("empty.step", step(frames, empty))

    few = few_frames(rng)
    put("few", few)
    for steps in STEPS:
        put(f"after.{steps}", [lloyd(few, list(pair), steps) for pair in combinations(few, 2)])
    save_file(tensors, Path(__file__).with_name("pseudo_labels.safetensors"))


if __name__ == "__main__":
    main()
