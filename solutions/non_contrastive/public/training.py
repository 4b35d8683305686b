"""The training run of this assignment, as the notebook and the grader make it.

Every step takes some clips, distorts each of them twice, asks your ``Objective`` for a loss of
the two batches of views, and moves all its parameters a little, the encoder's among them. No
label and no negative is anywhere in it. Everything but the objective is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

MAX_LR = 6e-3
"""Peak of the one-cycle schedule (Smith and Topin 2018, arXiv:1708.07120)."""
WEIGHT_DECAY = 1e-4
TEMPI = (0.7, 1.0, 1.4)
"""How a clip is heard when it is embedded, relative to its own tempo."""
NEPERS = 4.0
"""Natural logarithms of power in one unit of a standardised log-mel."""


class Encoder(nn.Module):
    """Log-mels [batch, 40, frames] to embeddings [batch, dim].

    Frequency is halved by each of four layers and time by three of them. What is left of
    frequency is mixed, a moment at a time, and time vanishes in a mean and a maximum.
    """

    width = 256
    dim = 2 * width

    def __init__(self) -> None:
        super().__init__()
        halvings = [(1, 8, 2), (8, 16, 2), (16, 32, 2), (32, 64, 1)]
        self.pictures = nn.Sequential(*(halving(*sizes) for sizes in halvings))
        mixed = nn.Linear(3 * 64, self.width, bias=False)
        self.moments = nn.Sequential(mixed, nn.BatchNorm1d(self.width), nn.ReLU())

    def forward(self, mel: Tensor) -> Tensor:
        moments = self.pictures(mel.unsqueeze(1)).permute(0, 3, 1, 2).flatten(start_dim=2)
        mixed = self.moments(moments.flatten(0, 1)).unflatten(0, moments.shape[:2])
        return torch.cat((mixed.mean(1), mixed.max(1).values), 1)


def halving(channels: int, wider: int, time: int) -> nn.Module:
    """A layer that halves frequency, and time by the factor ``time``."""
    pictures = nn.Conv2d(channels, wider, 3, stride=(2, time), padding=1, bias=False)
    return nn.Sequential(pictures, nn.BatchNorm2d(wider), nn.ReLU())


def head(dim: int, out: int, hidden: int = 256) -> nn.Module:
    """One hidden layer between an embedding [batch, dim] and [batch, out]."""
    first = nn.Sequential(nn.Linear(dim, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU())
    return first.append(nn.Linear(hidden, out))


def two_views(speech: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two views of each log-mel of a batch, in the same order."""
    return distorted(speech, generator), distorted(speech, generator)


def distorted(speech: Tensor, generator: Generator) -> Tensor:
    """The same said by somebody else somewhere else.

    Args:
        speech: [batch, bands, frames], standardised log power.
        generator: where all randomness comes from.

    Returns:
        [batch, bands, frames]. Each clip draws numbers of its own.
    """
    batch, bands, frames = speech.shape

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return torch.rand(batch, *shape, generator=generator) * (high - low) + low

    # Somebody else: tempo and vocal tract stretch time and frequency, from another place on.
    warp = torch.zeros(batch, 2, 3)
    warp[:, 0, 0], warp[:, 1, 1] = uniform(-0.35, 0.35).exp(), uniform(-0.22, 0.22).exp()
    warp[:, 0, 2], warp[:, 1, 2] = uniform(-0.14, 0.14), uniform(-0.1, 0.1)
    where = F.affine_grid(warp, [batch, 1, bands, frames], align_corners=False)
    view = F.grid_sample(speech[:, None], where, padding_mode="border", align_corners=False)
    view = view.squeeze(1)

    # Somewhere else: steady noise, whose power is added, and a microphone that is not even.
    noise = uniform(-1.2, 0.2, 1, 1)
    view = noise + F.softplus(view - noise, beta=NEPERS)
    ripples = torch.arange(1, 5) * torch.linspace(0, torch.pi, bands).unsqueeze(1)
    depth = 0.12 * torch.randn(batch, 1, 4, generator=generator)
    microphone = depth * torch.sin(ripples + uniform(0, 2 * torch.pi, 1, 4))
    view = view + microphone.sum(2, keepdim=True)

    # And not everything is heard: some bands and some moments hold the mean of the clip.
    lost = gap(bands, uniform(0, 6, 1), uniform(0, 1, 1)).unsqueeze(2)
    lost = lost | gap(frames, uniform(0, 8, 1), uniform(0, 1, 1)).unsqueeze(1)
    return view.where(~lost, view.mean((1, 2), keepdim=True))


def gap(size: int, width: Tensor, place: Tensor) -> Tensor:
    """Which of ``size`` lie in a gap of ``width`` [batch, 1] at ``place``, 0 first and 1 last."""
    position = torch.arange(size) - place * (size - width)
    return (position >= 0) & (position < width)


class Model(NamedTuple):
    """What is trained. Of an encoder alone there is no objective."""

    encoder: nn.Module
    objective: Any = None
    seed: int = 0
    device: str | torch.device = "cpu"


def build_with(
    objective_of: Callable[[nn.Module], nn.Module],
    seed: int = 0,
    device: str | torch.device = "cpu",
) -> Model:
    """An untrained encoder inside an objective that is made for it."""
    torch.manual_seed(seed)
    encoder = Encoder().to(device)
    return Model(encoder, objective_of(encoder).to(device), seed, device)


def build(student: Any, recipe: Mapping[str, Any], seed: int, device: str) -> Model:
    """The run's model, with the objective that ``student`` wrote."""
    return build_with(student.Objective, seed, device)


def train(
    model: Model,
    clips: Mapping[str, Tensor],
    recipe: Mapping[str, Any],
    progress: Callable[[int], Iterable[int]],
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Train in place.

    Args:
        model: from :func:`build`.
        clips: ``train_mels`` [clips, 40, frames], unlabelled.
        recipe: ``steps``, and ``pairs`` of views in a step.
        progress: wraps so many steps and shows a bar.

    Returns:
        The ``loss`` of every step, and no further signals.
    """
    mels, generator = clips["train_mels"], Generator().manual_seed(model.seed)
    batches = batches_of(len(mels), recipe["pairs"], generator)
    objective = model.objective

    def loss() -> Tensor:
        view_a, view_b = two_views(mels[next(batches)], generator)
        value: Tensor = objective(view_a.to(model.device), view_b.to(model.device))
        return value

    return {"loss": descend(objective, loss, recipe["steps"], progress, objective.after_step)}, {}


def descend(
    module: nn.Module,
    loss: Callable[[], Tensor],
    steps: int,
    progress: Callable[[int], Iterable[int]] = range,
    after_step: Callable[[int, int], object] = lambda step, steps: None,
) -> list[float]:
    """Move what ``module`` wants to be trained so that ``loss`` falls; its value at every step."""
    trained = [parameter for parameter in module.train().parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, MAX_LR, weight_decay=WEIGHT_DECAY, fused=True)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, MAX_LR, total_steps=steps)
    values = []
    for step in progress(steps):
        value = loss().sum()
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        rate.step()
        after_step(step, steps)
        values.append(value.item())
    module.eval()
    return values


def batches_of(clips: int, pairs: int, generator: Generator) -> Iterator[Tensor]:
    """Indices of ``pairs`` clips, without end; no clip a second time before nearly all were on."""
    pairs = min(pairs, clips)
    while True:
        shuffled = torch.randperm(clips, generator=generator)
        yield from shuffled[: clips - clips % pairs].split(pairs)


@torch.no_grad()
def embed(model: Model, clips: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Embeddings [clips, dim] of ``mels``, each the mean over three tempi.

    New speakers have a tempo of their own, so a clip is heard as it is, slower and faster.
    """
    encoder, heard = model.encoder.eval(), []
    for tempo in TEMPI:
        parts = at_tempo(clips["mels"], tempo).split(256)
        heard.append(torch.cat([encoder(part.to(model.device)).cpu() for part in parts]))
    return {"": sum(heard) / len(heard)}


def at_tempo(speech: Tensor, tempo: float) -> Tensor:
    """``speech`` [clips, bands, frames] ``tempo`` times as fast; cut, or the last frame held on."""
    frames = speech.shape[2]
    played = F.interpolate(speech, size=round(frames / tempo), mode="linear")[:, :, :frames]
    return F.pad(played, (0, frames - played.shape[2]), mode="replicate")


@torch.no_grad()
def answer(model: Model, questions: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What the trained objective says of views of clips that it has not been trained on.

    Args:
        model: after training.
        questions: ``left`` and ``right`` [batches, pairs, 40, frames], some of whose rows belong
            together.

    Returns:
        ``loss`` [batches], and ``projection`` [batches * pairs, any], of the left views.
    """
    objective = model.objective.eval()
    left, right = (questions[side].to(model.device) for side in ("left", "right"))
    losses = [objective(*pair).sum() for pair in zip(left, right, strict=True)]
    projections = [objective.project(views) for views in left]
    return {"loss": torch.stack(losses).cpu(), "projection": torch.cat(projections).cpu()}


def supervised(speech: Tensor, digits: Tensor, recipe: Mapping[str, Any], seed: int = 0) -> Model:
    """The same encoder on as many of the same views, but told the digit of every clip."""
    torch.manual_seed(seed)
    encoder, generator = Encoder(), Generator().manual_seed(seed)
    classify = nn.Linear(encoder.dim, int(digits.max()) + 1)
    batches = batches_of(len(speech), recipe["pairs"], generator)

    def loss() -> Tensor:
        chosen = next(batches)
        views = torch.cat(two_views(speech[chosen], generator))
        return F.cross_entropy(classify(encoder(views)), digits[chosen].repeat(2))

    descend(nn.ModuleList([encoder, classify]), loss, recipe["steps"])
    return Model(encoder)
