"""Work keeps its points, and a mistake costs them, however a notebook was edited around it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from autograder.authoring.new import new
from autograder.course.results import PartResult
from autograder.grading.grader import Grader
from autograder.homework.selfcheck import check_notebook
from autograder.isolation.proof.canaries import prove
from tests.edits import Desk, code, edited
from tests.toys import PLAIN, empty_course, grader_of, parts, unjudged

EXAMPLES = int(os.environ.get("SPEECHMARK_EXAMPLES", "20"))
"""Sequences of edits to try; ``tests.benchmarks.edits`` asks for more."""

RIGHT = '''def frames_of(wave, size, hop):
    """[batch, frames, size]."""
    return wave.unfold(1, size, hop)


def frame_power(wave, size=256, hop=128):
    return frames_of(wave, size, hop).square().mean(dim=2)
'''
WRONG = RIGHT.replace("square()", "abs()")
USES = """def frame_power(wave, size=256, hop=128):
    return {}
"""
POWER = "wave.unfold(1, size, hop).square().mean(2)"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """Level 1 will do: what is edited here is honest."""
    course = empty_course(tmp_path_factory.mktemp("course"))
    with grader_of(unjudged(new(course, PLAIN)), prove(1), train=False) as grader:
        yield grader


@pytest.fixture
def check(plain: Grader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Desk], bool]:
    """Whether ``speechmark check`` finds nothing wrong."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "public").symlink_to(plain.assignment.release / "public")

    def ask(desk: Desk) -> bool:
        (tmp_path / "work.ipynb").write_bytes(desk.content())
        return check_notebook(tmp_path / "work.ipynb", [])[1]

    return ask


def desk(plain: Grader, solution: str = RIGHT) -> Desk:
    return Desk(plain.assignment.release_notebook.read_bytes(), solution)


def judged(plain: Grader, content: bytes) -> PartResult:
    result = plain.result("ada", content)
    assert result.graded
    return parts(result)["energy"]


def laid(at: Desk, cell: str, how: str, text: str) -> Desk:
    """``at`` with ``text`` put to the begin or end of a cell, or as one before or behind it."""
    held = at.named(cell)
    if how in ("before", "behind"):
        at.insert(at.place(held) + (how == "behind"), code(text))
    else:
        held["source"] = "\n".join(
            [text, held["source"]] if how == "begin" else [held["source"], text]
        )
    return at


@pytest.mark.parametrize(
    ("solution", "cell", "how", "text"),
    [
        (RIGHT, "energy_solution", "begin", "%%time\nlisted = !ls"),
        (RIGHT, "energy_solution", "begin", "\n\n%%capture said"),
        (RIGHT, "energy_solution", "begin", "best = %timeit -o -n 1 sum([1])\n!pip list \\\n  -v"),
        (RIGHT, "energy", "behind", "def frame_power(wave, size=256, hop=128):\n    return wave"),
        (RIGHT, "energy", "behind", "F, math, torch = 440.0, None, None"),
        (USES.format(f"{POWER} + EPS"), "setup", "end", "EPS = 0.0"),
        (USES.format(f"{POWER}.to(HERE)"), "setup", "end",
         "HERE = torch.device('cuda' if torch.cuda.is_available() else 'cpu')"),
        (USES.format(f"np.asarray and {POWER}"), "lab", "end",
         "try:\n    import numpy as np\nexcept ImportError:\n    np = None"),
        ("from power import frame_power", "energy_solution", "before",
         f"%%writefile power.py\ndef frame_power(wave, size=256, hop=128):\n    return {POWER}"),
        (USES.format("power(wave, size, hop)"), "energy", "behind",
         f"def power(wave, size, hop):\n    return {POWER}"),
        (f"@torch.compile\n{USES.format(POWER)}", "energy_solution", "end", ""),
        (f"import contextlib\n\n\n{RIGHT}", "energy_solution", "before", "raise ValueError('oh')"),
    ],
)  # fmt: skip
def test_the_work_counts_wherever_it_stands(plain, check, solution, cell, how, text):
    at = laid(desk(plain, solution), cell, how, text)
    assert judged(plain, at.content()).score == 2
    assert check(at)


@pytest.mark.parametrize(
    ("solution", "hint"),
    [
        (f"type Wave = Tensor\n\n\n{RIGHT}", "on line 1"),
        (USES.format("corpus_power(wave)"), "a name on line 2 that is not defined in grading"),
        (USES.format("wave.cuda()"), "graded without one"),
        (f"import nonesuch\n\n\n{USES.format('nonesuch.power(wave)')}", "is not installed"),
    ],
)
def test_what_grading_does_not_have_is_said_in_a_sentence_of_its_own(plain, check, solution, hint):
    if "type " in solution and sys.version_info >= (3, 12):
        pytest.skip("this Python reads it")
    at = desk(plain, solution)
    part = judged(plain, at.content())
    assert part.score == 0
    assert any(hint in (test.hint or "") for test in part.tests)
    assert not check(at)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_no_sequence_of_edits_changes_the_points_of_right_work(plain, data):
    content = edited(desk(plain), data.draw)
    note(content.decode())
    assert judged(plain, content).score == 2


@pytest.fixture(scope="module")
def lost(plain: Grader) -> float:
    """The points of the wrong work as it is."""
    return judged(plain, desk(plain, WRONG).content()).score


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_no_sequence_of_edits_changes_the_points_of_wrong_work(plain, lost, data):
    assert lost < 2
    content = edited(desk(plain, WRONG), data.draw)
    note(content.decode())
    assert judged(plain, content).score == lost
