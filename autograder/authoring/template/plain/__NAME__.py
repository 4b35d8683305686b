# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # __TITLE__
#
# Where in a recording is somebody speaking? The simplest answer is where it is loud: cut the
# wave into short frames, and look at the power of each.
#
# Write your code where it says `YOUR CODE HERE`. `check("...")` runs the public checks of a
# part; the grader asks for everything the text of a part asks for, and for nothing else, with
# other numbers. Any style that does what the text says is right.

# %% nbgrader={"grade_id": "setup", "locked": true}
import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# %% nbgrader={"grade_id": "lab", "locked": true}
from autograder.lab import check

# %% [markdown]
# ### `energy`
#
# The **power** of a frame is the mean of its squared samples, any constant offset included.
# Frame $i$ holds the samples from $i \cdot \text{hop}$ up to, and not including,
# $i \cdot \text{hop} + \text{size}$, and only whole frames count: a wave of `time` samples has
# $1 + \lfloor (\text{time} - \text{size}) / \text{hop} \rfloor$ of them. Frames may overlap or
# leave gaps.
#
# `frame_power(wave, size=256, hop=128)` takes `[batch, time]` with at least `size` samples, in
# float32 or float64, and returns `[batch, frames]` in the same dtype. It does not change `wave`.


# %% nbgrader={"grade_id": "energy_solution", "solution": true}
def frame_power(wave: Tensor, size: int = 256, hop: int = 128) -> Tensor:
    """Mean power of each frame of each wave.

    Args:
        wave: [batch, time].
        size: samples of a frame.
        hop: samples from the start of a frame to that of the next.

    Returns:
        [batch, frames].
    """
    ### BEGIN SOLUTION
    return wave.unfold(1, size, hop).square().mean(dim=2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "energy", "locked": true, "points": 2}
check("energy")
