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
from IPython.display import display

from autograder.lab import check, once_written, plots, run_training
from spoken_digits import CorpusError, load

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

# %% [markdown]
# ## Learning by repairing
#
# A **denoising autoencoder** (Vincent et al., 2008) sees a spoiled spectrogram and has to give
# back the clean one. Whatever passes from its first half to its second goes through a code of 16
# numbers, so it must keep what is typical of speech. We take the first half and ask a linear
# probe, on speakers that training never heard, which digit was said.
#
# ### `denoise`
#
# `corrupt(mel, generator)` spoils a batch of log-mel spectrograms `[batch, 40, frames]`, values
# mostly between -2 and 2, as you see fit: noise, holes, bands or frames left out. It
#
# - returns a tensor of the same shape and dtype, of finite numbers, and leaves `mel` as it was;
# - changes something: what comes back is not always what went in;
# - is random, and takes **all randomness from `generator`**: from the same state of the generator
#   comes the same result, whatever the global seed is, and two calls in a row differ.
#
# The network is trained for 300 steps on 64 clips each, as the file `public/training.py` says.
# Points are given for these rules, and for a code from which the probe reads more than 30 % of
# the digits; guessing reads 10 %.


# %% nbgrader={"grade_id": "denoise_solution", "solution": true}
def corrupt(mel: Tensor, generator: torch.Generator) -> Tensor:
    """Spoil each log-mel spectrogram at random.

    Args:
        mel: [batch, 40, frames].
        generator: source of all randomness.

    Returns:
        [batch, 40, frames].
    """
    ### BEGIN SOLUTION
    kept = torch.rand(mel.shape, generator=generator) > 0.3
    return mel * kept
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "denoise", "locked": true, "points": 3}
check("denoise")

# %% [markdown]
# The same run as in grading, on the speakers we may hear.

# %% nbgrader={"grade_id": "training", "locked": true}
try:
    corpus = load("fsdd", progress=True)
except CorpusError as error:
    print(error)
    corpus = load("synthetic", progress=True)

with once_written("corrupt"):
    run = run_training("public", corpus)
    display(plots.curve(run.curves["loss"], run.titles["loss"]))
    display(plots.measures(run.measures, run.bars))
