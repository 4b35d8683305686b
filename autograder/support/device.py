"""Where a training run may take place."""

from __future__ import annotations

from pathlib import Path

from autograder.support.errors import SpeechmarkError

_DRIVERS = ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd")
"""What a GPU's driver leaves here: NVIDIA's, that of Linux under Windows, AMD's."""


def pick_device(wanted: str) -> str:
    """ "cpu" or "cuda" for "auto", "cpu" or "cuda".

    torch, which takes seconds to import, is asked only where there is a driver to find.

    Raises:
        SpeechmarkError: "cuda" was asked for and there is none.
    """
    if wanted == "cpu":
        return "cpu"
    if any(Path(driver).exists() for driver in _DRIVERS):
        import torch

        if torch.cuda.is_available():
            return "cuda"
    if wanted == "cuda":
        raise SpeechmarkError("No CUDA device is to be had here. Use --device cpu.")
    return "cpu"
