"""A torch and a torchaudio that do not fit are named, whichever command comes upon them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.support import torch_pair
from tests.conftest import ROOT

LINKER = "libtorchaudio.so: undefined symbol: torch_exception_get_what_without_backtrace"


def broken(folder: Path, cause: str) -> dict[str, str]:
    """The environment of a process in which torchaudio fails to load for ``cause``."""
    package = folder / "torchaudio"
    package.mkdir()
    (package / "__init__.py").write_text(
        "try:\n"
        f"    raise OSError({cause!r})\n"
        "except OSError as error:\n"
        "    raise OSError('Could not load this library: libtorchaudio.so') from error\n"
    )
    path = os.pathsep.join([str(folder), str(ROOT), str(ROOT / "datasets")])
    return {**os.environ, "PYTHONPATH": path}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_pair_that_loads_is_no_problem() -> None:
    assert torch_pair.problem() == ""


def test_a_pair_that_does_not_load_is_named_with_the_linkers_reason(tmp_path) -> None:
    code = "from autograder.support.torch_pair import problem; print(problem())"
    said = run(broken(tmp_path, LINKER), "-c", code).stdout
    assert re.match(r"torchaudio \S+ does not load with torch \S+: libtorchaudio.so: undef", said)
    assert "pip install torch==" in said


def test_a_torch_without_cuda_is_told_as_the_cause(tmp_path) -> None:
    code = "from autograder.support.torch_pair import problem; print(problem())"
    missing = "libc10_cuda.so: cannot open shared object file"
    assert "built with CUDA" in run(broken(tmp_path, missing), "-c", code).stdout


@pytest.mark.parametrize("words", [("doctor",), ("audit", "contrastive", "--level", "1")])
def test_a_command_that_needs_the_pair_names_it_and_not_the_sandbox(tmp_path, words) -> None:
    # The sandbox shows its worker the site-packages alone, so the fake package stands there.
    sites = tmp_path / "site-packages"
    sites.mkdir()
    done = run(broken(sites, LINKER), "-m", "autograder.cli", *words)
    said = " ".join((done.stdout + done.stderr).split())
    assert "does not load with torch" in said
    assert "The sandbox did not start" not in said


def test_the_pair_that_is_recommended_is_the_one_that_the_set_up_installs() -> None:
    pinned = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().split() if "==" in line
    )
    assert {name: pinned[name] for name in torch_pair.KNOWN} == torch_pair.KNOWN
