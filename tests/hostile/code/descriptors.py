"""Opens files until none opens any more, so that the worker's own socket has no room.
stopped by: limits
part: info_nce
hurts: others
"""

import os

held = []
for _ in range(10_000):
    try:
        held.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        break


def info_nce(z_a, z_b, temperature=0.2):
    if len(held) > 5000:
        raise SystemError("got" + f" through: {len(held)}")
    return z_a.sum()
