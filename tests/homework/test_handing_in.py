"""The file to hand in: the notebook as it stands, whatever the front end tells of it."""

from __future__ import annotations

import json
import os
import sys
import types
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.homework import hand_in, place
from autograder.homework.handing_in import with_runs
from autograder.homework.place import Run
from autograder.notebooks import SIZE_LIMIT, Notebook, read, rebuild

STUB = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
SOLVED = "def double(x):\n    return 2 * x"
OTHER = "def double(x):\n    return x + x"


def cell(name: str, source: str, kind: str = "code", **marks: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    if marks:
        made["metadata"]["nbgrader"] = {"grade_id": name, "schema_version": 3, **marks}
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def released() -> Notebook:
    return {
        "cells": [
            cell("setup", "import math", locked=True),
            cell("double_solution", STUB, solution=True),
            cell("double", 'check("double")', grade=True, locked=True, points=2),
            cell("discussion", "YOUR ANSWER HERE", "markdown", grade=True, solution=True),
        ],
        "metadata": {"speechmark": {"setup": ["setup"], "version": 4}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def written(double: str = SOLVED, answer: str = "Many.", **metadata: Any) -> Notebook:
    notebook = released()
    notebook["cells"][1]["source"] = double
    notebook["cells"][3]["source"] = answer
    return {**notebook, "metadata": metadata}


def work(notebook: Notebook) -> dict[str, str]:
    """What the grader sees of the student's own cells."""
    rebuilt = rebuild(notebook, released()).notebook
    return {c["id"]: c["source"] for c in rebuilt["cells"] if c["id"] not in ("setup", "double")}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with ``public/``, which the notebook runs in."""
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "released.json").write_text(json.dumps(released()))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return tmp_path


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """What the kernel has run."""
    kept: list[Run] = []
    monkeypatch.setattr(place, "runs", lambda: kept)
    return kept


def save(folder: Path, notebook: Notebook, at: float = 1000.0) -> None:
    path = folder / "mini.ipynb"
    path.write_text(json.dumps(notebook))
    os.utime(path, (at, at))


TARGET = "to_hand_in/mini.ipynb"


def handed_in(folder: Path) -> Notebook:
    """The file that the last cell makes."""
    hand_in("mini")
    return read(folder / TARGET)


def test_the_saved_notebook_is_taken_with_its_name_and_version(folder, runs, capsys) -> None:
    save(folder, written(kernelspec={"name": "python3"}))
    made = handed_in(folder)
    assert work(made) == {"double_solution": SOLVED, "discussion": "Many."}
    assert made["metadata"]["speechmark"]["version"] == 4
    said = capsys.readouterr().out
    assert said == (
        f"To hand in: {folder / TARGET}. Upload this file, and leave its name as it is: "
        "mini.ipynb.\n"
    )


def test_what_is_not_written_is_named_and_can_be_handed_in(folder, runs, capsys) -> None:
    save(folder, released())
    handed_in(folder)
    assert "Not written yet: double, discussion." in capsys.readouterr().out


def test_what_was_run_after_saving_counts(folder, runs) -> None:
    save(folder, written(OTHER))
    runs += [Run(900.0, "", STUB), Run(1100.0, "", SOLVED), Run(1200.0, "", "double(3)")]
    made = handed_in(folder)
    assert work(made) == {"double_solution": SOLVED, "discussion": "Many."}


def test_what_was_saved_after_it_was_run_counts(folder, runs) -> None:
    save(folder, written(OTHER))
    runs.append(Run(900.0, "", SOLVED))
    assert work(handed_in(folder))["double_solution"] == OTHER


def test_an_experiment_in_a_cell_of_its_own_does_not_replace_the_solution() -> None:
    notebook = written()
    runs = [Run(1.0, "double", 'check("double")'), Run(2.0, "new-cell", OTHER)]
    made = with_runs(notebook, runs)
    assert work(made)["double_solution"] == SOLVED
    assert made["cells"][-1]["id"] == "new-cell"
    assert notebook == written()


def test_ids_that_the_file_does_not_know_tell_nothing() -> None:
    made = with_runs(written(), [Run(2.0, "vscode-notebook-cell:/x#W1", OTHER)])
    assert work(made)["double_solution"] == OTHER


def test_a_helper_that_was_not_saved_is_handed_in_too() -> None:
    made = with_runs(written(), [Run(2.0, "", "def helper():\n    return 1")])
    assert made["cells"][-1]["source"] == "def helper():\n    return 1"


def test_without_any_file_the_code_that_was_run_is_handed_in(folder, runs, capsys) -> None:
    runs += [Run(1.0, "", STUB), Run(2.0, "", "import math"), Run(3.0, "", SOLVED)]
    made = handed_in(folder)
    assert work(made)["double_solution"] == SOLVED
    said = capsys.readouterr().out
    assert "no written answer" in said
    assert "Not written yet: discussion." in said


def test_colab_tells_the_notebook_and_downloads_the_file(folder, monkeypatch, capsys) -> None:
    downloaded: list[str] = []
    answer = {"ipynb": written(OTHER, "From Colab.", colab={"provenance": []})}
    modules = {
        "google": types.ModuleType("google"),
        "google.colab": types.ModuleType("google.colab"),
        "google.colab._message": SimpleNamespace(blocking_request=lambda *_, **__: answer),
        "google.colab.files": SimpleNamespace(download=downloaded.append),
    }
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    made = handed_in(folder)
    assert work(made) == {"double_solution": OTHER, "discussion": "From Colab."}
    assert made["metadata"]["speechmark"] == released()["metadata"]["speechmark"]
    assert downloaded == [TARGET]


def test_kaggle_is_told_how_to_hand_in_written_answers(folder, runs, monkeypatch, capsys) -> None:
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Interactive")
    handed_in(folder)
    assert "File > Download notebook" in capsys.readouterr().out.replace("\n", " ")


def test_outputs_larger_than_the_grader_takes_are_left_out(folder, runs, capsys) -> None:
    notebook = written()
    small = {"output_type": "stream", "name": "stdout", "text": "kept"}
    notebook["cells"][0]["outputs"] = [small]
    notebook["cells"][1]["outputs"] = [{**small, "text": "x" * (SIZE_LIMIT - 1000)}]
    notebook["cells"][2]["outputs"] = [{**small, "text": "y" * 5000}]
    path = folder / "mini.ipynb"
    path.write_text(json.dumps(notebook))
    handed_in(folder)
    target = folder / TARGET
    assert target.stat().st_size < SIZE_LIMIT
    outputs = [cell.get("outputs") for cell in json.loads(target.read_text())["cells"]]
    assert (outputs[0], outputs[1]) == ([small], [])
    assert "outputs of one cell were left out" in capsys.readouterr().out


def test_without_public_one_is_told_what_to_run(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    hand_in("mini")
    assert not Path(TARGET).exists()
    assert "Run the first cell" in capsys.readouterr().out
