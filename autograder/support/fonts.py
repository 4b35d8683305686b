"""Matplotlib's list of its own fonts, made once: else every warm-up of a sandbox makes it anew.

A worker sees no fonts but those that come with matplotlib, so only those are listed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from autograder.support import files
from autograder.support.errors import SpeechmarkError


def font_list(cache: Path) -> Path | None:
    """The list as a file in the folder ``cache``, for the version of matplotlib that is installed.

    Returns:
        None where it cannot be made; matplotlib then makes its own.
    """
    folder = cache / f"matplotlib-{version('matplotlib')}"
    for file in folder.glob("fontlist-*.json"):
        return file
    with tempfile.TemporaryDirectory() as made:
        environment = {"MPLCONFIGDIR": made, "PATH": os.environ.get("PATH", "")}
        command = [sys.executable, "-I", "-c", "import matplotlib.font_manager"]
        subprocess.run(command, env=environment, capture_output=True, check=False)
        for found in Path(made).glob("fontlist-*.json"):
            fonts = json.loads(found.read_text())
            for kind in ("ttflist", "afmlist"):
                fonts[kind] = [font for font in fonts[kind] if not os.path.isabs(font["fname"])]
            try:
                files.write(folder / found.name, json.dumps(fonts).encode())
            except SpeechmarkError:
                return None
            return folder / found.name
    return None
