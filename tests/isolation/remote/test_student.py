"""The student object behaves as the student's module would, across the wire."""

from __future__ import annotations

import itertools
import json
import signal
import socket
from contextlib import suppress

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.isolation.process import Exit
from autograder.isolation.remote import deadlines
from autograder.isolation.remote.conversation import Overlay
from autograder.isolation.remote.deadlines import DEADLINES, Costly, Deadline, Deadlines
from autograder.isolation.remote.student import RemoteModule
from autograder.isolation.remote.wire import Channel, Opaque, WireError, encode
from autograder.lab.testing.failures import (
    IN_PLACE,
    Crashed,
    Failure,
    GraderFault,
    Missing,
    OutOfMemory,
    TimedOut,
)
from autograder.lab.testing.student import LocalStudent

LINEAR = """
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 3
        self.used = nn.Linear(2, 3)
        self.unused = nn.Linear(2, 3)
        self.drop = nn.Dropout(0.5)
    def forward(self, x):
        return self.drop(self.used(x))
"""


def test_a_call_returns_what_the_function_returns(remote):
    student = remote("def f(x, y=1): return {'a': [x + y, (1, 'b', None, 2.5)]}")
    value = student.f(torch.ones(2), y=2)
    assert torch.equal(value["a"][0], torch.full((2,), 3.0))
    assert value["a"][1] == (1, "b", None, 2.5)


def test_gradcheck_passes_through_the_wall(remote):
    student = remote("def f(a, b): return (a * b.sin()).sum(), a.exp()")
    a = torch.randn(3, dtype=torch.float64, requires_grad=True)
    b = torch.randn(3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda a, b: student.f(a, b), (a, b))


def test_gradients_equal_those_of_a_local_student(remote):
    source = "def f(a, b): return [a @ b, (a.sum() ** 2, 3)]"
    namespace: dict[str, object] = {}
    exec(source, namespace)
    grads = []
    for student in (remote(source), LocalStudent(namespace)):
        a = torch.arange(6.0).view(2, 3).requires_grad_()
        b = torch.ones(3, 2, requires_grad=True)
        product, (square, three) = student.f(a, b)
        (product.sum() * square + three).backward()
        grads.append((a.grad, b.grad))
    assert all(torch.equal(x, y) for x, y in zip(*grads, strict=True))


def test_a_detached_input_gets_no_gradient(remote):
    student = remote("def f(a, b): return (a * b.detach()).sum()")
    a, b = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    student.f(a, b).backward()
    assert a.grad is not None
    assert b.grad is None


def test_a_generator_moves_on_as_it_would_locally(remote):
    student = remote("def f(n, generator=None): return torch.randn(n, generator=generator)")
    ours, theirs = torch.Generator().manual_seed(5), torch.Generator().manual_seed(5)
    for _ in range(2):
        expected = torch.randn(4, generator=ours)
        assert torch.equal(student.f(4, generator=theirs), expected)


def test_a_changed_argument_is_reported(remote):
    student = remote("def f(x, y): y.zero_(); return x")
    student.f(torch.ones(2), y=torch.ones(2))
    assert student.mutated == ("y",)
    student.f(torch.ones(2), y=torch.zeros(2))
    assert student.mutated == ()


def test_a_module_is_questioned_through_its_handle(remote):
    student = remote(LINEAR)
    encoder = student.Encoder()
    x = torch.randn(4, 2)
    assert encoder.dim == 3
    assert encoder.parameter_count() == 2 * (2 * 3 + 3)
    assert encoder.eval()(x).shape == (4, 3)
    assert torch.equal(encoder(x), encoder(x))
    assert not torch.equal(encoder.train()(x), encoder(x))
    grads = encoder.gradients(x, torch.ones(4, 3))
    assert grads["used.weight"] is not None
    assert grads["unused.weight"] is None
    assert encoder.state_dict()["used.bias"].shape == (3,)
    with pytest.raises(Missing):
        _ = encoder.width


NETWORKS = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 2)
        self.register_buffer("seen", torch.tensor(0))
    def forward(self, x):
        return self.linear(x)
    def twice(self, x, by=2):
        return by * self.linear(x)
    def empty(self, x):
        x.zero_()
    def partner(self):
        return Net()
    def later(self):
        raise NotImplementedError

def move(target, online, momentum=0.5, *, noise=None):
    for a, b in zip(target.parameters(), online.parameters()):
        a.data = momentum * a.data + (1 - momentum) * b.data

def mode(net): return net.training
def joined(first, net): return nn.Sequential(first, net)
def halve(net): net.linear.weight.mul_(0.5)
def stop(x, y): return (x * y.requires_grad_(False)).sum()
"""


def students(remote, source):
    """The student behind the wire, and the same one in this process."""
    namespace = {"torch": torch, "nn": torch.nn}
    exec(source, namespace)
    return remote(source), LocalStudent(namespace)


def test_a_handle_is_an_argument_of_a_call(remote):
    for student in students(remote, NETWORKS):
        student.seed(1)
        target, online = student.Net(), student.Net()
        before, aim = target.state_dict(), online.state_dict()
        student.move(target, online, 0.25)
        for name in ("linear.weight", "linear.bias"):
            expected = 0.25 * before[name] + 0.75 * aim[name]
            torch.testing.assert_close(target.state_dict()[name], expected)
        student.move(target=target, online=online, momentum=0.0)
        x = torch.randn(3, 2)
        torch.testing.assert_close(target(x), online(x))


def test_a_handle_keeps_its_mode_as_an_argument(remote):
    for student in students(remote, NETWORKS):
        net, other = student.Net(), student.Net()
        other.train()
        assert student.mode(net.eval()) is False
        assert student.mode(other) is True
        assert student.mode(net.train()) is True


def test_autograd_watches_what_is_done_to_a_module(remote):
    for student in students(remote, NETWORKS):
        net = student.Net()
        with pytest.raises(Crashed, match=IN_PLACE):
            student.halve(net)


def test_a_module_holds_the_module_that_it_was_built_with(remote):
    for student in students(remote, NETWORKS):
        inner = student.Net()
        outer = student.joined(inner, student.Net())
        student.move(inner, student.Net(), 0.0)
        assert torch.equal(
            outer.state_dict()["0.linear.weight"], inner.state_dict()["linear.weight"]
        )


def test_a_method_is_called_by_its_name_and_is_differentiable(remote):
    for student in students(remote, NETWORKS):
        net = student.Net()
        x = torch.randn(3, 2, requires_grad=True)
        net.call("twice", x, 3).sum().backward()
        torch.testing.assert_close(net.call("twice", x, 3), 3 * net(x))
        torch.testing.assert_close(
            x.grad, 3 * net.state_dict()["linear.weight"].sum(0).expand(3, 2)
        )
        assert net.call("partner").parameter_count() == 6


@pytest.mark.parametrize("method", ["nothing", "later", "seen"])
def test_a_method_that_is_not_written_is_missing(remote, method):
    for student in students(remote, NETWORKS):
        net = student.Net()
        with pytest.raises(Missing):
            net.call(method)


def test_what_a_module_changes_is_reported(remote):
    for student in students(remote, NETWORKS):
        net = student.Net()
        net.call("empty", torch.ones(2))
        assert net.mutated == ("0",)
        net(torch.ones(1, 2))
        assert net.mutated == ()


def test_an_argument_that_is_told_to_need_no_gradient_has_changed(remote):
    for student in students(remote, NETWORKS):
        x, y = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
        loss = student.stop(x, y)
        assert student.mutated == ("1",)
        (grad,) = torch.autograd.grad(loss, x)
        assert torch.equal(grad, torch.ones(2))


def test_switches_of_a_dead_worker_are_forgotten(remote):
    student = remote(NETWORKS)
    student.Net().eval()
    student.close()
    assert student.mode(student.Net()) is True


def test_seeding_makes_a_global_random_source_repeat(remote):
    student = remote("def f(): return torch.rand(3)")
    student.seed(3)
    first = student.f()
    student.seed(3)
    assert torch.equal(student.f(), first)


def test_what_cannot_cross_arrives_as_the_name_of_its_type(remote):
    student = remote(
        "class Liar:\n    def __eq__(self, other): return True\ndef f(): return Liar()"
    )
    assert student.f() == Opaque("Liar")


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        ("raise NotImplementedError", Missing),
        ("raise ValueError('x')", Crashed),
        ("raise SystemExit", Crashed),
        ("return f()", Crashed),
    ],
)
def test_an_exception_is_told_apart(remote, body, failure):
    with pytest.raises(failure):
        remote(f"def f(): {body}").f()


def test_a_crash_names_the_cell_and_the_line(remote):
    with pytest.raises(Crashed) as caught:
        remote("x = 1", "def f():\n    y = 0\n    return x / y").f()
    assert (caught.value.cell, caught.value.line, caught.value.kind) == (
        "c1", 3, "ZeroDivisionError",
    )  # fmt: skip


def test_a_name_never_defined_is_missing(remote):
    student = remote("x = 1")
    assert student.has("x")
    assert not student.has("f")
    with pytest.raises(Missing):
        student.f()


def test_a_stray_line_that_raises_does_not_take_later_definitions_away(remote):
    student = remote("%matplotlib inline\nplot(corpus)\ndef f(): return 1\n!ls")
    assert student.f() == 1
    assert isinstance(student.cell_failures["c0"], Crashed)


def test_the_reference_takes_the_place_of_a_failed_part(remote):
    overlay = Overlay("helper = 7\ndef f(): return helper", ("f",))
    student = remote(
        "helper = 1\ndef f(): return 0\ndef g(): return f() + helper", overlays=(overlay,)
    )
    assert student.g() == 8


def test_a_reference_that_cannot_be_laid_over_is_the_students_crash(remote):
    student = remote("def g(): return 1", overlays=(Overlay("raise ValueError", ("f",)),))
    student.run_cells()
    with pytest.raises(Crashed):
        student.g()


def test_a_call_that_never_ends_is_stopped_and_the_next_one_works(remote):
    hasty = Deadline(0.2, 0.2)
    slow = Deadline(20, 20)
    limits = Deadlines(cell=slow, call=hasty, training=slow, submission=slow)
    student = remote("import time\ndef f(): time.sleep(1)\ndef g(): return 2", deadlines=limits)
    with pytest.raises(TimedOut):
        student.f()
    assert student.g() == 2


def test_a_cell_that_never_ends_costs_what_it_would_have_computed_only(remote):
    hasty = Deadline(0.2, 0.2)
    slow = Deadline(20, 20)
    limits = Deadlines(cell=hasty, call=slow, training=slow, submission=slow)
    student = remote(
        "def g(): return 2",
        "import time\nx = time.sleep(1)\ndef f(): return 3\ndef h(): return x",
        deadlines=limits,
    )
    assert student.g() == 2
    assert isinstance(student.cell_failures["c1"], TimedOut)
    assert student.f() == 3
    with pytest.raises(Crashed):
        student.h()


@pytest.mark.parametrize(
    "answer",
    [
        {"id": 99, "value": 1},
        {"value": 1},
        {"id": 1, "failure": {"class": "GraderFault", "with": {}}},
        {"id": 1, "failure": 3},
        {"id": torch.zeros(2), "value": 1},
        {"id": True, "value": 1},
        {"id": 1, "value": 1, "generators": 5},
        {"id": 1, "value": 1, "mutated": 5},
        {"id": 1, "value": 1, "graph": "x"},
        {"id": 1, "failure": {"class": "Crashed", "with": {"kind": 3, "detail": ""}}},
    ],
)
def test_an_answer_out_of_turn_is_the_students_crash(remote, answer):
    def forge(sock: socket.socket) -> None:
        channel = Channel(sock)
        channel.receive()
        channel.send(answer)

    student = remote(serve=forge)
    student._cells.clear()
    with pytest.raises(Crashed):
        student.f()


@pytest.mark.parametrize(
    ("end", "failure"),
    [
        (Exit(-signal.SIGKILL, 5.0), GraderFault),
        (Exit(-signal.SIGKILL, DEADLINES.submission.cpu_seconds + 1), Crashed),
        (Exit(-signal.SIGSEGV, 5.0), Crashed),
        (Exit(0, 5.0), Crashed),
        (None, Crashed),
    ],
)
def test_what_the_host_kills_is_not_the_students_crash(remote, end, failure):
    student = remote(serve=socket.socket.close, end=end)
    student._cells.clear()
    with pytest.raises(failure):
        student.f()
    assert student.killed == (failure is GraderFault)


said = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.just({"T": "0", "g": True})
        | st.just({"G": "0"})
        | st.just({"M": 1})
        | st.lists(inner, max_size=3).map(lambda items: {"l": items})
        | st.dictionaries(st.text(max_size=3) | st.sampled_from(["0", "x"]), inner, max_size=2).map(
            lambda items: {"d": items}
        )
    ),
    max_leaves=5,
)
ANSWER = ("value", "generators", "mutated", "graph", "failure")


@given(fields=st.dictionaries(st.sampled_from(ANSWER), said, min_size=1), tensor=st.booleans())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_answer_is_a_value_or_the_students_failure(remote, fields, tensor):
    body = b"".join(encode({"0": torch.ones(2) if tensor else torch.zeros(16, dtype=torch.uint8)}))
    size = int.from_bytes(body[4:8], "big")

    def forge(sock: socket.socket) -> None:
        channel = Channel(sock)
        with suppress(WireError):
            for number in itertools.count(1):
                channel.receive()
                header = json.dumps({"d": {"id": number, **fields}}).encode()
                lengths = len(header).to_bytes(4, "big") + body[8:16]
                sock.sendall(b"SPM1" + lengths + header + body[16 + size :])

    student = remote(serve=forge)
    student._cells.clear()
    x = torch.ones(2, requires_grad=True)
    encoder = RemoteModule(student, 1)

    def differentiate() -> None:
        value = student.f(x, x=torch.Generator())
        if isinstance(value, torch.Tensor) and value.requires_grad:
            torch.autograd.backward(value, torch.ones_like(value))

    for ask in (
        differentiate,
        lambda: encoder.train().eval()(x),
        lambda: encoder.gradients(x, x),
        encoder.parameter_count,
        encoder.state_dict,
        lambda: student.has("f"),
        student.train,
    ):
        with suppress(Failure):
            ask()


def test_text_from_the_worker_can_always_be_written_down_and_is_bounded(remote):
    with pytest.raises(Crashed) as caught:
        remote("def f(): raise type('K' * 500, (Exception,), {})('\\ud800' * 9000)").f()
    caught.value.detail.encode()
    assert len(caught.value.kind) <= 80
    assert len(caught.value.detail) <= 2000


def test_when_the_submissions_time_is_spent_every_question_is_out_of_time(remote):
    slow, brief = Deadline(20, 20), Deadline(0.2, 0.2)
    limits = Deadlines(cell=slow, call=slow, training=slow, submission=brief)
    student = remote("import time\ndef f(): time.sleep(0.3)", deadlines=limits)
    student.f()
    for _ in range(2):
        with pytest.raises(TimedOut):
            student.f()


def test_cells_that_spend_the_submissions_time_are_out_of_time_too(remote):
    slow, brief = Deadline(20, 20), Deadline(0.2, 0.2)
    limits = Deadlines(cell=slow, call=slow, training=slow, submission=brief)
    student = remote("def f(): pass", "import time\ntime.sleep(0.3)", "x = 1", deadlines=limits)
    student.run_cells()
    with pytest.raises(TimedOut):
        student.f()


def test_a_call_that_failed_the_same_way_twice_is_not_paid_for_nine_times(remote, monkeypatch):
    monkeypatch.setattr(Costly, "SECONDS", 0.0)
    student = remote(
        "calls = []",
        "def f(): calls.append(1); raise ValueError\ndef count(): return len(calls)",
        "def f(): return 3",
    )
    student.go_to(3)
    for _ in range(9):
        with pytest.raises(Crashed) as caught:
            student.f()
        assert caught.value.kind == "ValueError"
    assert student.count() == 2
    student.go_to(4)
    assert student.f() == 3


def test_a_student_whose_answers_fill_the_grader_has_run_out_of_memory(remote, monkeypatch):
    student = remote("def f(): return torch.ones(4 << 20)")
    monkeypatch.setattr(deadlines, "MOST_HELD", 64 << 20)
    with pytest.raises(OutOfMemory):
        [student.f() for _ in range(20)]  # of 16 MiB each
