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
# # Learning spoken digits without labels
#
# A child hears its mother say *seven*, then its father, then the radio, and nobody ever says
# "this was class 7". Still it learns that the three have something in common. In this seminar
# a small network learns the same way: from a few thousand clips of spoken digits, **without a
# single label**, by being told only that two distorted copies of a clip are the same thing and
# that all other clips are something else. Afterwards we ask a linear classifier how much the
# network knows about digits, on voices it has never heard.
#
# You write the pieces, in this order:
#
# | part | you write | points |
# |---|---|---|
# | `add_noise` | noise at a given signal-to-noise ratio | 2 |
# | `time_mask` | a hole in the waveform | 2 |
# | `fade` | fading in and out | 2 |
# | `spec_augment` | holes in the spectrogram | 2 |
# | `encoder` | the network and its projection head | 3 |
# | `info_nce` | the contrastive loss | 4 |
# | `representation` | your own way of making views; graded by a training run | 3 |
# | `latent_space` | three measures of an embedding | 2 |
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
# - A part that goes wrong costs its own points only: the training run of `representation` is
#   then made with our version of that part in place of yours.
# - It all runs on a laptop without a GPU. With an encoder of moderate size the training run takes
#   about 15 seconds. The grader stops a call after 10 seconds of processor time and the training
#   run after 10 minutes.

# %% nbgrader={"grade_id": "setup", "locked": true}
import math
import random

import numpy as np
import torch
import torch.nn.functional as F
import torchaudio
from torch import Tensor, nn

# %% nbgrader={"grade_id": "lab", "locked": true}
from autograder.lab import check, linear_probe, once_written, pooled_log_mel, run_training
from spoken_digits import CorpusError, card, load
from spoken_digits.features import cut_silence, log_mel

# %% nbgrader={"grade_id": "tools", "locked": true}
import matplotlib.pyplot as plt
from IPython.display import Audio, display

from autograder.lab import plots

# %% [markdown]
# ## The corpus
#
# We use the Free Spoken Digit Dataset: six speakers, the digits 0 to 9, fifty takes of each,
# recorded at 8 kHz with whatever microphone was at hand. The first call downloads it. Where
# that is not possible, a corpus of synthetic voices takes its place.
#
# **Two of the speakers are kept away from training.** This matters more than anything else
# here. If takes of every speaker are on both sides, even the raw spectrogram gets 95 % of the
# test digits right: a new take by a known voice is nearly a copy of an old one. On unheard
# voices it gets three quarters, and that is where learning can show.

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
print(f"{len(corpus)} clips of {card(corpus.name).title}")
print(f"{len(train_idx)} to learn from, {len(test_idx)} by unheard speakers: {', '.join(unheard)}")

# %% [markdown]
# Listen: the same digit twice, by two people. You recognise the digit at once, and you would
# recognise the speaker too. Both are in the signal, and nothing in it says which of the two is
# the one we want.

# %% nbgrader={"grade_id": "hear", "locked": true}
seven = torch.nonzero(corpus.digits == 7).flatten()
first = seven[0]
second = next(i for i in seven if corpus.speakers[i] != corpus.speakers[first])
for clip in (first, second):
    print(f"{corpus.speakers[clip]} says {corpus.digits[clip]}")
    display(Audio(waves[clip].numpy(), rate=corpus.sample_rate))

# %% [markdown]
# The network sees a clip as a **log-mel spectrogram**: 40 bands of frequency, spaced as the ear
# spaces them, every 16 ms, in logarithm of power. Loudness is evened out beforehand, so level
# tells nothing. Dark vowels stand at the bottom, the hiss of an *s* at the top.

# %% nbgrader={"grade_id": "see_mel", "locked": true}
for clip in (first, second):
    title = f"{corpus.speakers[clip]} says {corpus.digits[clip]}"
    display(plots.wave(waves[clip], corpus.sample_rate, title))
    display(plots.log_mel(mels[clip], corpus.sample_rate, title))

# %% [markdown]
# ## The idea
#
# Take a clip $x$ and distort it twice, differently: two **views**. They differ in noise, in
# gaps, in pitch, but a listener hears one digit in both. The two are a **positive pair**. Views
# of other clips are **negatives**. An encoder $f$ turns every view into a vector, a small
# projection head $g$ turns that into $z = g(f(x))$, and the loss asks of every $z$: *among all
# the other views in the batch, find your partner.*
#
# What the network learns is decided by what the two views share. If they share the noise of
# the room, it learns rooms; if they share every formant of the voice, it learns voices. It
# keeps what your distortions leave alone, and drops what they change. Making views is where
# knowledge about speech goes in, since there are no labels to bring it.
#
# This is SimCLR (Chen et al., 2020), which found it on images; the loss is older (Sohn, 2016;
# van den Oord et al., 2018).

# %% [markdown]
# ## Making views of a waveform
#
# Three distortions of waveforms `[batch, time]` come first. For these and for `spec_augment`
# below it holds that
#
# - the clips of a batch are treated **independently of each other**: each draws numbers of its
#   own, and nothing is drawn once for all of them. What is random about one clip (a length, a
#   place) is drawn separately too;
# - **all randomness comes from `generator`** (a `torch.Generator`) when one is given: from the
#   same state of the generator comes the same result, whatever the global seed is, and two
#   calls in a row differ. Seeding some other random source from the generator is fine. Without
#   a generator, two calls differ as well;
# - what is passed in is **not modified**;
# - **shape, dtype** (float32 or float64) **and device** are those of the input;
# - a random length may follow any distribution over its whole range, as long as no fifth of the
#   range is rarer than one clip in fifty and the lengths are not a table of a few; rounding up
#   or down is both right. A position is random over the whole axis (never reaching the very
#   last sample or band is tolerated);
# - clips may be of any length and a batch of any size, of one clip too.

# %% [markdown]
# ### `add_noise`
#
# Add white Gaussian noise: every sample gets a number drawn from a normal distribution of mean
# zero, each drawn for itself. The signal-to-noise ratio is a ratio of mean powers, in decibels,
#
# $$\text{snr\_db} =
# 10 \log_{10} \frac{\text{mean power of the clip}}{\text{mean power of the noise}},$$
#
# and holds **for each clip**, in expectation or exactly. The mean power of a clip is the mean
# of its squared samples over the whole clip, any constant offset and any pauses included; the
# noise lies over all of the clip, over its pauses too. `snr_db` is one number for all clips or a
# tensor `[batch]` with one for each, whole or not. A clip may be quiet, and gets the ratio asked
# for; only one that is silent from end to end comes back unchanged: it has no power for the noise
# to relate to.


# %% nbgrader={"grade_id": "add_noise_solution", "solution": true}
def add_noise(
    wave: Tensor, snr_db: float | Tensor, generator: torch.Generator | None = None
) -> Tensor:
    """Add white Gaussian noise to each clip, ``snr_db`` decibels below it.

    Args:
        wave: [batch, time].
        snr_db: signal-to-noise ratio in dB, a number or [batch].
        generator: source of randomness; the global one if None.

    Returns:
        [batch, time].
    """
    ### BEGIN SOLUTION
    snr_db = torch.as_tensor(snr_db, dtype=wave.dtype, device=wave.device).reshape(-1, 1)
    signal_power = wave.square().mean(dim=1, keepdim=True)
    noise_power = signal_power / 10 ** (snr_db / 10)
    noise = torch.randn(wave.shape, generator=generator, dtype=wave.dtype, device=wave.device)
    return wave + noise_power.sqrt() * noise
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "add_noise", "locked": true, "points": 2}
check("add_noise")

# %% nbgrader={"grade_id": "hear_add_noise", "locked": true}
with once_written("add_noise"):
    for snr_db in (20.0, 5.0, -5.0):
        noisy = add_noise(waves[first][None], snr_db)
        print(f"{snr_db:g} dB")
        display(Audio(noisy[0].numpy(), rate=corpus.sample_rate))

# %% [markdown]
# ### `time_mask`
#
# Set one contiguous segment of every clip to zero, as if the line had dropped out. Its length
# is random from 0 to `max_fraction` of the clip (an eighth if not given), its start is random
# among the places where a segment of that length fits, whatever the length is. All samples
# outside it stay as they are.


# %% nbgrader={"grade_id": "time_mask_solution", "solution": true}
def time_mask(
    wave: Tensor, max_fraction: float = 0.125, generator: torch.Generator | None = None
) -> Tensor:
    """Silence one random segment of each clip.

    Args:
        wave: [batch, time].
        max_fraction: greatest length of the segment, as a fraction of the clip.
        generator: source of randomness; the global one if None.

    Returns:
        [batch, time].
    """
    ### BEGIN SOLUTION
    batch, time = wave.shape
    longest = int(max_fraction * time)
    length = torch.randint(longest + 1, (batch, 1), generator=generator, device=wave.device)
    place = torch.rand(batch, 1, generator=generator, device=wave.device)
    start = (place * (time - length + 1)).long()
    sample = torch.arange(time, device=wave.device)
    return wave.masked_fill((start <= sample) & (sample < start + length), 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "time_mask", "locked": true, "points": 2}
check("time_mask")

# %% [markdown]
# ### `fade`
#
# Let every clip rise linearly from silence at its start and fall linearly to silence at its
# end. The two lengths are drawn **separately**, each random from 0 to `max_fraction` of the
# clip; `max_fraction` lies between 0 and 1. The gain is never below 0 or above 1, and between
# the two ramps it is 1. Ramps such as `linspace(0, 1, n)`, `i / n`, `(i + 1) / n` or midpoints
# are all linear. Where a long fade-in meets a long fade-out, take the product of the two gains
# or the smaller one.


# %% nbgrader={"grade_id": "fade_solution", "solution": true}
def fade(
    wave: Tensor, max_fraction: float = 0.5, generator: torch.Generator | None = None
) -> Tensor:
    """Fade each clip in and out over random lengths.

    Args:
        wave: [batch, time].
        max_fraction: greatest length of each fade, as a fraction of the clip, 0 to 1.
        generator: source of randomness; the global one if None.

    Returns:
        [batch, time].
    """
    ### BEGIN SOLUTION
    batch, time = wave.shape
    longest = int(max_fraction * time)
    fade_in, fade_out = torch.randint(
        longest + 1, (2, batch, 1), generator=generator, device=wave.device
    )
    elapsed = torch.arange(1, time + 1, dtype=wave.dtype, device=wave.device)
    # A fade of length 0 divides by zero: infinite, so 1 once clamped.
    rise = (elapsed / fade_in).clamp(max=1)
    fall = (elapsed.flip(0) / fade_out).clamp(max=1)
    return wave * rise * fall
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "fade", "locked": true, "points": 2}
check("fade")

# %% nbgrader={"grade_id": "see_wave_views", "locked": true}
distortions = {
    "add_noise": lambda wave: add_noise(wave, 5.0),
    "time_mask": lambda wave: time_mask(wave, 0.3),
    "fade": lambda wave: fade(wave, 1.0),
}
for name, distort in distortions.items():
    with once_written(name):
        display(plots.wave(distort(waves[first][None])[0], corpus.sample_rate, name))

# %% [markdown]
# ## Making views of a spectrogram
#
# ### `spec_augment`
#
# Holes in the spectrogram cost almost nothing and teach a lot (SpecAugment, Park et al., 2019).
# In every clip of a batch `[batch, n_mels, frames]` of log power, replace
#
# - one contiguous band of mel bins, of random width from 0 to `max_mels`, over all frames, and
# - one contiguous span of frames, of random width from 0 to `max_frames`, over all mel bins
#
# by **the mean of that clip**, taken over all its bins and frames before anything is replaced.
# The two widths are drawn separately, and so are the two positions, random over the whole axis:
# no width and no position decides another.
# Everything else stays as it is, within rounding. A clip has at least `max_mels` bins and at
# least `max_frames` frames, possibly no more than that. The rules for random functions above
# hold here too.


# %% nbgrader={"grade_id": "spec_augment_solution", "solution": true}
def spec_augment(
    mel: Tensor, max_mels: int = 6, max_frames: int = 8, generator: torch.Generator | None = None
) -> Tensor:
    """Replace one band of mel bins and one span of frames of each clip by the clip's mean.

    Args:
        mel: [batch, n_mels, frames], log power.
        max_mels: greatest width of the band, in mel bins.
        max_frames: greatest width of the span, in frames.
        generator: source of randomness; the global one if None.

    Returns:
        [batch, n_mels, frames].
    """
    ### BEGIN SOLUTION
    batch, n_mels, frames = mel.shape

    def random_span(size, widest):
        """One contiguous span of an axis for each clip, bool [batch, size]."""
        width = torch.randint(widest + 1, (batch, 1), generator=generator, device=mel.device)
        place = torch.rand(batch, 1, generator=generator, device=mel.device)
        start = (place * (size - width + 1)).long()
        index = torch.arange(size, device=mel.device)
        return (start <= index) & (index < start + width)

    hidden = random_span(n_mels, max_mels)[:, :, None] | random_span(frames, max_frames)[:, None, :]
    return torch.where(hidden, mel.mean(dim=(1, 2), keepdim=True), mel)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "spec_augment", "locked": true, "points": 2}
check("spec_augment")

# %% nbgrader={"grade_id": "see_spec_augment", "locked": true}
with once_written("spec_augment"):
    pair = mels[torch.stack([first, second])]
    display(plots.views(pair, spec_augment(pair), spec_augment(pair), corpus.sample_rate))

# %% [markdown]
# ## The network
#
# ### `encoder`
#
# Write two modules.
#
# `Encoder()`, without arguments, turns log-mel spectrograms `[batch, 40, frames]` into
# embeddings `[batch, dim]`:
#
# - its attribute `dim` is the length of an embedding, and is there as soon as the encoder is;
# - it takes any number of frames from 16 on, in train and in eval mode; the grader asks up to
#   2048;
# - **every registered parameter takes part**, in short clips as in long ones: it gets a gradient
#   that is not zero, whichever direction of the embedding is asked for (one that is zero because
#   a normalisation cancels it, or because a factor starts at zero and has yet to learn, is fine);
# - in **eval mode** the same clip always gets the same embedding, whatever its length and
#   whatever other clips are in the batch, and a batch of one clip works;
# - different speech gets different embeddings, also where clips differ at their end alone;
# - it has parameters to learn, and at most **2 million** of them.
#
# `ProjectionHead(in_dim, out_dim=64)` maps `[batch, in_dim]` to `[batch, out_dim]`. It has a
# **hidden layer with a non-linearity** and does **not end in an activation** (a normalisation at
# the end is fine). The loss sees what
# comes out of the head; the classifier afterwards sees what goes in. The head may forget what
# the loss does not need, and the encoder is spared (Chen et al., 2020, section 4.2).
#
# A few convolutions are enough. Think of how the length of the clip is to vanish: a mean over
# time, a maximum, or both.


# %% nbgrader={"grade_id": "encoder_solution", "solution": true}
class Encoder(nn.Module):
    """Log-mel spectrograms [batch, 40, frames] to embeddings [batch, dim]."""

    def __init__(self) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        width = 256
        self.dim = 2 * width
        layers, bands, before = [], 40, 1
        # Every layer halves the bands; time is halved three times and keeps 6 of 48 frames.
        for after, stride in zip((8, 16, 32, 64), (2, 2, 2, (2, 1)), strict=True):
            layers += [
                nn.Conv2d(before, after, 3, stride, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            ]
            before, bands = after, -(-bands // 2)
        self.convolutions = nn.Sequential(*layers).to(memory_format=torch.channels_last)
        self.mix = nn.Sequential(
            nn.Conv1d(before * bands, width, 1, bias=False), nn.BatchNorm1d(width), nn.ReLU()
        )
        ### END SOLUTION

    def forward(self, mel: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        # Frequency is folded into channels; time vanishes in a mean and a maximum.
        hidden = self.mix(self.convolutions(mel[:, None]).flatten(1, 2))
        return torch.cat([hidden.mean(2), hidden.amax(2)], dim=1)
        ### END SOLUTION


class ProjectionHead(nn.Module):
    """Embeddings [batch, in_dim] to the vectors [batch, out_dim] that the loss compares."""

    def __init__(self, in_dim: int, out_dim: int = 64) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.net = nn.Sequential(
            nn.Linear(in_dim, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Linear(256, out_dim),
        )
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        return self.net(x)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "encoder", "locked": true, "points": 3}
check("encoder")

# %% nbgrader={"grade_id": "see_encoder", "locked": true}
with once_written("Encoder", "ProjectionHead"):
    encoder = Encoder()
    head = ProjectionHead(encoder.dim)
    size = sum(p.numel() for p in encoder.parameters())
    z = head(encoder(mels[:8]))
    print(f"{size} parameters; {list(mels[:8].shape)} becomes {list(z.shape)}")

# %% [markdown]
# ## The loss
#
# ### `info_nce`
#
# A batch of $N$ clips gives $2N$ views $z_1, \dots, z_{2N}$; row $i$ of `z_a` and row $i$ of
# `z_b` are the two views of one clip. Let $s_{ij} = \cos(z_i, z_j)$, that is, the dot product
# after every row has been brought to length one, and let $p(i)$ be the partner of view $i$. The
# loss (NT-Xent in Chen et al.) is a cross-entropy: which of the other $2N - 1$ views is my
# partner?
#
# $$\mathcal{L} = -\frac{1}{2N} \sum_{i=1}^{2N}
# \log \frac{\exp(s_{i\,p(i)} / \tau)}{\sum_{j \ne i} \exp(s_{ij} / \tau)}$$
#
# In words: all $2N$ views are asked, from both sides, and their mean is taken. Every row has
# **its own denominator**. The view itself is **not** in it; its partner **is**, together with
# all $2N - 2$ negatives.
#
# Return one number, a tensor that
#
# - has the dtype of the inputs, float32 or float64, and is differentiable in both of them;
# - stays finite for every temperature $\tau$ from 0.01 on, in float32 too. Mind that
#   $e^{1/0.01}$ does not fit into float32, and $e^{-1/0.01}$ is less than its smallest number;
# - is 0 for a batch of a single clip, where there is nobody else to be mistaken for.
#
# No row is zero.


# %% nbgrader={"grade_id": "info_nce_solution", "solution": true}
def info_nce(z_a: Tensor, z_b: Tensor, temperature: float = 0.2) -> Tensor:
    """Contrastive loss of a batch of pairs.

    Args:
        z_a: [batch, dim], first views.
        z_b: [batch, dim], second views; row i belongs to row i of ``z_a``.
        temperature: divides the cosines; at least 0.01.

    Returns:
        One number, the mean over all 2 * batch views.
    """
    ### BEGIN SOLUTION
    views = F.normalize(torch.cat([z_a, z_b]), dim=1)
    n_pairs, n_views = len(z_a), len(views)

    itself = torch.eye(n_views, dtype=torch.bool, device=views.device)
    logits = (views @ views.T / temperature).masked_fill(itself, -math.inf)

    # View i of one side and view i + N of the other are the two views of one clip.
    partner = torch.arange(n_views, device=views.device).roll(n_pairs)
    return F.cross_entropy(logits, partner)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "info_nce", "locked": true, "points": 4}
check("info_nce")

# %% [markdown]
# How large is the loss of somebody who knows nothing? If all views look alike, every one of the
# $2N - 1$ others is as good a guess, and the loss is $\ln(2N - 1)$. Random vectors in many
# dimensions come close to it. A training run must start near that value and get well below it;
# one that stays there has learnt nothing, and one that starts far from it has a mistake in its
# loss.

# %% nbgrader={"grade_id": "see_info_nce", "locked": true}
with once_written("info_nce"):
    sizes = [2**k for k in range(1, 10)]
    generator = torch.Generator().manual_seed(0)
    losses = [
        float(info_nce(*torch.randn(2, n, 4096, generator=generator), temperature=1.0))
        for n in sizes
    ]
    figure = plt.figure(figsize=(5, 3), layout="constrained")
    plt.plot(sizes, [math.log(2 * n - 1) for n in sizes], label=r"$\ln(2N-1)$")
    plt.plot(sizes, losses, "o", label="your loss, random vectors")
    plt.xscale("log", base=2)
    plt.xlabel("clips in the batch, N")
    plt.ylabel("loss")
    plt.legend()
    told = ", ".join(f"{loss:.2f}" for loss in losses)
    alt = f"Loss of random vectors in batches of {sizes} clips: {told}; beside it ln(2N-1)."
    display(plots.described(figure, alt))

# %% [markdown]
# ## Your views
#
# ### `representation`
#
# Now the part that is yours to design. Write
#
# - `augment_wave(wave, generator)`: waveforms `[batch, time]` to waveforms of the same shape;
# - `augment_mel(mel, generator)`: log-mel spectrograms `[batch, 40, frames]` to spectrograms of
#   the same shape.
#
# **Shapes and dtype are kept**, for a batch of any size; the input is not modified; the result is
# finite, as long as no clip is silent; and **two views of a clip are not the same**, whichever clip
# of the batch it is. Everything else is free: randomness may come from anywhere, and you may call
# what you wrote above.
#
# This part is graded by what comes of it. Your encoder and head are trained with your loss on
# your views of unlabelled clips: first in a run of 80 steps of 128 pairs, and only if that one
# falls short in one of 180 steps, on up to three seeds; what is reached once is reached. Then the
# encoder is frozen, and a linear classifier, the **linear probe**, learns digits from its
# embeddings of **20 labelled clips a digit** of those speakers (the mean of ten draws of them),
# and is asked about speakers that nobody has heard. With all labels it would read nearly as much
# from an untrained network: random convolutions are good features, too. You get a third of the
# points for each of
#
# 1. reading at least twelve points more after training than before, and than from untrained
#    encoders on average;
# 2. reading more digits than from the log-mel spectrogram itself, without any network;
# 3. with 1, reaching the accuracy that correct solutions of many kinds reach: **{bar few fsdd}** on
#    the Free Spoken Digit Dataset, {bar few synthetic} on synthetic voices.
#
# A few thoughts:
#
# - Waveforms are augmented once, in advance: every clip is stored in a few versions that
#   `augment_wave` has made. Spectrograms are augmented afresh at every step, two versions of a
#   clip at a time, so variety comes mainly from `augment_mel`.
# - Spectrograms are standardised; their values lie mostly between -2 and 2.
# - What do two people who say the same digit differ in? Speed, pitch, the length of the vocal
#   tract, the microphone. What if your views differed in these?
# - `F.affine_grid` with `F.grid_sample` stretches and shifts a batch of pictures.
# - Look at your views. If you cannot tell the digit any more, neither can the network.


# %% nbgrader={"grade_id": "representation_solution", "solution": true}
def augment_wave(wave: Tensor, generator: torch.Generator) -> Tensor:
    """A random view of each waveform, [batch, time] to [batch, time]."""
    ### BEGIN SOLUTION
    # Another speaker, 22 % slower to 28 % faster, so deeper or higher; between samples linear.
    n, time = wave.shape
    speed = torch.exp(0.25 * (2 * torch.rand(n, 1, generator=generator) - 1))
    position = speed * torch.arange(time)
    left = position.long().clamp(max=time - 2)
    weight = (position - left).clamp(max=1)
    wave = torch.lerp(wave.gather(1, left), wave.gather(1, left + 1), weight)
    wave = wave * (position < time - 1)
    # White noise at a random level: the recording conditions of another day.
    snr_db = 10 + 30 * torch.rand(n, generator=generator)
    return add_noise(wave, snr_db, generator)
    ### END SOLUTION


def augment_mel(mel: Tensor, generator: torch.Generator) -> Tensor:
    """A random view of each log-mel spectrogram, [batch, 40, frames] to [batch, 40, frames]."""
    ### BEGIN SOLUTION
    # Another vocal tract and tempo (warped axes), another microphone (tilted bands), gaps.
    n, bands, frames = mel.shape

    def uniform(low, high, *shape):
        return low + (high - low) * torch.rand(n, *shape, generator=generator)

    def warp(size, stretch, shift):
        """Linear interpolation at the places seen through a stretch and a shift, as a matrix."""
        middle = size / 2 - 0.5
        place = stretch * (torch.arange(size) - middle) + middle + shift * size / 2
        place = place.clamp(0, size - 1)
        return (1 - (place[:, :, None] - torch.arange(size)).abs()).clamp(min=0)

    # Stretch time by up to a third, frequency by up to a fifth, and move both a little.
    times = warp(frames, uniform(-0.28, 0.28, 1).exp(), uniform(-0.14, 0.14, 1))
    tones = warp(bands, uniform(-0.2, 0.2, 1).exp(), uniform(-0.1, 0.1, 1))
    mel = tones @ mel @ times.mT

    # A smooth random equaliser, four cosines along frequency, and a change of contrast.
    order = torch.arange(1, 5)[:, None]
    phase = uniform(0, 2 * math.pi, 4, 1)
    cosines = torch.cos(math.pi * order * torch.linspace(0, 1, bands) + phase)
    gain = 0.12 * torch.randn(n, 4, 1, generator=generator)
    mel = uniform(0.8, 1.2, 1, 1) * mel + (gain * cosines).sum(1)[:, :, None]

    return spec_augment(mel, generator=generator)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "representation", "locked": true, "points": 3}
check("representation")

# %% [markdown]
# Two views of three clips, as the network gets them. Can you tell which belong together?

# %% nbgrader={"grade_id": "see_views", "locked": true}
with once_written("augment_wave", "augment_mel"):
    generator = torch.Generator().manual_seed(0)
    some = train_idx[torch.randperm(len(train_idx), generator=generator)[:3]]
    views_a, views_b = (
        augment_mel(log_mel(augment_wave(waves[some].clone(), generator)), generator)
        for _ in range(2)
    )
    display(plots.views(mels[some], views_a, views_b, corpus.sample_rate))

# %% [markdown]
# ## Training
#
# The same run as in grading, on the clips of the speakers we may hear: 180 steps of 128 pairs,
# as the file `public/training.py` says; read it. The curve starts near $\ln(2N - 1)$ if all is
# well, and gets well below. The grader's clips come in an order that is a secret, so
# its figures differ from yours as those of another seed do, by about a point either way.

# %% nbgrader={"grade_id": "training", "locked": true}
run = None
with once_written("Encoder", "ProjectionHead", "info_nce", "augment_wave", "augment_mel"):
    run = run_training("public", corpus)
    display(plots.curve(run.curves["loss"], run.titles["loss"], run.levels["loss"]))

# %% [markdown]
# What is a clip worth to a linear classifier: as a pooled spectrogram (mean and deviation of
# every band), after an encoder that was never trained, and after yours? Labels appear here for
# the first time. Learning stops at the encoder's door: the probe cannot change it.
#
# Look at both: with all labels, and with 20 a digit. The mark is the bar that grading asks for.

# %% nbgrader={"grade_id": "probing", "locked": true}
if run:
    untrained, embeddings = run.before[""], run.after[""]
    display(plots.measures(run.measures, run.bars))

# %% [markdown]
# ## The latent space
#
# ### `latent_space`
#
# One number says little about a space. Three measures say more; write all three. Each returns a
# scalar tensor or a float.
#
# `alignment(z_a, z_b)`: how far apart are the two views of a clip? The mean over clips of the
# squared distance $\lVert z_a - z_b \rVert^2$ (Wang and Isola, 2020, with $\alpha = 2$). Here and
# for uniformity, rows have length one, as they have in the loss.
#
# `uniformity(z, t=2.0)`: how evenly do the clips spread over the sphere? With the mean over all
# pairs $i < j$ of rows, each pair once, also where the two are equal (same paper):
#
# $$\ln \; \operatorname{mean}_{i<j} \; e^{-t \lVert z_i - z_j \rVert^2}$$
#
# Both are better when smaller. Wang and Isola show that the contrastive loss asks for exactly
# these two, and that a representation that has collapsed is perfectly aligned and not uniform
# at all.
#
# `knn_accuracy(train_z, train_y, test_z, test_y, k=5)`: how often does a vote of neighbours
# tell the label? For every row of `test_z` `[tests, dim]` take the `k` rows of `train_z`
# `[clips, dim]` with the greatest cosine, and the label that most of them bear; return the
# fraction of tests, 0 to 1, where it is that of `test_y`. Rows have any length but zero, labels
# are integers from 0 on, not necessarily 0 to 9 and perhaps with gaps, one test clip is enough.
# A vote that is tied may go either way, and `k` is at most the number of training clips.


# %% nbgrader={"grade_id": "latent_space_solution", "solution": true}
def alignment(z_a: Tensor, z_b: Tensor) -> Tensor:
    """Mean squared distance between the two views of a clip; rows [clips, dim] of length one."""
    ### BEGIN SOLUTION
    return (z_a - z_b).square().sum(dim=1).mean()
    ### END SOLUTION


def uniformity(z: Tensor, t: float = 2.0) -> Tensor:
    """Logarithm of the mean Gaussian potential of all pairs i < j of rows of ``z``."""
    ### BEGIN SOLUTION
    return torch.pdist(z).square().mul(-t).exp().mean().log()
    ### END SOLUTION


def knn_accuracy(
    train_z: Tensor, train_y: Tensor, test_z: Tensor, test_y: Tensor, k: int = 5
) -> float:
    """Accuracy, 0 to 1, of a vote of the ``k`` training clips of greatest cosine."""
    ### BEGIN SOLUTION
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    votes = train_y[cosine.topk(k, dim=1).indices]
    return (votes.mode(dim=1).values == test_y).float().mean().item()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "latent_space", "locked": true, "points": 2}
check("latent_space")

# %% nbgrader={"grade_id": "measuring", "locked": true}
if run:
    with once_written("alignment", "uniformity", "knn_accuracy"):
        z_a, z_b = F.normalize(run.model.views, dim=1).chunk(2)
        print(
            f"alignment {float(alignment(z_a, z_b)):.3f}, uniformity {float(uniformity(z_a)):.3f}"
        )
        for name, z in {"untrained": untrained, "trained": embeddings}.items():
            votes = knn_accuracy(
                z[train_idx], corpus.digits[train_idx], z[test_idx], corpus.digits[test_idx]
            )
            print(f"{name}: neighbours tell the digit of {float(votes):.1%} of the clips")

# %% [markdown]
# Now look at it. t-SNE lays the embeddings of the unheard speakers out in the plane, neighbours
# beside neighbours. Left and right are the same points, coloured by digit and by speaker.

# %% nbgrader={"grade_id": "see_latent", "locked": true}
if run:
    heard = [corpus.speakers[i] for i in test_idx]
    display(plots.latent(embeddings[test_idx], corpus.digits[test_idx], heard))

# %% [markdown]
# And the speaker, asked of a probe: a linear classifier that learns voices from half of all
# takes and is asked about the other half.

# %% nbgrader={"grade_id": "speakers", "locked": true}
if run:
    even = corpus.takes % 2 == 0
    for name, x in {"log-mel": pooled_log_mel(mels), "trained": embeddings}.items():
        accuracy = linear_probe(
            x[even], corpus.speaker_ids[even], x[~even], corpus.speaker_ids[~even]
        )
        print(f"{name}: a linear probe names the speaker of {accuracy:.1%} of the clips")

# %% [markdown]
# ## Discussion
#
# Answer in about 200 words, for a reader who has seen your pictures:
#
# 1. What does the latent space hold of the **digit**? Which digits lie close together, and what
#    do they share as sounds?
# 2. What does it hold of the **speaker**? Compare the picture with the probe for speakers, and
#    say why both can be true.
# 3. Which of your augmentations has to do with that? Name one that you would change if you
#    wanted to recognise speakers instead of digits.
#
# Each question is worth one point, and a point goes to an answer that rests on what you
# measured. Drop an augmentation, train again, say what happened: that is the kind of sentence
# that is looked for.

# %% [markdown] nbgrader={"grade": true, "grade_id": "discussion", "points": 4, "solution": true}
# **Digit.** Clips gather by digit although no label was ever shown: the probe reads far more
# digits after training than before. Where clusters touch, the sounds are related: *nine* and
# *one* share a nasal end, *three* and *two* a voiceless start.
#
# **Speaker.** Within the cloud of a digit the two unheard speakers form lumps of their own, and
# a linear probe still names nearly every speaker. Both can be true, since the loss only asks
# that views of one clip lie together: nothing in it rewards forgetting the voice, and with so
# many dimensions digit and voice fit beside each other.
#
# **Augmentation.** Warping the frequency axis imitates another vocal tract, so it pulls voices
# together; without it accuracy on unheard speakers falls. To recognise speakers I would drop
# the warp and take two different clips of one speaker as a pair.
