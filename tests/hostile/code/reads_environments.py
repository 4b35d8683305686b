"""Looks for the grader's environment and command line in /proc, in its parents and its siblings.
stopped by: namespaces, Landlock
part: info_nce
"""

import os

found = []
for pid in ("self", "thread-self", *map(str, range(1, 400)), str(os.getppid()), "@GRADER@"):
    for file in ("environ", "cmdline", "maps", "stack", "mountinfo", "status"):
        try:
            with open(f"/proc/{pid}/{file}", "rb") as stream:
                content = stream.read(1 << 20)
        except OSError:
            continue
        if b"SPEECHMARK_SECRET" in content or b"@COURSE@" in content:
            found.append((pid, file, content[:500]))
if "SPEECHMARK_SECRET" in os.environ:
    found.append(os.environ["SPEECHMARK_SECRET"])


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
