"""What the name of a downloaded file says of it: whose it is, and which hand-in.

Each function knows how one system names files in its download of all submissions; what fits
none of them is taken for a plain folder of notebooks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import yaml

from autograder.course.copies import own_stem
from autograder.support.errors import SpeechmarkError

_MOODLE = re.compile(r"(?P<who>[^_]+)_(?P<id>\d+)_assignsubmission_file(?:_(?P<file>.*))?")
_CANVAS = re.compile(
    r"(?P<who>[^_]+)_(?P<late>LATE_)?(?:anon_\w+?_)?(?P<id>\d+)_(?P<attachment>\d+)_(?P<file>.+)"
)


@dataclass(frozen=True)
class Clue:
    """What a download says of one file."""

    system: str
    """``moodle``, ``canvas``, ``gradescope``, ``google`` or ``folder``."""
    people: tuple[tuple[str, ...], ...]
    """Who handed it in: of each the names, addresses or ids that it may go by, likeliest first."""
    file: str
    """The file's own name."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """What the system calls student and hand-in, for the way back."""
    time: datetime | None = None
    """When it was handed in, where the download says so itself."""
    late: bool = False
    """The system itself calls it late."""


Metadata = Mapping[str, Any]


def read_clue(parts: Sequence[str], assignment: str, metadata: Metadata) -> Clue | None:
    """What the path of a file says; None if it says nothing.

    Args:
        parts: of the path within the download.
        assignment: the name, which a plain folder may carry.
        metadata: a Gradescope export's, from :func:`gradescope_metadata`; else empty.
    """
    for layout in (_gradescope(metadata), _moodle, _canvas):
        if clue := layout(parts):
            return clue
    return _google(parts, assignment) or _folder(parts, assignment)


def _moodle(parts: Sequence[str]) -> Clue | None:
    """``Jane Doe_123_assignsubmission_file/x.ipynb``, or all in one name.

    A hyphen may part a group from a name, or the halves of a name.
    """
    for part in parts:
        if found := _MOODLE.fullmatch(part):
            who = found["who"]
            pieces = who.split("-")
            names = ["-".join(pieces[start:]) for start in range(len(pieces))]
            file = parts[-1] if part is not parts[-1] else found["file"] or part
            ids = {"moodle": found["id"], "name": who}
            return Clue("moodle", (tuple(names),), file, ids)
    return None


def _canvas(parts: Sequence[str]) -> Clue | None:
    """``doejane_LATE_123_456_x.ipynb``; in a zip that a student handed in, its folder is."""
    for part in parts:
        if found := _CANVAS.fullmatch(part):
            ids = {"canvas": found["id"], "attachment": found["attachment"], "name": found["who"]}
            file = parts[-1] if part is not parts[-1] else found["file"]
            return Clue("canvas", ((found["who"],),), file, ids, late=bool(found["late"]))
    return None


def _gradescope(metadata: Metadata) -> Callable[[Sequence[str]], Clue | None]:
    """``submission_123/x.ipynb`` beside ``submission_metadata.yml``."""

    def layout(parts: Sequence[str]) -> Clue | None:
        folder = next((part for part in parts[:-1] if part in metadata), None)
        if folder is None:
            return None
        facts = metadata[folder]
        names = (":email", ":sid", ":name")
        people = tuple(
            tuple(str(person[name]) for name in names if person.get(name))
            for person in facts.get(":submitters") or []
        )
        time = facts.get(":created_at")
        ids = {"gradescope": folder.removeprefix("submission_")}
        when = _aware(time) if isinstance(time, datetime) else None
        return Clue("gradescope", people, parts[-1], ids, when)

    return layout


def gradescope_metadata(content: bytes) -> Metadata:
    """``submission_metadata.yml`` of a Gradescope export: folder to what is said of it.

    Raises:
        SpeechmarkError: it is no YAML of that form.
    """
    try:
        loaded = yaml.load(content, _Ruby)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise SpeechmarkError(f"submission_metadata.yml cannot be read: {error}") from error
    if not isinstance(loaded, dict):
        raise SpeechmarkError("submission_metadata.yml holds no submissions.")
    return {str(name): entry for name, entry in loaded.items() if isinstance(entry, dict)}


class _Ruby(yaml.SafeLoader):  # type: ignore[misc]
    """Plain values, and of Ruby's objects (times with a zone) what they hold."""


def _of_ruby(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        held = loader.construct_mapping(node, deep=True)
        return held.get("utc", held)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Ruby.add_multi_constructor("!ruby/", _of_ruby)


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _google(parts: Sequence[str], assignment: str) -> Clue | None:
    """``Jane Doe - x.ipynb`` as Classroom names copies, ``x - Jane Doe.ipynb`` as Forms does."""
    stem = own_stem(parts[-1])
    pieces = re.split(r"\s+-\s+", stem)
    if len(pieces) < 2 or not parts[-1].endswith(".ipynb"):
        return None
    names = [pieces[0], pieces[-1]]
    if names[0].casefold() == assignment.casefold():
        names.reverse()
    return Clue("google", (tuple(names),), f"{assignment}.ipynb")


def _folder(parts: Sequence[str], assignment: str) -> Clue | None:
    """``jane/x.ipynb``, ``jane.ipynb`` or ``jane_<assignment>.ipynb``; folders of the assignment's
    name say nothing."""
    stem = own_stem(parts[-1])
    above = [own_stem(part) for part in parts[:-1]]
    above = [part for part in above if part.casefold() != assignment.casefold()]
    if above:
        return Clue("folder", (tuple(reversed(above)),), parts[-1])
    around = re.fullmatch(
        rf"(?:{re.escape(assignment)}[-_ ]+)?(?P<who>.+?)(?:[-_ ]+{re.escape(assignment)})?",
        stem,
        re.IGNORECASE,
    )
    who = around["who"] if around else stem
    if who.casefold() == assignment.casefold():
        return None
    return Clue("folder", ((who,),), f"{assignment}.ipynb")
