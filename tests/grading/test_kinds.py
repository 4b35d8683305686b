"""Notebooks as they are handed in: grading and ``check`` judge them alike, and the work counts."""

from __future__ import annotations

import copy
import json
import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.new import new
from autograder.course.results import PartResult
from autograder.grading.grader import Grader
from autograder.homework.selfcheck import check_notebook
from autograder.isolation.proof.canaries import prove
from tests.edits import Desk, code
from tests.toys import PLAIN, empty_course, grader_of, parts, unjudged

HELPER = '''def frames_of(wave, size, hop):
    """[batch, frames, size]; $\\alpha$, not a magic:
%%time
    """
    return wave.unfold(1, size, hop)
'''
POWER = """def frame_power(wave, size=256, hop=128):
    return frames_of(wave, size, hop).square().mean(dim=2)
"""
RIGHT = f"{HELPER}\n\n{POWER}"
OWN_CELLS = (
    "from __future__ import annotations", "%%bash\nexit 1", "%%html\n<b>hello</b>", "assert False",
    "name = input('who?')", "exit()", "quit()", "import sys\nsys.exit(3)", "raise SystemExit",
    "torch.set_default_dtype(torch.float64)", "torch.use_deterministic_algorithms(True)",
    "torch.set_grad_enabled(False)", "torch.set_num_threads(64)", "torch.manual_seed(0)",
    "import os\nos.chdir('/')", "import warnings\nwarnings.simplefilter('error')", "def half(x):",
    "import sys\nsys.stdout = open(os.devnull, 'w')", "%config InlineBackend.figure_format = 'svg'",
    "import asyncio\nawait asyncio.sleep(0)",
)  # fmt: skip
"""Each in a cell of its own above the work."""
AT_ITS_END = """%pip install nonesuch
frame_power?
?frame_power
assert frame_power(torch.ones(1, 999)).shape == (1, 6)
display(frame_power(torch.ones(1, 999)));
get_ipython().run_line_magic("matplotlib", "inline")
if __name__ == "__main__":
    print(7
          % 4)
assert False, "to be done
"""
FORMS = {
    "carriage returns": RIGHT.replace("\n", "\r\n"),
    "tabs": POWER.replace("    ", "\t").replace("frames_of(wave,", "wave.unfold(1,"),
    "a lambda": "frame_power = lambda w, size=256, hop=128: w.unfold(1, size, hop).pow(2).mean(2)",
    "match": "def frame_power(wave, size=256, hop=128):\n    match wave.ndim:\n        case 2:\n"
    "            if n := size:\n                return wave.unfold(1, n, hop).square().mean(2)",
    "lines at its end": RIGHT + AT_ITS_END.replace("done\n", 'done"\n'),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """Level 1 will do: what is handed in here is honest."""
    course = empty_course(tmp_path_factory.mktemp("course"))
    with grader_of(unjudged(new(course, PLAIN)), prove(1), train=False) as grader:
        yield grader


Judge = Callable[[bytes], tuple[PartResult, bool]]


@pytest.fixture
def judge(plain: Grader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """The part in grading, and whether ``speechmark check`` finds nothing wrong.

    That has a process of its own, as it has at home: cells change what holds for all of it.
    """
    monkeypatch.chdir(tmp_path)
    (tmp_path / "public").symlink_to(plain.assignment.release / "public")
    file, fork = tmp_path / "work.ipynb", multiprocessing.get_context("fork")

    def ask(content: bytes) -> tuple[PartResult, bool]:
        file.write_bytes(content)
        here, there = fork.Pipe(duplex=False)
        checking = fork.Process(target=lambda: there.send(check_notebook(file, [])[1]))
        checking.start()
        there.close()
        try:
            return parts(plain.result("ada", content))["energy"], here.recv()
        finally:
            checking.join()

    return ask


def desk(plain: Grader, solution: str = RIGHT) -> Desk:
    return Desk(plain.assignment.release_notebook.read_bytes(), solution)


def test_whatever_own_cells_above_it_do_the_work_counts(plain: Grader, judge: Judge) -> None:
    at = desk(plain)
    for cell in OWN_CELLS:
        at.insert(at.place(at.named("energy_solution")), code(cell))
    part, fine = judge(at.content())
    assert (part.score, fine) == (2, True)


def test_a_loop_without_end_below_it_costs_nothing(plain: Grader) -> None:
    at = desk(plain)
    at.insert(at.place(at.named("energy")) + 1, code("del frames_of\nwhile True:\n    pass"))
    assert parts(plain.result("ada", at.content()))["energy"].score == 2


@pytest.mark.parametrize("form", FORMS)
def test_any_form_of_a_cell_that_python_reads_counts(
    plain: Grader, judge: Judge, form: str
) -> None:
    part, fine = judge(desk(plain, FORMS[form]).content())
    assert (part.score, fine) == (2, True)


def _one_id(notebook: dict[str, Any]) -> None:
    notebook["nbformat_minor"] = 5
    for cell in notebook["cells"]:
        cell["id"] = "same"


def _no_outputs(notebook: dict[str, Any]) -> None:
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _copied(notebook: dict[str, Any]) -> None:
    cells = notebook["cells"]
    cells.insert(_solution(cells) + 1, copy.deepcopy(cells[_solution(cells)]))


def _moved_to_the_end(notebook: dict[str, Any]) -> None:
    cells = notebook["cells"]
    cells.append(cells.pop(_solution(cells)))


def _checked_in_place(notebook: dict[str, Any]) -> None:
    cells = notebook["cells"]
    cells[_solution(cells)]["source"] += "\n\ncheck('energy')"
    cells.insert(0, {"cell_type": "raw", "metadata": {}, "source": "---\ntitle: mine\n---"})


def _solution(cells: list[dict[str, Any]]) -> int:
    marks = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    return marks.index("energy_solution")


@pytest.mark.parametrize(
    "change", [_one_id, _no_outputs, _copied, _moved_to_the_end, _checked_in_place]
)
def test_files_that_editors_and_students_rearrange_count(
    plain: Grader, judge: Judge, change: Callable[[dict[str, Any]], None]
) -> None:
    notebook = json.loads(desk(plain).content())
    change(notebook)
    part, fine = judge(json.dumps(notebook).encode())
    assert (part.score, fine) == (2, True)


@pytest.mark.parametrize(
    "solution", [f"%%timeit -n 1\n{RIGHT}", f"\ufeff{RIGHT}", RIGHT.replace(", hop", ",\u00a0hop")]
)
def test_what_defines_nothing_in_jupyter_either_is_told_by_both(
    plain: Grader, judge: Judge, solution: str
) -> None:
    part, fine = judge(desk(plain, solution).content())
    assert (part.score, fine) == (0, False)
