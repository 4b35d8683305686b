"""Where a notebook runs, and what its kernel has run so far."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Host = Literal["Colab", "Kaggle", ""]

_KEPT = "_speechmark_runs"


def host() -> Host:
    """Whose machine this is; empty for one of the student's own."""
    if "google.colab" in sys.modules or _is_there("google.colab"):
        return "Colab"
    return "Kaggle" if "KAGGLE_KERNEL_RUN_TYPE" in os.environ else ""


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def own_environment() -> bool:
    """Whether packages can be installed here without touching anything else of the machine."""
    conda = Path(sys.prefix, "conda-meta").is_dir()
    return bool(host()) or conda or sys.prefix != sys.base_prefix


@dataclass(frozen=True)
class Run:
    """A cell that the kernel was given to run."""

    at: float
    """In seconds since 1970."""
    cell: str
    """Its id in the notebook; empty where the front end does not tell."""
    source: str


def remember_runs() -> None:
    """Keep the source of every cell that this kernel runs from now on."""
    shell = _shell()
    if shell is None or hasattr(shell, _KEPT):
        return
    kept: list[Run] = []
    setattr(shell, _KEPT, kept)

    def keep(info: Any) -> None:
        kept.append(Run(time.time(), getattr(info, "cell_id", None) or "", info.raw_cell))

    shell.events.register("pre_run_cell", keep)


def runs() -> list[Run]:
    """What the kernel has run since :func:`remember_runs`, in order."""
    return list(getattr(_shell(), _KEPT, []))


def notebook_file(name: str) -> Path | None:
    """The file that the front end keeps this notebook in, if it tells or it is ``name``."""
    shell = _shell()
    candidates = [
        shell.user_ns.get("__vsc_ipynb_file__") if shell else None,
        os.environ.get("JPY_SESSION_NAME"),
        f"{name}.ipynb",
    ]
    paths = (Path(path) for path in candidates if path)
    return next((path for path in paths if path.suffix == ".ipynb" and path.is_file()), None)


def _shell() -> Any:
    """The kernel's IPython, None outside of a notebook."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
