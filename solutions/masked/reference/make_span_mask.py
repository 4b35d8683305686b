"""Writes span_mask.safetensors from the oracle: ``python make_span_mask.py``.

Float64 chances. ``joint.masks`` [masks, 7] and ``joint.chance`` [masks]: every mask of a clip
with 7 tokens of speech, half of which are hidden in spans of 3. ``count`` [21] and ``token``
[20]: how many tokens of 20 are hidden by spans of 5, and which.
"""

from __future__ import annotations

from pathlib import Path

import torch
from oracle_span_mask import chances, count_chances, token_chances
from safetensors.torch import save_file


def main() -> None:
    joint = chances(7, 0.5, 3)
    masks = sorted(joint)
    float64 = {
        "joint.masks": [[float(mask >> token & 1) for token in range(7)] for mask in masks],
        "joint.chance": [joint[mask] for mask in masks],
        "count": count_chances(20, 0.5, 5),
        "token": token_chances(20, 0.5, 5),
    }
    tensors = {name: torch.tensor(value, dtype=torch.float64) for name, value in float64.items()}
    save_file(tensors, Path(__file__).with_name("span_mask.safetensors"))


if __name__ == "__main__":
    main()
