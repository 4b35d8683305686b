"""What a suite is written with: demands, weights, and the hint that answers a failure.

A suite is an ordinary pytest file, ``test_<part>.py``. Each test takes the fixture
``student`` (see :mod:`autograder.lab.testing.student`), and hidden suites also ``reference``,
tensors by name. The first line of a test's docstring is the demand as students read it::

    @weigh(2)
    @essential
    def test_value(student, reference):
        \"\"\"The loss of two random views has the right value.\"\"\"
        loss = student.loss(reference["z_a"], reference["z_b"])
        demand(close(loss, reference["loss"]), "loss.value")
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Wrong

Test = TypeVar("Test", bound=Callable[..., Any])
Size = TypeVar("Size", bound=Hashable)


def weigh(weight: float) -> Callable[[Test], Test]:
    """Give a test a share of its part's points in proportion to ``weight`` (1 if not given)."""

    def mark(test: Test) -> Test:
        test.weight = weight  # type: ignore[attr-defined]
        return test

    return mark


def essential(test: Test) -> Test:
    """Mark a test without which the part is worth nothing: its failure voids the others' points."""
    test.essential = True  # type: ignore[attr-defined]
    return test


def presumes(*tests: Callable[..., Any]) -> Callable[[Test], Test]:
    """Mark a test that tells a mistake only where ``tests``, which stand above it, hold.

    If one of them has told a mistake, that mistake's hint answers this test too: what follows
    from a mistake has no hint of its own, which might not be true of the code. What raises, runs
    out of time or is missing is told as ever.
    """

    def mark(test: Test) -> Test:
        test.presumes = [one.__name__ for one in tests]  # type: ignore[attr-defined]
        return test

    return mark


def demand(holds: bool | Tensor, hint: str, observed: object = "") -> None:
    """Fail with ``hint`` unless ``holds``.

    Args:
        holds: a truth value; a tensor of one element counts as its truth.
        hint: id in the hint catalogue (``"loss.wrong_mean"``), or in a public
            suite the sentence itself.
        observed: what was seen, kept for staff.

    Raises:
        Wrong: when ``holds`` is false.
    """
    if not bool(holds):
        raise Wrong(hint, str(observed))


def at_every_size(sizes: Iterable[Size], call: Callable[[Size], object], hint: str) -> None:
    """Call the student's code at each of ``sizes``.

    Raises:
        Wrong: with ``hint``, when it raised at some sizes but not at all of them.
        Crashed: when it raised at all of them.
    """
    crashes: dict[Size, Crashed] = {}
    every = list(sizes)
    for size in every:
        try:
            call(size)
        except Crashed as error:
            crashes[size] = error
    for size, crash in crashes.items():
        if len(crashes) == len(every):
            raise crash
        raise Wrong(hint, f"{size}: {crash.kind}: {crash.detail}") from crash


def always(call: Callable[[], Tensor], times: int) -> Tensor | None:
    """What ``call`` gives, if it gives the same ``times`` times; None once it gives another."""
    first = call()
    return first if all(close(call(), first) for _ in range(times - 1)) else None


def close(actual: object, expected: object, rtol: float = 1e-5, atol: float = 1e-6) -> bool:
    """Whether two tensors or numbers agree in shape and, within rounding, in value.

    Anything that is not a number or a tensor is not close to anything, nor is NaN.
    ``|actual - expected| <= atol + rtol * |expected|`` is tested in float64.
    """
    a, e = as_tensor(actual), as_tensor(expected)
    if a is None or e is None or a.shape != e.shape:
        return False
    return torch.allclose(a, e, rtol=rtol, atol=atol)


def differ(a: object, b: object) -> bool:
    """Whether two answers are numbers or tensors that differ. Those of a constant never do."""
    known = as_tensor(a) is not None and as_tensor(b) is not None
    return known and not close(a, b, rtol=1e-6, atol=0)


def as_tensor(value: object) -> Tensor | None:
    """``value`` as a detached float64 CPU tensor; None if it is neither tensor nor number."""
    if isinstance(value, Tensor):
        return value.detach().to("cpu", torch.float64)
    if isinstance(value, bool | int | float):
        try:
            return torch.tensor(float(value), dtype=torch.float64)
        except OverflowError:
            return None
    return None


def nearest_mistake(
    actual: object, mistakes: Mapping[str, object], otherwise: str, rtol: float = 1e-4
) -> str:
    """The hint whose value ``actual`` agrees with, among the values known mistakes would give.

    Args:
        actual: what the student returned.
        mistakes: hint id to the value that mistake would have returned, most likely first.
        otherwise: the hint when none agrees.
    """
    for hint, value in mistakes.items():
        if close(actual, value, rtol=rtol, atol=1e-6):
            return hint
    return otherwise
