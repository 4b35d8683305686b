"""The public checks print one line per check, and what to think about when one fails."""

from __future__ import annotations

from autograder.lab.testing.checking import check, report, run_checks

SUITE = '''
from autograder.lab.testing.suite import demand

def test_f(student):
    """f of 1 is 2."""
    demand(student.f(1) == 2, "What does f do with 1?")
'''


def test_a_check_that_holds_is_one_line(tmp_path):
    (tmp_path / "test_f.py").write_text(SUITE)
    assert report("f", run_checks("f", {"f": lambda x: 2 * x}, tmp_path)) == ["✔ f: f of 1 is 2."]


def test_a_check_that_fails_says_what_to_think_about(tmp_path):
    (tmp_path / "test_f.py").write_text(SUITE)
    lines = report("f", run_checks("f", {"f": lambda x: x}, tmp_path))
    assert lines == ["✘ f: f of 1 is 2.", "    What does f do with 1?"]


def test_what_checks_in_a_row_have_in_common_is_said_once(tmp_path):
    more = '''
def test_f_again(student):
    """f of 2 is 4."""
    demand(student.f(2) == 4, "What does f do with 2?")
'''
    (tmp_path / "test_f.py").write_text(SUITE + more)
    first, second, why = report("f", run_checks("f", {}, tmp_path))
    assert (first, second) == ("… f: f of 1 is 2.", "… f: f of 2 is 4.")
    assert "Not written yet" in why
    apart = report("f", run_checks("f", {"f": lambda x: x}, tmp_path))
    assert apart[1::2] == ["    What does f do with 1?", "    What does f do with 2?"]


def test_a_check_that_is_not_asked_is_no_failure_and_its_reason_is_told(tmp_path):
    text = 'import pytest\ndef test_f(student):\n    """f of 1 is 2."""\n    pytest.skip("later")\n'
    (tmp_path / "test_f.py").write_text(text)
    lines = report("f", run_checks("f", {}, tmp_path))
    assert lines == ["– f: f of 1 is 2.", "    Not asked: later"]


def test_the_students_own_exception_is_told_in_full(tmp_path):
    (tmp_path / "test_f.py").write_text(SUITE)
    lines = report("f", run_checks("f", {"f": lambda x: [][x]}, tmp_path))
    assert "IndexError" in lines[1]
    assert "out of range" in lines[1]


def test_in_a_notebook_the_functions_defined_so_far_are_checked(tmp_path, capsys):
    (tmp_path / "test_f.py").write_text(SUITE)
    exec(
        f"def f(x): return 2 * x\ncheck('f', {str(tmp_path)!r})",
        {"check": check},
    )
    assert capsys.readouterr().out == "✔ f: f of 1 is 2.\n"


def test_missing_suites_are_answered_with_where_they_belong(tmp_path):
    assert "public/" in report("f", run_checks("f", {}, tmp_path))[0]
