"""Reading notebook files that nobody vouches for.

:func:`read` turns any bytes into a plain notebook or one clear message. Only the standard
library is imported: the module is used where start-up counts.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain
from autograder.support.sentences import say

SIZE_LIMIT = 20 * 2**20
CELL_LIMIT = 2000
CODE_LIMIT = 10**6
"""Characters of all code cells: parsing so much takes seconds, and homework has some 30,000."""

_CONTAINERS = 500_000
"""Lists and objects of a file: each takes a hundred times the memory of its two characters."""

_FLAGS = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)  # Windows, where students check their work, has but the last

Notebook = dict[str, Any]
"""A notebook as JSON, nbformat 4.5, without outputs and attachments."""


def read_bytes(path: Path, slack: int = 1) -> bytes:
    """The content of a regular file of at most ``SIZE_LIMIT`` bytes, times ``slack``.

    Raises:
        SpeechmarkError: it is missing, a link, not a regular file, too large or unreadable.
    """
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        if path.is_symlink():
            raise SpeechmarkError(f"{path}: {say('file.link')}") from None
        why = error.strerror or type(error).__name__
        raise SpeechmarkError(f"{path}: {say('file.unopened', why=why)}") from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise SpeechmarkError(f"{path}: {say('file.irregular')}")
        with open(handle, "rb", closefd=False) as stream:
            content = stream.read(slack * SIZE_LIMIT + 1)
    except OSError as error:
        raise SpeechmarkError(f"{path}: {error.strerror}") from None
    finally:
        os.close(handle)
    if len(content) > slack * SIZE_LIMIT:
        raise SpeechmarkError(f"{path}: {say('file.large', limit=SIZE_LIMIT >> 20)}")
    return content


def read(source: Path | bytes, slack: int = 1) -> Notebook:
    """Read a notebook and keep what matters: cells with type, id, metadata and source.

    Outputs and attachments are dropped, nbformat 3 is upgraded, line endings become ``\\n``,
    characters that no Python source may hold (null, lone surrogates) become U+FFFD.

    Args:
        source: path of a file, or its content.
        slack: factor on the limits; 2 reads whatever was rebuilt from what could be read.

    Raises:
        SpeechmarkError: with one sentence, when it is not a notebook that can be read.
    """
    name = f"{source}: " if isinstance(source, Path) else ""
    content = source if isinstance(source, bytes) else read_bytes(source, slack)
    if len(content) > slack * SIZE_LIMIT:
        raise SpeechmarkError(name + say("file.large", limit=SIZE_LIMIT >> 20))
    raw = _parse(content, name)
    version = raw.get("nbformat")
    if version == 3:
        raw = _upgrade(raw)
    elif version != 4:
        raise SpeechmarkError(name + say("file.format", version=plain(str(version), 20)))
    cells = raw.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise SpeechmarkError(name + say("file.no_cells"))
    if len(cells) > slack * CELL_LIMIT:
        raise SpeechmarkError(name + say("file.cells", count=len(cells), limit=CELL_LIMIT))
    cells = [_read_cell(cell, name) for cell in cells]
    code = sum(len(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    if code > slack * CODE_LIMIT:
        raise SpeechmarkError(name + say("file.code", count=code, limit=CODE_LIMIT))
    metadata = raw.get("metadata")
    return {
        "cells": cells,
        "metadata": metadata if isinstance(metadata, dict) else {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _parse(content: bytes, name: str) -> dict[str, Any]:
    try:
        text = content.decode(json.detect_encoding(content), "strict").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise SpeechmarkError(name + say("file.not_text")) from None
    if text.count("[") + text.count("{") > _CONTAINERS:
        raise SpeechmarkError(name + say("file.lists"))
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        if not text.strip():
            raise SpeechmarkError(name + say("file.empty")) from None
        why = say("file.not_json", line=error.lineno, why=error.msg)
        raise SpeechmarkError(name + why) from None
    except (RecursionError, ValueError):
        raise SpeechmarkError(name + say("file.deep")) from None
    if not isinstance(raw, dict):
        raise SpeechmarkError(name + say("file.other_json"))
    return raw


def _upgrade(raw: dict[str, Any]) -> dict[str, Any]:
    """nbformat 3 as nbformat 4, as far as cells and their sources go."""
    sheets = raw.get("worksheets")
    found: list[Any] = []
    for sheet in sheets if isinstance(sheets, list) else []:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        found += cells if isinstance(cells, list) else [cells]
    for cell in found:
        if isinstance(cell, dict) and "input" in cell:
            cell["source"] = cell["input"]
        if isinstance(cell, dict) and cell.get("cell_type") == "heading":
            cell["cell_type"] = "markdown"
    return {**raw, "cells": found}


def _read_cell(cell: dict[str, Any], name: str) -> dict[str, Any]:
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise SpeechmarkError(name + say("file.no_text"))
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    kind = cell.get("cell_type")
    ids = (cell.get("id"), metadata.get("id"))
    return {
        "cell_type": kind if kind in ("code", "markdown") else "raw",
        "id": next((i for i in ids if isinstance(i, str)), ""),
        "metadata": metadata,
        "source": _clean(source),
    }


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def setup_cells(release: Notebook) -> tuple[str, ...]:
    """The grade_ids of the locked cells that grading runs, as the release names them."""
    own = release.get("metadata", {}).get("speechmark")
    named = own.get("setup") if isinstance(own, dict) else None
    return tuple(str(name) for name in named) if isinstance(named, list) else ()
