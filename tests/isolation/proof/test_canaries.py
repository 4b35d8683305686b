"""The canaries bite where there is no wall, and hold where there is one."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import pytest

from autograder.isolation.bwrap import Bind
from autograder.isolation.linux.limits import Limits
from autograder.isolation.proof import canaries
from autograder.isolation.proof.attempts import ATTEMPTS
from autograder.isolation.sandbox import Sandbox, unavailable
from autograder.support.errors import SpeechmarkError
from tests.conftest import ROOT
from tests.isolation import container
from tests.isolation.container import shown_python

OBEY = "autograder.isolation.proof.attempts:obey"
MAY_BE_MISSING = {"vsock", "trace_processes"}
"""Attempts that an unconfined process may fail at too: no such device, or Yama's rules."""


class Unconfined:
    """Stands in for a sandbox and its workers, with no wall at all."""

    level = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def fork(self, limits: Limits, entry: str) -> UnconfinedWorker:
        self._made += 1
        home = self._folder / str(self._made)
        home.mkdir()
        return UnconfinedWorker(entry, home)


class UnconfinedWorker:
    def __init__(self, entry: str, home: Path) -> None:
        self.sock, theirs = socket.socketpair()
        module, function = entry.split(":")
        lines = (
            "import socket",
            f"from {module} import {function} as entry",
            f"entry(socket.socket(fileno={theirs.fileno()}))",
        )
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "\n".join(lines)],
                env=os.environ | {"HOME": str(home)},
                cwd=home,
                pass_fds=(theirs.fileno(),),
            )
        self.pid = self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self.sock.close()


@pytest.fixture
def unconfined(tmp_path: Path) -> Sandbox:
    return cast(Sandbox, Unconfined(tmp_path))


def require_level(level: int) -> None:
    if why := unavailable(level):
        pytest.skip(f"level {level} is not to be had here: {why}")


def test_without_a_wall_every_attempt_gets_through(unconfined: Sandbox) -> None:
    proof = canaries.prove(3, unconfined)
    assert {name for name, held in proof.held.items() if held} <= MAY_BE_MISSING
    assert proof.level == 0


@pytest.mark.parametrize("nested", [True, False])
def test_level_3_stops_every_attempt(nested: bool) -> None:
    require_level(3)
    with Sandbox(3, warm=(), entry=OBEY, nested=nested) as sandbox:
        proof = canaries.prove(3, sandbox)
    assert proof.held == dict.fromkeys(ATTEMPTS, True)
    assert proof.level == 3


@pytest.mark.parametrize("level", [2, 1])
def test_a_lower_level_stops_all_but_its_gaps(level: int) -> None:
    require_level(level)
    proof = canaries.prove(level)
    assert proof.broken == []
    assert proof.level == level


def test_a_level_stops_whatever_a_lower_one_stops() -> None:
    assert canaries.GAPS[3] < canaries.GAPS[2] < canaries.GAPS[1] < set(ATTEMPTS)


def test_a_secret_that_is_shown_by_mistake_is_found_out() -> None:
    require_level(2)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        hidden = Path(folder, "test_hidden.py")
        hidden.write_text("hidden")
        with Sandbox(2, warm=(), entry=OBEY, binds=[Bind(folder, folder)]) as sandbox:
            assert canaries.prove(2, sandbox).level == 2
            proof = canaries.prove(2, sandbox, secret=[hidden])
    assert proof.broken == ["read_secret"]
    assert proof.level == 1


def test_a_wall_that_does_not_hold_is_refused_with_names_and_advice(unconfined: Sandbox) -> None:
    with pytest.raises(SpeechmarkError) as caught:
        canaries.require(1, unconfined)
    message = str(caught.value)
    assert "raise_limits" in message
    for advice in ("apt install bubblewrap", "AppArmor", "apparmor", "seccomp", "macOS"):
        assert advice.lower() in message.lower()


def test_a_host_without_bubblewrap_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    require_level(2)
    monkeypatch.setattr("autograder.isolation.bwrap.find", lambda: None)
    with pytest.raises(SpeechmarkError, match=r"bwrap\) is not installed.*\n.*\n *Debian"):
        canaries.require(3)


@pytest.mark.parametrize(
    ("says", "advice"),
    [
        # As bubblewrap says it on Ubuntu 24.04 without a profile, and in a container of Docker.
        ("bwrap: setting up uid map: Permission denied", "apparmor_parser -r"),
        ("bwrap: Creating new namespace failed: Operation not permitted", "--security-opt seccomp"),
    ],
)
def test_a_host_that_refuses_bubblewrap_is_quoted_and_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, advice: str
) -> None:
    require_level(2)
    program = tmp_path / "bwrap"
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr("autograder.isolation.bwrap.find", lambda: str(program))
    with pytest.raises(SpeechmarkError) as caught:
        canaries.require(3)
    assert f"Isolation level 3 is not to be had here: {says}." in str(caught.value)
    assert advice in str(caught.value)


def test_macos_is_told_that_there_is_no_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.isolation.sandbox.sys.platform", "darwin")
    with pytest.raises(SpeechmarkError, match=r"this is darwin\.\n[\s\S]*Linux virtual machine"):
        canaries.require(1)


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
@pytest.mark.parametrize("level", [3, 2])
def test_an_ordinary_user_gets_what_root_gets(level: int) -> None:
    require_level(level)
    source = (
        f"from autograder.isolation.proof.canaries import require; print(require({level}).level)"
    )
    script = "exec setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs "
    script += shlex.join([sys.executable, "-c", source])
    script = shown_python() + script
    done: Any = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == f"{level}\n", done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a container here")
@pytest.mark.parametrize("user", ["root", "1000"])
def test_a_container_without_namespaces_refuses_level_3_and_offers_level_2(user: str) -> None:
    require_level(2)
    command = [sys.executable, container.__file__]
    if user != "root":
        command += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    command += [str(Path(sys.executable).parent / "speechmark")]

    def run(*arguments: str) -> Any:
        return subprocess.run([*command, *arguments], capture_output=True, text=True, cwd=ROOT)

    refused = run("grade", "contrastive", "assignments/contrastive/contrastive.ipynb")
    assert refused.returncode == 2
    assert "Isolation level 3 is not to be had here: bwrap: " in refused.stderr
    assert "--cap-add SYS_ADMIN" in refused.stderr
    assert "Traceback" not in refused.stderr
    isolation = json.loads(run("doctor", "--json").stdout)["isolation"]
    assert isolation["level"] == 2
    assert isolation["reasons"][0].startswith("level 3: bwrap: ")
