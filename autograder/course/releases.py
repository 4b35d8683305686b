"""The releases of an assignment: what each was, and a submission rebuilt from its own.

The current release lies in ``assignments/<name>/``; each one that there ever was is kept as
``releases/<name>-<version>.zip``. A notebook carries its version in its metadata, and in its
first cell for front ends that drop metadata; one without a version counts as current.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.course.assignment import Assignment
from autograder.course.submissions import Submission
from autograder.notebooks import Notebook, Rebuilt, read, rebuild
from autograder.notebooks.carry import carried_over
from autograder.support.errors import SpeechmarkError
from autograder.support.sentences import say

MANIFEST = "release.json"

_STARTS = re.compile(r"^start\(\"\w+\", (\d{1,6})\b", re.MULTILINE)


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Change(Model):
    """What a release brought, as students read it."""

    version: int
    date: str = Field(description="of the release, as in 2026-11-28")
    note: str
    contract: tuple[str, ...] = Field(
        default=(), description="parts of which something else is asked than before"
    )


class Manifest(Model):
    """``release.json``: what a release holds, and what it is graded with."""

    schema_version: Literal[1] = 1
    assignment: str
    version: int = Field(ge=1)
    date: str
    kit: str = Field(description="version of speechmark")
    python: str = Field(description="that grades")
    torch: str = Field(description="that grades")
    notebook: str = Field(description="SHA-256")
    public: dict[str, str] = Field(description="public file to its SHA-256")
    suites: dict[str, str] = Field(description="part to a hash of its hidden suite and references")
    calibration: str = Field(default="", description="SHA-256")
    corpora: dict[str, str] = Field(default={}, description="corpus to its content digest")
    changes: tuple[Change, ...] = Field(description="of every release so far, the oldest first")

    def outdated(self, version: int) -> list[str]:
        """The parts whose contract has changed since the release ``version``."""
        later = (change for change in self.changes if change.version > version)
        return sorted({part for change in later for part in change.contract})


@dataclass(frozen=True)
class Package:
    """A release: its manifest and its files, by their paths below its folder."""

    manifest: Manifest
    files: dict[str, bytes]

    @property
    def notebook(self) -> Notebook:
        return read(self.files[f"{self.manifest.assignment}.ipynb"])


def read_package(path: Path) -> Package:
    """A release from its folder or its zip, or from the zip of a kit.

    Raises:
        SpeechmarkError: it is none.
    """
    try:
        files = read_files(path) if path.is_dir() else _zip(path)
        return Package(Manifest.model_validate_json(files[MANIFEST]), files)
    except (OSError, zipfile.BadZipFile, KeyError, ValidationError) as error:
        why = f"it has no {MANIFEST}" if isinstance(error, KeyError) else error
        raise SpeechmarkError(f"{path} is no release and no kit: {why}") from error


def read_files(path: Path) -> dict[str, bytes]:
    """The content of all files of a folder, by their paths below it; none if there is none."""
    files = (file for file in sorted(path.rglob("*")) if file.is_file())
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


def _zip(path: Path) -> dict[str, bytes]:
    """The files of a zip, without the folder that all of them lie in."""
    with zipfile.ZipFile(path) as opened:
        names = [name for name in opened.namelist() if not name.endswith("/")]
        return {name.partition("/")[2]: opened.read(name) for name in names}


def kept(assignment: Assignment) -> dict[int, Path]:
    """Each version that is kept in ``releases/`` and its zip, in order."""
    name = re.compile(rf"{re.escape(assignment.name)}-(\d+)\.zip")
    found = {
        int(match[1]): path
        for path in (assignment.course.root / "releases").glob("*.zip")
        if (match := name.fullmatch(path.name))
    }
    return dict(sorted(found.items()))


def current(assignment: Assignment) -> Package | None:
    """The current release; None if there is none, or one from before there were versions."""
    if versions := kept(assignment):
        return read_package(versions[max(versions)])
    try:
        return read_package(assignment.release)
    except SpeechmarkError:
        return None


def named(assignment: Assignment, name: str) -> Package:
    """A release by its version, or by the path of its zip, of its folder or of a kit.

    Raises:
        SpeechmarkError: there is none.
    """
    if not name.isdecimal():
        return read_package(Path(name))
    versions = kept(assignment)
    if int(name) not in versions:
        known = ", ".join(map(str, versions)) or "none"
        raise SpeechmarkError(
            f"Release {name} of {assignment.name} is not kept in releases/. There is: {known}."
        )
    return read_package(versions[int(name)])


def carried(notebook: Notebook) -> int | None:
    """The version of the release that a notebook says it was made on."""
    own = notebook["metadata"].get("speechmark")
    version = own.get("version") if isinstance(own, dict) else None
    if isinstance(version, int) and not isinstance(version, bool):
        return version
    code = (cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code")
    versions = (match for source in code if (match := _STARTS.search(source)))
    return next((int(match[1]) for match in versions), None)


def refusing_older(assignment: Assignment, submissions: Sequence[Submission]) -> list[Submission]:
    """``submissions``, with a refusal in those that were made on an older release."""
    releases = Releases(assignment)

    def judged(submission: Submission) -> Submission:
        try:
            version = releases.older(read(submission.notebook()))
        except (SpeechmarkError, OSError):
            return submission  # who grades it says what is wrong with it
        if version is None:
            return submission
        refused = say("release.refused", of=version, current=releases.version)
        return replace(submission, refused=refused, shown=True)

    return [judged(submission) for submission in submissions]


class Releases:
    """Rebuilds submissions, each from the release that it was made on.

    Args:
        assignment: whose releases.
        notebook: a release that is not out yet, in the place of the current one.

    Raises:
        SpeechmarkError: it has not been released yet.
    """

    def __init__(self, assignment: Assignment, notebook: Path | None = None) -> None:
        self.current = read(notebook or assignment.release_notebook)
        self.version = carried(self.current)
        self._assignment = assignment
        self._kept = kept(assignment)
        self._notebooks: dict[int, Notebook] = {}

    def older(self, submitted: Notebook) -> int | None:
        """The version of an older release that a submission was made on; else None."""
        version = carried(submitted)
        if version is None or self.version is None or version >= self.version:
            return None
        return version if version in self._kept else None

    def rebuilt(self, submitted: Notebook) -> Rebuilt:
        """The submission as the current release, with nothing in it but the student's own work.

        Work on an older release is rebuilt from that one first, so that nothing is taken for the
        student's which was part of the release.
        """
        version = self.older(submitted)
        if version is None:
            return self._as_current(submitted)
        old = self._release(version)
        own = rebuild(submitted, old)
        now = rebuild(carried_over(own.notebook, old, self.current), self.current)
        newest = current(self._assignment)
        outdated = newest.manifest.outdated(version) if newest else []
        notice = say("release.older", of=version, current=self.version)
        return replace(now, repairs=[notice, *own.repairs], release=version, outdated=outdated)

    def _as_current(self, submitted: Notebook) -> Rebuilt:
        rebuilt = rebuild(submitted, self.current)
        version = carried(submitted)
        if version in (None, self.version) or self.version is None:
            return rebuilt
        notice = say("release.unknown", of=version, current=self.version)
        return replace(rebuilt, repairs=[notice, *rebuilt.repairs])

    def _release(self, version: int) -> Notebook:
        if version not in self._notebooks:
            self._notebooks[version] = read_package(self._kept[version]).notebook
        return self._notebooks[version]
