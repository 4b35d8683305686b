"""A notebook's first cell on machines that have torch and nothing of this product.

A virtual environment sees the packages of this one, but for the product and what only grading
needs; so pip installs the kit's wheel and downloads nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from autograder.authoring.releasing.kit import make_kit
from autograder.course.assignment import Course
from autograder.notebooks import read
from tests.conftest import ROOT

NAME = "contrastive"
LEFT_OUT = ("__editable__", "speechmark", "typer", "rich", "pydantic", "nbgrader", "jupytext")
"""Beginnings of the names of packages that students do not have."""

COLAB = """
import sys, types
for name in ("google", "google.colab"):
    sys.modules[name] = types.ModuleType(name)
"""


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_kit(Course(ROOT).assignment(NAME), tmp_path_factory.mktemp("kit"))


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """The interpreter of the environment."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for path in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if not path.name.startswith(LEFT_OUT) and path.suffix != ".pth":
            (packages / path.name).symlink_to(path)
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    (sites,) = (tmp_path / "env" / "lib").glob("python*/site-packages")
    (sites / "packages.pth").write_text(f"{packages}\n")
    return tmp_path / "env" / "bin" / "python"


def first_cell(kit: Path) -> str:
    with zipfile.ZipFile(kit) as opened:
        notebook = read(opened.read(f"{NAME}/{NAME}.ipynb"))
    return next(c["source"] for c in notebook["cells"] if c["cell_type"] == "code")


def run(python: Path, folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [python, "-c", code],
        cwd=folder,
        env={**known, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "content"
    path.mkdir()
    return path


def unpacked(kit: Path, folder: Path) -> Path:
    with zipfile.ZipFile(kit) as opened:
        opened.extractall(folder)
    return folder / NAME


def test_in_colab_the_kit_is_installed_and_unpacked_and_torch_stays(kit, python, folder) -> None:
    shutil.copy(kit, folder)
    code = COLAB + first_cell(kit) + "\nfrom autograder.lab import run_training\nimport torch\n"
    done = run(python, folder, code + "print(torch.__file__)\n")
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[0].startswith("Installing what the notebook needs")
    assert said[1].startswith(f"Ready: {NAME}, release ")
    assert " on Colab (speechmark " in said[1]
    assert "/packages/torch/" in said[2]
    assert (folder / "public" / "training.json").is_file()
    again = run(python, folder, COLAB + first_cell(kit))
    assert again.stdout.splitlines() == said[1:2]


def test_what_is_installed_checks_and_says_what_grading_needs(kit, python, folder) -> None:
    place = unpacked(kit, folder)
    done = run(python, place, first_cell(kit))
    assert " on this machine (speechmark " in done.stdout, done.stderr
    script = Path(python).with_name("speechmark")
    command = "import subprocess, sys; sys.exit(subprocess.run({}).returncode)"
    check = [str(script), "check", f"{NAME}.ipynb", "--part", "fade"]
    done = run(python, place, command.format(check))
    assert (done.returncode, done.stderr) == (1, "")
    assert "fade: " in done.stdout
    done = run(python, place, command.format([str(script), "grade", NAME]))
    assert done.returncode == 2
    assert 'pip install "speechmark[grading]"' in done.stderr


def test_without_the_kit_one_is_told_what_to_put_where(kit, python, folder) -> None:
    done = run(python, folder, COLAB + first_cell(kit))
    assert done.returncode == 1
    assert f"Put {kit.name} beside this notebook" in done.stderr


def test_a_machines_own_python_is_left_alone(kit, folder) -> None:
    place = unpacked(kit, folder)
    own = "import sys\nsys.prefix = sys.base_prefix\n"
    blocked = "sys.path[:] = [p for p in sys.path if 'site-packages' not in p]\n"
    base = Path(sys.base_prefix) / "bin" / Path(sys.executable).name
    done = run(
        base if base.exists() else Path(sys.executable), place, own + blocked + first_cell(kit)
    )
    assert "Speechmark is not installed in the Python of this notebook" in done.stdout, done.stderr
    assert "Ready" not in done.stdout


def test_checks_of_another_release_are_told(kit, python, folder) -> None:
    place = unpacked(kit, folder)
    released = place / "public" / "released.json"
    notebook = json.loads(released.read_text())
    notebook["metadata"]["speechmark"]["version"] = 99
    released.write_text(json.dumps(notebook))
    done = run(python, place, first_cell(kit))
    assert "The folder public/ is of release 99" in done.stdout, done.stderr
    assert "Ready" not in done.stdout
