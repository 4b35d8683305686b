"""Cells with notebook magics define what they would define in a notebook."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.lab.testing.cells import fresh_namespace, run_cell
from autograder.lab.testing.failures import Crashed
from autograder.lab.testing.magics import as_python

DEFINITION = "def loss(z):\n    return 2 * z"


def defined_by(source: str, how="statements") -> dict[str, object]:
    namespace = fresh_namespace()
    run_cell(namespace, "cell", source, how)
    return namespace


@pytest.mark.parametrize(
    "source",
    [
        f"%%time\n{DEFINITION}",
        f"\n\n%%capture out\n{DEFINITION}",
        f"%%prun -l 5\n{DEFINITION}",
        f"%%time\nfiles = !ls\n{DEFINITION}",
        f"%matplotlib inline\n{DEFINITION}\nloss?\n?loss",
        f"!pip install \\\n  --quiet \\\n  einops\n{DEFINITION}",
        f"speed = %timeit -o sum(range(3))\n{DEFINITION}",
        f"{DEFINITION}\n%time w = loss(1)",
        f"a, b = %time 1, 2\n{DEFINITION}",
        f"%pylab\n{DEFINITION}\nrest = (7  # (\n  % 4)",
        f"%pylab\n{DEFINITION}\nrest = len('[') \\\n  % 4",
        f'%pylab\ntext = """\n%%time\n!"""\n!ls\n{DEFINITION}\n!ls it\'s',
    ],
)
def test_a_magic_does_not_hide_what_the_cell_defines(source) -> None:
    assert defined_by(source)["loss"](3) == 6


def test_a_timed_assignment_assigns() -> None:
    assert defined_by(f"{DEFINITION}\n%time w = loss(4)")["w"] == 8


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%timeit", "%%javascript"])
def test_a_cell_under_another_magic_is_nothing(magic) -> None:
    assert "loss" not in defined_by(f"{magic}\n{DEFINITION}")


def test_a_file_that_a_cell_writes_can_be_imported(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    namespace = fresh_namespace()
    run_cell(namespace, "first", f"%%writefile written_losses.py\n{DEFINITION}", "statements")
    run_cell(namespace, "second", "from written_losses import loss", "statements")
    assert namespace["loss"](2) == 4


def test_a_line_of_a_string_is_no_magic() -> None:
    source = f'%pylab\n{DEFINITION}\ntext = """it\'s (\n%time x\n!ls""", "#"\n?loss'
    assert defined_by(source)["text"] == ("it's (\n%time x\n!ls", "#")


def test_an_error_below_magics_names_the_students_own_line() -> None:
    with pytest.raises(Crashed) as caught:
        defined_by("\n%%time\nfiles = !ls\n1 / 0")
    assert (caught.value.kind, caught.value.line) == ("ZeroDivisionError", 4)


@given(st.text("%!?x= \n\\abc()", max_size=60))
def test_python_is_left_as_it_is_and_lines_stay_where_they_are(source) -> None:
    result = as_python(source)
    assert result.count("\n") == source.count("\n")
    try:
        ast.parse(source)
    except SyntaxError:
        return
    assert result == source


def test_annotations_are_what_the_cell_makes_of_them() -> None:
    namespace = defined_by("def f(x: int) -> float: ...\nkept = f.__annotations__")
    assert namespace["kept"] == {"x": int, "return": float}


def test_only_what_is_defined_is_taken_where_the_whole_does_not_end() -> None:
    source = f"import math\n{DEFINITION}\nrate = 0.5\nran = loss(1)\nwhile True:\n    pass"
    namespace = defined_by(source, "definitions")
    assert {"loss", "math", "rate"} <= namespace.keys()
    assert "ran" not in namespace
