"""Writes a grade, a suite, a start-up file and a kit of its own wherever a path lets it.
stopped by: namespaces, Landlock
part: info_nce
"""

import os
import sys

import autograder.lab

found = []
home = os.environ["HOME"]
folders = {
    "/",
    "/dev",
    "/dev/shm",
    "/var/tmp",
    "/kit",
    "/exchange",
    "/root",
    "/home",
    "@COURSE@",
    "@COURSE@/.speechmark",
    "@COURSE@/solutions/contrastive/hidden",
    os.path.dirname(home) if home != "/tmp" else "/proc",
    os.path.dirname(autograder.lab.__file__),
    *(path for path in sys.path if path),
}
for folder in folders:
    for name in ("gradebook.db", "sitecustomize.py", "test_info_nce.py", "__pycache__/x.pyc"):
        path = os.path.join(folder, name)
        try:
            with open(path, "ab") as file:
                file.write(b"#")
        except OSError:
            continue
        found.append(path)


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
