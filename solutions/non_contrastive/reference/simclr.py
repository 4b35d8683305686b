"""Writes ``public/simclr_<corpus>.safetensors``: what SimCLR makes of every clip of a corpus.

The comparison in the notebook needs embeddings of a contrastive run and must not show its code,
so they are made here: the encoder and the views of ``public/training.py``, as many steps as the
recipe has, and the loss of Chen et al. 2020 (arXiv:2002.05709) at temperature 0.2 behind a head of
64 dimensions. From the repository's root::

    python solutions/non_contrastive/reference/simclr.py fsdd
"""

from __future__ import annotations

import math
import runpy
import sys
import tomllib
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

from autograder.lab import few_label_probe
from spoken_digits import card, load
from spoken_digits.features import corpus_log_mel

FOLDER = Path(__file__).resolve().parents[1]
DIM = 96
"""Principal directions kept, and turned at random so that all have a similar deviation."""
TEMPERATURE = 0.2


class SimClr(nn.Module):
    """Every view is told from all other views of the batch, but for its partner."""

    def __init__(self, encoder: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.encoder, self.head = encoder, head

    def forward(self, view_a: Tensor, view_b: Tensor) -> Tensor:
        unit = F.normalize(self.head(self.encoder(torch.cat((view_a, view_b)))), dim=1)
        alike = (unit @ unit.T / TEMPERATURE).fill_diagonal_(-math.inf)
        agree = (unit * unit.roll(len(view_a), 0)).sum(1) / TEMPERATURE
        return (alike.logsumexp(1) - agree).mean()

    def after_step(self, step: int, steps: int) -> None:
        """Nothing moves by itself."""


def narrowed(x: Tensor) -> Tensor:
    """The ``DIM`` widest directions of standardised features [clips, dim], turned at random."""
    x = (x - x.mean(0)) / x.std(0).clamp_min(1e-6)
    _, _, directions = torch.linalg.svd(x, full_matrices=False)
    generator = torch.Generator().manual_seed(0)
    turn, _ = torch.linalg.qr(torch.randn(DIM, DIM, generator=generator))
    return x @ directions[:DIM].T @ turn


def main(name: str) -> None:
    torch.set_num_threads(1)
    given = runpy.run_path(str(FOLDER / "public" / "training.py"))
    recipe = tomllib.loads((FOLDER / "assignment.toml").read_text())["training"]["recipe"]
    corpus = load(name)
    mels = corpus_log_mel(corpus)
    train, test = corpus.split_by_speaker(card(name).test_speakers)
    model = given["build_with"](lambda encoder: SimClr(encoder, given["head"](encoder.dim, 64)))
    given["train"](model, {"train_mels": mels[train]}, recipe, range)
    whole = given["embed"](model, {"mels": mels})[""]
    kept = narrowed(whole).half()
    for title, x in (("all dimensions", whole), (f"{DIM} of them", kept.float())):
        accuracy = few_label_probe(x[train], corpus.digits[train], x[test], corpus.digits[test])
        print(f"{name}, {title}: 20 labels a digit read {accuracy:.3f}")
    save_file({"embeddings": kept}, FOLDER / "public" / f"simclr_{name}.safetensors")


if __name__ == "__main__":
    main(sys.argv[1])
