"""``python container.py COMMAND...``: run a command as root of a container with no way further in.

A user namespace stands for the container: its root has the capabilities that Docker leaves by
default, so neither mounts nor namespaces, and the kernel makes no user namespace below it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.isolation.linux import namespaces

_CAPABILITIES = 0xA80425FB
_PR_CAPBSET_DROP = 24

_OPEN_HOME = """
set -e
aside=$(mktemp -d)
mount --bind {python} "$aside"
mount -t tmpfs -o mode=755 none {home}
mkdir -p {python}
mount --move "$aside" {python}
rmdir "$aside"
"""


def shown_python() -> str:
    """Shell commands that show, in a mount namespace, a Python that lies in root's home."""
    python = Path(sys.base_prefix)
    closed = [parent for parent in python.parents if not parent.stat().st_mode & 0o001]
    if not closed:
        return ""
    return _OPEN_HOME.format(home=shlex.quote(str(closed[-1])), python=shlex.quote(str(python)))


def main(command: Sequence[str]) -> int:
    """Run ``command``; its exit status. To be started as root."""
    inside, outside = os.pipe(), os.pipe()
    container = os.fork()
    if container == 0:
        namespaces.unshare(namespaces.CLONE_NEWUSER)
        os.write(inside[1], b"x")
        os.read(outside[0], 1)
        namespaces.unshare(namespaces.CLONE_NEWNS | namespaces.CLONE_NEWPID)
        if first := os.fork():
            os._exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]))
        _settle()
        os.execvp(command[0], command)
    os.read(inside[0], 1)
    for kind in ("uid_map", "gid_map"):
        Path(f"/proc/{container}/{kind}").write_text("0 0 65536")
    os.write(outside[1], b"x")
    return os.waitstatus_to_exitcode(os.waitpid(container, 0)[1])


def _settle() -> None:
    namespaces.private_mounts()
    namespaces.mount_proc()
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    # Such a Python is read with a capability that a container's root lacks.
    subprocess.run(["sh", "-c", shown_python()], check=True)
    for capability in range(64):
        if not _CAPABILITIES >> capability & 1:
            try:
                namespaces.prctl(_PR_CAPBSET_DROP, capability)
            except OSError:  # the kernel knows no more
                break
    namespaces.drop_capabilities(keep=_CAPABILITIES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
