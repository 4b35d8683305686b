"""The cells that every released notebook begins and ends with: make it ready, hand it in.

They are locked and are not among the cells of ``setup``, so grading does not run them. Their code
is short, since it cannot be mended once it is out: all that can wait is in
:mod:`autograder.homework`.
"""

from __future__ import annotations

from typing import Any

from autograder.course.about import About
from autograder.notebooks import Notebook
from autograder.notebooks.files import kit_file
from autograder.support.sentences import say

_FETCH = "urllib.request.urlretrieve({address!r}, _kit)"
_ASK = "raise FileNotFoundError({sentence!r})"

_FIRST = """\
{comment}
import importlib.util
import sys
import urllib.request
import zipfile
from pathlib import Path

if importlib.util.find_spec("autograder") is None:
    if not list(Path().glob("speechmark-*.whl")):
        _kit = next(Path().glob("{name}-kit-*.zip"), Path("{kit}"))
        if not _kit.is_file():
            {otherwise}
        with zipfile.ZipFile(_kit) as _zip:
            for _file in _zip.namelist():
                if _file.endswith(".whl"):
                    Path(Path(_file).name).write_bytes(_zip.read(_file))
    sys.path.append(str(next(Path().glob("speechmark-*.whl"))))

from autograder.homework import start

start("{name}", {version}{address})"""

_LAST = """\
from autograder.homework import hand_in

hand_in("{name}")"""


def framed(notebook: Notebook, name: str, version: int, about: About) -> Notebook:
    """The notebook with its first and its last cells, and a badge where the course has an address.

    The first cell stands before the first code cell, so that a title can come before it.

    Args:
        notebook: from the assignment's source.
        name: of the assignment.
        version: of the release.
        about: addresses.
    """
    kit = kit_file(name, version)
    address = about.kit.format(file=kit, name=name)
    ask = _ASK.format(sentence=say("frame.no_kit", kit=kit))
    first = _FIRST.format(
        comment=say("frame.run_first"),
        name=name,
        kit=kit,
        otherwise=_FETCH.format(address=address) if address else ask,
        version=version,
        address=f', "{address}"' if address else "",
    )
    before = say("frame.before_anywhere") if address else say("frame.before", kit=kit)
    cells = list(notebook["cells"])
    place = next(i for i, cell in enumerate(cells) if cell["cell_type"] == "code")
    cells[place:place] = [_text("before", before), _code("start", first)]
    cells += [_text("end", say("frame.end")), _code("hand_in", _LAST.format(name=name))]
    if about.colab:
        badge = say("frame.badge", address=about.colab.format(name=name, file=kit))
        cells.insert(0, _text("badge", badge))
    own = {**notebook["metadata"]["speechmark"], "version": version}
    return {
        **notebook,
        "cells": cells,
        "metadata": {**notebook["metadata"], "speechmark": own},
    }


def _text(name: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "id": f"speechmark-{name}",
        "metadata": {},
        "source": source.strip(),
    }


def _code(name: str, source: str) -> dict[str, Any]:
    marks = {
        "grade": False,
        "grade_id": f"speechmark_{name}",
        "locked": True,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"speechmark-{name}",
        "metadata": {"nbgrader": marks},
        "outputs": [],
        "source": source,
    }
