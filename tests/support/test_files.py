"""Files that are whole or absent, and holding one."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.support import files
from autograder.support.errors import SpeechmarkError


def test_a_file_is_as_it_was_when_writing_it_anew_fails(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "grades"
    files.write(path, b"old")

    def write_anew() -> None:
        with files.atomic(path) as temporary:
            temporary.write_bytes(b"ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_anew()
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_written_is_told_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    path = tmp_path / "file" / "grades"
    with pytest.raises(SpeechmarkError, match=str(path)):
        files.write(path, b"new")
    with pytest.raises(SpeechmarkError, match=str(path)), files.locked(path):
        pass


def test_of_many_who_hold_a_file_in_turns_no_two_hold_it_together(tmp_path: Path) -> None:
    path, inside, most = tmp_path / "lock", [], []

    def hold(who: int) -> None:
        with files.locked(path):
            inside.append(who)
            most.append(len(inside))
            time.sleep(0.0005)
            inside.remove(who)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(hold, range(200)))
    assert max(most) == 1
