"""Starts programs: a shell, subprocess, posix_spawn, multiprocessing, exec over itself.
stopped by: system call filter
part: info_nce
"""

import multiprocessing
import os
import subprocess

found = []
for name, way in {
    "system": lambda: os.system("true") == 0,
    "popen": lambda: subprocess.run(["/bin/true"], check=True),
    "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "multiprocessing": lambda: multiprocessing.get_context("fork").Process(target=print).start(),
    "exec": lambda: os.execv("/bin/true", ["true"]),
}.items():
    try:
        if way() is not False:
            found.append(name)
    except (OSError, subprocess.SubprocessError):
        continue


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
