"""What suites are written with."""

import pytest
import torch

from autograder.lab.testing.failures import Crashed, Wrong
from autograder.lab.testing.suite import at_every_size, differ


def call(*failing):
    """A call that raises at the sizes given."""

    def of(size):
        if size in failing:
            raise Crashed("IndexError", f"no axis {size}")

    return of


def test_a_call_that_works_at_every_size_is_fine():
    at_every_size([1, 2, 3], call(), "part.any_size")


def test_raising_at_some_sizes_is_told_with_the_size():
    with pytest.raises(Wrong) as caught:
        at_every_size([1, 2, 3], call(2, 3), "part.any_size")
    assert caught.value.hint == "part.any_size"
    assert caught.value.observed == "2: IndexError: no axis 2"


def test_raising_at_every_size_is_a_crash():
    with pytest.raises(Crashed, match="IndexError"):
        at_every_size([1, 2, 3], call(1, 2, 3), "part.any_size")


def test_what_is_wrong_at_one_size_is_said_at_once():
    def wrong(size):
        raise Wrong("part.shape")

    with pytest.raises(Wrong, match=r"part\.shape"):
        at_every_size([1, 2], wrong, "part.any_size")


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        (1.0, 2.0, True),
        (1.0, 1.0, False),
        (0, False, False),
        (torch.zeros(2), torch.zeros(2), False),
        (torch.zeros(2), torch.tensor([0.0, 1e-9]), True),
        (torch.zeros(2), torch.zeros(3), True),
        (None, None, False),
        ("a", "b", False),
    ],
)
def test_answers_differ_where_they_are_numbers_that_do(a, b, told):
    assert differ(a, b) is told
