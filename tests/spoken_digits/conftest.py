"""Small corpora made for tests: folders of WAV files in a corpus's own layout."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from spoken_digits import Card, card, cards


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no corpora to be found elsewhere."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("SPEECHMARK_CACHE", str(folder))
    monkeypatch.delenv("SPEECHMARK_DATA", raising=False)
    return folder


def _write_wav(path: Path, *, seed: int = 0, samples: int = 800, rate: int = 8000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(-9000, 9000, samples, dtype=np.int16)
    soundfile.write(path, noise, rate, subtype="PCM_16")


def _sha256sum(folder: Path) -> str:
    paths = sorted(folder.glob("*.wav"), key=lambda path: path.name.encode())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.fixture
def write_wav() -> Callable[..., None]:
    """Write a WAV file of noise."""
    return _write_wav


@pytest.fixture
def sha256sum() -> Callable[[Path], str]:
    """What ``sha256sum *.wav | sha256sum`` prints in a flat folder."""
    return _sha256sum


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[[Card], None]:
    """Let the package read another card in place of the one of that name."""
    real = cards.card

    def replace_card(shown: Card) -> None:
        monkeypatch.setattr(cards, "card", lambda name: shown if name == shown.name else real(name))

    return replace_card


@pytest.fixture
def write_fsdd(cache_folder: Path, pretend: Callable[[Card], None]) -> Callable[[Path], Path]:
    """Write an FSDD of two speakers and one take, which ``load("fsdd")`` takes for the real one."""
    real = card("fsdd")

    def write(folder: Path) -> Path:
        for number in range(20):
            path = folder / f"{number % 10}_{('ann', 'bob')[number // 10]}_0.wav"
            _write_wav(path, seed=number, samples=800 + number)
        digests = {"en": _sha256sum(folder)}
        speakers = ("ann", "bob")
        pretend(
            replace(
                real,
                speakers=speakers,
                takes=(0, 0),
                test_speakers=speakers[1:],
                dev_speakers=speakers[:1],
                digests=digests,
            )
        )
        return folder

    return write
