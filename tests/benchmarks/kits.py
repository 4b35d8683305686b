"""``python -m tests.benchmarks.kits NAME``: a kit as its student has it, from zip to full marks.

Makes the kit, an environment with nothing but what its README installs, and an empty folder; fills
in the solutions, runs the notebook from top to bottom, checks it, and grades the file that the last
cell makes. Prints what the environment holds and how long each step took.

``--colab`` imitates Colab: torch is there, nothing of ours is, and the notebook stands beside the
zip. ``--env`` keeps the environment, and takes one that is there already::

    python -m tests.benchmarks.kits masked --python python3.13
    python -m tests.benchmarks.kits masked --with torch==2.4.0 --with torchaudio==2.4.0
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from autograder.authoring.releasing.kit import make_kit
from autograder.authoring.releasing.source import source_notebook
from autograder.authoring.releasing.wheel import build_wheel
from autograder.course.assignment import Assignment, Course
from tests.conftest import ROOT

COLAB = {
    "__init__.py": "",
    "colab/__init__.py": "",
    "colab/_message.py": """
import json, pathlib
def blocking_request(what, request="", timeout_sec=None):
    return {"ipynb": json.loads(pathlib.Path("../seen.ipynb").read_text())}
""",
    "colab/files.py": "def download(path): print('downloaded', path)",
}
"""The package ``google`` as far as a notebook in Colab needs it here."""

SPENT = """
import time
print("seconds of processor time in the kernel:", round(time.process_time()))
"""

CONTENTS = """
import importlib.metadata as metadata, json, platform, re

def with_needs(*names):
    found, left = set(), list(names)
    while left:
        name = re.sub("[-_.]+", "-", left.pop()).lower()
        try:
            needs = [] if name in found else metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        left += [re.match("[A-Za-z0-9._-]+", need)[0] for need in needs if "extra ==" not in need]
    return found

def size(name):
    files = metadata.files(name) or []
    return sum(file.locate().stat().st_size for file in files if file.locate().exists())

def megabytes(names):
    return round(sum(map(size, names)) / 1e6)

given = with_needs("torch", "matplotlib")
more = with_needs("speechmark") - given - {"speechmark"}
print(json.dumps({"python": platform.python_version(), "torch": metadata.version("torch"),
    "torchaudio": metadata.version("torchaudio"), "numpy": metadata.version("numpy"),
    "packages beyond torch and matplotlib": len(more), "MB of these": megabytes(more),
    "MB of torch and matplotlib": megabytes(given)}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.kits", description=__doc__)
    parser.add_argument("name", help="of the assignment")
    parser.add_argument("--python", default=sys.executable, help="that the environment is made of")
    parser.add_argument("--with", dest="packages", action="append", default=[], metavar="PACKAGE")
    parser.add_argument("--env", type=Path, help="the environment")
    parser.add_argument("--colab", action="store_true", help="imitate Colab")
    chosen = parser.parse_args()
    os.environ.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory(prefix="speechmark-kit-trial-") as folder:
        _try(Course(ROOT).assignment(chosen.name), Path(folder), chosen)


def _try(assignment: Assignment, scratch: Path, chosen: argparse.Namespace) -> None:
    wheel = build_wheel(scratch)
    kit = make_kit(assignment, scratch, wheel)
    _say("kit", kit.name, MB=round(kit.stat().st_size / 1e6, 1))
    env = (chosen.env or scratch / "env").absolute()
    python = env / "bin" / "python"
    begun = time.monotonic()
    if not env.is_dir():
        _run(chosen.python, "-m", "venv", str(env))
        theirs = [] if chosen.colab else [str(wheel)]
        _run(str(python), "-m", "pip", "install", "-q", *chosen.packages, *theirs, "ipykernel")
    elif chosen.colab:
        _run(str(python), "-m", "pip", "uninstall", "-q", "-y", "speechmark")
    else:
        _run(
            str(python), "-m", "pip", "install", "-q", "--force-reinstall", "--no-deps", str(wheel)
        )
    _say("environment", seconds=round(time.monotonic() - begun))

    folder = scratch / "empty"
    folder.mkdir()
    if chosen.colab:
        _imitate_colab(python)
        (folder / kit.name).write_bytes(kit.read_bytes())
        seen = scratch / "seen.ipynb"
    else:
        with zipfile.ZipFile(kit) as opened:
            opened.extractall(folder)
        folder = folder / assignment.name
        seen = folder / f"{assignment.name}.ipynb"
    seen.write_text(json.dumps(_solved(assignment, kit)))
    begun = time.monotonic()
    for line in _executed(seen, folder, python, scratch):
        print(line)
    _say("notebook", cells="all", seconds=round(time.monotonic() - begun))
    contents = json.loads(_run(str(python), "-c", CONTENTS))
    _say("packages", **contents)

    made = folder / "to_hand_in" / f"{assignment.name}.ipynb"
    (folder / made.name).write_bytes(made.read_bytes())
    begun = time.monotonic()
    checked = _run(str(python.with_name("speechmark")), "check", made.name, cwd=folder)
    passed = sum(line.startswith("✔") for line in checked.splitlines())
    _say("check", passed=passed, seconds=round(time.monotonic() - begun))

    grade = ["grade", assignment.name, str(made), "--out", str(scratch / "graded")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    _run(sys.executable, "-m", "autograder.cli", *grade, cwd=ROOT, env=environment)
    (record,) = (scratch / "graded" / "results").glob("*.json")
    result = json.loads(record.read_text())
    _say("graded", points=result["score"], of=result["max_score"], repairs=result["repairs"])
    if result["score"] != result["max_score"]:
        sys.exit("not full marks")


def _imitate_colab(python: Path) -> None:
    (sites,) = (python.parents[1] / "lib").glob("python*/site-packages")
    for name, text in COLAB.items():
        path = sites / "google" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _solved(assignment: Assignment, kit: Path) -> dict[str, Any]:
    """The kit's notebook with the solutions written into it."""
    with zipfile.ZipFile(kit) as opened:
        notebook = json.loads(opened.read(f"{assignment.name}/{assignment.name}.ipynb"))
    source = source_notebook(assignment.folder / f"{assignment.name}.py")
    written = {cell["id"]: cell["source"] for cell in source["cells"]}
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = written[cell["id"]]
    return notebook  # type: ignore[no-any-return]


def _executed(notebook: Path, folder: Path, python: Path, scratch: Path) -> list[str]:
    """What the cells print, once all have run in a kernel of the environment."""
    kernel = scratch / "jupyter" / "kernels" / "student"
    kernel.mkdir(parents=True)
    launch = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": launch, "display_name": "student", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    os.environ["JUPYTER_PATH"] = str(scratch / "jupyter")
    read = nbformat.read(notebook, 4)
    read.cells.append(nbformat.v4.new_code_cell(SPENT))
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(read, timeout=3600, kernel_name="student", resources=where).execute()
    outputs = [output for cell in read.cells for output in cell.get("outputs", [])]
    if any("image/png" in output.get("data", {}) for output in outputs):
        sys.exit("a figure is shown without a description")
    streams = [output for output in outputs if output.output_type == "stream"]
    return [line for o in streams if o.name == "stdout" for line in o.text.splitlines()]


def _run(*command: str, **more: Any) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def _say(what: str, *words: str, **figures: object) -> None:
    told = ", ".join(f"{name} {figure}" for name, figure in figures.items())
    print(" ".join([f"{what}:", *words, told]), flush=True)


if __name__ == "__main__":
    main()
