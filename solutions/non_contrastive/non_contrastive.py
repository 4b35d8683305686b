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
# # Learning without negatives
#
# Contrastive learning says two things to a network: *these two views are the same clip*, and
# *all those others are not*. Leave the second sentence out, and there is a perfect answer that
# needs no listening at all: say the same to everything. Every pair agrees, the loss is as low as
# it can be, and nothing was learned. That is **collapse**.
#
# And yet there are methods without a single negative that do not collapse, and learn as well as
# those with thousands. In this seminar you write what stands in place of negatives in four of
# them, watch a network collapse when it is taken away, and then train one of your own on spoken
# digits without a label.
#
# | part | you write | points |
# |---|---|---|
# | `collapse` | two measures by which collapse is seen | 2 |
# | `siamese` | SimSiam's loss: a gradient that is stopped | 3 |
# | `target_network` | BYOL's target: a slow copy of the network | 3 |
# | `barlow_twins` | a correlation matrix that should be the identity | 3 |
# | `vicreg` | variance, invariance, covariance | 4 |
# | `objective` | your own choice of a method; graded by a training run | 5 |
# | `comparison` | a written answer | 4 |
#
# ## How this works
#
# - Write your code where it says `YOUR CODE HERE`, under the given names and arguments. Helper
#   functions may stand in the same cell or in cells of your own above it.
# - `check("...")` runs the public checks of a part. They are a first look and take a second.
#   The grader asks for everything the text of a part asks for, and for nothing else, with
#   other numbers. It asks your functions directly: any style that does what the text says is
#   right.
# - Cells that show things are locked; they come alive as soon as the parts that they need are
#   written. They are not graded, and the grader does not run them: do not build on their names.
# - A part that goes wrong costs its own points only.
# - It all runs on a laptop without a GPU. The training run takes about 10 seconds. The grader
#   stops a call after 10 seconds of processor time and the training run after 10 minutes.

# %% nbgrader={"grade_id": "setup", "locked": true}
import math
import random

import numpy as np
import torch
import torch.nn.functional as F
import torchaudio
from torch import Tensor, nn

# %% nbgrader={"grade_id": "lab", "locked": true}
from autograder.lab import (
    check,
    few_label_probe,
    linear_probe,
    once_written,
    pooled_log_mel,
    run_training,
)
from spoken_digits import CorpusError, card, load
from spoken_digits.features import corpus_log_mel

# %% nbgrader={"grade_id": "tools", "locked": true}
from pathlib import Path

from IPython.display import display
from safetensors.torch import load_file

from autograder.lab import plots

# %% [markdown]
# Small networks, on which the parts `target_network` and `objective` are tried out. `SmallNet`
# has everything that a network can carry: parameters that learn, one that is frozen, and buffers
# (numbers that belong to the network and are not trained, such as the running statistics of a
# batch normalisation). `SmallEncoder` listens to log-mels, as the large one further down does.


# %% nbgrader={"grade_id": "small_nets", "locked": true}
class SmallNet(nn.Module):
    """[batch, 6] to [batch, 3]: linear in its parameters, with buffers of three kinds."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.BatchNorm1d(6, affine=False), nn.Linear(6, 3))
        self.offset = nn.Parameter(torch.randn(3), requires_grad=False)
        self.register_buffer("steps", torch.tensor(0))
        self.register_buffer("awake", torch.tensor([False, True]))
        self.own = [*self.parameters(), *self.buffers()]

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x) + self.offset

    def stir(self, seed: int) -> None:
        """Other numbers everywhere, as after some training."""
        generator = torch.Generator().manual_seed(seed)
        for number in [*self.parameters(), *self.buffers()]:
            noise = torch.rand(number.shape, generator=generator)
            with torch.no_grad():
                number.copy_(noise > 0.5 if number.dtype == torch.bool else 1 + 8 * noise)

    def is_whole(self) -> bool:
        """Whether parameters and buffers are still the objects that they were in the beginning."""
        now = [*self.parameters(), *self.buffers()]
        return len(now) == len(self.own) and all(a is b for a, b in zip(now, self.own, strict=True))

    def learns(self) -> list[bool]:
        """Which parameters are trained."""
        return [parameter.requires_grad for parameter in self.parameters()]

    def has_graph(self) -> bool:
        """Whether any parameter or buffer remembers how it was computed."""
        return any(x.grad_fn is not None for x in [*self.parameters(), *self.buffers()])


class SmallEncoder(nn.Module):
    """Log-mels [batch, 40, frames] to embeddings [batch, dim]."""

    def __init__(self, dim: int = 24) -> None:
        super().__init__()
        self.dim = dim
        self.bands = nn.Sequential(nn.Linear(40, dim), nn.BatchNorm1d(dim), nn.Tanh())

    def forward(self, mel: Tensor) -> Tensor:
        batch, bands, frames = mel.shape
        sound = self.bands(mel.transpose(1, 2).reshape(batch * frames, bands))
        return sound.view(batch, frames, self.dim).mean(1)

    def mark(self, number: float) -> None:
        """Write ``number`` into every weight."""
        with torch.no_grad():
            self.bands[0].weight.fill_(number)

    def learns(self) -> list[bool]:
        """Which parameters are trained."""
        return [parameter.requires_grad for parameter in self.parameters()]


# %% [markdown]
# ## The corpus, the views, the network
#
# We use the Free Spoken Digit Dataset: six speakers, the digits 0 to 9, fifty takes of each, as
# log-mel spectrograms of 40 bands every 16 ms. **Two of the speakers are kept away from
# training**, and every figure below is about them: on known voices even the raw spectrogram tells
# the digit, on unheard ones it takes learning. Where the corpus cannot be downloaded, synthetic
# voices take its place.

# %% nbgrader={"grade_id": "corpus", "locked": true}
try:
    corpus = load("fsdd", progress=True)
except CorpusError as error:
    print(error)
    corpus = load("synthetic", progress=True)

unheard = card(corpus.name).test_speakers
train_idx, test_idx = corpus.split_by_speaker(unheard)
mels = corpus_log_mel(corpus)
print(f"{len(corpus)} clips of {card(corpus.name).title}")
print(f"{len(train_idx)} to learn from, {len(test_idx)} by unheard speakers: {', '.join(unheard)}")

# %% [markdown]
# What is not the subject of this seminar is given: how views are made, the encoder, the training
# loop. All of it stands in one file, [`public/training.py`](public/training.py), which the grader
# runs too. It is short; read it.
#
# Two **views** of a clip are the clip as two other people might have said it in two other rooms:
# faster or slower, with a longer or shorter vocal tract, through another microphone, with gaps.
# What the two have in common is, with luck, the digit.

# %% nbgrader={"grade_id": "given", "locked": true}
from public import pictures
from public import training as given

generator = torch.Generator().manual_seed(0)
some = train_idx[torch.randperm(len(train_idx), generator=generator)[:3]]
display(plots.views(mels[some], *given.two_views(mels[some], generator), corpus.sample_rate))

# %% [markdown]
# ## Collapse, and how to see it
#
# ### `collapse`
#
# A collapsed network is not easily seen from outside: its loss is excellent. And the probe is no
# help, since a linear classifier reads a good deal out of a network that has never learned
# anything. One has to look at the vectors $z$ `[batch, dim]` that the loss compares. Write two
# measures; each returns a float or a scalar tensor.
#
# `feature_deviation(z)`: do the directions still differ? Scale every row to length one, take the
# **standard deviation of every dimension over the batch** (biased or unbiased), average it over
# the dimensions, and multiply by $\sqrt{\text{dim}}$. It is about 1 when the rows are spread
# evenly around zero, since a coordinate of a random direction has deviation
# $1/\sqrt{\text{dim}}$, and 0 when all rows point the same way (Chen and He, 2021, watch
# this very number). There are at least two rows, and none is zero.
#
# `effective_rank(z)`: how many dimensions are in use? With $\sigma_k$ the **singular values** of
# $z$, as it is and **not centred**, and their shares $p_k = \sigma_k / \sum_j \sigma_j$,
#
# $$\exp \Big( -\sum_k p_k \ln p_k \Big), \qquad 0 \ln 0 = 0.$$
#
# It is 1 when all rows are multiples of one vector, and `dim` when all directions are used alike
# (RankMe, Garrido et al., 2023; their code adds $10^{-7}$ to every share, which is fine too).
# $z$ is not zero everywhere.


# %% nbgrader={"grade_id": "collapse_solution", "solution": true}
def feature_deviation(z: Tensor) -> Tensor:
    """How much the directions of the rows of ``z`` [batch, dim] differ: 0 collapsed, 1 spread."""
    ### BEGIN SOLUTION
    direction = F.normalize(z, dim=1)
    return direction.std(dim=0).mean() * z.shape[1] ** 0.5
    ### END SOLUTION


def effective_rank(z: Tensor) -> Tensor:
    """How many dimensions the rows of ``z`` [batch, dim] make use of: 1 to dim."""
    ### BEGIN SOLUTION
    singular = torch.linalg.svdvals(z)
    return torch.special.entr(singular / singular.sum()).sum().exp()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "collapse", "locked": true, "points": 2}
check("collapse")

# %% [markdown]
# ## A stopped gradient: SimSiam
#
# ### `siamese`
#
# The simplest method of all (Chen and He, 2021). Both views go through the same encoder and head,
# $z_a$ and $z_b$. A second small head, the **predictor**, guesses each view's vector from the
# other's: $p_a$ is to agree with $z_b$, and $p_b$ with $z_a$. The vector that is guessed counts
# as a constant: **no gradient flows into it**. So the prediction moves toward its aim and the aim
# never toward the prediction. That is all; there is no term that keeps vectors apart.
#
# `negative_cosine(p, z)`: minus the mean over the batch of the cosine between row $i$ of `p` and
# row $i$ of `z`, both `[batch, dim]`. The gradient reaches `p` and never `z`.
#
# `siamese_loss(p_a, p_b, z_a, z_b)`: both directions, each counting half,
#
# $$\mathcal{L} = \tfrac12 D(p_a, z_b) + \tfrac12 D(p_b, z_a), \qquad
# D = \texttt{negative\_cosine}.$$
#
# (BYOL, Grill et al., 2020, has the squared distance of the unit vectors instead, which is
# $2 + 2 D$ for one direction, and adds the two: $4 + 4 \mathcal{L}$. The same thing in other
# units. SimSiam's loss is the same in the paper and in the authors' code. What it does not show:
# their code keeps the predictor's learning rate from falling, the last row of the paper's first
# table.)
#
# For this and every loss below: it returns **one number**, a tensor without axes or of shape
# `[1]`, of the **dtype of the inputs** (float32 or float64). Inputs have at least 2 rows and at
# least 2 dimensions and are **not modified**, neither their numbers nor their flags. The loss can
# be differentiated in every input, except where the gradient is stopped, where there is none or
# zero. Value and gradient are **finite**, for a collapsed batch too, in which all rows are the
# same (but none is zero).


# %% nbgrader={"grade_id": "siamese_solution", "solution": true}
def negative_cosine(p: Tensor, z: Tensor) -> Tensor:
    """Minus the mean cosine of the rows of ``p`` and ``z`` [batch, dim]; ``z`` is a constant."""
    ### BEGIN SOLUTION
    aim = z.detach()
    return -F.cosine_similarity(p, aim, dim=1).mean()
    ### END SOLUTION


def siamese_loss(p_a: Tensor, p_b: Tensor, z_a: Tensor, z_b: Tensor) -> Tensor:
    """Half of each direction: ``p_a`` predicts ``z_b``, ``p_b`` predicts ``z_a``."""
    ### BEGIN SOLUTION
    return (negative_cosine(p_a, z_b) + negative_cosine(p_b, z_a)) / 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "siamese", "locked": true, "points": 3}
check("siamese")

# %% [markdown]
# Now watch a network collapse. Two runs of 45 steps, with one difference: in the second, the
# gradient flows into the aim as well. Look at the loss first, then at what it hides.


# %% nbgrader={"grade_id": "see_collapse", "locked": true}
class Siamese(nn.Module):
    """SimSiam; with ``both_ways`` the gradient is not stopped."""

    def __init__(self, encoder, both_ways=False):
        super().__init__()
        self.encoder, self.both_ways = encoder, both_ways
        self.head, self.predictor = given.head(encoder.dim, 64), given.head(64, 64, hidden=128)

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        z_a, z_b = self.project(view_a), self.project(view_b)
        p_a, p_b = self.predictor(z_a), self.predictor(z_b)
        loss = siamese_loss(p_a, p_b, z_a, z_b)
        # What is the aim in one term is the prediction in the other: both receive a gradient.
        return (loss + siamese_loss(z_a, z_b, p_a, p_b)) / 2 if self.both_ways else loss

    def after_step(self, step, steps):
        pass


def learn(objective_of, progress=range):
    """A model after some steps with an objective."""
    model = given.build_with(objective_of, seed=0)
    clips, recipe = {"train_mels": mels[train_idx]}, {"steps": 45, "pairs": 128}
    curves, _ = given.train(model, clips, recipe, progress)
    return model, curves["loss"]


def watched(objective_of):
    """Learn, and look at some clips of unheard speakers after every step."""
    seen = {"loss": [], "feature deviation": [], "effective rank": []}
    shown = mels[test_idx[::8]]

    def objective_and_look(encoder):
        seen["of"] = objective_of(encoder)
        return seen["of"]

    def look(steps):
        for step in range(steps):
            yield step  # here the step is made
            objective = seen["of"].eval()
            with torch.no_grad():
                z = objective.project(shown)
            objective.train()
            seen["feature deviation"].append(float(feature_deviation(z)))
            seen["effective rank"].append(float(effective_rank(z)))

    _, seen["loss"] = learn(objective_and_look, look)
    del seen["of"]
    return seen


with once_written("feature_deviation", "effective_rank", "siamese_loss"):
    seen = {
        "stopped gradient": watched(Siamese),
        "gradient both ways": watched(lambda encoder: Siamese(encoder, both_ways=True)),
    }
    display(pictures.histories(seen))

# %% [markdown]
# ## A slow copy: BYOL
#
# ### `target_network`
#
# BYOL (Grill et al., 2020) came first. What a prediction aims at there does not come from the
# network itself but from a second one, the **target**, which is never trained: after every step
# it moves a little toward the network that is, the **online** one. An exponential moving average
# of the past, a teacher made of the pupil's own better days.
#
# `ema_update(target, online, momentum)` does one such move. Both are modules of the same structure
# that share no tensor.
#
# - **Every parameter** of `target`, trained or frozen, becomes
#   `momentum * target + (1 - momentum) * online`; `momentum` is a number from 0 to 1, a float or
#   a scalar tensor.
# - **Every buffer** of `target` takes the value that the online's has, as a copy of its own.
#   Buffers may hold integers or booleans, of which there is no average.
# - Parameters and buffers **stay the same Python objects** (setting their `.data` is fine) and
#   keep their `requires_grad`, and **no graph** is recorded.
# - `online` stays as it is, also later: what happens to one module afterwards does not change the
#   other. Returns `None`.
#
# (Of buffers the paper says nothing; in the authors' code the target keeps batch statistics of its
# own. Not asked for: modules without parameters or with several dtypes, parameters that appear
# twice, buffers outside the state dict.)
#
# `momentum_at(step, steps, start=0.99)`: the target slows down until it stands still, along half
# a cosine,
#
# $$m = 1 - (1 - \texttt{start}) \cdot \frac{\cos(\pi \, \texttt{step} / \texttt{steps}) + 1}{2},$$
#
# for `step` from 0 to `steps`, `steps` at least 1; a float or a scalar tensor.


# %% nbgrader={"grade_id": "target_network_solution", "solution": true}
def ema_update(target: nn.Module, online: nn.Module, momentum: float) -> None:
    """Move the parameters of ``target`` toward those of ``online``; copy the buffers."""
    ### BEGIN SOLUTION
    for slow, fast in zip(target.parameters(), online.parameters(), strict=True):
        slow.data.mul_(momentum).add_((1 - momentum) * fast.data)
    for slow, fast in zip(target.buffers(), online.buffers(), strict=True):
        slow.copy_(fast)
    ### END SOLUTION


def momentum_at(step: int, steps: int, start: float = 0.99) -> float:
    """Momentum of the target after ``step`` of ``steps``: from ``start`` up to 1."""
    ### BEGIN SOLUTION
    still_to_go = (math.cos(math.pi * step / steps) + 1) / 2
    return 1 - (1 - start) * still_to_go
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "target_network", "locked": true, "points": 3}
check("target_network")

# %% [markdown]
# What does a target of momentum 0.9 know of the last steps? A weight that jumps from 0 to 1, and
# the target behind it; beside it the schedule.

# %% nbgrader={"grade_id": "see_target", "locked": true}
with once_written("ema_update", "momentum_at"):
    online, behind = nn.Linear(1, 1, bias=False), {}
    for momentum in (0.5, 0.9, 0.99):
        target = nn.Linear(1, 1, bias=False)
        nn.init.zeros_(target.weight)
        behind[momentum] = []
        for step in range(60):
            nn.init.constant_(online.weight, float(step >= 10))
            ema_update(target, online, momentum)
            behind[momentum].append(target.weight.item())
    schedule = [float(momentum_at(step, 180)) for step in range(181)]
    display(pictures.targets(behind, schedule))

# %% [markdown]
# ## Nothing said twice: Barlow Twins
#
# ### `barlow_twins`
#
# Another idea (Zbontar et al., 2021), after the neuroscientist Horace Barlow: neurons should not
# say twice what one of them has said. Standardise every **column** of `z_a` and of `z_b`
# `[batch, dim]` over its batch, each for itself: subtract its mean, divide by its standard
# deviation. Then
#
# $$C = \frac{1}{\text{batch}} \, z_a^\top z_b \quad [\text{dim}, \text{dim}]$$
#
# is the correlation of every dimension of one view with every dimension of the other, and it
# should be the identity: each dimension agrees with itself across views (1 on the diagonal) and
# has nothing to do with the others (0 beside it).
#
# $$\mathcal{L} = \sum_i (1 - C_{ii})^2 + \lambda \sum_{i \ne j} C_{ij}^2$$
#
# `barlow_twins(z_a, z_b, lambd=0.01)`. A collapsed network cannot win here, since a constant
# column correlates with nothing.
#
# The deviation may be the biased or the unbiased one; $C$ is divided by `batch` in both cases. So
# that a constant column gives finite values and gradients, add a constant of at most $10^{-4}$ to
# the variance or to the deviation, or bound either from below by at most $10^{-4}$. (The
# authors' code uses a batch normalisation, biased, with $10^{-5}$ in the variance, and
# $\lambda = 0.0051$ with 8,192 dimensions. With few dimensions there are fewer pairs to sum over,
# and $\lambda$ may be larger.)


# %% nbgrader={"grade_id": "barlow_twins_solution", "solution": true}
def barlow_twins(z_a: Tensor, z_b: Tensor, lambd: float = 0.01) -> Tensor:
    """How far the cross-correlation of two views [batch, dim] is from the identity."""
    ### BEGIN SOLUTION
    a, b = ((z - z.mean(dim=0)) / (z.var(dim=0, correction=0) + 1e-5).sqrt() for z in (z_a, z_b))
    correlation = a.T @ b / len(a)
    wanted = torch.eye(len(correlation), dtype=z_a.dtype, device=z_a.device)
    importance = wanted + lambd * (1 - wanted)
    return (importance * (correlation - wanted).square()).sum()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "barlow_twins", "locked": true, "points": 3}
check("barlow_twins")

# %% [markdown]
# The matrix of an untrained network, and after 45 steps with your loss at two weights of what is
# beside the diagonal; all of unheard speakers. With the small weight the dimensions learn to
# agree and say much the same; with the large one they keep apart and agree less. (With thousands
# of dimensions, as in the paper, a small weight adds up.)


# %% nbgrader={"grade_id": "see_correlation", "locked": true}
class Projected(nn.Module):
    """An encoder, a head, and a loss of what comes out of it."""

    def __init__(self, encoder, loss):
        super().__init__()
        self.encoder, self.loss = encoder, loss
        self.head = given.head(encoder.dim, 64)

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        return self.loss(self.project(view_a), self.project(view_b))

    def after_step(self, step, steps):
        pass


def correlations(model):
    """Correlation [dim, dim] of every dimension of one view with every one of the other."""
    with torch.no_grad():
        views = given.two_views(mels[test_idx[::2]], torch.Generator().manual_seed(1))
        z_a, z_b = (model.objective.eval().project(view) for view in views)
    both = torch.corrcoef(torch.cat([z_a, z_b], dim=1).T)
    return both[: z_a.shape[1], z_a.shape[1] :]


def barlow(lambd):
    """An objective with Barlow Twins at a weight."""
    return lambda encoder: Projected(encoder, lambda a, b: barlow_twins(a, b, lambd))


with once_written("barlow_twins"):
    seen = {"untrained": correlations(given.build_with(barlow(0.01)))}
    for lambd in (0.01, 0.1):
        trained, _ = learn(barlow(lambd))
        seen[f"45 steps, lambda {lambd:g}"] = correlations(trained)
    display(pictures.matrices(seen))

# %% [markdown]
# ## Three terms: VICReg
#
# ### `vicreg`
#
# The last one says each wish by itself (Bardes, Ponce and LeCun, 2022): views of a clip should
# agree, dimensions should vary, and no two should vary together. Inputs are `[batch, dim]`.
#
# - `invariance(z_a, z_b)`: the mean over the batch **and** the dimensions of the squared
#   difference.
# - `variance(z, gamma=1.0)`: the mean over the dimensions of
#   $\max(0, \gamma - \sqrt{\operatorname{Var} + 10^{-4}})$, with the **unbiased** variance of
#   each dimension over the batch. A dimension that varies by $\gamma$ or more is left alone.
# - `covariance(z)`: with the unbiased covariance matrix of the dimensions,
#   $\frac{1}{\text{batch} - 1} \sum_i (z_i - \bar z)(z_i - \bar z)^\top$ `[dim, dim]`: the sum of
#   the squares of its entries **off the diagonal**, divided by `dim`.
# - `vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0)`:
#   `sim` times the invariance, plus `var` times the **mean** of the variance terms of both views,
#   plus `cov` times the **sum** of their covariance terms.
#
# (That is how the authors' code computes it. Their paper sums the variance terms too, and sums
# the squared difference over the dimensions instead of averaging it.)


# %% nbgrader={"grade_id": "vicreg_solution", "solution": true}
def invariance(z_a: Tensor, z_b: Tensor) -> Tensor:
    """Mean squared difference of two views [batch, dim]."""
    ### BEGIN SOLUTION
    return F.mse_loss(z_a, z_b)
    ### END SOLUTION


def variance(z: Tensor, gamma: float = 1.0) -> Tensor:
    """By how much the deviation of the dimensions falls short of ``gamma``, on average."""
    ### BEGIN SOLUTION
    deviation = (z.var(dim=0) + 1e-4).sqrt()
    return (gamma - deviation).relu().mean()
    ### END SOLUTION


def covariance(z: Tensor) -> Tensor:
    """Squared covariances of different dimensions of ``z`` [batch, dim], summed, over dim."""
    ### BEGIN SOLUTION
    matrix = torch.cov(z.T)
    return (matrix - matrix.diagonal().diag()).square().sum() / len(matrix)
    ### END SOLUTION


def vicreg(
    z_a: Tensor, z_b: Tensor, sim: float = 25.0, var: float = 25.0, cov: float = 1.0
) -> Tensor:
    """Invariance, variance and covariance of two views [batch, dim], weighed."""
    ### BEGIN SOLUTION
    spread = (variance(z_a) + variance(z_b)) / 2
    redundancy = covariance(z_a) + covariance(z_b)
    return sim * invariance(z_a, z_b) + var * spread + cov * redundancy
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "vicreg", "locked": true, "points": 4}
check("vicreg")

# %% [markdown]
# What each term is for shows when it is left out. Below are the singular values of what the loss
# compares, largest first, after 45 steps with all terms and with one of them at weight 0. There
# are two ways to collapse: everything may shrink toward a **point**, or be squeezed into a **few
# directions** (dimensional collapse, Jing et al., 2022). Each of the two runs shows one of them.
# Which measure sees which? Shares do not tell how large the values are.


# %% nbgrader={"grade_id": "see_spectrum", "locked": true}
def spectrum(**weights):
    """Singular values of what the loss compares, of unheard speakers, after 45 steps."""
    model, _ = learn(lambda encoder: Projected(encoder, lambda a, b: vicreg(a, b, **weights)))
    with torch.no_grad():
        z = model.objective.project(mels[test_idx])
    rank, deviation = float(effective_rank(z)), float(z.std(0).mean())
    print(
        f"{weights or 'all terms'}: effective rank {rank:.1f}, a dimension varies {deviation:.3f}"
    )
    return torch.linalg.svdvals(z)


with once_written("vicreg", "effective_rank"):
    display(
        pictures.spectra(
            {
                "all three terms": spectrum(),
                "without variance": spectrum(var=0.0),
                "without covariance": spectrum(cov=0.0),
            }
        )
    )

# %% [markdown]
# ## Your objective
#
# ### `objective`
#
# Now choose a method, or make one. `Objective(encoder)` is an `nn.Module` that gets an encoder
# and holds everything else that training needs: heads, predictors, targets.
#
# - The **encoder given is kept inside** the module, under any name (inside a `Sequential` counts,
#   inside a plain list does not), and it is this one that is trained and later embedded, **not a
#   copy**. It turns log-mels `[batch, 40, frames]` into embeddings `[batch, encoder.dim]`; other
#   encoders than ours may be given, with another `dim`.
# - `forward(view_a, view_b)` returns the **loss**: one number, finite, for two batches of
#   log-mels whose rows belong together. It compares the two views: after training it is clearly
#   lower for pairs that belong together than for pairs that do not.
# - `project(view)` returns what the loss compares, `[batch, any]`, before any predictor.
# - `after_step(step, steps)` is called after each step of the optimiser, `step` from 0 to
#   `steps - 1`. It may do nothing.
# - All of it works in train and in eval mode. Calls are by position. Batches of other sizes than
#   in training occur, and in eval mode a batch of one, of which only `project` is asked.
# - All parameters exist after construction; those with `requires_grad` are trained (by AdamW),
#   the encoder's among them.
# - **State changes in train mode only** (by `forward` or `project`; `after_step` is called in train
#   mode alone), and inputs are not modified.
#
# You may call what you wrote above. Your objective is to do without negatives: a clip is never
# told to keep away from another one by name. These demands are conditions: the run is made once
# all of them hold. Then your encoder is trained as in the cell below, for a fixed number of steps,
# and the points go to
#
# 1. spread (1 of 5): on clips of **unheard speakers**, `project` has **not collapsed**: its
#    feature deviation is above 0.5;
# 2. pairs (1 of 5): on them, the loss of views that belong together is **clearly lower** than the
#    loss of the same views shuffled (over 64 batches of 16 pairs, half of them shuffled, the
#    correlation of the loss with being shuffled is above 0.65);
# 3. better than the beginning (1 of 5): a linear probe that learns from only **20 labelled clips
#    a digit** (the mean of ten draws of them) reads more digits of unheard speakers than from the
#    same encoder untrained, and than from untrained encoders on average;
# 4. the bar (2 of 5): this probe reads more than {bar few fsdd} on the Free Spoken Digit Dataset,
#    {bar few synthetic} on synthetic voices: what correct objectives of many kinds reach.
#
# The third asks for the first two as well, and the fourth for all three: even a collapsed network
# is a good random feature for a probe, and that is not what you are to be paid for.
#
# How a method behaves depends on the size of its head. 64 dimensions are a good beginning for
# SimSiam, BYOL and VICReg, 128 to 256 for Barlow Twins. BYOL's target is to be fast in so short a
# run: a steady momentum of 0.9, not 0.99. Of 16 runs in which it began at 0.95 and slowed down to
# 1, two learned nothing; the other three methods learned in every one.


# %% nbgrader={"grade_id": "objective_solution", "solution": true}
class Objective(nn.Module):
    """An encoder and what it is trained for."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        # VICReg behind a head of one hidden layer.
        self.encoder = encoder
        self.expander = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64)
        )
        ### END SOLUTION

    def project(self, view: Tensor) -> Tensor:
        """What the loss compares, [batch, any], of log-mels [batch, 40, frames]."""
        ### BEGIN SOLUTION
        return self.expander(self.encoder(view))
        ### END SOLUTION

    def forward(self, view_a: Tensor, view_b: Tensor) -> Tensor:
        """The loss of two batches of views whose rows belong together."""
        ### BEGIN SOLUTION
        z_a, z_b = self.project(torch.cat([view_a, view_b])).tensor_split(2)
        return vicreg(z_a, z_b)
        ### END SOLUTION

    def after_step(self, step: int, steps: int) -> None:
        """Called after each step of the optimiser."""
        ### BEGIN SOLUTION
        # Nothing in VICReg moves by itself.
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "objective", "locked": true, "points": 5}
check("objective")

# %% [markdown]
# ## Training
#
# The same run as in grading, on the clips of the speakers we may hear: 120 steps of 128 pairs.
# The grader makes a run of 60 steps first, and the long one, on up to two seeds, only if that one
# does not reach everything; what is reached once is reached. Its clips come in an order that is a
# secret, so its figures differ from yours as those of another seed do.

# %% nbgrader={"grade_id": "training", "locked": true}
run = None
with once_written("Objective"):
    run = run_training("public", corpus)
    display(plots.curve(run.curves["loss"], run.titles["loss"]))

# %% [markdown]
# A loss that falls is no news: that of a collapsed network falls fastest. So ask the trained
# objective about speakers that it has never heard: does its loss know which views belong
# together, and does it still say different things of different clips?

# %% nbgrader={"grade_id": "asking", "locked": true}
if run:
    objective = run.model.objective
    with torch.no_grad():
        view_a, view_b = given.two_views(mels[test_idx[::4]], torch.Generator().manual_seed(2))
        true, shuffled = (float(objective(view_a, view_b.roll(k, 0)).sum()) for k in (0, 1))
        z = objective.project(view_a)
    print(f"loss of pairs that belong together {true:.3f}, of shuffled ones {shuffled:.3f}")
    with once_written("feature_deviation", "effective_rank"):
        print(f"feature deviation {float(feature_deviation(z)):.2f}: 0 collapsed, 1 spread")
        print(f"effective rank {float(effective_rank(z)):.1f} of {z.shape[1]} dimensions")

# %% [markdown]
# And the encoder, with a probe that learns from 20 labelled clips a digit, or from all of them.
# The mark is the bar.

# %% nbgrader={"grade_id": "probing", "locked": true}
if run:
    display(plots.measures(run.measures, run.bars))

# %% [markdown]
# ## The comparison
#
# Is it worth it? Five ways to describe a clip, and one question to each: which digit is it, asked
# of voices never heard? The five are the log-mel itself, its mean and deviation over time; our
# encoder **untrained**; after your **own objective**; after **SimCLR**, that is with negatives, on
# the same views for as many steps (its embeddings come with this notebook); and after as many
# steps of **supervised** training, for which all labels are needed.

# %% nbgrader={"grade_id": "supervised", "locked": true}
recipe = {"steps": 120, "pairs": 128}
supervised = given.supervised(mels[train_idx], corpus.digits[train_idx], recipe)

# %% nbgrader={"grade_id": "comparing", "locked": true}
embeddings = {"log-mel": pooled_log_mel(mels)}
if run:
    embeddings |= {"untrained": run.before[""], "your objective": run.after[""]}
simclr = Path(f"public/simclr_{corpus.name}.safetensors")
if simclr.is_file():
    embeddings["SimCLR"] = load_file(simclr)["embeddings"].float()
embeddings["supervised"] = given.embed(supervised, {"mels": mels})[""]


def read(probe, x):
    """Accuracy of a probe that learns from heard speakers and is asked about unheard ones."""
    y = corpus.digits
    return probe(x[train_idx], y[train_idx], x[test_idx], y[test_idx])


display(
    pictures.comparison(
        {
            "20 labels a digit": {n: read(few_label_probe, x) for n, x in embeddings.items()},
            "all labels": {n: read(linear_probe, x) for n, x in embeddings.items()},
        }
    )
)

# %% [markdown]
# And the spaces themselves: t-SNE lays the embeddings of the unheard speakers out in the plane.
# Left and right are the same points, coloured by digit and by speaker.

# %% nbgrader={"grade_id": "see_latent", "locked": true}
heard = [corpus.speakers[i] for i in test_idx]
for name in ("your objective", "supervised"):
    if name in embeddings:
        print(name)
        display(plots.latent(embeddings[name][test_idx], corpus.digits[test_idx], heard))

# %% [markdown]
# ### `comparison`
#
# Answer in about 200 words, with figures from your own notebook:
#
# 1. What did you train, and what in it **would have collapsed**? Say what stands in place of
#    negatives, and what happened when you took it away (leave a term out, let the gradient flow,
#    take the predictor away: train again and look at deviation and effective rank).
# 2. Compare **your objective with SimCLR and with supervised training**: at 20 labels a digit and
#    at all labels. Where does the order change, and why might it?
# 3. Compare with **no training**. What of your accuracy is owed to the architecture alone?
# 4. Your loss fell. Why is that no proof that anything was learned?
#
# Each question is worth one point, and a point goes to an answer that rests on what you measured.

# %% [markdown] nbgrader={"grade": true, "grade_id": "comparison", "points": 4, "solution": true}
# **What I trained.** VICReg. Invariance alone is content with one point for all clips; the variance
# term is what forbids it. With its weight at 0 the loss falls further than ever, and the deviation
# of `project` on unheard speakers goes from 0.84 to 0.18. The effective rank does not notice, since
# shares do not tell that everything has shrunk: one needs both measures.
#
# **SimCLR, supervised.** With 20 labels a digit my encoder reads 81 % where SimCLR reads 85 % and
# supervised training 90 %; with all labels 88, 89 and 93 %. The order stays and the gaps shrink:
# given enough labels, the probe finds what it needs in any of them. At 20 labels a digit negatives
# buy 4 points, labels 9. Supervised training was told which clips of different people belong
# together, and my views only imitate that.
#
# **No training.** Random convolutions read 70 % from 20 labels and 86 % from all. So of my 88 % at
# all labels only 2 or 3 points are learned; of the 81 % at 20 labels, 11 are. The probe with few
# labels is the one to ask.
#
# **The loss.** It is lowest for a network that says nothing: without the stopped gradient,
# SimSiam's loss was -0.99 after 20 steps, and in the end the deviation was 0.06. A loss tells
# whether views agree, and agreement without variety is no knowledge.
