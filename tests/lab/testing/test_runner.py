"""Each way a test can end gets its own outcome, and a student reads only what is safe."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
import torch

from autograder.lab.testing.failures import (
    Crashed,
    GraderFault,
    Missing,
    OutOfMemory,
    TimedOut,
    Wrong,
)
from autograder.lab.testing.runner import explain, run_suite
from autograder.lab.testing.student import LocalStudent, Student

SUITE = '''
from autograder.lab.testing.suite import close, demand, essential, weigh

@weigh(2)
@essential
def test_double(student):
    """Twice the input.

    Not told to students.
    """
    demand(close(student.f(2.0), 4.0), "f.double", "seen")

def test_reference(student, reference):
    """The reference arrives."""
    demand(close(reference["x"], 3.0), "f.reference")
    reference["x"].add_(1)

def test_reference_again(student, reference):
    """The reference arrives unchanged."""
    demand(close(reference["x"], 3.0), "f.reference")

def test_undocumented(student):
    assert student.f(1.0) == 2.0
'''


def suite_file(folder: Path, name: str, text: str) -> Path:
    path = folder / f"test_{name}.py"
    path.write_text(text)
    return path


def test_a_suite_reports_demand_weight_and_outcome_of_each_test(tmp_path):
    path = suite_file(tmp_path, "a", SUITE)
    student = LocalStudent({"f": lambda x: 3 * x})
    outcomes = run_suite(path, student, {"x": torch.tensor(3.0)})
    assert [(o.demand, o.weight, o.essential, o.outcome) for o in outcomes] == [
        ("Twice the input.", 2, True, "wrong"),
        ("The reference arrives.", 1, False, "passed"),
        ("The reference arrives unchanged.", 1, False, "passed"),
        ("test_undocumented", 1, False, "grader"),
    ]


def test_a_suite_questions_one_student_after_the_other_as_if_each_were_the_first(tmp_path):
    text = """
import pytest

@pytest.fixture
def seen(student):
    return [student.f()]

def test_it(seen, reference):
    assert seen == [reference["n"].item()]
    seen.append(None)
"""
    path = suite_file(tmp_path, "again", text)
    for n in (1, 2, 1):
        outcomes = run_suite(path, LocalStudent({"f": lambda n=n: n}), {"n": torch.tensor(n)})
        assert [o.outcome for o in outcomes] == ["passed"]


def test_a_suite_may_use_all_of_pytest(tmp_path):
    text = """
import pytest

seen = []

@pytest.fixture(autouse=True)
def noted(student):
    seen.append("before")
    yield
    seen.append("after")

@pytest.mark.parametrize("x", [1.0, 2.0])
def test_each(student, x):
    assert student.f(x) == x and seen[-1] == "before"

class TestOfAClass:
    def test_inside(self, student):
        assert student.f(0.0) == 0.0 and seen[-2:] == ["after", "before"]
"""
    outcomes = run_suite(suite_file(tmp_path, "all", text), LocalStudent({"f": lambda x: x}))
    assert [(o.name, o.outcome) for o in outcomes] == [
        ("test_each[1.0]", "passed"),
        ("test_each[2.0]", "passed"),
        ("test_inside", "passed"),
    ]


@pytest.mark.parametrize("asked", ["", "@pytest.mark.usefixtures('monkeypatch')\n"])
def test_an_interrupted_suite_is_run_anew(tmp_path, asked):
    text = f"import pytest\n{asked}def test_it(student): student.f()\ndef test_more(student): pass"
    path = suite_file(tmp_path, "stopped", text)

    class Stopped(LocalStudent):
        def call(self, name, /, *args, **kwargs):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_suite(path, Stopped({}))
    outcomes = run_suite(path, LocalStudent({"f": lambda: None}))
    assert [o.outcome for o in outcomes] == ["passed", "passed"]


@pytest.mark.parametrize("text", ["def test_it(student:", "import nothing_of_the_name", "x = 1"])
def test_a_suite_that_cannot_run_is_the_graders_fault(tmp_path, text):
    with pytest.raises(GraderFault):
        run_suite(suite_file(tmp_path, "broken", text), LocalStudent({}))


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("def f(): raise NotImplementedError", "missing"),
        ("", "missing"),
        ("def f(): raise MemoryError", "memory"),
        ("def f(): return [][0]", "crashed"),
    ],
)
def test_a_students_failure_is_told_apart_from_the_suites(tmp_path, code, outcome):
    namespace: dict[str, object] = {}
    exec(code, namespace)
    path = suite_file(tmp_path, "f", "def test_it(student): student.f()")
    assert run_suite(path, LocalStudent(namespace))[0].outcome == outcome


def test_a_test_that_is_skipped_was_not_asked_and_its_reason_is_kept(tmp_path):
    text = """
import pytest

@pytest.fixture
def given(student):
    if not student.has("g"):
        pytest.skip("g is not written")

def test_in_its_body(student):
    if not student.has("f"):
        pytest.skip("f is not written")
    student.f()

def test_in_a_fixture(given):
    raise ZeroDivisionError

def test_without_a_reason(student):
    pytest.skip()

def test_after_them(student):
    student.h()
"""
    path = suite_file(tmp_path, "skips", text)

    def seen(**names) -> list[tuple[str, str]]:
        found = run_suite(path, LocalStudent({"h": lambda: None, **names}))
        assert all(o.failure is None for o in found if o.skipped)
        return [(o.outcome, o.skipped) for o in found]

    assert seen() == [
        ("skipped", "f is not written"),
        ("skipped", "g is not written"),
        ("skipped", "not asked"),
        ("passed", ""),
    ]
    # Another student of the same suite is asked what this one was not.
    assert [o for o, _ in seen(f=lambda: None, g=1)] == ["passed", "wrong", "skipped", "passed"]


def test_two_skips_are_no_two_timeouts(tmp_path):
    text = "import pytest\n" + "\n".join(
        f"def test_{i}(student): pytest.skip('no')" for i in range(3)
    )
    path = suite_file(tmp_path, "patient", f"{text}\ndef test_last(student): student.f()")
    outcomes = run_suite(path, LocalStudent({"f": lambda: None}))
    assert [o.outcome for o in outcomes] == ["skipped"] * 3 + ["passed"]


def test_a_suite_that_was_edited_is_read_anew(tmp_path):
    for names in (["a"], ["a", "b"]):
        text = "\n".join(f"def test_{name}(student): pass" for name in names)
        path = suite_file(tmp_path, "f", text)
        found = run_suite(path, LocalStudent({}))
        assert [outcome.name for outcome in found] == [f"test_{name}" for name in names]


@pytest.mark.parametrize("wanted", ["student", "student, request"])
def test_after_two_timeouts_the_rest_of_a_suite_is_not_waited_for(tmp_path, wanted):
    calls = []

    class Slow(LocalStudent):
        def call(self, name, /, *args, **kwargs):
            calls.append(name)
            raise TimedOut

    text = "\n".join(f"def test_{i}({wanted}): student.f()" for i in range(5))
    outcomes = run_suite(suite_file(tmp_path, "slow", text), Slow({}))
    assert [o.outcome for o in outcomes] == ["timeout"] * 5
    assert len(calls) == 2


def test_a_student_reads_the_hint_of_the_catalogue():
    assert explain(Wrong("a.b"), {"a.b": "Says. Asks?"}) == "Says. Asks?"
    assert explain(Wrong("A plain sentence."), {}) == "A plain sentence."


def test_nothing_that_student_code_chose_is_told():
    secret = "0.12345"
    told = explain(Crashed(secret, secret, 3, secret), {})
    assert secret not in told
    assert "ValueError" in explain(Crashed("ValueError", secret), {})


@pytest.mark.parametrize(
    "line",
    ["return x.sub_(1)", "x[0] = 0\n    return x", "y = x.exp()\n    y += 1\n    return y"],
)
def test_what_writes_where_a_gradient_is_asked_for_is_told_so(tmp_path, line):
    names: dict[str, object] = {}
    exec(f"def f(x):\n    {line}", names)
    text = """
import torch
from autograder.lab.testing.student import blame

def test_gradient(student):
    x = torch.ones(3, requires_grad=True)
    result = student.f(x)
    try:
        result.sum().backward()
    except RuntimeError as error:
        raise blame(error) from error
"""
    (outcome,) = run_suite(suite_file(tmp_path, "gradient", text), LocalStudent(names))
    assert outcome.failure is not None
    assert "in place whose gradient" in explain(outcome.failure, {})


@pytest.mark.parametrize("failure", [TimedOut(), OutOfMemory(), Missing("f"), GraderFault("x")])
def test_every_failure_has_a_sentence(failure):
    assert explain(failure, {}).endswith((".", "?"))


def test_a_local_student_is_a_student():
    assert isinstance(LocalStudent({}), Student)


def test_nothing_of_a_student_is_held_once_the_suite_has_run(tmp_path):
    text = """
def test_fails(student):
    tensor = student.f(1.0)
    raise ZeroDivisionError

def test_passes(student):
    student.f(1.0)
"""
    path = suite_file(tmp_path, "holds", text)
    made = []

    def f(x):
        tensor = torch.full((3,), x)
        made.append(weakref.ref(tensor))
        return tensor

    student = LocalStudent({"f": f})
    made.append(weakref.ref(student))
    assert [o.outcome for o in run_suite(path, student)] == ["wrong", "passed"]
    del student
    gc.collect()
    assert [ref() for ref in made] == [None] * 3


def test_what_a_suite_keeps_of_a_student_is_asked_anew_the_next_time(tmp_path):
    text = """
from functools import lru_cache
from weakref import WeakKeyDictionary

from autograder.lab.testing.suite import demand

kept = WeakKeyDictionary()

@lru_cache(maxsize=2)
def asked(student):
    return student.f()

def test_shared(student):
    demand(asked(student) == 2, "f")
    demand(kept.setdefault(student, student.f()) == 2, "f")
    assert student.has("f")
    student.seed(1)
    assert student.answers
    assert student.mutated == ()
"""
    path = suite_file(tmp_path, "shared", text)
    namespace = {"f": lambda: 1}
    student = LocalStudent(namespace)
    assert [o.outcome for o in run_suite(path, student)] == ["wrong"]
    namespace["f"] = lambda: 2
    assert [o.failure for o in run_suite(path, student)] == [None]


def test_what_follows_from_a_mistake_has_no_hint_of_its_own(tmp_path):
    text = """
from autograder.lab.testing.suite import demand, presumes

def test_value(student):
    demand(student.f(1) == 2, "f.value")

@presumes(test_value)
def test_zero(student):
    demand(student.f(0) == 0, "f.zero")

def test_type(student):
    demand(isinstance(student.f(1), float), "f.type")

@presumes(test_type, test_zero)
def test_large(student):
    demand(student.f(9) == 18, "f.large")
"""
    path = suite_file(tmp_path, "f", text)

    def hints(f):
        failures = [outcome.failure for outcome in run_suite(path, LocalStudent({"f": f}))]
        return [failure.hint if isinstance(failure, Wrong) else failure for failure in failures]

    assert hints(lambda x: 2.0 * x) == [None, None, None, None]
    assert hints(lambda x: x + 5.0) == ["f.value", "f.value", None, "f.value"]
    assert hints(lambda x: x + 1.0) == [None, "f.zero", None, "f.zero"]
    assert hints(lambda x: 2 * x if x < 9 else 0) == [None, None, "f.type", "f.type"]
    assert hints(lambda x: 2.0 * x if x < 9 else 0) == [None, None, None, "f.large"]
    assert [type(f).__name__ for f in hints(lambda x: [][x])] == ["Crashed"] * 4
