"""What Landlock leaves a process, tried in processes of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.isolation.linux import landlock

pytestmark = pytest.mark.skipif(not landlock.version(), reason="the kernel has no Landlock")


def restricted(source: str, read: list[str], write: list[str]) -> str:
    """What a fresh Python prints that runs ``source`` with only ``read`` and ``write`` left."""
    lines = [
        "import os, signal, socket",
        "from autograder.isolation.linux import landlock",
        f"landlock.restrict({read!r}, {write!r})",
        source,
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def refused(attempt: str) -> str:
    return f"try:\n    {attempt}\nexcept PermissionError:\n    print('refused')"


def test_what_is_listed_can_be_read_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "file").write_text("shown")
    (tmp_path / "secret").write_text("hidden")
    left = [str(tmp_path / "open")]
    assert restricted(f"print(open({left[0]!r} + '/file').read())", left, []) == "shown"
    assert restricted(refused(f"open({str(tmp_path / 'secret')!r})"), left, []) == "refused"
    assert restricted(refused(f"os.listdir({str(tmp_path)!r})"), left, []) == "refused"


def test_a_single_file_can_be_listed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("shown")
    (tmp_path / "other").write_text("hidden")
    left = [str(tmp_path / "file")]
    assert restricted(f"print(open({left[0]!r}).read())", left, []) == "shown"
    assert restricted(refused(f"open({str(tmp_path / 'other')!r})"), left, []) == "refused"


def test_what_may_be_read_may_not_be_changed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    for attempt in (
        "open({0!r} + '/file', 'w')",
        "open({0!r} + '/new', 'w')",
        "os.mkdir({0!r}+'/d')",
    ):
        assert restricted(refused(attempt.format(str(tmp_path))), [str(tmp_path)], []) == "refused"
    assert (tmp_path / "file").read_text() == "kept"


def test_a_writable_folder_can_be_used_like_any(tmp_path: Path) -> None:
    source = f"""
os.chdir({str(tmp_path)!r})
os.mkdir('folder')
open('folder/file', 'w').write('x')
open('folder/file', 'w').write('shorter')
os.rename('folder/file', 'file')
os.rmdir('folder')
print(os.listdir('.'), open('file').read())
"""
    assert restricted(source, [], [str(tmp_path)]) == "['file'] shorter"


def test_paths_that_do_not_exist_are_passed_over(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    assert restricted("print('ran')", [gone], [gone]) == "ran"


@pytest.mark.skipif(landlock.version() < 4, reason="Landlock has TCP since Linux 6.7")
def test_no_tcp_connection_is_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        attempt = f"socket.create_connection(('127.0.0.1', {port}), timeout=5)"
        assert restricted(refused(attempt), [], []) == "refused"


@pytest.mark.skipif(landlock.version() < 6, reason="Landlock has scopes since Linux 6.12")
def test_no_process_outside_is_signalled_or_spoken_to() -> None:
    assert restricted(refused("os.kill(os.getppid(), 0)"), [], []) == "refused"
    with socket.socket(socket.AF_UNIX) as server:
        name = f"\0speechmark-test-{os.getpid()}"
        server.bind(name)
        server.listen()
        attempt = f"socket.socket(socket.AF_UNIX).connect({name!r})"
        assert restricted(refused(attempt), [], []) == "refused"
