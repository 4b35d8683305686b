"""Leaves links in its scratch folder that lead to the course, so that cleaning up empties that.
stopped by: fresh worker
part: info_nce
"""

import contextlib
import os

here = os.getcwd()
targets = ["@COURSE@", "@COURSE@/solutions", "@SECRET@", "/", "..", ".", here, "/proc/self/cwd"]
for number, target in enumerate(targets):
    for folder in ("", "a", "a/b"):
        with contextlib.suppress(OSError):
            os.makedirs(os.path.join(here, folder), exist_ok=True)
            os.symlink(target, os.path.join(here, folder, f"link{number}"))
        with contextlib.suppress(OSError):
            os.link(target, os.path.join(here, folder, f"hard{number}"))
# A folder whose place is taken by a link while it is looked at.
with contextlib.suppress(OSError):
    os.rename("a", "was_a")
    os.symlink("@COURSE@/solutions", "a")


def info_nce(z_a, z_b, temperature=0.2):
    return z_a.sum()
