"""Locked cells of a notebook that come alive once the parts they show are written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograder.lab.testing.failures import Missing
from autograder.support.sentences import say


@contextmanager
def once_written(*names: str) -> Iterator[None]:
    """Leave a picture out whose parts are not written yet, and say which.

    Args:
        names: of the functions and classes that the cell shows.
    """
    try:
        yield
    except NotImplementedError:
        print(say("notebook.not_written", names=", ".join(names)))
    except (NameError, Missing) as error:
        if error.name not in names:
            raise
        print(say("notebook.not_run", name=error.name))
