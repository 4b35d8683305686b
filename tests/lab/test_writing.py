"""A picture whose parts are not written yet is left out with a sentence, and no other error is."""

from __future__ import annotations

import pytest

from autograder.lab.testing.failures import Missing
from autograder.lab.writing import once_written


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NotImplementedError(), "once you have written fade, Encoder."),
        (NameError("name 'fade' is not defined", name="fade"), "once fade is defined"),
        (Missing("Encoder"), "once Encoder is defined"),
    ],
)
def test_what_is_not_written_is_told_in_its_place(error, told, capsys):
    with once_written("fade", "Encoder"):
        raise error
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    "error", [ValueError("mine"), NameError("other", name="other"), Missing("other")]
)
def test_every_other_error_is_the_students_to_see(error):
    with pytest.raises(type(error)) as caught, once_written("fade"):
        raise error
    assert caught.value is error


def test_what_is_written_is_shown(capsys):
    with once_written("fade"):
        print("the picture")
    assert capsys.readouterr().out == "the picture\n"
