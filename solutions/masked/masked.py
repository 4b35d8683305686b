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
# # Learning speech by filling gaps
#
# Cough over a syllable, and your listener still hears the word. Whoever can do that knows
# something: which sound follows which, how long a vowel lasts, what *s-e-_-e-n* must be. Turn it
# round, and you have a way to learn without labels: **hide a piece of every clip, and ask a
# network what was there.** It can only answer if it has understood the rest.
#
# This is the family of models that speech technology is built on today: **wav2vec 2.0** (Baevski
# et al., 2020), **HuBERT** (Hsu et al., 2021) and **data2vec** (Baevski et al., 2022). They hide
# spans of the same kind and train the same kind of network. They differ in what is to be
# predicted: among a few candidates the right one, the name of a cluster, or what a slower copy of
# the network makes of the unhidden clip. You write all three, and train a small HuBERT.
#
# | part | you write | points |
# |---|---|---|
# | `pseudo_labels` | k-means: a label for every token, from nobody | 3 |
# | `span_mask` | which tokens are hidden | 3 |
# | `mask_input` | hiding them | 1 |
# | `hubert` | HuBERT's loss | 2 |
# | `wav2vec` | distractors and the loss of wav2vec 2.0 | 4 |
# | `data2vec` | targets and loss of data2vec | 3 |
# | `context` | a network whose tokens look at their neighbours | 3 |
# | `pretraining` | the voice in which the network hears; graded by a training run | 3 |
# | `discussion` | a written answer | 4 |
#
# ## How this works
#
# - Write your code where it says `YOUR CODE HERE`, under the given names and arguments. Helper
#   functions may stand in the same cell or in cells of your own above it.
# - `check("...")` runs the public checks of a part. They are a first look and take a second.
#   The grader asks for everything the text of a part asks for, and for nothing else, with
#   other numbers. It asks your functions directly: any style that does what the text says is
#   right.
# - Cells that show and play things are locked; they come alive as soon as the parts that they
#   need are written. They are not graded, and neither are experiments of yours in extra cells.
# - A part that goes wrong costs its own points only: the training run is then made with our
#   version of that part in place of yours.
# - It all runs on a laptop without a GPU. With a network of moderate size the training run takes
#   about 15 seconds. The grader stops a call after 10 seconds of processor time and the training
#   run after 10 minutes.
#
# **For every function of this seminar:** what is passed in is **not modified**, lists and the
# inputs of modules included. **Every loss** returns one number as a tensor, in the dtype of its
# inputs (float32 or float64), with finite value and gradients; inputs are finite.

# %% nbgrader={"grade_id": "setup", "locked": true}
import math
import random

import numpy as np
import torch
import torch.nn.functional as F
import torchaudio
from torch import Tensor, nn

# %% nbgrader={"grade_id": "lab", "locked": true}
from autograder.lab import check, few_label_probe, linear_probe, once_written, plots, run_training
from IPython.display import Audio, display
from spoken_digits import CorpusError, card, load
from spoken_digits.features import cut_silence, log_mel

# %% [markdown]
# What is imported next came with the notebook, in the folder `public`: the training run, and what
# draws the pictures. (The grader runs the two cells above and your own cells, and no other: build
# on nothing else in what you write.)

# %% nbgrader={"grade_id": "tools", "locked": true}
from public import families, pictures, pretrained, training
from tqdm.auto import tqdm

# %% [markdown]
# ## The corpus, in tokens
#
# Spoken digits once more: six speakers, the digits 0 to 9, fifty takes of each. Two speakers are
# kept away from training. The network sees log-mel spectrograms `[batch, 40, frames]`, with a
# frame every 16 ms.
#
# Frames come in pairs: **token** $i$ is frames $2i$ and $2i + 1$, 32 ms of sound. A clip of 48
# frames has 24 tokens. Clips end in silence; `speech`, bool `[batch, tokens]`, says which tokens
# are speech. They are a **prefix** of each clip: the first few tokens, or all, or none.

# %% nbgrader={"grade_id": "corpus", "locked": true}
try:
    corpus = load("fsdd", progress=True)
except CorpusError as error:
    print(error)
    corpus = load("synthetic", progress=True)

unheard = card(corpus.name).test_speakers
train_idx, test_idx = corpus.split_by_speaker(unheard)
waves = cut_silence(corpus.waves)
mels = log_mel(waves, corpus.sample_rate)
speech = training.is_speech(mels)
print(f"{len(corpus)} clips of {card(corpus.name).title}")
print(f"{len(train_idx)} to learn from, {len(test_idx)} by unheard speakers: {', '.join(unheard)}")
print(f"tokens of speech in a clip: {speech.sum(1).double().mean():.1f} of {speech.shape[1]}")

# %% nbgrader={"grade_id": "see_tokens", "locked": true}
shown = torch.stack([train_idx[corpus.digits[train_idx] == digit][7] for digit in (7, 0, 3)])
display(pictures.tokens(mels[shown], speech[shown], [int(corpus.digits[i]) for i in shown]))

# %% [markdown]
# ## The idea
#
# Let $x$ be a clip, $\mathcal{M}$ a set of tokens, and $\tilde{x}$ the clip whose tokens in
# $\mathcal{M}$ are replaced by one vector, the same everywhere. A network $c = f(\tilde{x})$ gives
# every token a **context vector** $c_i$, made from all that is visible. What is $c_i$ to tell of a
# hidden token? The sound itself, 80 numbers of log-mel, is the obvious answer and a poor one: most
# of these numbers are the voice, the room and chance. The three models choose something else:
#
# | | what is predicted | where it comes from | what keeps it from collapsing |
# |---|---|---|---|
# | wav2vec 2.0 | which of some candidates is true | a layer below | the others are negatives |
# | HuBERT | the name of its cluster | k-means, before training | the clusters are fixed |
# | data2vec | a teacher's upper layers | a slow average of the network | slowness, normalisation |
#
# **What is masked** is nearly the same in all three: spans of ten tokens of 20 ms, about half of a
# clip, in what a first layer of convolutions makes of the waveform. Here it is spans of five tokens
# of 32 ms, in the log-mel itself.
#
# (data2vec's teacher hears the whole clip, with nothing hidden. wav2vec 2.0 quantises its
# candidates, and has a second term in its loss that keeps all entries of the codebook in use; we
# leave both out. HuBERT clusters again after a first round of training, this time its own
# layers; we stop after the first.)

# %% [markdown]
# ## HuBERT, step 1: labels from nobody
#
# ### `pseudo_labels`
#
# A label for every token, and nobody to ask. HuBERT's answer is disarming: **k-means on simple
# features.** The clusters are not phonemes, but tokens of one cluster sound alike, and that is
# enough to begin with.
#
# `nearest(frames, centroids)`: for every row of `frames` `[n, dim]` the index of the nearest row
# of `centroids` `[k, dim]`, by Euclidean distance: long `[n]`. Ties may go either way.
#
# `kmeans_step(frames, centroids)`: one step of Lloyd's algorithm. Every centroid moves to the
# **mean of the frames that are nearest to it**; a centroid that is nearest to no frame **stays
# where it is**. Returns `[k, dim]`. Where a frame is equally near to two centroids, either way is
# right.
#
# `kmeans(frames, k, steps, generator)`: begins at `k` **different rows** of `frames`, drawn
# uniformly (any `k` rows are as likely as any others, and none is drawn twice; if `frames` repeats
# values, centroids may be equal in value), then takes `steps` steps. Returns `[k, dim]`, in any
# order; with `steps` 0 these are the rows drawn. All randomness comes from `generator`, which is
# always given: from the same state comes the same result, whatever the global seed is, and two
# calls in a row draw anew. Seeding some other random source from the generator is fine. `k` is at
# most the number of rows.
#
# Results have the dtype of `frames`, float32 or float64.


# %% nbgrader={"grade_id": "pseudo_labels_solution", "solution": true}
def nearest(frames: Tensor, centroids: Tensor) -> Tensor:
    """Index [n] of the centroid [k, dim] that is nearest to each row of ``frames`` [n, dim]."""
    ### BEGIN SOLUTION
    # |f - c|^2 without |f|^2, which is the same for every centroid.
    return (centroids.square().sum(dim=1) - 2 * frames @ centroids.T).argmin(dim=1)
    ### END SOLUTION


def kmeans_step(frames: Tensor, centroids: Tensor) -> Tensor:
    """Centroids [k, dim], each moved to the mean of the frames [n, dim] nearest to it."""
    ### BEGIN SOLUTION
    label = nearest(frames, centroids)
    total = torch.zeros_like(centroids).index_add(0, label, frames)
    count = torch.bincount(label, minlength=len(centroids))[:, None]
    return torch.where(count > 0, total / count, centroids)
    ### END SOLUTION


def kmeans(frames: Tensor, k: int, steps: int, generator: torch.Generator) -> Tensor:
    """Centroids [k, dim] of ``frames`` [n, dim], after ``steps`` steps from random rows."""
    ### BEGIN SOLUTION
    drawn = torch.randperm(len(frames), generator=generator)[:k]
    centroids = frames[drawn]
    for _ in range(steps):
        centroids = kmeans_step(frames, centroids)
    return centroids
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "pseudo_labels", "locked": true, "points": 3}
check("pseudo_labels")

# %% [markdown]
# What clusters look at are **cepstra**: 13 coefficients of a cosine transform along frequency, of
# both frames of a token, less the mean of the clip. They keep the rough shape of the spectrum
# (which vowel?) and drop the fine one (which pitch?), and much of the microphone goes with the
# mean. Below, every token bears the colour of its cluster. Do you see the *s* of *seven*?

# %% nbgrader={"grade_id": "see_units", "locked": true}
CLUSTERS, units = 32, None
with once_written("nearest", "kmeans_step", "kmeans"):
    tokens = training.cepstra(mels[train_idx])[speech[train_idx]]
    centroids = kmeans(tokens[::5], CLUSTERS, 12, torch.Generator().manual_seed(0))
    units = nearest(training.cepstra(mels).flatten(0, 1), centroids).view(speech.shape)
    display(pictures.units(mels[shown], units[shown], speech[shown]))

# %% [markdown]
# Units can be heard. Here are all the tokens of a cluster, from many clips and speakers, one
# after the other. Can you name the sound?

# %% nbgrader={"grade_id": "hear_units", "locked": true}
if units is not None:
    in_use = torch.bincount(units[speech], minlength=CLUSTERS).argsort(descending=True)
    for unit in in_use[:4].tolist():
        print(f"unit {unit}: {int((units[speech] == unit).sum())} tokens")
        sound = pictures.sound_of_unit(waves, units, speech, unit)
        display(Audio(sound.numpy(), rate=corpus.sample_rate))

# %% [markdown]
# ## HuBERT, step 2: what is hidden
#
# ### `span_mask`
#
# One hidden token of 32 ms is no riddle: take the one beside it. So **spans** are hidden, of
# `span` tokens each (160 ms if not told otherwise). `span_mask(speech, fraction, span,
# generator)` returns a mask, bool `[batch, tokens]`, true where a token is hidden:
#
# - whole spans are laid **one by one**. The start of each is **uniform among all places where the
#   whole span lies on speech**, whether something there is masked already or not. Whether a start
#   may be drawn again makes no difference to the masks, and both are fine;
# - so spans may overlap and touch, and are **never cut** by the end of the speech;
# - none is laid any more once the masked tokens are **at least `fraction` times the tokens of
#   speech** of the clip. The last span may go beyond that: more can be masked than was asked for;
# - a clip with some speech but **fewer than `span` tokens** of it is masked whole. No token
#   outside speech is ever masked, so a clip **without speech** has nothing masked at all;
# - `fraction` is greater than 0 and at most 1; 1 masks all speech.
#
# Clips are treated **independently of each other**. **All randomness comes from `generator`**
# when one is given: from the same state comes the same mask, whatever the global seed is, and two
# calls in a row differ where there is a choice. Seeding some other random source from the
# generator is fine. Without a generator two calls differ as well.


# %% nbgrader={"grade_id": "span_mask_solution", "solution": true}
def span_mask(
    speech: Tensor,
    fraction: float = 0.5,
    span: int = 5,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Spans of speech to be hidden.

    Args:
        speech: bool [batch, tokens], a prefix of each clip.
        fraction: share of each clip's speech that is hidden at least.
        span: tokens in a span.
        generator: source of randomness; the global one if None.

    Returns:
        bool [batch, tokens].
    """
    ### BEGIN SOLUTION
    token = torch.arange(speech.shape[1])
    length = speech.sum(dim=1, keepdim=True)
    mask = speech & (length < span)
    # All starts of a clip in random order; those where no span fits come last.
    order = torch.rand(speech.shape, generator=generator)
    starts = order.masked_fill(token > length - span, 2.0).argsort(dim=1)
    for start in starts.T[:, :, None]:
        short = mask.sum(dim=1, keepdim=True) < fraction * length
        if not short.any():
            break
        mask |= short & (start <= token) & (token < start + span)
    return mask
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "span_mask", "locked": true, "points": 3}
check("span_mask")

# %% [markdown]
# ### `mask_input`
#
# `mask_input(mel, mask, vector)`: both frames of every masked token are replaced by `vector`
# `[40]`; everything else stays as it is. `mel` is `[batch, 40, frames]`, `mask` bool
# `[batch, frames / 2]`. The vector is learned together with the network, so the result is
# **differentiable** in `vector` and in what stays visible.


# %% nbgrader={"grade_id": "mask_input_solution", "solution": true}
def mask_input(mel: Tensor, mask: Tensor, vector: Tensor) -> Tensor:
    """Log-mels [batch, 40, frames] with ``vector`` [40] in both frames of every masked token."""
    ### BEGIN SOLUTION
    hidden = mask.repeat_interleave(2, dim=1)[:, None]
    return torch.where(hidden, vector[:, None], mel)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mask_input", "locked": true, "points": 1}
check("mask_input")

# %% nbgrader={"grade_id": "see_mask", "locked": true}
with once_written("span_mask", "mask_input"):
    hidden = span_mask(speech[shown], generator=torch.Generator().manual_seed(3))
    gaps = mask_input(mels[shown], hidden, torch.zeros(40))
    display(pictures.masks(mels[shown], gaps, hidden))

# %% [markdown]
# How much is hidden in the end? At least half of each clip, since a span is never cut: more.

# %% nbgrader={"grade_id": "see_shares", "locked": true}
with once_written("span_mask"):
    drawn = span_mask(speech[train_idx])
    display(pictures.shares(drawn.sum(1) / speech[train_idx].sum(1)))

# %% [markdown]
# ## HuBERT, step 3: the loss
#
# ### `hubert`
#
# `hubert_loss(logits, labels, mask, speech, alpha=1.0)`. The network gives `logits`
# `[batch, tokens, k]`, a score for each of `k` clusters; `labels` `[batch, tokens]` are the true
# ones, from 0 to $k - 1$ at every token. Let $\ell_i$ be the cross-entropy of token $i$,
# $\mathcal{M}$ all masked tokens **of the batch together**, and $\mathcal{V}$ all **visible tokens
# of speech** (speech that is not masked; the mask lies within speech). Then
#
# $$\mathcal{L} = \alpha \, \frac{1}{|\mathcal{M}|} \sum_{i \in \mathcal{M}} \ell_i
# \;+\; (1 - \alpha) \, \frac{1}{|\mathcal{V}|} \sum_{i \in \mathcal{V}} \ell_i$$
#
# A side **without tokens counts 0**, at every $\alpha$ from 0 to 1; a batch without any speech
# gives 0. Differentiable in `logits`. (Hsu et al. write sums, and the authors' code divides both
# sums by one number; with two means $\alpha$ says what it seems to say.)


# %% nbgrader={"grade_id": "hubert_solution", "solution": true}
def hubert_loss(
    logits: Tensor, labels: Tensor, mask: Tensor, speech: Tensor, alpha: float = 1.0
) -> Tensor:
    """Cross-entropy of masked and of visible tokens.

    Args:
        logits: [batch, tokens, k].
        labels: long [batch, tokens], 0 to k - 1.
        mask: bool [batch, tokens], within speech.
        speech: bool [batch, tokens].
        alpha: weight of the masked tokens; the visible ones have the rest.

    Returns:
        One number.
    """
    ### BEGIN SOLUTION
    loss = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")

    def mean_over(tokens):
        return (loss * tokens).sum() / tokens.sum().clamp(min=1)

    return alpha * mean_over(mask) + (1 - alpha) * mean_over(speech & ~mask)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "hubert", "locked": true, "points": 2}
check("hubert")

# %% [markdown]
# ## wav2vec 2.0
#
# ### `wav2vec`
#
# Here no clusters are needed. The context vector of a hidden token is compared with the token's
# true target and with those of some other hidden tokens of the same clip, the **distractors**:
# which one was it? (This is the contrastive term of wav2vec 2.0 alone.)
#
# List the masked tokens of a batch in **row-major order**: those of the first clip from left to
# right, then those of the second, and so on. The first has position 0.
#
# `sample_distractors(mask, count, generator=None)`: for a mask, bool `[batch, tokens]`, long
# `[masked tokens, count]`: row $i$ holds the positions, in that list, of `count` distractors of
# masked token $i$. They are drawn **for every token anew**, independently of what other tokens
# got; each is **uniform over the other masked tokens of the same clip**, never the token itself.
# Entries of a row may repeat; drawing without repetition as far as there are enough others is
# fine too. A token that is alone in its clip has no others: its row is filled with $-1$, and $-1$
# stands nowhere else. Randomness is as for `span_mask`.
#
# `wav2vec_loss(context, targets, distractors, temperature=0.1)`: row $i$ of `context` and of
# `targets`, both `[masked tokens, dim]`, belongs to masked token $i$. With
# $s_{ij} = \cos(c_i, t_j)$ and $D_i$ the distractors of token $i$,
#
# $$\mathcal{L} = - \frac{1}{n} \sum_i
# \log \frac{e^{s_{ii} / \tau}}{e^{s_{ii} / \tau} + \sum_{j \in D_i} e^{s_{ij} / \tau}}$$
#
# - **left out** of $D_i$ are $-1$, and distractors whose target **equals the own in every
#   number** (they would be right answers called wrong); a distractor that is drawn twice counts
#   twice;
# - a token with all distractors left out counts 0, and still counts in the mean over all $n$
#   masked tokens;
# - the loss is differentiable in `context` and in `targets`, both as own targets and as
#   distractors;
# - there is at least one token, and no row is zero.
#
# Half of the points are for each function.


# %% nbgrader={"grade_id": "wav2vec_solution", "solution": true}
def sample_distractors(
    mask: Tensor, count: int, generator: torch.Generator | None = None
) -> Tensor:
    """Positions [masked tokens, count] of other masked tokens of the same clip.

    Args:
        mask: bool [batch, tokens].
        count: distractors of each masked token.
        generator: source of randomness; the global one if None.

    Returns:
        long [masked tokens, count]; -1 in the row of a token that is alone in its clip.
    """
    ### BEGIN SOLUTION
    in_clip = mask.sum(dim=1)
    clip = mask.nonzero()[:, 0]
    first = (in_clip.cumsum(0) - in_clip)[clip, None]
    others = in_clip[clip, None] - 1
    own = torch.arange(len(clip))[:, None] - first
    drawn = (torch.rand(len(clip), count, generator=generator) * others).long()
    drawn += drawn >= own  # the token itself is skipped
    return torch.where(others > 0, first + drawn, -1)
    ### END SOLUTION


def wav2vec_loss(
    context: Tensor, targets: Tensor, distractors: Tensor, temperature: float = 0.1
) -> Tensor:
    """Contrastive loss of masked tokens.

    Args:
        context: [masked tokens, dim], what the network says.
        targets: [masked tokens, dim], what was there.
        distractors: long [masked tokens, count], rows of ``targets``, or -1.
        temperature: divides the cosines.

    Returns:
        One number, the mean over all masked tokens.
    """
    ### BEGIN SOLUTION
    candidates = torch.cat([targets[:, None], targets[distractors]], dim=1)
    logits = F.cosine_similarity(context[:, None], candidates, dim=2) / temperature
    same = (targets[distractors] == targets[:, None]).all(dim=2)
    left_out = F.pad(same | (distractors < 0), (1, 0))
    right = torch.zeros(len(context), dtype=torch.long)
    return F.cross_entropy(logits.masked_fill(left_out, -math.inf), right)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "wav2vec", "locked": true, "points": 4}
check("wav2vec")

# %% [markdown]
# ## data2vec
#
# ### `data2vec`
#
# The third answer: predict what a **teacher** makes of the clip with nothing hidden. The teacher
# is a slow average of the network itself, and the targets are its upper layers, so they know the
# context of a token and not its sound alone.
#
# `teacher_targets(layers, top=2)`: `layers` is a list of `[batch, tokens, dim]`, lowest first.
# Each of the **last `top`** layers is normalised **per clip and per dimension, over all of the
# clip's tokens** (silence too): mean 0 and deviation 1 (biased or unbiased). A constant of at
# most 1e-4 in the variance or the deviation, or a lower bound of at most 1e-4, is fine, and
# something of the kind is needed: the result is finite where a dimension is constant. Then the
# layers are **averaged**, and not normalised again: `[batch, tokens, dim]`. `top` is from 1 to the
# number of layers, and clips have at least two tokens. No gradient is needed.
#
# `regression_loss(prediction, targets, mask, beta=1.0)`: a smooth L1 loss on the masked tokens.
# With $d$ the absolute difference of a predicted and a true number,
#
# $$\ell(d) = \begin{cases} d^2 / (2 \beta) & d \le \beta \\
# d - \beta / 2 & \text{else} \end{cases}$$
#
# and the mean over all numbers of all masked tokens, of which there is at least one;
# `prediction` and `targets` are `[batch, tokens, dim]`, $\beta > 0$. Differentiable in
# `prediction`; whether in `targets` too is up to you.


# %% nbgrader={"grade_id": "data2vec_solution", "solution": true}
def teacher_targets(layers: list[Tensor], top: int = 2) -> Tensor:
    """Mean of the last ``top`` layers [batch, tokens, dim], each normalised over tokens."""
    ### BEGIN SOLUTION
    chosen = torch.stack(layers[-top:])
    centred = chosen - chosen.mean(dim=2, keepdim=True)
    deviation = (centred.square().mean(dim=2, keepdim=True) + 1e-5).sqrt()
    return (centred / deviation).mean(dim=0)
    ### END SOLUTION


def regression_loss(prediction: Tensor, targets: Tensor, mask: Tensor, beta: float = 1.0) -> Tensor:
    """Smooth L1 loss of the masked tokens.

    Args:
        prediction, targets: [batch, tokens, dim].
        mask: bool [batch, tokens].
        beta: the difference up to which the loss is quadratic.

    Returns:
        One number, the mean over masked tokens and dimensions.
    """
    ### BEGIN SOLUTION
    return F.smooth_l1_loss(prediction[mask], targets[mask], beta=beta)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "data2vec", "locked": true, "points": 3}
check("data2vec")

# %% [markdown]
# ## The network
#
# ### `context`
#
# `Context()`, without arguments, turns log-mels `[batch, 40, frames]` into **layers of tokens**:
#
# - `forward(mel)` returns a list or tuple of **at least two** layers, lowest first, each
#   `[batch, tokens, dim]` with tokens = frames / 2, which may be an odd number. The attribute
#   `dim` says the last axis. The first layer may be a front that sees no neighbours;
# - `frames` is even, from 16 to 256; in eval mode a batch of one works;
# - in the **last layer** a token hears its neighbours, **on both sides and from afar**: its vector
#   changes when only tokens that are 4 or more to its left change, and likewise to its right. It
#   also hears their **order**: it changes when two of them are swapped. This holds before training
#   too (a branch that starts at exactly zero will not do), and is asked in clips of at least 24
#   tokens, of tokens that are 8 or more from both ends;
# - in **eval mode** the same clip always gives the same layers, whatever other clips are in the
#   batch;
# - it has at most **2 million** parameters.
#
# Convolutions over the frequency axis that halve time once, then some layers that mix tokens, are
# enough; and so is a small transformer, if it knows positions. Why is it that attention alone
# does not hear the order?


# %% nbgrader={"grade_id": "context_solution", "solution": true}
class Context(nn.Module):
    """Log-mel spectrograms [batch, 40, frames] to layers [batch, frames / 2, dim]."""

    def __init__(self) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.dim = 128
        front, bands, before = [], 40, 1
        # Every convolution halves the bands; the first makes tokens of pairs of frames.
        for after, stride in ((8, (2, 2)), (16, (2, 1)), (32, (2, 1)), (64, (2, 1))):
            front += [
                nn.Conv2d(before, after, 3, stride, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            ]
            before, bands = after, -(-bands // 2)
        self.front = nn.Sequential(*front).to(memory_format=torch.channels_last)
        self.mix = self.mixing(before * bands, width=1)
        self.blocks = nn.ModuleList(self.mixing(self.dim, 5, dilation) for dilation in (1, 2))

    def mixing(self, channels: int, width: int, dilation: int = 1) -> nn.Module:
        """A convolution over tokens, [batch, channels, tokens] to [batch, dim, tokens]."""
        padding = width // 2 * dilation
        return nn.Sequential(
            nn.Conv1d(channels, self.dim, width, 1, padding, dilation, bias=False),
            nn.BatchNorm1d(self.dim),
            nn.ReLU(),
        )
        ### END SOLUTION

    def forward(self, mel: Tensor) -> list[Tensor]:
        ### BEGIN SOLUTION
        hidden = self.mix(self.front(mel[:, None]).flatten(1, 2))
        layers = [hidden]
        for block in self.blocks:
            hidden = hidden + block(hidden)
            layers.append(hidden)
        return [layer.transpose(1, 2) for layer in layers]
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "context", "locked": true, "points": 3}
check("context")

# %% [markdown]
# How far does a token hear? Change one token of a clip, and see which tokens of each layer move.

# %% nbgrader={"grade_id": "see_reach", "locked": true}
with once_written("Context"):
    context = Context()
    size = sum(p.numel() for p in context.parameters())
    print(f"{size} parameters")
    display(pictures.reach(context, mels[shown[0]]))

# %% [markdown]
# ## Pretraining
#
# ### `pretraining`
#
# Labels are made of the clip as it is. But the network may **hear it in another voice**: then the
# labels ask of it to hear *through* the voice. What that voice is, is yours to design. Write
#
# - `make_input(mel, generator)`: log-mels `[batch, 40, frames]` to log-mels of the same shape, the
#   network's input before masking.
#
# **Shape and dtype are kept**, for a batch of any size; the input is not modified; the result is
# finite. **Time stays**: token $i$ must remain the same moment of the same clip, recognisable for
# a listener, since the label of that moment is asked for. (Mixing another clip in quietly is
# fine; shifting, warping or reversing time is not.) Returning `mel` as it is, is allowed.
# Randomness may come from anywhere.
#
# This part is graded by what comes of it. Labels are clusters found with your `kmeans`; your
# `Context` is trained for 180 steps of 64 clips, at random tempo, with spans hidden by your
# `span_mask` and `mask_input`, and your `hubert_loss` with $\alpha = \frac12$. The mask vector and
# a linear layer from the last layer to the clusters are given. Read `public/training.py`: the
# grader runs that very file. You get a third of the points for each of
#
# 1. **filling gaps**: of speakers that were never heard, with spans that the grader chooses,
#    predicting more of the hidden tokens than one can without having learned to: more than
#    {bar gaps fsdd} on the Free Spoken Digit Dataset, {bar gaps synthetic} on synthetic voices.
#    (That a hidden token sounds like the nearest visible one is right in about one case of ten.)
#    Clusters must be in use for that: a perplexity of at least half of their number;
# 2. **learning**: a probe with few labels, 20 clips of each digit, reads more digits of unheard
#    speakers from your layers after training than before, and than from untrained networks on
#    average;
# 3. reaching with that probe, and with 2, what correct solutions of many kinds reach:
#    {bar probe fsdd} on the Free Spoken Digit Dataset, {bar probe synthetic} on synthetic voices.
#
# If a run falls short, it is repeated once from another seed, and what is reached once is reached.
#
# The first comes first for a reason. A network that is trained with *nothing hidden* reads digits
# as well as this one: naming the cluster of what one hears is a fine lesson. But it has not learned
# to fill gaps.


# %% nbgrader={"grade_id": "pretraining_solution", "solution": true}
def make_input(mel: Tensor, generator: torch.Generator) -> Tensor:
    """Each clip in another voice, [batch, 40, frames] to [batch, 40, frames]."""
    ### BEGIN SOLUTION
    batch, bands, _ = mel.shape

    def uniform(low, high, *shape):
        return low + (high - low) * torch.rand(batch, *shape, generator=generator)

    # Another vocal tract: frequency stretched by up to a fifth and moved by up to two bands.
    middle = bands / 2 - 0.5
    band = torch.arange(bands)
    place = uniform(-0.2, 0.2, 1).exp() * (band - middle) + middle + uniform(-2, 2, 1)
    tones = (1 - (place.clamp(0, bands - 1)[:, :, None] - band).abs()).clamp(min=0)

    # Another microphone: a smooth equaliser of four cosines, and a change of contrast.
    order = torch.arange(1, 5)[:, None]
    cosines = torch.cos(math.pi * order * band / (bands - 1) + uniform(0, 2 * math.pi, 4, 1))
    gain = 0.12 * torch.randn(batch, 4, 1, generator=generator)
    equaliser = (gain * cosines).sum(1)[:, :, None]
    return (uniform(0.8, 1.2, 1, 1) * (tones @ mel) + equaliser).to(mel.dtype)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "pretraining", "locked": true, "points": 3}
check("pretraining")

# %% nbgrader={"grade_id": "see_input", "locked": true}
with once_written("make_input"):
    voices = [make_input(mels[shown].clone(), torch.Generator().manual_seed(i)) for i in (1, 2)]
    display(plots.views(mels[shown], *voices, corpus.sample_rate))

# %% [markdown]
# ## Training
#
# The same run as in grading, on the clips of the speakers we may hear; it takes about 15 seconds.
# The loss starts near $\ln 32$, that of somebody who finds all clusters equally likely; beside it,
# the share of hidden tokens that are found. The grader's clips come in an order that is a secret,
# so its figures differ from yours as those of another seed do, by about a point either way.

# %% nbgrader={"grade_id": "training", "locked": true}
run = None
with once_written(
    "kmeans", "nearest", "span_mask", "mask_input", "hubert_loss", "Context", "make_input"
):
    run = run_training("public", corpus)
    for name, title in run.titles.items():
        display(plots.curve(run.curves[name], title, run.levels.get(name)))

# %% [markdown]
# ### What is in the gap
#
# Unheard speakers, and spans that the network has to fill. Above, what was there, with its units;
# in the middle, what the network got; below, the gap filled with the average sound of the units
# that it predicts. It need not be the right unit to be a good guess: look at the sound.

# %% nbgrader={"grade_id": "see_gaps", "locked": true}
if run:
    unheard_mels, unheard_speech = mels[test_idx], speech[test_idx]
    spans = span_mask(unheard_speech, generator=torch.Generator().manual_seed(1))
    frames = spans.repeat_interleave(2, dim=1)[:, None]
    answer = training.answer(
        run.model, {"mels": unheard_mels.masked_fill(frames, 0), "mask": spans}
    )
    truth = training.codes(run.model.student, unheard_mels, answer["centroids"])
    found = (answer["predicted"] == truth)[spans].double().mean()
    print(f"hidden tokens of unheard speakers that are predicted: {found:.1%}")
    pairs = unheard_mels.unflatten(2, (-1, 2)).transpose(1, 2)
    sounds = torch.stack(
        [pairs[(truth == unit) & unheard_speech].mean(0) for unit in range(CLUSTERS)]
    ).nan_to_num()
    hits = ((answer["predicted"] == truth) & spans).sum(1) / spans.sum(1).clamp(min=1)
    long = unheard_speech.sum(1) >= 14
    for clip in (hits * long).argsort(descending=True)[[2, 40, 400]].tolist():
        parts = (spans[clip], truth[clip], answer["predicted"][clip])
        display(pictures.gap(unheard_mels[clip], *parts, sounds, unheard_speech[clip]))

# %% [markdown]
# ### What it is worth
#
# The probe gets all layers side by side, each as mean and maximum over a clip's tokens, heard at
# three tempi. With 20 labels a digit, the mean of ten draws of them:

# %% nbgrader={"grade_id": "probing", "locked": true}
if run:
    display(plots.measures(run.measures, run.bars))

# %% [markdown]
# ### Which layer holds what
#
# One layer at a time, before and after training: the digit, on unheard speakers with 20 labels a
# digit; and the speaker, asked of a linear probe that learns voices from half of all takes and is
# asked about the other half.

# %% nbgrader={"grade_id": "see_layers", "locked": true}


def digit_of(embeddings):
    """Accuracy of a probe with few labels, on unheard speakers."""
    x, y = embeddings, corpus.digits
    return few_label_probe(x[train_idx], y[train_idx], x[test_idx], y[test_idx])


def speaker_of(embeddings):
    """Accuracy of a linear probe for the speaker, on takes it has not seen."""
    x, y, even = embeddings, corpus.speaker_ids, corpus.takes % 2 == 0
    return linear_probe(x[even], y[even], x[~even], y[~even])


if run:
    for probe, asked in ((digit_of, "digit, 20 labels"), (speaker_of, "speaker, all labels")):
        lines = {
            "trained": [probe(layer) for layer in run.after.values()],
            "untrained": [probe(layer) for layer in run.before.values()],
        }
        display(pictures.layers(lines, f"{asked}: each layer by itself"))

# %% [markdown]
# Now look at the last layer. t-SNE lays the unheard speakers' clips out in the plane, neighbours
# beside neighbours. Left and right are the same points, coloured by digit and by speaker.

# %% nbgrader={"grade_id": "see_latent", "locked": true}
if run:
    heard = [corpus.speakers[i] for i in test_idx]
    last = list(run.after.values())[-1]
    display(plots.latent(last[test_idx], corpus.digits[test_idx], heard))

# %% [markdown]
# ## Three families side by side
#
# Your `Context`, three times: trained as HuBERT above, as wav2vec 2.0 with your `wav2vec_loss`, and
# as data2vec with your `teacher_targets` and `regression_loss`. Same clips, voices, spans and
# steps; only the target differs (`public/families.py`). This takes another half a minute.

# %% nbgrader={"grade_id": "see_families", "locked": true}
results = {}
if run:
    results["HuBERT"] = list(run.after.values())
    results["untrained"] = list(run.before.values())
    with once_written("sample_distractors", "wav2vec_loss", "teacher_targets", "regression_loss"):
        for name, train in (("wav2vec 2.0", families.wav2vec), ("data2vec", families.data2vec)):
            context, losses = train(run.model.student, mels[train_idx], run.recipe, tqdm)
            run.model.context, hubert = context, run.model.context
            results[name] = list(training.embed(run.model, {"mels": mels}).values())
            run.model.context = hubert
            display(plots.curve(losses, f"{name}: its loss while training"))

# %% nbgrader={"grade_id": "see_comparison", "locked": true}
if results:
    print("probe on all layers side by side:            digit, 20 labels      speaker")
    for name, layers in results.items():
        together = torch.cat(layers, dim=1)
        print(f"{name:44} {digit_of(together):8.1%} {speaker_of(together):16.1%}")
    lines = {name: [digit_of(layer) for layer in layers] for name, layers in results.items()}
    display(pictures.layers(lines, "digit, 20 labels: each layer by itself"))

# %% [markdown]
# ## The real ones
#
# HuBERT and wav2vec 2.0 as they were published: 95 million parameters, trained on 960 hours of
# audiobooks without a label. If you have internet, write `ask_real_models()` into a cell of your
# own: it downloads them (360 MB each), hands them 600 of our clips, which takes some minutes on a
# laptop, and asks the same probes of each of their twelve layers. Without internet it says so and
# goes on.


# %% nbgrader={"grade_id": "see_pretrained", "locked": true}
def ask_real_models(clips=600):
    """Digit and speaker in every layer of pretrained models, on some clips."""
    generator = torch.Generator().manual_seed(0)
    some = torch.randperm(len(corpus), generator=generator)[:clips]
    train = torch.isin(some, train_idx)
    y = corpus.digits[some]
    for title in pretrained.BUNDLES:
        model = pretrained.load(title)
        if model is None:
            continue
        layers = pretrained.embed_layers(model, waves[some], corpus.sample_rate, progress=tqdm)
        digit = [few_label_probe(x[train], y[train], x[~train], y[~train]) for x in layers]
        voices, even = corpus.speaker_ids[some], corpus.takes[some] % 2 == 0
        speaker = [linear_probe(x[even], voices[even], x[~even], voices[~even]) for x in layers]
        lines = {"digit, 20 labels": digit, "speaker": speaker}
        display(pictures.layers(lines, f"{title}: each layer by itself"))


# %% [markdown]
# ## Discussion
#
# Answer in about 250 words, for a reader who has seen your pictures:
#
# 1. **Which layer holds the digit, and which the speaker?** What changes through training, and what
#    would you have expected of a network whose target is a cluster of its neighbour's sound?
# 2. **HuBERT, wav2vec 2.0, data2vec**: which of the three does best on this network and in this
#    time, by which figure, and what in its target may be the reason?
# 3. **Gaps and contrast**: compare with contrastive learning, on your figures from that seminar if
#    you have them. What does each have to be told (views, negatives, clusters, spans), and what
#    does each forget?
# 4. **One experiment of your own**: change something (alpha, the length of spans, nothing hidden at
#    all), train again, and say what happened to the gaps and to the probe.
#
# Each question is worth one point, and a point goes to an answer that rests on what you
# measured.

# %% [markdown] nbgrader={"grade": true, "grade_id": "discussion", "points": 4, "solution": true}
# **Layers.** After training every layer holds the digit about equally well (81 to 82 % with 20
# labels; untrained 68 to 71 %). I had expected the upper ones to be better, since the target is
# one of sounds beside them. The speaker can be read from each layer, before and after (98 to
# 99 %): a cluster of sounds does not ask who speaks, but nothing rewards forgetting it.
#
# **Targets.** HuBERT reads most digits with 20 labels here (82 %; wav2vec 2.0 75 %, data2vec 70 %).
# Its clusters are the same from the first step on and leave out pitch and microphone. The targets
# of wav2vec 2.0 are the sound itself, so being right means knowing the voice; data2vec's teacher
# knows nothing at the beginning, and 180 steps are short for it.
#
# **Contrast.** Contrastive learning has to be told what two views have in common, and forgets
# what they do not share; filling gaps has to be told what to predict, and keeps what helps to
# predict it. With 20 labels a digit both end close together on these speakers.
#
# **Experiment.** With nothing hidden, the probe is as good as before or better, but of hidden
# tokens only one in twenty-five is found: the network names what it hears and has not learned to
# fill gaps.
