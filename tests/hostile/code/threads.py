"""Starts threads until none starts any more, and leaves them.
stopped by: limits
part: info_nce
level 2: gap
"""

import threading
import time

threading.stack_size(64 << 10)
started = 0
for _ in range(300):
    try:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        started += 1
    except RuntimeError:
        break


def info_nce(z_a, z_b, temperature=0.2):
    if started > 200:
        raise SystemError("got" + f" through: {started}")
    return z_a.sum()
