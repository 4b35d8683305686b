"""No label reaches the training run, and what looks as if it had is flagged."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
import torch

from spoken_digits.corpus import Corpus
from spoken_digits.features import corpus_log_mel
from tests.hostile.arena import Arena, arena
from tests.hostile.corpus import Case
from tests.hostile.promises import check_training, needs, of_kind

SPEAKERS = ("george", "jackson", "theo", "yweweler")
TAKES = 4
CALIBRATION = {
    "bars": {"few": 0.5},
    "short_bars": {},
    "variants": {
        "reference": {"kind": "reference", "values": {"few": [0.6]}, "chance": 0.0},
        "untrained": {"kind": "untrained", "values": {"few": [0.05, 0.35]}, "chance": 0.0},
    },
}


def noise() -> Corpus:
    """Clips that tell nothing of their digits: who reads them well has seen the labels."""
    digit, speaker, take = torch.cartesian_prod(
        torch.arange(10), torch.arange(len(SPEAKERS)), torch.arange(TAKES)
    ).T
    generator = torch.Generator().manual_seed(0)
    return Corpus(
        name="fsdd",
        waves=0.1 * torch.randn(len(digit), 8192, generator=generator),
        lengths=torch.full_like(digit, 8192),
        digits=digit,
        speaker_ids=speaker,
        speaker_names=SPEAKERS,
        takes=take,
        sample_rate=8000,
        digest="noise",
    )


@pytest.fixture(scope="module", params=[pytest.param(n, marks=needs(n)) for n in (3, 2)])
def place(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """A course that trains on noise, and an attacker who has the corpus with its labels."""
    corpus = noise()
    sums = corpus_log_mel(corpus).double().sum((1, 2)).tolist()
    with (
        patch("autograder.grading.exam.load", lambda name: corpus),
        arena(request.param, CALIBRATION) as a,
    ):
        table = {round(s, 2): d for s, d in zip(sums, corpus.digits.tolist(), strict=True)}
        a.known = {"TABLE": str(table), "DIGITS": str(corpus.digits.tolist())}
        yield a


@pytest.mark.parametrize("case", of_kind("training", 3))
def test_no_run_is_better_than_the_clips_allow(place: Arena, case: Case) -> None:
    check_training(case, place)
