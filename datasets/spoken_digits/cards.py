"""The card of a corpus: where it comes from, under what licence, and how to know it is whole."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from spoken_digits.errors import CorpusError

CARDS = Path(__file__).with_name("cards")


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is known of a corpus before it is loaded; read from ``cards/<name>.toml``."""

    name: str
    title: str
    source: str
    """Address of the project that publishes it."""
    licence: str
    """Of the recordings; an SPDX identifier where there is one."""
    citation: str
    sample_rate: int
    """Of the files, in Hz; :func:`spoken_digits.load` resamples."""
    speakers: tuple[str, ...]
    takes: tuple[int, int]
    """First and last take of every speaker and digit."""
    test_speakers: tuple[str, ...]
    """Never heard in training; what a grade is measured on."""
    dev_speakers: tuple[str, ...]
    """Held out instead of the test speakers while recipes are being searched."""
    digests: dict[str, str]
    """Content digest by language; a language without one is loaded unverified."""
    revision: str = ""
    """Pinned commit of the source, or the release of what makes it."""
    archive: str = ""
    """Address of a zip to download, with ``{revision}``; empty if it is not downloaded."""
    folder: str = ""
    """Subfolder of the source that holds the recordings."""
    layout: str = ""
    """Path of a recording in it, of {speaker}, {digit}, {take}; empty if there are no files."""
    notes: str = ""

    def __post_init__(self) -> None:
        for split in ("test_speakers", "dev_speakers"):
            chosen = set(getattr(self, split))
            if unknown := sorted(chosen - set(self.speakers)):
                raise CorpusError(f"Card {self.name}: {split} names {unknown}, not a speaker.")
            if chosen == set(self.speakers):
                raise CorpusError(f"Card {self.name}: {split} leaves nobody to train on.")

    @property
    def clips(self) -> int:
        """Number of recordings in the whole corpus."""
        return len(self.speakers) * 10 * (self.takes[1] - self.takes[0] + 1)


def parse(text: str, where: str = "card") -> Card:
    """Read a card from TOML.

    Raises:
        CorpusError: the text is not TOML, or a key is missing, unknown or of another type.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{where} is not valid TOML: {error}.") from error
    known = {field.name: field for field in fields(Card)}
    if unknown := sorted(set(table) - set(known)):
        raise CorpusError(f"{where} has unknown keys {unknown}; known are {sorted(known)}.")
    values: dict[str, Any] = {}
    for key, value in table.items():
        kind = str(known[key].type)
        if not _fits(value, kind):
            raise CorpusError(f"{where}: {key} = {value!r} should be {kind}.")
        values[key] = tuple(value) if isinstance(value, list) else value
    try:
        return Card(**values)
    except TypeError as error:
        raise CorpusError(f"{where} is incomplete: {error}.") from error


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "str":
            return isinstance(value, str)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "tuple[str, ...]":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case "tuple[int, int]":
            return isinstance(value, list) and [type(item) for item in value] == [int, int]
        case "dict[str, str]":
            return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
    raise AssertionError(f"no rule for a card field of type {kind}")


def names() -> tuple[str, ...]:
    """Names of the corpora that have a card."""
    return tuple(sorted(path.stem for path in CARDS.glob("*.toml")))


@cache
def card(name: str) -> Card:
    """The card of the corpus called ``name``.

    Raises:
        CorpusError: there is no such corpus, or its card is not valid.
    """
    if name not in names():
        raise CorpusError(f"There is no corpus {name!r}; there are {', '.join(names())}.")
    path = CARDS / f"{name}.toml"
    found = parse(path.read_text(encoding="utf-8"), str(path))
    if found.name != name:
        raise CorpusError(f"{path} is the card of {found.name!r}; name and file must agree.")
    return found
