"""Workers find matplotlib's fonts listed, and the list is made once."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from autograder.isolation.messages import read_line, send_line
from autograder.isolation.sandbox import Sandbox, unavailable
from autograder.support.fonts import font_list


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = font_list(tmp_path_factory.mktemp("cache"))
    assert made is not None
    return made


def test_only_fonts_that_come_with_matplotlib_are_listed(fonts: Path) -> None:
    listed = [font["fname"] for font in json.loads(fonts.read_text())["ttflist"]]
    assert any(name.endswith("DejaVuSans.ttf") for name in listed)
    assert not any(os.path.isabs(name) for name in listed)


def test_a_list_that_is_there_is_taken_as_it_is(
    fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("made again"))
    assert font_list(fonts.parent.parent) == fonts


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert font_list(tmp_path / "file") is None


@pytest.mark.parametrize("level", [3, 2])
def test_the_warm_up_takes_the_list_for_its_own(level: int, fonts: Path, tmp_path: Path) -> None:
    if why := unavailable(level):
        pytest.skip(f"level {level} is not to be had here: {why}")
    shorter = tmp_path / fonts.name
    content: dict[str, Any] = json.loads(fonts.read_text())
    content["ttflist"] = content["ttflist"][:1]
    shorter.write_text(json.dumps(content))
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    entry = "autograder.isolation.proof.attempts:obey"
    warm = ("matplotlib.font_manager",)
    with Sandbox(level, planted=[shorter], warm=warm, entry=entry) as box, box.fork() as worker:
        source = "import matplotlib.font_manager as fm; value = len(fm.fontManager.ttflist)"
        send_line(worker.sock, {"run": source})
        assert read_line(worker.sock)[0] == {"value": 1}
