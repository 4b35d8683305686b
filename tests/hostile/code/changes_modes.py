"""Takes the rights to the hidden suites and to the course away, dates them back and tags them.
stopped by: namespaces, system call filter
part: info_nce
"""

import os

found = []
for path in ("@SECRET@", "@COURSE@", "@COURSE@/solutions/contrastive/hidden", "/kit", "/usr/lib"):
    for name, way in {
        "chmod": lambda path: os.chmod(path, 0o700),
        "chown": lambda path: os.chown(path, os.getuid(), os.getgid()),
        "utime": lambda path: os.utime(path, (1, 1)),
        "setxattr": lambda path: os.setxattr(path, "user.x", b"x"),
        "truncate": lambda path: os.truncate(path, 0),
        "unlink": os.unlink,
        "rmdir": os.rmdir,
    }.items():
        try:
            way(path)
        except OSError:
            continue
        found.append((name, path))


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
