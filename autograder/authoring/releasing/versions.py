"""A release as a version: its manifest, its changelog, the zip that is kept of it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder import __version__
from autograder.authoring.releasing.archives import write_zip
from autograder.course.assignment import Assignment
from autograder.course.releases import MANIFEST, Change, Manifest, Package
from autograder.support.sentences import say

CHANGELOG = "CHANGELOG.md"


@dataclass(frozen=True)
class Note:
    """What staff say of a release."""

    text: str
    contract: tuple[str, ...] = ()
    """Parts of which something else is asked than before."""


def packaged(
    assignment: Assignment, files: Mapping[str, bytes], last: Package | None, note: Note | None
) -> Package:
    """The release that ``files`` make.

    Args:
        assignment: what is released.
        files: notebook and public files, by their paths below the release's folder.
        last: the release before.
        note: what staff say of it; None: it is ``last`` once more.
    """
    before = last.manifest.changes if last else ()
    version = last.manifest.version if last else 0
    today = datetime.now(UTC).date().isoformat()
    changes = before
    if note is not None:
        version += 1
        change = Change(version=version, date=today, note=note.text, contract=note.contract)
        changes = (*before, change)
    manifest = Manifest(
        assignment=assignment.name,
        version=version,
        date=changes[-1].date,
        kit=__version__,
        python=platform.python_version(),
        torch=importlib.metadata.version("torch"),
        notebook=_digest(files[f"{assignment.name}.ipynb"]),
        public={
            name.removeprefix("public/"): _digest(content)
            for name, content in sorted(files.items())
            if name.startswith("public/")
        },
        suites=_suites(assignment),
        calibration=_of_file(assignment.folder / "calibration.json"),
        corpora={name: found.digest for name, found in sorted(assignment.calibrations.items())},
        changes=changes,
    )
    text = manifest.model_dump_json(indent=1) + "\n"
    history = changelog(assignment.settings.title, changes)
    return Package(manifest, {**files, MANIFEST: text.encode(), CHANGELOG: history.encode()})


def same(one: Package, other: Package) -> bool:
    """Whether two releases hold the same files and are judged by the same suites."""
    given = {"date", "kit", "python", "torch"}
    facts = [package.manifest.model_dump(exclude=given) for package in (one, other)]
    files = [{n: c for n, c in p.files.items() if n != MANIFEST} for p in (one, other)]
    return facts[0] == facts[1] and files[0] == files[1]


def changelog(title: str, changes: tuple[Change, ...]) -> str:
    """``CHANGELOG.md`` of an assignment, the newest release first."""
    blocks = [say("changelog.title", title=title)]
    for change in reversed(changes):
        blocks.append(say("changelog.release", version=change.version, date=change.date))
        blocks.append(change.note)
        if change.contract:
            parts = ", ".join(f"`{part}`" for part in change.contract)
            blocks.append(say("changelog.contract", parts=parts))
    return "\n\n".join(blocks) + "\n"


def keep(assignment: Assignment, package: Package) -> Path:
    """Write the zip of a release to ``releases/``, unless it is there already."""
    version = package.manifest.version
    path = assignment.course.root / "releases" / f"{assignment.name}-{version}.zip"
    if not path.is_file():
        write_zip(path, {f"{assignment.name}/{n}": c for n, c in package.files.items()})
    return path


def _suites(assignment: Assignment) -> dict[str, str]:
    """Part to a hash of what judges it: hidden suite and references."""
    return {
        part.id: _digest(
            *(
                file.read_bytes()
                for file in (assignment.hidden_suite(part.id), assignment.reference_file(part.id))
                if file.is_file()
            ),
        )
        for part in assignment.automatic
    }


def _of_file(file: Path) -> str:
    return _digest(file.read_bytes()) if file.is_file() else ""


def _digest(*contents: bytes) -> str:
    """SHA-256 of a content, or of several one after the other."""
    return hashlib.sha256(b"".join(contents)).hexdigest()
