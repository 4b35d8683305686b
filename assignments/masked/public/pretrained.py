"""Real models of the three families, as torchaudio ships them, on the clips of this seminar."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torchaudio
from torch import Tensor, nn

SAMPLE_RATE = 16_000
"""Hz, of what these models were trained on."""

BUNDLES = {"HuBERT base": "HUBERT_BASE", "wav2vec 2.0 base": "WAV2VEC2_BASE"}
"""Title to name in torchaudio.pipelines; 360 MB each, downloaded once."""


def load(title: str) -> nn.Module | None:
    """A pretrained model; None, with the reason printed, where it cannot be had."""
    try:
        model: nn.Module = getattr(torchaudio.pipelines, BUNDLES[title]).get_model()
    except Exception as error:
        print(f"{title} is left out, since it cannot be downloaded here: {type(error).__name__}.")
        return None
    return model.eval()


@torch.no_grad()
def embed_layers(
    model: nn.Module,
    waves: Tensor,
    sample_rate: int,
    chunk: int = 50,
    progress: Callable[..., object] = lambda parts: parts,
) -> list[Tensor]:
    """Mean over time of every transformer layer, one [clips, dim] per layer.

    Args:
        model: with ``extract_features``, as torchaudio's wav2vec 2.0 and HuBERT have it.
        waves: [clips, samples].
        sample_rate: of ``waves``, Hz.
        chunk: clips that are heard at a time.
        progress: wraps the list of chunks and shows a bar.
    """
    parts: list[list[Tensor]] = []
    for wave in progress(list(waves.split(chunk))):  # type: ignore[attr-defined]
        heard = torchaudio.functional.resample(wave, sample_rate, SAMPLE_RATE)
        heard = (heard - heard.mean(1, keepdim=True)) / heard.std(1, keepdim=True).clamp_min(1e-5)
        layers, _ = model.extract_features(heard)
        parts.append([layer.mean(1) for layer in layers])
    return [torch.cat(layer) for layer in zip(*parts, strict=True)]
