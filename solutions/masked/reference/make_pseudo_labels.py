"""Writes pseudo_labels.safetensors from the oracle: ``python make_pseudo_labels.py``.

Float64 numbers that float32 holds exactly. ``frames`` [48, 3] and ``centroids`` [6, 3], each of
which has frames; ``label`` [48], ``step`` [6, 3], and what mistakes give; ``empty.centroids``
[6, 3], two of which have none, and ``empty.step``. ``few`` [8, 2] are frames of which three
centroids are drawn: ``after.1``, ``after.2`` and ``at_rest`` [56, 3, 2] are what becomes of each
of the 56 triples.
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

STEPS = {"after.1": 1, "after.2": 2, "at_rest": 9}
APART, APART_ALL_ALONG = 0.02, 0.003
"""No frame is nearer than that to being nearest to another centroid: once, and on all ways."""


def rows(count: int, dim: int, rng: random.Random, spread: float = 1.0) -> Rows:
    """Random rows around zero."""
    return [[round(rng.gauss(0, spread) * 256) / 256 for _ in range(dim)] for _ in range(count)]


def apart(frames: Rows, centroids: Rows, by: float = APART) -> bool:
    return margin(frames, centroids) > by


def well_drawn(rng: random.Random) -> tuple[Rows, Rows]:
    """Frames and centroids with at least three frames each, and no frame in doubt."""
    while True:
        frames, centroids = rows(48, 3, rng), rows(6, 3, rng, 0.7)
        label = nearest(frames, centroids)
        if min(label.count(i) for i in range(6)) >= 3 and apart(frames, centroids):
            return frames, centroids


def few_frames(rng: random.Random) -> Rows:
    """Eight frames from which no start meets a tie, and few end where others do a step later."""
    while True:
        frames = rows(8, 2, rng)
        starts = [list(triple) for triple in combinations(frames, 3)]
        paths = [[sorted(lloyd(frames, start, n)) for n in range(4)] for start in starts]
        if not all(apart(frames, c, APART_ALL_ALONG) for path in paths for c in path):
            continue
        ends = [{str(path[n]) for path in paths} for n in range(4)]
        told = [
            sum(str(path[n]) not in ends[m] for path in paths) for n, m in ((1, 2), (2, 1), (2, 3))
        ]
        at_rest = {str(sorted(lloyd(frames, start, 9))) for start in starts}
        resting = sum(str(path[1]) in at_rest for path in paths)
        if min(told) > 0.2 * len(starts) and resting < 0.5 * len(starts):
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
    for name, steps in STEPS.items():
        put(name, [lloyd(few, list(start), steps) for start in combinations(few, 3)])
    save_file(tensors, Path(__file__).with_name("pseudo_labels.safetensors"))


if __name__ == "__main__":
    main()
