"""What suites are written with."""

import pytest

from autograder.lab.testing.failures import Crashed, Wrong
from autograder.lab.testing.suite import at_every_size


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
