"""Opens the hidden suites, the reference tensors and a secret beside them by their paths.
stopped by: namespaces, Landlock
part: info_nce
control: reads_secret
"""

import glob
import os

found = []
for route in ("", "/proc/self/root", "/proc/1/root", f"/proc/{os.getppid()}/root", "/kit/.."):
    for pattern in ("@SECRET@", "@COURSE@/solutions/*/hidden/*", "@COURSE@/solutions/*/*/*.s*"):
        for path in glob.glob(route + pattern) or [route + pattern]:
            try:
                with open(path, "rb") as file:
                    found.append(file.read(200))
            except OSError:
                continue


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
