"""Reaches for the secret by other calls: links, renames, O_PATH, sendfile, handles, execute.
stopped by: namespaces, Landlock, system call filter
part: info_nce
"""

import ctypes
import os
import shutil

home, found = os.environ["HOME"], []
libc = ctypes.CDLL(None, use_errno=True)


def linked():
    os.symlink("@SECRET@", f"{home}/symbolic")
    return open(f"{home}/symbolic").read()


def hard():
    os.link("@SECRET@", f"{home}/hard")
    return open(f"{home}/hard").read()


def moved():
    os.rename("@SECRET@", f"{home}/moved")
    return open(f"{home}/moved").read()


def pathed():
    fd = os.open("@SECRET@", os.O_PATH)
    return open(f"/proc/self/fd/{fd}").read()


def worked():
    os.chdir(os.path.dirname("@SECRET@"))
    return open(os.path.basename("@SECRET@")).read()


def mapped():
    handle = libc.dlopen(b"@SECRET@", 2)
    return handle and "loaded"


def listed():
    return os.listdir(os.path.dirname("@SECRET@"))


for way in (
    linked,
    hard,
    moved,
    pathed,
    worked,
    mapped,
    listed,
    lambda: shutil.copy("@SECRET@", home),
):
    try:
        if value := way():
            found.append((way.__name__, value))
    except OSError:
        continue


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
