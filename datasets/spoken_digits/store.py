"""The cache on disk: what was downloaded, decoded or synthesised once."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def cache_folder() -> Path:
    """``$SPEECHMARK_CACHE``, or ``~/.cache/speechmark``; it need not exist."""
    return Path(os.environ.get("SPEECHMARK_CACHE") or Path.home() / ".cache" / "speechmark")


def save(key: str, waves: Sequence[npt.NDArray[np.generic]]) -> None:
    """Keep clips of one dtype, each [time], under ``key``: wholly or not at all.

    A cache that cannot be written is worth a warning, not a failure.
    """
    import numpy as np
    from safetensors.numpy import save as to_bytes

    lengths = np.array([len(wave) for wave in waves], dtype=np.int64)
    content = to_bytes({"samples": np.concatenate(waves), "lengths": lengths})
    path = _path(key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            try:
                file.write(content)
                file.close()
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        warnings.warn(f"Nothing was cached in {path.parent}: {error.strerror}.", stacklevel=2)


def restore(key: str) -> list[npt.NDArray[np.generic]] | None:
    """The clips kept under ``key``; None if there are none or they cannot be read."""
    import numpy as np
    from safetensors import SafetensorError
    from safetensors.numpy import load as from_bytes

    try:
        arrays = from_bytes(_path(key).read_bytes())
        samples, lengths = arrays["samples"], arrays["lengths"]
    except (OSError, SafetensorError, KeyError):
        return None
    if lengths.sum() != len(samples):
        return None
    return np.split(samples, np.cumsum(lengths)[:-1])


def _path(key: str) -> Path:
    return cache_folder() / "decoded" / f"{key}.safetensors"
