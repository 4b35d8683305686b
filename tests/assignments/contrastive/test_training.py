"""The run of ``contrastive`` learns, is the same every time, and passes on what students raise."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from autograder.lab.training import Names, TrainingFile, build, whole
from tests.conftest import ROOT

FILE = TrainingFile.of((ROOT / "solutions/contrastive/public/training.py").read_text())
RECIPE = {"steps": 6, "pairs": 8, "copies": 2, "max_lr": 6e-3, "weight_decay": 1e-4}
LONGER = {**RECIPE, "steps": 60, "pairs": 16}


class Encoder(nn.Module):
    def __init__(self, dim: int = 16) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Conv1d(40, dim, 3), nn.BatchNorm1d(dim), nn.ReLU())
        self.dim = dim

    def forward(self, mel: Tensor) -> Tensor:
        return self.net(mel).mean(2)


def head(dim: int) -> nn.Module:
    return nn.Sequential(nn.Linear(dim, 16), nn.ReLU(), nn.Linear(16, 8))


def waves(clips: int = 40, samples: int = 2000) -> Tensor:
    """Tones, each clip with its own pitch."""
    pitch = torch.linspace(150, 3000, clips)[:, None]
    return torch.sin(2 * torch.pi * pitch * torch.arange(samples) / 8000)


def info_nce(z_a: Tensor, z_b: Tensor) -> Tensor:
    z = F.normalize(torch.cat([z_a, z_b]), dim=1)
    similarity = (z @ z.T / 0.2).masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(similarity, torch.arange(len(z)).roll(len(z_a)))


def louder_noise(wave: Tensor, generator: Generator) -> Tensor:
    return wave + 0.05 * torch.randn(wave.shape, generator=generator)


def shifted(mel: Tensor, generator: Generator) -> Tensor:
    return mel + 0.2 * torch.randn(len(mel), 1, 1, generator=generator)


@dataclass(frozen=True)
class Trained:
    """A model, and what its training told."""

    model: Any
    losses: list[float]
    signals: dict[str, float]

    @property
    def weights(self) -> list[Tensor]:
        return list(self.model.encoder.state_dict().values())


def made(recipe: dict[str, Any] = RECIPE, seed: int = 0, **parts: Any) -> Any:
    """The model before training, of student code in which ``parts`` differ."""
    student = {
        "Encoder": Encoder,
        "ProjectionHead": head,
        "info_nce": info_nce,
        "augment_wave": louder_noise,
        "augment_mel": shifted,
        **parts,
    }
    sample = {"mels": torch.randn(2, 40, 20), "waves": waves(2)}
    return build(FILE, Names(student), recipe, seed, "cpu", sample)


def run(recipe: dict[str, Any] = RECIPE, seed: int = 0, **parts: Any) -> Trained:
    model = made(recipe, seed, **parts)
    curves, signals = FILE.train(model, {"train_waves": waves()}, recipe, whole)
    return Trained(model, curves["loss"], signals)


def test_training_lowers_the_loss_and_tells_clips_apart():
    trained = run(LONGER)
    assert len(trained.losses) == 60
    assert sum(trained.losses[-5:]) < 0.8 * sum(trained.losses[:5])
    assert trained.signals["retrieval_top1"] > 0.5
    assert trained.signals["loss_ratio"] < 0.8
    assert abs(trained.signals["negative_cosine"]) < 0.3


def test_a_collapsed_run_shows_in_its_signals():
    def alike(z_a: Tensor, z_b: Tensor) -> Tensor:
        z = F.normalize(torch.cat([z_a, z_b]), dim=1)
        return (z - z.mean(0)).square().sum()

    assert run(LONGER, info_nce=alike).signals["negative_cosine"] > 0.95


def test_the_same_seed_gives_bit_identical_weights_whatever_ran_before():
    first = run()
    torch.rand(7), random.random(), np.random.rand()
    second = run()
    assert second.losses == first.losses
    assert all(torch.equal(a, b) for a, b in zip(first.weights, second.weights, strict=True))


def test_global_random_sources_are_seeded_for_students_who_use_them():
    def careless(mel: Tensor, generator: Generator) -> Tensor:
        return mel + random.random() + np.random.rand() + torch.rand(len(mel), 1, 1)

    assert run(augment_mel=careless).losses == run(augment_mel=careless).losses


def test_another_seed_gives_other_weights():
    assert run(seed=1).losses != run(seed=0).losses


def test_the_encoder_is_trained_in_place_and_comes_back_in_eval_mode():
    model = made()
    encoder = model.encoder
    before = [p.clone() for p in encoder.parameters()]
    FILE.train(model, {"train_waves": waves()}, RECIPE, whole)
    assert model.encoder is encoder
    assert not encoder.training
    after = zip(before, encoder.parameters(), strict=True)
    assert all(not torch.equal(a, b) for a, b in after)


@pytest.mark.parametrize("part", ["augment_wave", "augment_mel", "info_nce", "ProjectionHead"])
def test_what_student_code_raises_arrives_unchanged(part):
    class Oops(Exception):
        pass

    error = Oops("mine")

    def broken(*_: Tensor) -> Tensor:
        raise error

    class Broken(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise error

    with pytest.raises(Oops) as caught:
        run(**{part: (lambda dim: Broken()) if part == "ProjectionHead" else broken})
    assert caught.value is error


@pytest.mark.parametrize("part", ["augment_wave", "augment_mel"])
def test_an_augmentation_that_changes_the_shape_is_named(part):
    def cropped(x: Tensor, generator: Generator) -> Tensor:
        return x[..., :-1]

    cropped.__name__ = part
    with pytest.raises(ValueError, match=f"{part} must return the shape"):
        run(**{part: cropped})


def test_lazy_layers_are_trained_too():
    lazy = nn.Sequential(nn.LazyLinear(16), nn.ReLU(), nn.LazyLinear(8))
    run(ProjectionHead=lambda dim: lazy)
    assert all(p.grad is not None for p in lazy.parameters())


def test_fewer_clips_than_a_batch_are_one_batch():
    assert len(run({**RECIPE, "steps": 2, "pairs": 1000}).losses) == 2


def test_what_is_embedded_is_the_encoder_without_its_head():
    trained = run()
    found = FILE.embed(trained.model, {"mels": torch.randn(5, 40, 20)})
    assert {name: tuple(x.shape) for name, x in found.items()} == {"": (5, 16)}


def test_the_loss_is_compared_with_that_of_views_that_all_look_alike():
    assert FILE.levels is not None
    level, meaning = FILE.levels({**RECIPE, "pairs": 4})["loss"]
    similarity = torch.zeros(8, 8).fill_diagonal_(-math.inf)
    partner = torch.arange(8).roll(4)
    assert level == pytest.approx(float(F.cross_entropy(similarity, partner)), rel=1e-6)
    assert f"{level:.2f}" in meaning


@pytest.mark.parametrize(("steps", "pairs"), [(4, 8), (30, 16)])
def test_the_loss_ratio_is_one_at_that_level_and_looks_at_the_last_ten_steps_only(steps, pairs):
    recipe = {**RECIPE, "steps": steps, "pairs": pairs}
    trained = run(recipe)
    last, chance = trained.losses[-10:], math.log(2 * pairs - 1)
    assert trained.signals["loss_ratio"] == pytest.approx(sum(last) / len(last) / chance)

    def at_chance(z_a: Tensor, z_b: Tensor) -> Tensor:
        return 0 * (z_a + z_b).sum() + chance

    assert run(recipe, info_nce=at_chance).signals["loss_ratio"] == pytest.approx(1)
