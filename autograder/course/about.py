"""What a course says of itself to its students: ``course.toml`` at its root, all of it optional."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError

from autograder.course.assignment import Course
from autograder.course.settings import Settings, read_toml
from autograder.support.errors import SpeechmarkError


class About(Settings):
    """Addresses and people; ``{name}`` is an assignment's name, ``{file}`` its kit's."""

    contact: str = Field(default="", description="whom students ask, as a sentence")
    kit: str = Field(default="", description="address of a kit; holds {file}")
    colab: str = Field(default="", description="address of a notebook in Colab; holds {name}")
    hand_in: str = Field(default="", description="where students hand in, as a sentence")


def about(course: Course) -> About:
    """What ``course.toml`` says.

    Raises:
        SpeechmarkError: it cannot be read, or says what it may not.
    """
    file: Path = course.root / "course.toml"
    if not file.is_file():
        return About()
    try:
        return About.model_validate(read_toml(file))
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in error.errors())
        allowed = ", ".join(About.model_fields)
        raise SpeechmarkError(f"{file}: {problems}. It may hold {allowed}.") from error
