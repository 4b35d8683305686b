"""wav2vec 2.0 and data2vec on the same small network, with what you wrote: for comparison only.

Both are trained as long as the graded run of ``training.py`` and on the same clips, in the same
voices and with the same spans. They differ from it in the target alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Generator, Tensor, nn

from public.training import BANDS, at_random_tempo, is_speech

DISTRACTORS = 10
MOMENTUM = 0.97
"""Of data2vec's teacher, an exponential moving average of the network."""

Step = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""The loss of a batch, from hidden input [batch, 40, frames], the clips as they are, mask and
speech [batch, tokens]."""


class Family(nn.Module):
    """A network with a mask vector and a linear layer that predicts ``targets`` numbers."""

    def __init__(self, student: Any, targets: int) -> None:
        super().__init__()
        self.context = student.Context()
        self.vector = nn.Parameter(0.1 * torch.randn(BANDS))
        self.predict = nn.Linear(self.context.dim, targets)
        self.student = student

    def forward(self, mel: Tensor, mask: Tensor) -> Tensor:
        """Predictions [batch, tokens, targets]."""
        hidden = self.student.mask_input(mel, mask, self.vector)
        predictions: Tensor = self.predict(self.context(hidden)[-1])
        return predictions


def wav2vec(
    student: Any, mels: Tensor, recipe: Mapping[str, Any], progress: Callable[..., Iterable[int]]
) -> tuple[nn.Module, list[float]]:
    """Which of eleven candidates is the hidden token? Candidates are log-mels less their mean.

    wav2vec 2.0 compares with its own front, quantised. Of a front that is trained along and not
    quantised, the network would make the task easy: so the targets are the sound itself.
    """
    torch.manual_seed(0)
    model = Family(student, 2 * BANDS)
    generator = Generator().manual_seed(0)

    def loss(heard: Tensor, mel: Tensor, mask: Tensor, speech: Tensor) -> Tensor:
        sound = mel.unflatten(2, (-1, 2)).permute(0, 2, 3, 1).flatten(2)
        sound = sound - sound.mean((0, 1))
        context, targets = model(heard, mask)[mask], sound[mask]
        distractors = student.sample_distractors(mask, DISTRACTORS, generator=generator)
        value: Tensor = student.wav2vec_loss(context, targets, distractors)
        return value

    return model.context, _trained(model, loss, mels, recipe, progress)


def data2vec(
    student: Any, mels: Tensor, recipe: Mapping[str, Any], progress: Callable[..., Iterable[int]]
) -> tuple[nn.Module, list[float]]:
    """What does a slow copy of the network make of the hidden token, with nothing hidden?"""
    torch.manual_seed(0)
    first = student.Context()
    first(mels[:2])  # lazy layers take shape before the teacher is copied
    model = Family(student, first.dim)
    model.context = first
    teacher = copy.deepcopy(first).requires_grad_(False)

    def loss(heard: Tensor, mel: Tensor, mask: Tensor, speech: Tensor) -> Tensor:
        with torch.no_grad():
            for slow, fast in zip(teacher.parameters(), model.context.parameters(), strict=True):
                slow.lerp_(fast, 1 - MOMENTUM)
            targets = student.teacher_targets(list(teacher(mel)), 2)
        value: Tensor = student.regression_loss(model(heard, mask), targets, mask)
        return value

    return model.context, _trained(model, loss, mels, recipe, progress)


def _trained(
    model: Family,
    loss: Step,
    mels: Tensor,
    recipe: Mapping[str, Any],
    progress: Callable[..., Iterable[int]],
) -> list[float]:
    """Train ``model`` in place as ``training.py`` does; returns the losses."""
    student, generator = model.student, Generator().manual_seed(0)
    optimizer = torch.optim.AdamW(
        model.parameters(), recipe["max_lr"], weight_decay=recipe["weight_decay"]
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe["max_lr"], recipe["steps"])
    losses = []
    model.train()
    for _ in progress(range(recipe["steps"])):
        chosen = torch.randint(len(mels), (recipe["clips"],), generator=generator)
        mel = at_random_tempo(mels[chosen], generator)
        speech = is_speech(mel)
        mask = student.span_mask(speech, recipe["fraction"], recipe["span"], generator=generator)
        heard = student.make_input(mel.clone(), generator)
        value = loss(heard, mel, mask, speech)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(value)
        optimizer.step()
        schedule.step()
        losses.append(float(value.detach()))
    model.eval()
    return losses
