"""The kit: one zip with all that a student of an assignment needs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from autograder.authoring.releasing.archives import write_zip
from autograder.authoring.releasing.wheel import build_wheel
from autograder.course.about import about
from autograder.course.assignment import Assignment
from autograder.course.releases import Package, current
from autograder.notebooks.files import kit_file
from autograder.support.errors import SpeechmarkError
from autograder.support.sentences import say

README = "README.md"


def make_kit(assignment: Assignment, folder: Path, wheel: Path | None = None) -> Path:
    """Write the kit of the current release into ``folder``; twice the same to the byte.

    Args:
        assignment: whose.
        folder: where the zip goes.
        wheel: of this product, if it is built already.

    Raises:
        SpeechmarkError: there is no release, or the wheel cannot be built.
    """
    package = current(assignment)
    if package is None:
        raise SpeechmarkError(
            f"{assignment.name} has no release with a version. "
            f"Run: speechmark release {assignment.name}"
        )
    with tempfile.TemporaryDirectory(prefix="speechmark-kit-") as scratch:
        wheel = wheel or build_wheel(Path(scratch))
        files = {
            **package.files,
            README: _readme(assignment, package, wheel.name).encode(),
            wheel.name: wheel.read_bytes(),
        }
    path = folder / kit_file(assignment.name, package.manifest.version)
    write_zip(path, {f"{assignment.name}/{name}": content for name, content in files.items()})
    return path


def _readme(assignment: Assignment, package: Package, wheel: str) -> str:
    course = about(assignment.course)
    name, version = assignment.name, package.manifest.version
    blocks = [
        say("kit.readme", title=assignment.settings.title, name=name, version=version, wheel=wheel),
        course.hand_in or say("kit.hand_in"),
        say("kit.ask"),
        course.contact or say("kit.contact"),
    ]
    return "\n\n".join(block.strip() for block in blocks) + "\n"
